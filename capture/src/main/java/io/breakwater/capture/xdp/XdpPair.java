package io.breakwater.capture.xdp;

import io.breakwater.capture.bpf.XdpCard;
import io.breakwater.capture.bpf.XdpMode;
import io.breakwater.capture.live.PacketPort;
import io.breakwater.capture.live.PortException;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.FrameWait;
import io.breakwater.capture.nativeaccess.Umem;
import io.breakwater.capture.nativeaccess.XskSocket;
import io.breakwater.capture.nativeaccess.XskSocket.Exchange;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Two cards joined by AF_XDP sockets over one memory.
 *
 * <p>When a card disappears, both lanes come to rest, both sockets are closed, and the pair is built anew as soon as both
 * cards are there again; the memory stays, because a closed socket's last frames may still be on their way.
 *
 * <p><b>Thread:</b> opened and closed by a control thread, closed once both pipelines have ended; rebuilt by the rx
 * thread that comes to rest last.
 */
public final class XdpPair implements AutoCloseable {
    /** A card has one receive queue, see {@link XdpPort#requireUsable}. */
    static final int QUEUE = 0;

    /** Between two attempts to build the pair anew, and while the other lane comes to rest. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long REST_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);

    /** The kernel frees a closed socket's queue somewhat later: how long a start waits for that. Unmeasured. */
    private static final long BUSY_PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

    private final XdpOptions options;
    private final PortListener listener;
    private final Umem umem;
    private final XdpPort outside;
    private final XdpPort inside;
    private final XdpLane inbound;
    private final XdpLane outbound;
    private final ReentrantLock building = new ReentrantLock();
    private final List<FrameWait> waits = new ArrayList<>();

    private IdleWait idle;
    private boolean zeroCopy;
    private String trouble = "";
    private boolean closed;
    private volatile boolean faulty;

    /**
     * Opens two interfaces that are up and prepared.
     *
     * @param outside the program of the outside card, which this attaches and registers its socket with; the caller
     *     closes it later than this
     * @param inside the same of the inside card
     * @throws IOException if that is impossible; the message says the next step
     */
    public static XdpPair open(
            String outsideName,
            XdpCard outside,
            String insideName,
            XdpCard inside,
            XdpOptions options,
            PortListener listener)
            throws IOException {
        if (!XdpPair.class.getModule().isNativeAccessEnabled()) {
            throw new PortException("Java may not call the kernel: start it with --enable-native-access=ALL-UNNAMED");
        }
        XdpPair pair = new XdpPair(outsideName, outside, insideName, inside, options, listener);
        try {
            pair.buildPatiently();
            return pair;
        } catch (IOException | RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    @SuppressWarnings({"NullAway.Init", "this-escape"}) // build() comes before anybody sees it
    private XdpPair(
            String outsideName,
            XdpCard outsideProgram,
            String insideName,
            XdpCard insideProgram,
            XdpOptions options,
            PortListener listener)
            throws IOException {
        this.options = options;
        this.listener = listener;
        outside = new XdpPort(outsideName, this, outsideProgram, listener);
        try {
            inside = new XdpPort(insideName, this, insideProgram, listener);
        } catch (IOException e) {
            outside.release();
            throw e;
        }
        try {
            outside.requireUsable();
            inside.requireUsable();
            umem = new Umem(2 * options.chunksPerLane(), Math.max(outside.chunkBytes(), inside.chunkBytes()));
        } catch (IOException e) {
            outside.release();
            inside.release();
            throw e;
        }
        inbound = new XdpLane(this, outside, inside, umem, 0, options);
        outbound = new XdpLane(this, inside, outside, umem, 1, options);
    }

    public PacketPort outside() {
        return outside;
    }

    public PacketPort inside() {
        return inside;
    }

    XdpLane laneFrom(XdpPort port) {
        return port == outside ? inbound : outbound;
    }

    XdpLane laneTo(XdpPort port) {
        return port == inside ? inbound : outbound;
    }

    /** How frames come in, for people: where the programs run, and whether frames are copied; and why not better. */
    public List<String> described() {
        List<String> lines = new ArrayList<>();
        for (XdpPort port : List.of(outside, inside)) {
            lines.add("port " + port.name() + ": AF_XDP in " + port.program().mode() + " mode, "
                    + (zeroCopy ? "zero-copy" : "with a copy by the driver"));
            port.program().fallback().ifPresent(lines::add);
        }
        return lines;
    }

    /**
     * Neither lane has a frame: waits for one as the pair's idle setting says. Only where lanes share a thread.
     */
    public void awaitFrames() {
        if (!faulty) {
            idle.onNothing();
        }
    }

    /** Whether both cards have carrier, as rx saw it at most 20 ms ago. */
    boolean hasLink() {
        return outside.isUp() && inside.isUp();
    }

    // ---- faults

    /** A card is no longer what its socket is bound to. Any rx thread. */
    void fault() {
        faulty = true;
    }

    boolean isFaulty() {
        return faulty;
    }

    /**
     * Instead of a poll while there is a fault: brings the lane to rest, and builds the pair anew once both are.
     *
     * @return 0, the frames that were read
     */
    int onFault(XdpLane lane) {
        boolean rest = lane.comeToRest() && inbound.isQuiet() && outbound.isQuiet();
        if (!rest || !building.tryLock()) {
            LockSupport.parkNanos(REST_PAUSE_NS);
            return 0;
        }
        try {
            if (faulty && !rebuild()) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        } finally {
            building.unlock();
        }
        return 0;
    }

    private boolean rebuild() {
        inbound.idleWork().lock();
        outbound.idleWork().lock();
        try {
            shut();
            outside.tellIfGone();
            inside.tellIfGone();
            build();
            trouble = "";
            faulty = false;
            return true;
        } catch (IOException notYet) {
            shut();
            tell(String.valueOf(notYet.getMessage()));
            return false;
        } finally {
            outbound.idleWork().unlock();
            inbound.idleWork().unlock();
        }
    }

    /** Says each reason once, not fifty times a second. */
    private void tell(String why) {
        if (!why.equals(trouble)) {
            trouble = why;
            listener.onTrouble(why);
        }
    }

    // ---- building

    private void buildPatiently() throws IOException {
        long deadlineNs = System.nanoTime() + BUSY_PATIENCE_NS;
        while (true) {
            try {
                build();
                return;
            } catch (IOException e) {
                shut();
                if (!(e.getCause() instanceof ErrnoException cause && cause.isBusy())
                        || System.nanoTime() - deadlineNs >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private void build() throws IOException {
        outside.attach(umem);
        inside.attach(umem);
        boolean generic =
                outside.program().mode() == XdpMode.GENERIC || inside.program().mode() == XdpMode.GENERIC;
        List<Exchange> exchanges = exchanges(generic);
        PortException refused = null;
        for (Exchange exchange : exchanges) {
            try {
                connect(exchange);
                return;
            } catch (ErrnoException e) {
                outside.shutSocket();
                inside.shutSocket();
                refused = explain(e);
            }
        }
        throw refused == null ? new PortException("no way to exchange frames") : refused;
    }

    /** What to try, in order: the two cards must agree, so one that cannot do without a copy decides for both. */
    private List<Exchange> exchanges(boolean generic) throws PortException {
        if (options.exchange() != Exchange.ZERO_COPY) {
            return options.exchange() == Exchange.COPY || generic
                    ? List.of(Exchange.COPY)
                    : List.of(Exchange.AUTO, Exchange.COPY);
        }
        if (generic) {
            throw new PortException("port " + outside.name() + ", " + inside.name()
                    + ": zero-copy needs XDP in native mode on both cards: use zero-copy: auto");
        }
        return List.of(Exchange.ZERO_COPY);
    }

    private void connect(Exchange exchange) throws IOException {
        XskSocket first = new XskSocket(umem, options.chunksPerLane());
        outside.own(first);
        XskSocket second = new XskSocket(null, options.chunksPerLane());
        inside.own(second);
        ProcessPrivileges.get().growSendBuffer(first.fd());
        ProcessPrivileges.get().growSendBuffer(second.fd());
        waits.forEach(FrameWait::close);
        waits.clear();
        idle = idleWait(first.fd(), second.fd());
        boolean shared = options.lanesShareThread();
        inbound.connect(new LaneRings(first, second), shared ? idle : idleWait(first.fd()));
        outbound.connect(new LaneRings(second, first), shared ? idle : idleWait(second.fd()));
        first.bind(outside.index(), QUEUE, exchange);
        second.bindSharing(inside.index(), QUEUE, first);
        zeroCopy = first.isZeroCopy();
        outside.open();
        inside.open();
    }

    private IdleWait idleWait(int... fds) {
        FrameWait wait = new FrameWait(fds);
        waits.add(wait);
        return new IdleWait(options.idle(), wait, this);
    }

    private PortException explain(ErrnoException e) {
        String ports = "ports " + outside.name() + " and " + inside.name() + ": ";
        String why;
        if (e.isPermission()) {
            why = "no permission for AF_XDP: needs CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF: run with sudo";
        } else if (e.isMemory()) {
            why = "the kernel locks no memory of " + (umem.memory().byteSize() >> 20)
                    + " MiB for AF_XDP: grant CAP_IPC_LOCK (sudo, or AmbientCapabilities= in the unit),"
                    + " or raise ulimit -l (LimitMEMLOCK=)";
        } else if (e.isBusy()) {
            why = "another AF_XDP socket is on one of them: end the program that holds it (ss --xdp -p)";
        } else if (e.isUnsupported()) {
            why = options.exchange() == Exchange.ZERO_COPY
                    ? "no zero-copy with this driver: use zero-copy: auto"
                    : "this kernel has no AF_XDP (CONFIG_XDP_SOCKETS): use backend: pcap";
        } else {
            why = e.getMessage() + ": use backend: pcap";
        }
        PortException explained = new PortException(ports + why);
        explained.initCause(e);
        return explained;
    }

    private void shut() {
        outside.shut();
        inside.shut();
    }

    /** Where the chunks of both lanes are; for tests, at rest. */
    List<ChunkCensus> census() {
        return List.of(inbound.census(), outbound.census());
    }

    /** Closes the sockets, then gives the memory back. Idempotent; the programs are the caller's. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            shut();
            waits.forEach(FrameWait::close);
            umem.close();
            outside.release();
            inside.release();
        }
    }
}
