package io.breakwater.bench.live;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.PacketSender;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends UDP frames of one size as fast as a packet socket takes them, from many sources of 198.18.0.0/16 to one host of
 * 198.19.0.0/16, for a bounded time. No policy drops them: what is measured is forwarding.
 */
final class FloodSender {
    /** What it says when it begins. */
    static final String READY = "READY";

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int SOURCES = 4_096;
    private static final int FIRST_SOURCE = 0xC6120001; // 198.18.0.1
    private static final int DESTINATION = 0xC6130001; // 198.19.0.1
    private static final int SOURCE_OFFSET = 26;
    private static final int BURST = 64;
    private static final long BUSY_NS = 20_000;

    private FloodSender() {}

    /** Arguments: interface, frame size in bytes, seconds, most frames per second (0: no bound). */
    public static void main(String[] arguments) throws IOException {
        String card = arguments[0];
        int sizeBytes = Integer.parseInt(arguments[1]);
        long durationNs = (long) (Double.parseDouble(arguments[2]) * 1e9);
        long framesPerSecond = Long.parseLong(arguments[3]);
        try (Arena arena = Arena.ofConfined();
                LinkProbe link = new LinkProbe(card);
                PacketSender sender = new PacketSender(sizeBytes)) {
            if (!sender.bind(link.index())) {
                throw new IOException(card + ": no such interface");
            }
            MemorySegment frame = frame(arena, sizeBytes);
            System.out.println(READY);
            send(sender, frame, durationNs, framesPerSecond);
        }
    }

    private static void send(PacketSender sender, MemorySegment frame, long durationNs, long framesPerSecond) {
        int sizeBytes = (int) frame.byteSize();
        long startNs = System.nanoTime();
        long sent = 0;
        for (long nowNs = startNs; nowNs - startNs < durationNs; nowNs = System.nanoTime()) {
            if (framesPerSecond > 0 && sent > (nowNs - startNs) / 1e9 * framesPerSecond) {
                LockSupport.parkNanos(BUSY_NS);
                continue;
            }
            for (int i = 0; i < BURST; i++) {
                frame.set(INT, SOURCE_OFFSET, FIRST_SOURCE + (int) (sent % SOURCES));
                if (sender.send(frame, 0, sizeBytes) == 0) {
                    sent++;
                } else {
                    LockSupport.parkNanos(BUSY_NS);
                }
            }
        }
    }

    private static MemorySegment frame(Arena arena, int sizeBytes) {
        MemorySegment frame = arena.allocate(sizeBytes, 64);
        frame.set(INT, 0, 0x02000000);
        frame.set(SHORT, 4, (short) 1);
        frame.set(INT, 6, 0x02000000);
        frame.set(SHORT, 10, (short) 2);
        frame.set(SHORT, 12, (short) 0x0800);
        frame.set(SHORT, 14, (short) 0x4500);
        frame.set(SHORT, 16, (short) (sizeBytes - 14));
        frame.set(INT, 20, 0x40004011 & 0xffff00ff | 60 << 8); // don't fragment, 60 hops, UDP
        frame.set(INT, SOURCE_OFFSET, FIRST_SOURCE);
        frame.set(INT, 30, DESTINATION);
        frame.set(SHORT, 34, (short) 443);
        frame.set(SHORT, 36, (short) 50_000);
        frame.set(SHORT, 38, (short) (sizeBytes - 34));
        return frame;
    }
}
