package io.breakwater.capture.lab;

import com.sun.management.ThreadMXBean;
import io.breakwater.capture.bpf.XdpCard;
import io.breakwater.capture.bpf.XdpMode;
import io.breakwater.capture.live.PacketPort;
import io.breakwater.capture.live.PcapPort;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.live.PortOptions;
import io.breakwater.capture.nativeaccess.XskSocket.Exchange;
import io.breakwater.capture.prepare.PortPair;
import io.breakwater.capture.prepare.PortPreparation;
import io.breakwater.capture.xdp.Censuses;
import io.breakwater.capture.xdp.Idle;
import io.breakwater.capture.xdp.XdpOptions;
import io.breakwater.capture.xdp.XdpPair;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that forwards everything but EtherType 0x88b6 between two prepared ports; says a {@code STATS} line, and with
 * AF_XDP a {@code CENSUS} line per lane, when asked by a line.
 *
 * <p>Arguments: directory of settings, outside, inside, and optionally the backend: {@code pcap}, or words joined by
 * commas such as {@code xdp,native,busy,shared,zero-copy}.
 */
public final class Box {
    private static final int BATCH = 64;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static volatile boolean running = true;

    private Box() {}

    public static void main(String[] arguments) throws Exception {
        try {
            if (arguments[0].equals("release")) {
                System.out.println("RELEASED "
                        + PortPreparation.release(Path.of(arguments[1])).givenBack());
            } else if (arguments[0].equals("open")) {
                PcapPort.open(arguments[1], BATCH, PortOptions.DEFAULT, PortListener.NONE)
                        .close();
            } else {
                String backend = arguments.length > 3 ? arguments[3] : "pcap";
                run(Path.of(arguments[0]), arguments[1], arguments[2], List.of(backend.split(",")));
            }
        } catch (IOException e) {
            System.out.println("ERROR " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Path directory, String outside, String inside, List<String> backend) throws Exception {
        boolean xdp = backend.contains("xdp");
        List<PortPair> pairs = List.of(new PortPair(outside, inside, xdp, false));
        try (PortPreparation preparation = PortPreparation.prepare(pairs, directory)) {
            preparation.warnings().forEach(warning -> System.out.println("WARNING " + warning));
            PortListener listener = new PortListener() {
                @Override
                public void onUp(String name) {
                    System.out.println("UP " + name);
                }

                @Override
                public void onDown(String name) {
                    System.out.println("DOWN " + name);
                }

                @Override
                public void onTrouble(String why) {
                    System.out.println("TROUBLE " + why);
                }

                @Override
                public void onRecreated(String name) throws IOException {
                    preparation.again(name);
                }
            };
            if (xdp) {
                forwardByXdp(outside, inside, backend, listener);
            } else {
                try (PcapPort out = PcapPort.open(outside, BATCH, PortOptions.DEFAULT, listener);
                        PcapPort in = PcapPort.open(inside, BATCH, PortOptions.DEFAULT, listener)) {
                    forward(out, in, List.of(), () -> List.of());
                }
            }
        }
        System.out.println("CLOSED");
    }

    private static void forwardByXdp(String outside, String inside, List<String> backend, PortListener listener)
            throws Exception {
        List<XdpMode> modes =
                backend.contains("generic") ? List.of(XdpMode.GENERIC) : List.of(XdpMode.NATIVE, XdpMode.GENERIC);
        Idle idle = backend.contains("busy") ? Idle.BUSY : Idle.ADAPTIVE;
        boolean shared = backend.contains("shared");
        int chunks = backend.contains("few") ? 64 : XdpOptions.DEFAULT_CHUNKS;
        Exchange exchange = backend.contains("zero-copy") ? Exchange.ZERO_COPY : Exchange.AUTO;
        try (XdpCard outsideCard = XdpCard.redirecting(outside, modes, 1);
                XdpCard insideCard = XdpCard.redirecting(inside, modes, 1);
                XdpPair pair = XdpPair.open(
                        outside,
                        outsideCard,
                        inside,
                        insideCard,
                        new XdpOptions(exchange, idle, shared, chunks),
                        listener)) {
            pair.described().forEach(line -> System.out.println("DESCRIBED " + line));
            List<Runnable> waiting = shared ? List.of(pair::awaitFrames) : List.of();
            forward(pair.outside(), pair.inside(), waiting, () -> Censuses.of(pair));
        }
    }

    /** {@code waiting}: what waits for both lanes where they share a thread, else nothing. */
    private static void forward(PacketPort out, PacketPort in, List<Runnable> waiting, Supplier<List<String>> census)
            throws Exception {
        Forwarder inbound = new Forwarder(out.source(), in.sink());
        Forwarder outbound = new Forwarder(in.source(), out.sink());
        List<Thread> threads = waiting.isEmpty()
                ? List.of(
                        Thread.ofPlatform().start(inbound), Thread.ofPlatform().start(outbound))
                : List.of(Thread.ofPlatform().start(() -> inTurn(inbound, outbound, waiting.getFirst())));
        out.startReceiving();
        in.startReceiving();
        System.out.println("READY");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            System.out.println("STATS " + inbound + " " + outbound + " up=" + out.isUp() + "," + in.isUp() + " retries="
                    + in.sendRetries() + " drops=" + out.kernelDrops() + " allocated=" + inbound.allocatedBytes);
            census.get().forEach(line -> System.out.println("CENSUS " + line));
        }
        running = false;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void inTurn(Forwarder inbound, Forwarder outbound, Runnable waiting) {
        while (running) {
            if (inbound.turn() + outbound.turn() == 0) {
                waiting.run();
            }
        }
    }

    /** One lane. */
    private static final class Forwarder implements Runnable, SlotWriter {
        private static final int DROPPED_ETHERTYPE = 0x88b6; // IEEE 802, local experimental 2

        private final FrameSource from;
        private final FrameSink to;
        private final FrameSlot[] slots = new FrameSlot[BATCH];
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private volatile long allocatedBytes;
        private int claimed;

        Forwarder(FrameSource from, FrameSink to) {
            this.from = from;
            this.to = to;
            for (int i = 0; i < BATCH; i++) {
                slots[i] = new FrameSlot(i);
            }
        }

        @Override
        public int free() {
            return BATCH - claimed;
        }

        @Override
        public @Nullable FrameSlot tryClaim() {
            return claimed < BATCH ? slots[claimed++] : null;
        }

        @Override
        public void run() {
            while (running) {
                turn();
            }
        }

        int turn() {
            claimed = 0;
            int read = poll();
            for (int i = 0; i < read; i++) {
                FrameSlot slot = slots[i];
                if (slot.u16(12) != DROPPED_ETHERTYPE && !to.send(slot)) {
                    refused.incrementAndGet();
                }
                from.release(slot);
            }
            if (read > 0) {
                to.flush();
            } else {
                to.onIdle();
            }
            received.addAndGet(read);
            allocatedBytes = THREADS.getCurrentThreadAllocatedBytes();
            return read;
        }

        private int poll() {
            try {
                return from.poll(this, BATCH);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return received.get() + "/" + refused.get();
        }
    }
}
