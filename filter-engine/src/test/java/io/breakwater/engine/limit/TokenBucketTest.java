package io.breakwater.engine.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Rate;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = Rate.SECOND_NS;
    private static final long DAY = 86_400 * SECOND;
    private static final long YEAR = 365 * DAY;

    private final EntryMemory memory = new EntryMemory(1, false);
    private final int at = EntryMemory.wordOf(0);

    @Test
    void shouldStartFullAndPassExactlyItsBurst() {
        TokenBucket bucket = new TokenBucket(new Bucket(Rate.packetsPerSecond(10), 3), 1);

        assertThat(taken(bucket, 0, 1)).isTrue();
        assertThat(taken(bucket, 0, 1)).isTrue();
        assertThat(taken(bucket, 0, 1)).isTrue();
        assertThat(taken(bucket, 0, 1)).isFalse();
    }

    @Test
    void shouldGiveTheTokenOfOnePacketADayAtTheVeryNanosecond() {
        TokenBucket bucket = new TokenBucket(new Bucket(new Rate(Rate.Unit.PACKETS, 1, DAY), 1), 1);

        assertThat(taken(bucket, 0, 1)).isTrue();
        assertThat(taken(bucket, DAY - 1, 1)).isFalse();
        assertThat(taken(bucket, 1, 1)).isTrue();
    }

    @Test
    void shouldGiveOneTokenEachTenNanosecondsAtAHundredMillionPackets() {
        TokenBucket bucket = new TokenBucket(new Bucket(Rate.packetsPerSecond(100_000_000), 1), 1);
        int passed = 0;
        for (int ns = 0; ns < 1_000_000; ns++) {
            passed += taken(bucket, ns == 0 ? 0 : 1, 1) ? 1 : 0;
        }

        assertThat(passed).isEqualTo(100_000);
    }

    @Test
    void shouldNotDriftAtARateThatDoesNotDivideASecond() {
        TokenBucket bucket = new TokenBucket(new Bucket(Rate.packetsPerSecond(5_001), 10), 1);
        long passed = 0;
        for (long us = 0; us < 10_000_000; us++) {
            passed += taken(bucket, us == 0 ? 0 : 1_000, 1) ? 1 : 0;
        }

        // The burst, and 5,001 packets/s for the 9.999999 s up to the last frame.
        assertThat(passed).isEqualTo(10 + 50_009);
    }

    @Test
    void shouldFillWithoutOverflowHoweverLongItWaits() {
        TokenBucket bucket = new TokenBucket(new Bucket(Rate.bitsPerSecond(1_000_000_000_000L), 1L << 40), 12_000);
        assertThat(taken(bucket, 0, 1L << 40)).isTrue();
        assertThat(taken(bucket, 0, 1)).isFalse();

        assertThat(taken(bucket, 290 * YEAR, 1L << 40)).isTrue();
        assertThat(taken(bucket, 0, 1)).isFalse();
        assertThat(taken(bucket, Long.MAX_VALUE, 1L << 40)).isTrue();
    }

    @Test
    void shouldHoldABurstThatTakesMillenniaToRefill() {
        TokenBucket bucket = new TokenBucket(new Bucket(new Rate(Rate.Unit.PACKETS, 1, DAY), 1_000_000), 1);
        for (int i = 0; i < 1_000_000; i++) {
            assertThat(taken(bucket, 0, 1)).isTrue();
        }

        assertThat(taken(bucket, DAY - 1, 1)).isFalse();
        assertThat(taken(bucket, 1, 1)).isTrue();
        assertThat(bucket.refillNs()).isEqualTo(TokenBucket.MAX_REFILL_NS);
    }

    @Test
    void shouldHoldTheLargestFrameWhateverItsBurst() {
        TokenBucket bucket = new TokenBucket(new Bucket(Rate.bitsPerSecond(1_000), 1), 1514 * 8);

        assertThat(taken(bucket, 0, 1514 * 8)).isTrue();
        assertThat(taken(bucket, 0, 1)).isFalse();
    }

    @Test
    void shouldHoldASecondsWorthToTheNanosecond() {
        TokenBucket bucket = new TokenBucket(Bucket.of(new Rate(Rate.Unit.PACKETS, 90, 60 * SECOND)), 1);

        assertThat(taken(bucket, 0, 1)).isTrue();
        // Half a packet is left; the other half comes in a third of a second.
        assertThat(taken(bucket, 333_333_333, 1)).isFalse();
        assertThat(taken(bucket, 1, 1)).isTrue();
    }

    @Test
    void shouldRefuseAPeriodThatIsNoPartOfADay() {
        Bucket odd = new Bucket(new Rate(Rate.Unit.PACKETS, 1, 7 * SECOND + 1), 1);

        assertThatThrownBy(() -> new TokenBucket(odd, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAgreeWithAnExactModel() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 3_000; round++) {
            Bucket policy = anyBucket(random);
            boolean bits = policy.rate().unit() == Rate.Unit.BITS;
            TokenBucket bucket = new TokenBucket(policy, bits ? 12_112 : 1);
            ExactBucket model = new ExactBucket(policy, bits ? 12_112 : 1);
            memory.near[at + (bits ? EntryMemory.BITS_SPENT : EntryMemory.PACKETS_SPENT)] = 0;
            for (int step = 0; step < 60; step++) {
                long elapsed = anyElapsed(random, bucket.refillNs());
                long tokens = bits ? 8L * random.nextInt(14, 1515) : 1;
                boolean expected = model.take(elapsed, tokens);
                assertThat(taken(bucket, elapsed, tokens))
                        .as("seed %d round %d step %d: %s after %d ns", seed, round, step, policy, elapsed)
                        .isEqualTo(expected);
                assertFullAgainOnlyWhenSaid(bucket, model, seed);
            }
        }
    }

    /** The share must never say that the bucket is fuller than it is: idle keys would be forgotten too early. */
    private void assertFullAgainOnlyWhenSaid(TokenBucket bucket, ExactBucket model, long seed) {
        double share = bucket.spentShare(memory, at);
        assertThat(share).as("seed %d", seed).isBetween(0.0, 1.0);
        assertThat(share).as("seed %d", seed).isCloseTo(model.spentShare(), org.assertj.core.data.Offset.offset(1e-12));
    }

    private boolean taken(TokenBucket bucket, long elapsedNs, long tokens) {
        return bucket.take(memory, at, elapsedNs, tokens);
    }

    private static Bucket anyBucket(SplittableRandom random) {
        boolean bits = random.nextBoolean();
        long[] periods = {SECOND, 60 * SECOND, 3_600 * SECOND, DAY};
        long period = bits ? SECOND : periods[random.nextInt(4)];
        long amount = 1 + (random.nextLong() >>> 1) % (1L << random.nextInt(1, bits ? 41 : 28));
        long burst = 1 + (random.nextLong() >>> 1) % (1L << random.nextInt(1, random.nextInt(4) == 0 ? 48 : 12));
        Rate rate = new Rate(bits ? Rate.Unit.BITS : Rate.Unit.PACKETS, amount, period);
        return random.nextInt(3) == 0 ? Bucket.of(rate) : new Bucket(rate, burst);
    }

    private static long anyElapsed(SplittableRandom random, long refillNs) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> random.nextLong(1, 1_000);
            case 2 -> random.nextLong(1, 2 + refillNs / 50);
            case 3 -> random.nextLong(1, 2 + refillNs * 2);
            default -> random.nextInt(20) == 0 ? random.nextLong(YEAR, 290 * YEAR) : random.nextLong(1, SECOND);
        };
    }

    /** The definition in whole numbers: tokens times the period, gained amount times elapsed, at most the burst. */
    static final class ExactBucket {
        private final BigInteger amount;
        private final BigInteger period;
        private final BigInteger capacity;
        private BigInteger level;

        ExactBucket(Bucket bucket, long leastTokens) {
            amount = BigInteger.valueOf(bucket.rate().amount());
            period = BigInteger.valueOf(bucket.rate().periodNs());
            BigInteger least = BigInteger.valueOf(leastTokens).multiply(period);
            BigInteger burst = bucket.burst() == Bucket.SECONDS_WORTH
                    ? amount.multiply(BigInteger.valueOf(SECOND))
                    : BigInteger.valueOf(bucket.burst()).multiply(period);
            capacity = least.max(burst);
            level = capacity;
        }

        void refill(long elapsedNs) {
            level = level.add(amount.multiply(BigInteger.valueOf(elapsedNs))).min(capacity);
        }

        boolean holds(long tokens) {
            return level.compareTo(BigInteger.valueOf(tokens).multiply(period)) >= 0;
        }

        void spend(long tokens) {
            level = level.subtract(BigInteger.valueOf(tokens).multiply(period));
        }

        boolean take(long elapsedNs, long tokens) {
            refill(elapsedNs);
            boolean held = holds(tokens);
            if (held) {
                spend(tokens);
            }
            return held;
        }

        double spentShare() {
            return capacity.subtract(level).doubleValue() / capacity.doubleValue();
        }
    }
}
