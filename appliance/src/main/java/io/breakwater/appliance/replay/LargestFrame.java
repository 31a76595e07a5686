package io.breakwater.appliance.replay;

import io.breakwater.capture.file.CaptureSource;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The largest frame of captures: what each bucket of bits holds at least, as on a card its largest frame.
 *
 * <p>Files are read once more for it, before they are replayed, if the policy limits bits at all; a stream can be read
 * only once, so its frames may be as large as an IP packet.
 */
final class LargestFrame implements SlotWriter {
    /** Of a stream: no IP packet is larger. */
    static final int UNKNOWN_BYTES = 65_535;

    private static final int BATCH = 64;

    private final FrameSlot[] slots = new FrameSlot[BATCH];
    private int claimed;

    private LargestFrame() {
        for (int i = 0; i < BATCH; i++) {
            slots[i] = new FrameSlot(i);
        }
    }

    /** In bytes, at least 1; what cannot be read is left to the replay itself, which says so. */
    static int of(Policy policy, List<String> inputs) {
        if (!limitsBits(policy) || !inputs.stream().allMatch(input -> Files.isRegularFile(Path.of(input)))) {
            return UNKNOWN_BYTES;
        }
        LargestFrame scan = new LargestFrame();
        int largest = 1;
        try (CaptureSource source = CaptureSource.open(inputs, InputStream.nullInputStream())) {
            while (true) {
                scan.claimed = 0;
                int polled = source.poll(scan, BATCH);
                largest = Math.max(largest, scan.largestClaimed());
                if (polled == FrameSource.END) {
                    return largest;
                }
            }
        } catch (IOException e) {
            return Math.max(largest, scan.largestClaimed());
        }
    }

    private static boolean limitsBits(Policy policy) {
        return policy.limits().stream()
                        .map(LimitRule::buckets)
                        .flatMap(List::stream)
                        .anyMatch(LargestFrame::isOfBits)
                || policy.vectors().stream().map(Vector::limit).anyMatch(LargestFrame::isOfBits)
                || isOfBits(policy.fragments().unknown());
    }

    private static boolean isOfBits(@Nullable Bucket bucket) {
        return bucket != null && bucket.rate().unit() == Rate.Unit.BITS;
    }

    private int largestClaimed() {
        int largest = 0;
        for (int i = 0; i < claimed; i++) {
            largest = Math.max(largest, slots[i].length());
        }
        return largest;
    }

    @Override
    public int free() {
        return BATCH - claimed;
    }

    @Override
    public @Nullable FrameSlot tryClaim() {
        return claimed == BATCH ? null : slots[claimed++];
    }
}
