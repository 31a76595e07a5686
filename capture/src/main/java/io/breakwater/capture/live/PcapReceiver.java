package io.breakwater.capture.live;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.PcapReader;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.Slab;
import io.breakwater.engine.pipeline.SlotWriter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.PcapHandle;

/**
 * The receive half of a port. Survives a link that goes down and an interface that disappears: it then waits, and opens
 * the interface again when one of that name is back.
 *
 * <p><b>Thread:</b> rx, except {@link #isUp()}, {@link #receive}, and {@link #close()} once rx has ended.
 */
final class PcapReceiver implements AutoCloseable {
    /** How soon a change of the link is noticed while idle. One system call each: 50 a second cost nothing visible. */
    private static final long LINK_CHECK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String name;
    private final PortOptions options;
    private final PortListener listener;
    private final int snapBytes;
    private final Slab slab;
    private final KernelDrops drops;
    private final LinkProbe link;

    private @Nullable PcapHandle handle;
    private @Nullable PcapReader reader;
    private int index;
    private boolean recreated;
    private boolean broken;
    private boolean receiving;
    private long checkedNs;
    private volatile boolean up;

    PcapReceiver(String name, PortOptions options, PortListener listener, int snapBytes, Slab slab, KernelDrops drops)
            throws IOException {
        this.name = name;
        this.options = options;
        this.listener = listener;
        this.snapBytes = snapBytes;
        this.slab = slab;
        this.drops = drops;
        this.link = new LinkProbe(name);
        try {
            open();
        } catch (IOException e) {
            close();
            throw e;
        }
        up = link.isRunning();
    }

    boolean isUp() {
        return up;
    }

    /** Takes what comes in from now on, or leaves it to the kernel, as a receiver does at first. Control thread. */
    synchronized void receive(boolean take) throws IOException {
        receiving = take;
        if (reader != null) {
            reader.takeFrames(take);
        }
    }

    @HotPath
    int poll(SlotWriter slots, int limit) {
        int room = Math.min(limit, slots.free());
        if (room <= 0) {
            return 0;
        }
        PcapReader open = reader;
        if (open == null) {
            return awaitInterface();
        }
        int read = read(open, slots, room);
        return read != 0 ? read : idle(open, slots, room);
    }

    @HotPath
    private int read(PcapReader open, SlotWriter slots, int room) {
        int read = 0;
        while (read < room) {
            int result = open.next();
            if (result != PcapReader.FRAME) {
                broken = result < 0;
                break;
            }
            FrameSlot slot = slots.tryClaim();
            if (slot == null) {
                break;
            }
            slab.copy(
                    slot,
                    open.memory(),
                    open.dataAddress(),
                    open.capturedLength(),
                    open.length(),
                    LinkLayer.ETHERNET,
                    open.timestampNs());
            read++;
        }
        return read;
    }

    /** Nothing was there: looks after the link now and then, and sleeps until a frame comes. */
    private int idle(PcapReader open, SlotWriter slots, int room) {
        long nowNs = System.nanoTime();
        if (nowNs - checkedNs >= LINK_CHECK_NS) {
            checkedNs = nowNs;
            checkLink();
        }
        if (broken) {
            shut();
            setUp(false);
        }
        if (reader == null) {
            pause();
            return 0;
        }
        if (open.awaitFrame(options.idleWaitMs())) {
            int read = read(open, slots, room);
            if (read > 0) {
                return read;
            }
        }
        if (!up) {
            // A socket whose link is down may report its error at once, again and again: never spin on it.
            pause();
        }
        return 0;
    }

    private void checkLink() {
        int now = link.index();
        if (now != index) {
            shut();
            recreated = true;
            setUp(false);
        } else {
            setUp(link.isRunning());
        }
    }

    /** The interface is gone: tries to open it again now and then, without an exception as long as it is not there. */
    private int awaitInterface() {
        long nowNs = System.nanoTime();
        if (nowNs - checkedNs >= LINK_CHECK_NS && link.index() != LinkProbe.NONE) {
            reopen();
            checkedNs = System.nanoTime();
        }
        if (reader == null) {
            pause();
        }
        return 0;
    }

    private void reopen() {
        // The socket's error may have told of the deletion before the index did.
        int now = link.index();
        recreated |= now != index;
        index = now;
        try {
            if (recreated) {
                listener.onRecreated(name);
                recreated = false;
            }
            if (link.isAdminUp()) {
                open();
                setUp(link.isRunning());
            }
        } catch (IOException notYet) {
            // It may be gone again already; the next round tells. The port shows as down meanwhile.
            shut();
        }
    }

    private synchronized void open() throws IOException {
        index = link.index();
        PcapHandle opened = PcapHandles.open(name, snapBytes, options.bufferBytes());
        handle = opened;
        boolean nanoseconds = opened.getTimestampPrecision() == PcapHandle.TimestampPrecision.NANO;
        PcapReader from = new PcapReader(PcapHandles.address(opened), nanoseconds);
        reader = from;
        broken = false;
        from.ignoreOutgoing();
        from.takeFrames(receiving);
        while (!receiving && from.next() == PcapReader.FRAME) {
            // Came in since the ring is there: the kernel has dealt with it.
        }
        drops.follow(new PcapDrops(opened));
    }

    private synchronized void shut() {
        drops.leave();
        if (reader != null) {
            reader.close();
            reader = null;
        }
        PcapHandles.close(handle);
        handle = null;
    }

    private void setUp(boolean now) {
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

    private void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.max(1, options.idleWaitMs())));
    }

    @Override
    public void close() {
        shut();
        link.close();
    }
}
