package io.breakwater.appliance.process;

import io.breakwater.engine.limit.RateLimiter;
import io.breakwater.engine.policy.Policy;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether the tables of a policy's limits fit into Java's heap, asked before they are made.
 *
 * <p><b>Why:</b> a heap that is full ends the process at once, without a word about what to do.
 */
public final class HeapRoom {
    private static final double MIB = 1 << 20;

    /** For all that is no table of a limit: 60 MiB with the built-in policy and one pair, rounded up. */
    private static final long OTHERS_BYTES = 64L << 20;

    private HeapRoom() {}

    /**
     * Asks for as many sets of tables as there are pairs.
     *
     * @throws CommandFailure (usage) with the next step, if they cannot fit
     */
    public static void require(Policy policy, int pairs) {
        String problem = problem(pairs * bytes(policy), Runtime.getRuntime().maxMemory());
        if (problem != null) {
            throw CommandFailure.usage(problem);
        }
    }

    /** What the tables of all limits take in one pair, in bytes. */
    public static long bytes(Policy policy) {
        return policy.limits().stream().mapToLong(RateLimiter::memoryBytes).sum();
    }

    /** What a reload adds to the tables of the policy in force, in bytes: those of rules whose table is not taken over. */
    public static long addedBytes(Policy inForce, Policy next) {
        return next.limits().stream()
                .filter(rule -> inForce.limits().stream().noneMatch(old -> RateLimiter.keepsTable(old, rule)))
                .mapToLong(RateLimiter::memoryBytes)
                .sum();
    }

    /**
     * Why they do not fit, with the next step; null if they do.
     *
     * @param tableBytes of all tables that live at a time
     * @param heapBytes at most; the serial collector keeps large arrays in its old generation, two thirds of that
     */
    public static @Nullable String problem(long tableBytes, long heapBytes) {
        long roomBytes = heapBytes / 3 * 2 - OTHERS_BYTES;
        if (tableBytes <= roomBytes) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "limits: their tables take %.0f MiB and do not fit into Java's heap, which has room for %.0f: lower"
                        + " limits[].table.max, or give the box more memory",
                tableBytes / MIB,
                Math.max(0, roomBytes) / MIB);
    }
}
