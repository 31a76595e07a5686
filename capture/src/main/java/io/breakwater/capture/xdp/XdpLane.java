package io.breakwater.capture.xdp;

import io.breakwater.capture.nativeaccess.ConsumerRing;
import io.breakwater.capture.nativeaccess.ProducerRing;
import io.breakwater.capture.nativeaccess.Umem;
import io.breakwater.capture.nativeaccess.XskSocket;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One direction of a pair of AF_XDP ports: reads from one card, sends through the other, and moves no frame's bytes.
 *
 * <p>The chunk of a dropped frame is free again when egress has passed it; that of a forwarded one when the card's
 * driver says that it has sent it. Every chunk is in exactly one place, see the package.
 *
 * <p><b>Thread:</b> {@link #poll} by rx; {@link #send}, {@link #flush}, {@link #release} and {@link #onIdle} by egress.
 */
final class XdpLane implements FrameSource, FrameSink {
    /** In place of a chunk in a slot: its frame is in TX, and COMPLETION will give it back. */
    private static final long IN_TX = -1;

    /** Of the lane's chunks, those that go round while it is overloaded: an eighth, 2,048 as a rule. */
    private static final int BUSY_SHARE = 8;

    private final XdpPair pair;
    private final XdpPort from;
    private final XdpPort to;
    private final MemorySegment memory;
    private final long firstChunk;
    private final long chunkBytes;
    private final int chunks;
    private final boolean waits;

    private final ChunkReturns returns;
    /** Frames whose fate is settled and whose batch has left: egress touches nothing of theirs any more. */
    private final AtomicLong settled = new AtomicLong();
    /** Keeps egress's idle work and a rebuild apart; batches need no lock, because a rebuild waits for their end. */
    private final ReentrantLock idleWork = new ReentrantLock();

    // rx
    private LaneRings rings;
    private ConsumerRing rx;
    private ProducerRing fill;
    private IdleWait wait;
    private final SpareChunks spare;
    /** FILL ran dry while RX was full of frames, and RX has not been empty since. */
    private boolean overloaded;

    private long delivered;
    /** Every frame that was read is settled, and none is read until the pair is rebuilt. */
    private volatile boolean quiet;

    // egress
    private ConsumerRing completion;
    private Transmitter transmitter;
    /** A frame of this batch has been settled. */
    private boolean inBatch;
    /** The card's link has been looked at for this batch: before its first frame to send, not its first to drop. */
    private boolean linkSeen;

    private long released;

    @SuppressWarnings("NullAway.Init") // connect() comes before the first poll
    XdpLane(XdpPair pair, XdpPort from, XdpPort to, Umem umem, int half, XdpOptions options) {
        this.pair = pair;
        this.from = from;
        this.to = to;
        this.memory = umem.memory();
        this.chunkBytes = umem.chunkBytes();
        this.chunks = options.chunksPerLane();
        this.firstChunk = (long) half * chunks * chunkBytes;
        this.waits = !options.lanesShareThread();
        this.returns = new ChunkReturns(chunks);
        this.spare = new SpareChunks(chunks);
    }

    @Override
    public String name() {
        return from.name();
    }

    /** Takes new sockets, neither of which is bound yet, and gives the kernel all chunks. No thread may be at work. */
    void connect(LaneRings opened, IdleWait idle) {
        rings = opened;
        rx = opened.in().rx();
        fill = opened.in().fill();
        wait = idle;
        completion = opened.out().completion();
        transmitter = new Transmitter(opened.out(), to);
        returns.reset();
        spare.reset();
        overloaded = false;
        for (int i = 0; i < chunks; i++) {
            fill.putAddress(firstChunk + i * chunkBytes);
        }
        fill.submit();
        quiet = false;
    }

    // ---- rx

    @Override
    @HotPath
    public int poll(SlotWriter slots, int limit) {
        if (pair.isFaulty()) {
            return pair.onFault(this);
        }
        from.lookAfterLink();
        refill();
        int room = Math.min(limit, slots.free());
        int read = read(slots, room);
        if (read == 0 && waits && room > 0) {
            return waitAndRead(slots, room);
        }
        return read;
    }

    private int waitAndRead(SlotWriter slots, int room) {
        if (!wait.onNothing()) {
            return 0;
        }
        return read(slots, room);
    }

    @HotPath
    private int read(SlotWriter slots, int room) {
        int there = Math.min(rx.available(), room);
        if (there <= 0) {
            return 0;
        }
        int read = 0;
        while (read < there) {
            FrameSlot slot = slots.tryClaim();
            if (slot == null) {
                break;
            }
            long address = rx.frameAddress();
            int length = rx.frameLength();
            slot.wrap(memory, address, length, length, LinkLayer.ETHERNET, 0);
            slot.sourceTag(chunkOf(address));
            rx.advance();
            read++;
        }
        rx.release();
        delivered += read;
        wait.onFrames();
        return read;
    }

    @HotPath
    private void refill() {
        int back = returns.available();
        for (int i = 0; i < back; i++) {
            spare.put(returns.take());
        }
        int count = Math.min(spare.count(), fillRoom());
        for (int i = 0; i < count; i++) {
            fill.putAddress(spare.take());
        }
        if (back > 0 || count > 0) {
            fill.submit();
            returns.release();
            spare.publish();
        }
        if (fill.needsWakeup()) {
            rings.in().wakeRx();
        }
    }

    /**
     * How many chunks FILL may get now: all, so that a pause loses nothing; or, once frames are lost anyway, few, and those that
     * were used last.
     *
     * <p><b>Why:</b> a queue of all chunks that stands helps nobody. Each frame waits through all of it, and each chunk has left the
     * caches when its turn comes again: 0.71 to 0.82 M frames/s of 1,400 bytes went through with 16,384 chunks going round, 0.95 to
     * 1.01 M with 2,048, and 20 ms became 2 (docs/adr/0006-af-xdp-and-when-to-use-it.md).
     */
    @HotPath
    private int fillRoom() {
        int waiting = rx.available();
        overloaded = overloaded ? waiting > 0 : waiting > chunks / 2 && fill.pending() == 0;
        return overloaded ? Math.max(0, chunks / BUSY_SHARE - waiting - fill.pending()) : chunks;
    }

    @HotPath
    private long chunkOf(long address) {
        return address & -chunkBytes;
    }

    // ---- egress

    @Override
    @HotPath
    public boolean send(FrameSlot slot) {
        if (!linkSeen) {
            linkSeen = true;
            inBatch = true;
            transmitter.lookAtLink();
        }
        if (!transmitter.put(slot.offset(), slot.length())) {
            return false;
        }
        slot.sourceTag(IN_TX);
        return true;
    }

    @Override
    @HotPath
    public void release(FrameSlot slot) {
        inBatch = true;
        released++;
        long chunk = slot.sourceTag();
        if (chunk != IN_TX) {
            returns.put(chunk);
        }
    }

    /** Sends the batch with at most one system call, takes back what the card has sent, and settles the batch. */
    @Override
    @HotPath
    public void flush() {
        if (!inBatch) {
            return;
        }
        inBatch = false;
        linkSeen = false;
        transmitter.submit();
        reap();
        // Last: a rebuild may begin as soon as rx sees it.
        settled.setRelease(released);
    }

    @HotPath
    private void reap() {
        int done = completion.available();
        for (int i = 0; i < done; i++) {
            returns.put(chunkOf(completion.address()));
            completion.advance();
        }
        completion.release();
        returns.publish();
    }

    /** Nothing to judge: what the card has sent since the last batch comes back, and what it left lying is pushed. */
    @Override
    public void onIdle() {
        if (!idleWork.tryLock()) {
            return;
        }
        try {
            if (!pair.isFaulty()) {
                transmitter.pushLeftOvers();
                reap();
            }
        } finally {
            idleWork.unlock();
        }
    }

    // ---- rebuild

    /** Whether this lane has come to rest; called by its own rx thread once a fault is known. */
    boolean comeToRest() {
        quiet = delivered == settled.getAcquire();
        return quiet;
    }

    boolean isQuiet() {
        return quiet;
    }

    /** Held during a rebuild, so that idle work stays away from sockets that are being closed. */
    ReentrantLock idleWork() {
        return idleWork;
    }

    /** Where the lane's chunks are; exact only at rest. */
    ChunkCensus census() {
        XskSocket in = rings.in();
        XskSocket out = rings.out();
        return ChunkCensus.of(
                chunks,
                firstChunk,
                chunkBytes,
                delivered - settled.getAcquire(),
                in.fill().addresses(),
                in.rx().addresses(),
                out.tx().addresses(),
                out.completion().addresses(),
                returns.addresses(),
                spare.addresses());
    }

    /** The ports are closed together, by their pair. */
    @Override
    public void close() {}
}
