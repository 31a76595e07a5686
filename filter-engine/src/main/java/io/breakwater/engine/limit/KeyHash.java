package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import java.util.random.RandomGenerator;

/**
 * Hashes the keys of one {@link KeyTable}: keyed by 320 secret bits, so that nobody outside can choose keys that meet.
 * Folded 128-bit products mix each bit of the key into all of the hash.
 *
 * <p><b>Thread:</b> immutable, any.
 */
final class KeyHash {
    private final boolean pairs;
    private final long secret0;
    private final long secret1;
    private final long secret2;
    private final long secret3;
    private final long secret4;

    /** @param pairs whether keys have two addresses */
    KeyHash(boolean pairs, RandomGenerator secrets) {
        this.pairs = pairs;
        this.secret0 = secrets.nextLong();
        this.secret1 = secrets.nextLong();
        this.secret2 = secrets.nextLong();
        this.secret3 = secrets.nextLong();
        this.secret4 = secrets.nextLong();
    }

    /**
     * The key's hash.
     *
     * @param tag what keeps equal addresses apart
     * @param secondHi of the other address of a pair, as {@code secondLo}; else not looked at
     */
    @HotPath
    long of(long tag, long hi, long lo, long secondHi, long secondLo) {
        long mixed = fold(hi ^ secret0, lo ^ secret1);
        if (pairs) {
            mixed ^= fold(secondHi ^ secret2, secondLo ^ secret3);
        }
        return fold(mixed ^ tag, secret4);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }
}
