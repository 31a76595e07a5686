package io.breakwater.capture.xdp;

import io.breakwater.capture.bpf.XdpCard;
import io.breakwater.capture.live.KernelDrops;
import io.breakwater.capture.live.PacketPort;
import io.breakwater.capture.live.PortException;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.PromiscuousCard;
import io.breakwater.capture.nativeaccess.Umem;
import io.breakwater.capture.nativeaccess.XskSocket;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.FrameSource;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One card of a pair of AF_XDP ports.
 *
 * <p><b>Thread:</b> {@link #lookAfterLink} by the rx thread of the lane that comes in here, {@link #canSend} and the
 * counting by the egress thread of the lane that leaves here, opening and shutting by whoever builds the pair; the
 * public accessors by any.
 */
final class XdpPort implements PacketPort {
    /** Largest MTU whose frames fit a chunk of 2 KiB together with the kernel's head room. */
    private static final int SMALL_MTU_BYTES = 1_500;

    private static final int SMALL_CHUNK_BYTES = 2_048;
    private static final int LARGE_CHUNK_BYTES = 4_096;

    /** Ethernet header and one tag: what the kernel lets through a card of an MTU (is_skb_forwardable). */
    private static final int SENT_LAYER_2_BYTES = 14 + 4;

    /** How soon a change of the link is noticed. Two system calls each: 50 a second cost nothing visible. */
    private static final long LINK_CHECK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String name;
    private final XdpPair pair;
    private final XdpCard program;
    private final PortListener listener;
    private final LinkProbe rxLink;
    private final LinkProbe txLink;
    private final KernelDrops drops = new KernelDrops();
    private final AtomicLong sendDrops = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private int mtuBytes;

    private @Nullable PromiscuousCard promiscuous;
    private @Nullable XskSocket socket;
    private int index;
    private int builtOnIndex = LinkProbe.NONE;
    private int preparedIndex;
    private long rxCheckedNs;
    private long txCheckedNs;
    private boolean sendable;
    private boolean receiving;
    private boolean bound;
    private volatile boolean up;

    XdpPort(String name, XdpPair pair, XdpCard program, PortListener listener) throws IOException {
        this.name = name;
        this.pair = pair;
        this.program = program;
        this.listener = listener;
        rxLink = new LinkProbe(name);
        try {
            txLink = new LinkProbe(name);
        } catch (IOException e) {
            rxLink.close();
            throw e;
        }
        mtuBytes = rxLink.mtuBytes();
    }

    /** Why this card cannot be used as it is now: one line with the next step. */
    void requireUsable() throws PortException {
        requirePresent();
        if (!rxLink.isAdminUp()) {
            throw new PortException("port " + name + ": interface is down: ip link set dev " + name + " up");
        }
        mtuBytes = rxLink.mtuBytes();
        List<XdpObstacle> obstacles = XdpObstacle.of(name, rxLink);
        if (!obstacles.isEmpty()) {
            XdpObstacle first = obstacles.getFirst();
            throw new PortException(first.what() + ": " + first.mend() + " (or " + XdpObstacle.OTHERWISE + ")");
        }
    }

    private void requirePresent() throws PortException {
        if (rxLink.index() == LinkProbe.NONE) {
            throw new PortException("port " + name + ": no such interface; there are: " + interfaces());
        }
    }

    /** Tells of a card that is gone while the pair is not built, and so nobody looks at it. */
    void tellIfGone() {
        if (rxLink.index() == LinkProbe.NONE) {
            setUp(false);
        }
    }

    private static String interfaces() {
        try {
            return String.join(", ", LinkProbe.interfaceNames());
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Chunks that the card's frames fit into. */
    int chunkBytes() {
        return mtuBytes <= SMALL_MTU_BYTES ? SMALL_CHUNK_BYTES : LARGE_CHUNK_BYTES;
    }

    /** Prepares the card if it is another one than before, and attaches the program. */
    void attach(Umem umem) throws IOException {
        requirePresent();
        index = rxLink.index();
        if (builtOnIndex == LinkProbe.NONE) {
            preparedIndex = index; // whoever made the pair did that
        } else if (index != preparedIndex) {
            listener.onRecreated(name);
            preparedIndex = index;
        }
        requireUsable();
        if (chunkBytes() > umem.chunkBytes()) {
            throw new PortException("port " + name + ": its MTU is " + mtuBytes + " now, and memory was set up for "
                    + SMALL_MTU_BYTES + ": ip link set dev " + name + " mtu " + SMALL_MTU_BYTES + ", or start again");
        }
        program.attach();
        promiscuous = new PromiscuousCard(index);
    }

    /** From now on this socket is closed with the port. */
    void own(XskSocket opened) {
        socket = opened;
    }

    /** The socket is bound: frames go there from now on, if the port receives. */
    synchronized void open() throws IOException {
        bound = true;
        if (receiving) {
            startReceiving();
        }
        drops.follow(new XskDrops(Objects.requireNonNull(socket), name));
        sendable = rxLink.isRunning();
        if (builtOnIndex == LinkProbe.NONE) {
            up = sendable; // no change to tell of: the port is new
        }
        builtOnIndex = index;
        setUp(sendable);
    }

    /** Lets go of socket and card; the program stays attached. */
    void shut() {
        shutSocket();
        if (promiscuous != null) {
            promiscuous.close();
            promiscuous = null;
        }
    }

    synchronized void shutSocket() {
        bound = false;
        drops.leave();
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    /** The program hands frames to the socket from the next one on. */
    @Override
    public synchronized void startReceiving() throws IOException {
        receiving = true;
        if (bound) {
            program.register(XdpPair.QUEUE, Objects.requireNonNull(socket).fd());
        }
    }

    /** The program passes frames to the kernel from the next one on. */
    @Override
    public synchronized void stopReceiving() throws IOException {
        receiving = false;
        if (bound) {
            program.unregister(XdpPair.QUEUE);
        }
    }

    int index() {
        return index;
    }

    XdpCard program() {
        return program;
    }

    /** Looks whether the card is still the one that the socket is bound to, and has carrier; at most every 20 ms. */
    void lookAfterLink() {
        long nowNs = System.nanoTime();
        if (nowNs - rxCheckedNs < LINK_CHECK_NS) {
            return;
        }
        rxCheckedNs = nowNs;
        if (rxLink.index() != index) {
            setUp(false);
            pair.fault();
        } else {
            setUp(rxLink.isRunning());
        }
    }

    /** Whether the card can send: after a quiet time as it is now, else as it was at most 20 ms ago. */
    boolean canSend() {
        long nowNs = System.nanoTime();
        if (nowNs - txCheckedNs >= LINK_CHECK_NS) {
            txCheckedNs = nowNs;
            // Without carrier the kernel takes frames and forgets them: they would count as forwarded.
            sendable = txLink.index() == index && txLink.isRunning();
        }
        return sendable;
    }

    void setUp(boolean now) {
        if (now == up) {
            return;
        }
        up = now;
        if (now) {
            listener.onUp(name);
        } else {
            listener.onDown(name);
        }
    }

    int maxSentBytes() {
        return mtuBytes + SENT_LAYER_2_BYTES;
    }

    @HotPath
    void countSendDrop() {
        sendDrops.lazySet(sendDrops.getPlain() + 1);
    }

    @HotPath
    void countRetry() {
        retries.lazySet(retries.getPlain() + 1);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FrameSource source() {
        return pair.laneFrom(this);
    }

    @Override
    public FrameSink sink() {
        return pair.laneTo(this);
    }

    @Override
    public int maxFrameBytes() {
        return mtuBytes + LAYER_2_BYTES;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    /** Frames lost before they could be read (no chunk, card overrun), and those that the card's driver dropped. */
    @Override
    public long kernelDrops() {
        return drops.total() + sendDrops.get();
    }

    @Override
    public long sendRetries() {
        return retries.get();
    }

    /** Closes the pair. */
    @Override
    public void close() {
        pair.close();
    }

    /** Called by the pair once its sockets are closed. */
    void release() {
        rxLink.close();
        txLink.close();
    }
}
