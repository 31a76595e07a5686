package io.breakwater.appliance.replay;

import io.breakwater.capture.file.CaptureSource;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The largest frame of captures: what each bucket of bits holds at least, as on a card its largest frame.
 *
 * <p>Files are read once more for it, before they are replayed, if the policy limits bits at all; a stream can be read
 * only once, so its frames may be as large as an IP packet, which {@link #isGuessed} tells where it makes a difference.
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
        if (!areFiles(inputs) || bucketsOfBits(policy).findAny().isEmpty()) {
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

    /** Whether some bucket of bits holds more than the same frames would make it hold from files. */
    static boolean isGuessed(Policy policy, List<String> inputs) {
        return !areFiles(inputs) && bucketsOfBits(policy).anyMatch(LargestFrame::isSmall);
    }

    private static boolean areFiles(List<String> inputs) {
        return inputs.stream().allMatch(input -> Files.isRegularFile(Path.of(input)));
    }

    private static boolean isSmall(Bucket bucket) {
        long bits = bucket.burst() == Bucket.SECONDS_WORTH ? bucket.rate().perSecond() : bucket.burst();
        return bits < UNKNOWN_BYTES * (long) Byte.SIZE;
    }

    private static Stream<Bucket> bucketsOfBits(Policy policy) {
        Stream<@Nullable Bucket> limits = policy.limits().stream().flatMap(limit -> limit.buckets().stream());
        Stream<@Nullable Bucket> vectors = policy.vectors().stream().map(Vector::limit);
        return Stream.of(limits, vectors, Stream.ofNullable(policy.fragments().unknown()))
                .flatMap(buckets -> buckets)
                .filter(Objects::nonNull)
                .filter(bucket -> bucket.rate().unit() == Rate.Unit.BITS);
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
