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
    private final long secret0;
    private final long secret1;
    private final long secret2;
    private final long secret3;
    private final long secret4;

    KeyHash(RandomGenerator secrets) {
        this.secret0 = secrets.nextLong();
        this.secret1 = secrets.nextLong();
        this.secret2 = secrets.nextLong();
        this.secret3 = secrets.nextLong();
        this.secret4 = secrets.nextLong();
    }

    /**
     * The hash of a key with one address.
     *
     * @param tag what keeps equal addresses apart
     */
    @HotPath
    long of(long tag, long hi, long lo) {
        return fold(fold(hi ^ secret0, lo ^ secret1) ^ tag, secret4);
    }

    /** The hash of a key with two addresses. */
    @HotPath
    long ofPair(long tag, long hi, long lo, long secondHi, long secondLo) {
        long mixed = fold(hi ^ secret0, lo ^ secret1) ^ fold(secondHi ^ secret2, secondLo ^ secret3);
        return fold(mixed ^ tag, secret4);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }
}
