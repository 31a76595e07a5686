package io.breakwater.appliance.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are at most {@value #AGE_MS} ms old, and {@value #CROWD_AGE_MS} ms while a crowd asks, so that many askers cost
 * what a few do; and worked out one at a time, so that they never take more than one core.
 *
 * <p><b>Thread:</b> any; synchronized.
 */
final class Fresh {
    private static final long AGE_MS = 200;
    private static final long CROWD_AGE_MS = 1_000;
    private static final long NS_PER_MS = 1_000_000;

    /** Different answers kept. */
    private static final int KEPT = 16;

    private final LongSupplier nanoTime;
    private final BooleanSupplier isCrowd;
    private final Map<String, Answer> answers = new LinkedHashMap<>();

    /** One of them; compressed once, when that is first asked for. */
    static final class Answer {
        private final byte[] body;
        private final long madeNs;
        private byte @Nullable [] compressed;

        private Answer(byte[] body, long madeNs) {
            this.body = body;
            this.madeNs = madeNs;
        }

        byte[] body() {
            return body;
        }

        /** The body in gzip's format (RFC 1952). */
        synchronized byte[] compressed() {
            byte[] known = compressed;
            if (known == null) {
                known = Gzip.compress(body);
                compressed = known;
            }
            return known;
        }
    }

    /**
     * None yet.
     *
     * @param isCrowd whether so many ask that older answers must do
     */
    Fresh(LongSupplier nanoTime, BooleanSupplier isCrowd) {
        this.nanoTime = nanoTime;
        this.isCrowd = isCrowd;
    }

    /** The answer to {@code question}, made now if there is none that is fresh. */
    synchronized Answer get(String question, Supplier<byte[]> make) {
        long nowNs = nanoTime.getAsLong();
        long ageNs = (isCrowd.getAsBoolean() ? CROWD_AGE_MS : AGE_MS) * NS_PER_MS;
        answers.values().removeIf(answer -> nowNs - answer.madeNs >= ageNs);
        Answer known = answers.get(question);
        if (known != null) {
            return known;
        }
        Answer made = new Answer(make.get(), nowNs);
        if (answers.size() < KEPT) {
            answers.put(question, made);
        }
        return made;
    }

    /** Something was changed: answers from before are no answers any more. To be called before the change is answered. */
    synchronized void clear() {
        answers.clear();
    }
}
