package io.breakwater.appliance.gateway;

import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.config.ThreadPlan;
import io.breakwater.capture.bpf.XdpCard;
import io.breakwater.capture.live.PacketPort;
import io.breakwater.capture.live.PcapPort;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.live.PortOptions;
import io.breakwater.capture.nativeaccess.XskSocket.Exchange;
import io.breakwater.capture.xdp.Idle;
import io.breakwater.capture.xdp.XdpOptions;
import io.breakwater.capture.xdp.XdpPair;
import io.breakwater.engine.pipeline.LatencyClock;
import io.breakwater.engine.pipeline.PipelineSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The two open ports of a pair, whatever its backend, and what goes with them.
 *
 * <p><b>Thread:</b> control.
 */
final class PairPorts implements AutoCloseable {
    private static final int XDP_QUEUES = 1;
    private static final int FUSED_XDP_BATCH = 256;

    private final PacketPort outside;
    private final PacketPort inside;
    private final LatencyClock latencyClock;
    private final Runnable waiting;
    private final List<XdpCard> programs;
    private final List<String> described;

    private PairPorts(
            PacketPort outside,
            PacketPort inside,
            LatencyClock latencyClock,
            Runnable waiting,
            List<XdpCard> programs,
            List<String> described) {
        this.outside = outside;
        this.inside = inside;
        this.latencyClock = latencyClock;
        this.waiting = waiting;
        this.programs = List.copyOf(programs);
        this.described = List.copyOf(described);
    }

    /**
     * Opens both ports, which must be prepared.
     *
     * @throws IOException if one cannot be opened; the message says the next step
     */
    static PairPorts open(PairConfig config, ThreadPlan threads, PortListener listener) throws IOException {
        return config.backend() == PairConfig.Backend.XDP
                ? openXdp(config, threads, listener)
                : openPcap(config, threads, listener);
    }

    private static PairPorts openPcap(PairConfig config, ThreadPlan threads, PortListener listener) throws IOException {
        int slots = PipelineSettings.ringSlots(threads.perLane(), PipelineSettings.DEFAULT_MAX_BATCH);
        PcapPort outside = PcapPort.open(config.outside(), slots, PortOptions.DEFAULT, listener);
        try {
            PcapPort inside = PcapPort.open(config.inside(), slots, PortOptions.DEFAULT, listener);
            return new PairPorts(outside, inside, LatencyClock.KERNEL_STAMP, () -> {}, List.of(), List.of());
        } catch (IOException | RuntimeException e) {
            outside.close();
            throw e;
        }
    }

    private static PairPorts openXdp(PairConfig config, ThreadPlan threads, PortListener listener) throws IOException {
        List<XdpCard> programs = new ArrayList<>();
        try {
            for (String card : List.of(config.outside(), config.inside())) {
                programs.add(XdpCard.redirecting(card, PairShield.modes(config.shield()), XDP_QUEUES));
            }
            XdpOptions options =
                    XdpOptions.of(exchange(config.zeroCopy()), idle(config.idle()), threads.lanesShareThread());
            XdpPair pair = XdpPair.open(
                    config.outside(), programs.get(0), config.inside(), programs.get(1), options, listener);
            return new PairPorts(
                    pair.outside(),
                    pair.inside(),
                    LatencyClock.PUBLICATION,
                    pair::awaitFrames,
                    programs,
                    pair.described());
        } catch (IOException | RuntimeException e) {
            programs.forEach(XdpCard::close);
            throw e;
        }
    }

    private static Exchange exchange(PairConfig.ZeroCopy zeroCopy) {
        return switch (zeroCopy) {
            case AUTO -> Exchange.AUTO;
            case ON -> Exchange.ZERO_COPY;
            case OFF -> Exchange.COPY;
        };
    }

    private static Idle idle(PairConfig.Idle idle) {
        return switch (idle) {
            case ADAPTIVE -> Idle.ADAPTIVE;
            case BUSY -> Idle.BUSY;
            case BLOCKING -> Idle.BLOCKING;
        };
    }

    PacketPort outside() {
        return outside;
    }

    PacketPort inside() {
        return inside;
    }

    /** The XDP programs of the outside and the inside card; none with backend pcap. */
    List<XdpCard> programs() {
        return programs;
    }

    /** What the operator may want to know, one line each. */
    List<String> described() {
        return described;
    }

    /** What waits for frames of either lane, where they share a thread. */
    Runnable waiting() {
        return waiting;
    }

    /** How a lane of these ports is run. */
    PipelineSettings settings(String name, ThreadPlan threads) {
        int batch = maxBatch(threads);
        int slots = PipelineSettings.ringSlots(threads.perLane(), batch);
        return new PipelineSettings(name, threads.perLane(), slots, batch, false, latencyClock);
    }

    /**
     * Where one thread does everything with AF_XDP, a batch may be larger: it is sent by one system call, and what
     * the kernel's part of the work leaves in the core's caches is changed four times less often (docs/adr/0005).
     */
    private int maxBatch(ThreadPlan threads) {
        boolean sendsByBatch = !programs.isEmpty();
        return sendsByBatch && threads.perLane() == 1 ? FUSED_XDP_BATCH : PipelineSettings.DEFAULT_MAX_BATCH;
    }

    /** From now on what comes in by either card is read. */
    void startReceiving() throws IOException {
        outside.startReceiving();
        inside.startReceiving();
    }

    /** From now on what comes in by either card is left to the kernel; what has come in is still read. */
    void stopReceiving() throws IOException {
        outside.stopReceiving();
        inside.stopReceiving();
    }

    @Override
    public void close() {
        outside.close();
        inside.close();
        programs.forEach(XdpCard::close);
    }
}
