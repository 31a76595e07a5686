package io.breakwater.capture.live;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Slab;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import java.io.IOException;

/**
 * A network card as a port: every frame that comes in from the wire is read once, byte for byte with all its VLAN tags,
 * and nothing that the box itself sends ever is.
 *
 * <p>It is opened by pcap4j (promiscuous, immediate mode, nanosecond stamps, direction in); the receive half copies
 * frames from libpcap's ring into its slab, the transmit half has a socket of its own, so the two lanes share no lock.
 *
 * <p><b>Thread:</b> rx polls; egress sends and flushes; the accessors may be read by any. Close it when both have
 * ended.
 *
 * <p>Frames that the kernel does not send through a card are refused by {@link #send}: longer than its MTU plus the
 * Ethernet header, and one 802.1Q tag. A network with stacked tags needs ports with a larger MTU (1,508 for QinQ).
 */
public final class PcapPort implements PacketPort, FrameSource, FrameSink {
    private final String name;
    private final int maxFrameBytes;
    private final KernelDrops drops = new KernelDrops();
    private final Slab slab;
    private final PcapReceiver receiver;
    private final PacketTransmitter transmitter;

    private PcapPort(String name, int maxFrameBytes, int slots, PortOptions options, PortListener listener)
            throws IOException {
        this.name = name;
        this.maxFrameBytes = maxFrameBytes;
        slab = new Slab(slots, maxFrameBytes);
        try {
            receiver = new PcapReceiver(name, options, listener, maxFrameBytes, slab, drops);
        } catch (IOException | RuntimeException e) {
            slab.close();
            throw e;
        }
        try {
            transmitter = new PacketTransmitter(name, maxFrameBytes);
        } catch (IOException | RuntimeException e) {
            receiver.close();
            slab.close();
            throw e;
        }
    }

    /**
     * Opens an interface that is up and prepared.
     *
     * @param slots of the ring that the port fills: each has its own place in the port's memory
     * @throws IOException if that is impossible; the message says the next step
     */
    public static PcapPort open(String interfaceName, int slots, PortOptions options, PortListener listener)
            throws IOException {
        return new PcapPort(interfaceName, PacketPort.maxFrameBytes(interfaceName), slots, options, listener);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FrameSource source() {
        return this;
    }

    @Override
    public FrameSink sink() {
        return this;
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    @HotPath
    public int poll(SlotWriter slots, int limit) {
        return receiver.poll(slots, limit);
    }

    @Override
    @HotPath
    public boolean send(FrameSlot slot) {
        return transmitter.send(slot);
    }

    @Override
    public void flush() {
        transmitter.flush();
    }

    @Override
    public void startReceiving() throws IOException {
        receiver.receive(true);
    }

    @Override
    public void stopReceiving() throws IOException {
        receiver.receive(false);
    }

    /** Frames lost before they could be read: ring full, card overrun. */
    @Override
    public long kernelDrops() {
        return drops.total();
    }

    @Override
    public long sendRetries() {
        return transmitter.retries();
    }

    @Override
    public boolean isUp() {
        return receiver.isUp();
    }

    @Override
    public void close() {
        receiver.close();
        transmitter.close();
        slab.close();
    }
}
