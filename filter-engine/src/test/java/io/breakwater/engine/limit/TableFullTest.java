package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static io.breakwater.engine.limit.LimitBuilder.drops;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.LimitRule.WhenFull;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableFullTest {
    private static final long IDLE_NS = 10 * SECOND;

    private final Senders senders = new Senders();

    private static LimitBuilder limit(int max, WhenFull whenFull) {
        return new LimitBuilder().packets(1, 2).table(max, IDLE_NS, whenFull);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 32, 33, 100, 1_000, 65_536, 262_144})
    void shouldHoldAtLeastAsManyKeysAsAskedFor(int max) {
        SplittableRandom random = new SplittableRandom();
        long seed = random.nextLong();
        RateLimiter limiter = limit(max, WhenFull.DROP).seed(seed).build();
        for (int i = 0; i < max; i++) {
            assertThat(drops(limiter, senders.from(i), 0))
                    .as("seed %d key %d", seed, i)
                    .isFalse();
        }

        assertThat(limiter.entries()).isEqualTo(max);
        assertThat(limiter.capacity()).isBetween(max, max + max / 4 + 16);
    }

    @Test
    void shouldDropNewKeysWhenFull() {
        RateLimiter limiter = limit(8, WhenFull.DROP).build();
        fill(limiter, 8, 0);

        assertThat(drops(limiter, senders.from(100), 0)).isTrue();
        assertThat(drops(limiter, senders.from(0), 0))
                .as("held keys are judged by their bucket")
                .isFalse();
        assertThat(drops(limiter, senders.from(0), 0)).isTrue();
        assertThat(limiter.refusals()).isEqualTo(1);
        assertThat(limiter.evictions()).isZero();
        assertThat(limiter.entries()).isEqualTo(8);
    }

    @Test
    void shouldPassNewKeysWhenFull() {
        RateLimiter limiter = limit(8, WhenFull.PASS).build();
        fill(limiter, 8, 0);

        for (int i = 0; i < 10; i++) {
            assertThat(drops(limiter, senders.from(100), 0)).isFalse();
        }
        assertThat(limiter.refusals()).isEqualTo(10);
        assertThat(limiter.entries()).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(
            value = WhenFull.class,
            names = {"PASS", "DROP"})
    void shouldMakeRoomOnlyOnceAKeyIsIdle(WhenFull whenFull) {
        RateLimiter limiter = limit(8, whenFull).build();
        fill(limiter, 8, 0);
        for (int i = 1; i < 8; i++) {
            drops(limiter, senders.from(i), IDLE_NS - 1);
        }

        drops(limiter, senders.from(100), IDLE_NS - 1);
        assertThat(limiter.refusals()).isEqualTo(1);
        drops(limiter, senders.from(100), IDLE_NS);
        drops(limiter, senders.from(101), IDLE_NS);
        assertThat(limiter.refusals()).as("one key was idle").isEqualTo(2);
        assertThat(limiter.evictions()).isZero();
    }

    @Test
    void shouldEvictTheLightestKey() {
        RateLimiter limiter = limit(8, WhenFull.EVICT).packets(1, 100).build();
        for (int key = 0; key < 8; key++) {
            for (int frames = 0; frames < 10 + (key == 5 ? 0 : key); frames++) {
                drops(limiter, senders.from(key), key == 0 ? 1 : 0);
            }
        }
        // Keys 5 and 0 sent 10 frames, all others more; 5 was seen longer ago.
        while (limiter.evictions() == 0) {
            assertThat(drops(limiter, senders.from(100), 1)).isFalse();
        }
        assertThat(spent(limiter, 0, 1)).isEqualTo(10);
        for (int key : new int[] {1, 2, 3, 4, 6, 7}) {
            assertThat(spent(limiter, key, 1)).as("key %d", key).isEqualTo(10 + key);
        }
    }

    /** How many tokens the key had spent before: of 100, what does not pass any more. Spends the rest. */
    private int spent(RateLimiter limiter, int key, long nowNs) {
        int passed = 0;
        while (!drops(limiter, senders.from(key), nowNs)) {
            passed++;
        }
        return 100 - passed;
    }

    @Test
    void shouldEvictNobodyOnHoldWhileALighterKeyIsThere() {
        RateLimiter limiter =
                limit(8, WhenFull.EVICT).packets(10, 100).holdNs(IDLE_NS).build();
        for (int i = 0; i < 101; i++) {
            drops(limiter, senders.from(0), 0);
        }
        // Ten seconds are long enough for the bucket of key 0, but not for its hold.
        long nowNs = IDLE_NS - 1;
        for (int key = 1; key < 8; key++) {
            for (int i = 0; i < 100; i++) {
                drops(limiter, senders.from(key), nowNs);
            }
        }
        for (int newcomer = 100; newcomer < 1_100; newcomer++) {
            drops(limiter, senders.from(newcomer), nowNs);
        }

        assertThat(limiter.evictions()).isBetween(1_000L / 32, 1_000L / 8);
        assertThat(drops(limiter, senders.from(0), nowNs)).isTrue();
    }

    @Test
    void shouldEvictNobodyOverItsWindowWhileALighterKeyIsThere() {
        RateLimiter limiter = limit(8, WhenFull.EVICT).window(5, 10).build();
        for (int i = 0; i < 6; i++) {
            drops(limiter, senders.from(0), 0);
        }
        for (int newcomer = 100; newcomer < 1_100; newcomer++) {
            for (int i = 0; i < 5; i++) {
                drops(limiter, senders.from(newcomer), IDLE_NS - 1);
            }
        }

        assertThat(drops(limiter, senders.from(0), IDLE_NS)).isTrue();
    }

    @Test
    void shouldMakeRoomAtOnceWhereNothingIsLost() {
        RateLimiter limiter = limit(8, WhenFull.EVICT).packets(10, 100).build();
        fill(limiter, 8, 0);

        for (int i = 0; i < 8; i++) {
            drops(limiter, senders.from(100 + i), SECOND);
        }
        assertThat(limiter.evictions()).isEqualTo(8);
        assertThat(limiter.refusals()).isZero();
    }

    @Test
    void shouldForgetIdleKeysWithinAnotherIdleTimeWhileFramesCome() {
        RateLimiter limiter = limit(10_000, WhenFull.EVICT).packets(1_000, 10).build();
        fill(limiter, 10_000, 0);
        assertThat(limiter.entries()).isEqualTo(10_000);

        for (long nowNs = 0; nowNs <= IDLE_NS; nowNs += IDLE_NS / 2_000) {
            drops(limiter, senders.from(-1), nowNs);
        }
        assertThat(limiter.entries()).as("not before they are idle").isGreaterThan(9_000);
        for (long nowNs = IDLE_NS; nowNs <= 2 * IDLE_NS; nowNs += IDLE_NS / 2_000) {
            drops(limiter, senders.from(-1), nowNs);
        }
        assertThat(limiter.entries()).isEqualTo(1);
    }

    @Test
    void shouldNotForgetWhatABucketStillOwesHoweverIdle() {
        RateLimiter limiter = limit(1_000, WhenFull.EVICT).packets(1, 1_000).build();
        for (int i = 0; i < 1_000; i++) {
            drops(limiter, senders.from(1), 0);
        }

        for (long nowNs = 0; nowNs <= 500 * SECOND; nowNs += SECOND / 4) {
            drops(limiter, senders.from(-1), nowNs);
        }
        assertThat(limiter.entries()).as("the sweep has passed it many times").isEqualTo(2);
        assertThat(spentOf1000(limiter, 500 * SECOND)).isEqualTo(500);
    }

    private int spentOf1000(RateLimiter limiter, long nowNs) {
        int passed = 0;
        while (!drops(limiter, senders.from(1), nowNs)) {
            passed++;
        }
        return 1_000 - passed;
    }

    @Test
    void shouldCountNoMoreKeysThanItHolds() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        RateLimiter limiter = limit(100, WhenFull.EVICT).seed(seed).build();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            int sender = random.nextInt(1_000);
            seen.add(sender);
            drops(limiter, senders.from(sender), i * 1_000_000L);
            assertThat(limiter.entries())
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(Math.min(seen.size(), limiter.capacity()));
        }
        assertThat(limiter.evictions()).isPositive();
    }

    @Test
    void shouldSpreadKeysDifferentlyBySeed() {
        LimitBuilder policy = limit(64, WhenFull.DROP);
        Set<Set<Integer>> outcomes = new HashSet<>();
        for (long seed = 0; seed < 5; seed++) {
            RateLimiter limiter = policy.seed(seed).build();
            Set<Integer> refused = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                if (drops(limiter, senders.from(i), 0)) {
                    refused.add(i);
                }
            }
            outcomes.add(refused);
        }
        assertThat(outcomes).hasSize(5);
    }

    @Test
    void shouldRefuseATableThatNoArrayHolds() {
        LimitBuilder policy = limit(Integer.MAX_VALUE, WhenFull.EVICT);

        assertThatThrownBy(policy::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a table holds at most");
        assertThat(limit(Integer.MAX_VALUE, WhenFull.EVICT)
                        .track(LimitRule.Key.SOURCE_PORT)
                        .build()
                        .capacity())
                .as("there are only so many ports")
                .isLessThan(100_000);
    }

    private void fill(RateLimiter limiter, int keys, long nowNs) {
        for (int i = 0; i < keys; i++) {
            drops(limiter, senders.from(i), nowNs);
        }
    }
}
