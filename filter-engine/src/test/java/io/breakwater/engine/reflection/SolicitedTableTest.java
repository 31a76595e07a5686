package io.breakwater.engine.reflection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SolicitedTableTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DNS = 1L << 48;
    private static final long IPV4 = 1L << 49;
    private static final long LONG_LIVED = 1L << 50;
    private static final long SEED = 42;

    private static long dns(int id) {
        return IPV4 | DNS | (long) id << 32 | 40_000L << 16 | 53;
    }

    private static long ntp(int insidePort) {
        return IPV4 | (long) insidePort << 16 | 123;
    }

    private static long ike() {
        return IPV4 | LONG_LIVED | 500L << 16 | 500;
    }

    private static boolean admits(SolicitedTable table, long inside, long outside, long session, long nowNs) {
        return table.admits(0, inside, 0, outside, session, nowNs);
    }

    private static void open(SolicitedTable table, long inside, long outside, long session, long nowNs) {
        table.open(0, inside, 0, outside, session, nowNs);
    }

    private static SolicitedTable table() {
        return new SolicitedTable(4_096, 0, SEED);
    }

    @Test
    void shouldLetOneDnsAnswerThroughPerQuestion() {
        SolicitedTable table = table();
        open(table, 1, 2, dns(7), 0);

        assertThat(admits(table, 1, 2, dns(8), 1)).isFalse();
        assertThat(admits(table, 1, 3, dns(7), 1)).isFalse();
        assertThat(admits(table, 3, 2, dns(7), 1)).isFalse();
        assertThat(admits(table, 1, 2, dns(7), 1)).isTrue();
        assertThat(admits(table, 1, 2, dns(7), 2)).isFalse();
        assertThat(table.entries()).isZero();
    }

    @Test
    void shouldLetTwoDnsAnswersThroughForTwoIdenticalQuestions() {
        SolicitedTable table = table();
        open(table, 1, 2, dns(7), 0);
        open(table, 1, 2, dns(7), 5 * SECOND_NS);

        assertThat(admits(table, 1, 2, dns(7), 6 * SECOND_NS)).isTrue();
        assertThat(admits(table, 1, 2, dns(7), 12 * SECOND_NS)).isTrue();
        assertThat(admits(table, 1, 2, dns(7), 12 * SECOND_NS)).isFalse();
    }

    @Test
    void shouldForgetEachDnsQuestionTenSecondsAfterItWasAsked() {
        SolicitedTable table = table();
        open(table, 1, 2, dns(7), 0);
        open(table, 1, 2, dns(7), 8 * SECOND_NS);

        assertThat(admits(table, 1, 2, dns(7), 11 * SECOND_NS)).isTrue();
        assertThat(admits(table, 1, 2, dns(7), 11 * SECOND_NS)).isFalse();

        open(table, 1, 2, dns(9), 20 * SECOND_NS);
        assertThat(admits(table, 1, 2, dns(9), 30 * SECOND_NS + 1)).isFalse();
    }

    @Test
    void shouldLetAnyNumberOfOtherAnswersThroughForAMinute() {
        SolicitedTable table = table();
        open(table, 1, 2, ntp(123), 0);

        assertThat(admits(table, 1, 2, ntp(123), SECOND_NS)).isTrue();
        assertThat(admits(table, 1, 2, ntp(123), 60 * SECOND_NS)).isTrue();
        assertThat(admits(table, 1, 2, ntp(124), SECOND_NS)).isFalse();
        assertThat(admits(table, 1, 2, ntp(123), 60 * SECOND_NS + 1)).isFalse();
    }

    @Test
    void shouldRenewOnlyWhatIsThere() {
        SolicitedTable table = table();
        table.renew(0, 1, 0, 2, ike(), 0);
        assertThat(admits(table, 1, 2, ike(), 1)).isFalse();

        open(table, 1, 2, ike(), 0);
        table.renew(0, 1, 0, 2, ike(), 500 * SECOND_NS);
        assertThat(admits(table, 1, 2, ike(), 1_100 * SECOND_NS)).isTrue();
        assertThat(admits(table, 1, 2, ike(), 1_101 * SECOND_NS)).isFalse();
        assertThat(table.entries()).isZero();
    }

    @Test
    void shouldKeepIpv4ApartFromIpv6WithTheSameBits() {
        SolicitedTable table = table();
        open(table, 1, 2, ntp(123), 0);

        assertThat(admits(table, 1, 2, ntp(123) & ~IPV4, 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithTheSlowModel(long seed) {
        Random random = new Random(seed);
        SolicitedTable table = new SolicitedTable(65_536, 0, random.nextLong());
        SolicitedModel model = new SolicitedModel();
        long now = random.nextLong(SECOND_NS);
        for (int step = 0; step < 30_000; step++) {
            now += random.nextInt(100) == 0 ? random.nextLong(20 * SECOND_NS) : random.nextLong(SECOND_NS / 20);
            long hi = random.nextInt(4) == 0 ? 0x2001_0db8_0000_0000L + random.nextInt(2) : 0;
            long session = random.nextInt(3) == 0 ? ike() : random.nextBoolean() ? dns(random.nextInt(3)) : ntp(123);
            session = hi == 0 ? session : session & ~IPV4;
            long inside = random.nextInt(6);
            long outside = random.nextInt(6);
            var question = new SolicitedModel.Question(hi, inside, hi, outside, Session.identity(session));
            switch (random.nextInt(4)) {
                case 0 -> {
                    table.open(hi, inside, hi, outside, session, now);
                    model.open(question, session, now);
                }
                case 1 -> {
                    if (Session.isLongLived(session)) {
                        table.renew(hi, inside, hi, outside, session, now);
                        model.renew(question, session, now);
                    }
                }
                default ->
                    assertThat(table.admits(hi, inside, hi, outside, session, now))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(model.admits(question, session, now));
            }
            if (step % 500 == 0) {
                assertThat(table.entries()).as("seed %d, step %d", seed, step).isGreaterThanOrEqualTo(model.live(now));
            }
        }
        assertThat(table.overflows()).as("seed %d", seed).isZero();
    }

    @Test
    void shouldSweepWhatExpired() {
        SolicitedTable table = table();
        for (int id = 0; id < 200; id++) {
            open(table, 1, 2, dns(id), 0);
        }
        assertThat(table.entries()).isEqualTo(200);

        for (int step = 0; step < 2_000; step++) {
            assertThat(admits(table, 9, 9, dns(0), 11 * SECOND_NS + step * 1_000_000L))
                    .isFalse();
        }
        assertThat(table.entries()).isZero();
    }

    @Test
    void shouldNotChangeInAFloodOfUnsolicitedAnswers() {
        SolicitedTable table = table();
        open(table, 1, 2, dns(7), 0);
        Random random = new Random(SEED);
        int admitted = 0;
        for (int i = 0; i < 1_000_000; i++) {
            admitted += admits(table, 1, 1_000 + random.nextInt(1 << 24), dns(random.nextInt(65_536)), i) ? 1 : 0;
        }
        assertThat(admitted).isZero();

        assertThat(table.entries()).isEqualTo(1);
        assertThat(table.overflows()).isZero();
        assertThat(table.enforces(0, 1, IPV4, 1_000_000)).isTrue();
        assertThat(admits(table, 1, 2, dns(7), 1_000_000)).isTrue();
    }

    @Test
    void shouldHoldNoMoreThanItsShareForOneInsideAddressAndGoOnForOthers() {
        SolicitedTable table = new SolicitedTable(65_536, 0, SEED);
        long flooder = 66;
        for (int i = 0; i < 100_000; i++) {
            open(table, flooder, i / 65_536, dns(i & 0xffff), 0);
        }
        open(table, 1, 2, dns(7), 0);

        assertThat(table.entries()).isEqualTo(65_536 / 16 + 1);
        assertThat(table.overflows()).isEqualTo(100_000 - 65_536 / 16);
        assertThat(table.enforces(0, 1, IPV4, 1)).isTrue();
        assertThat(table.enforces(0, flooder, IPV4, 1)).isFalse();
        assertThat(table.enforces(0, flooder, IPV4, 10 * SECOND_NS)).isTrue();
        assertThat(admits(table, 1, 2, dns(7), 1)).isTrue();
        assertThat(admits(table, 1, 2, dns(7), 1)).isFalse();
    }

    @Test
    void shouldStopEnforcingForTenSecondsWhenItIsFull() {
        SolicitedTable table = table();
        int asked = 0;
        while (table.enforces(0, 1_000_000, IPV4, 0)) {
            open(table, asked % 512, asked, dns(asked & 0xffff), 0);
            asked++;
        }

        assertThat(table.overflows()).isEqualTo(1);
        assertThat(asked).as("questions until the first overflow").isBetween(4_096 / 2, 4_096 + 1);
        assertThat(table.enforces(0, 1_000_000, IPV4, 10 * SECOND_NS - 1)).isFalse();
        assertThat(table.enforces(0, 1_000_000, IPV4, 10 * SECOND_NS)).isTrue();
    }

    @Test
    void shouldRecoverFromAFloodOfQuestions() {
        SolicitedTable table = table();
        for (int i = 0; i < 100_000; i++) {
            open(table, i % 512, i, dns(i & 0xffff), 0);
        }
        long after = 11 * SECOND_NS;
        long lost = table.overflows();
        assertThat(lost).isGreaterThan(90_000);
        for (int i = 0; i < 100; i++) {
            open(table, i, 1, dns(i), after + i * 10_000_000L);
        }

        assertThat(table.overflows()).isEqualTo(lost);
        assertThat(admits(table, 99, 1, dns(99), after + SECOND_NS)).isTrue();
    }

    @Test
    void shouldEnforceNothingDuringTheGraceOfAStart() {
        SolicitedTable table = new SolicitedTable(64, 60 * SECOND_NS, SEED);
        long start = -5_000 * SECOND_NS;

        assertThat(table.enforces(0, 1, IPV4, start)).isFalse();
        assertThat(table.enforces(0, 1, IPV4, start + 60 * SECOND_NS - 1)).isFalse();
        assertThat(table.enforces(0, 1, IPV4, start + 60 * SECOND_NS)).isTrue();
    }

    @Test
    void shouldTakeQuestionsThatAreALittleOlderThanItsClock() {
        SolicitedTable table = table();
        assertThat(admits(table, 1, 2, dns(7), 1_000)).isFalse();
        open(table, 1, 2, dns(7), 0);

        assertThat(admits(table, 1, 2, dns(7), 2_000)).isTrue();
    }

    @Test
    void shouldSaySizesThatItsArraysHave() {
        SolicitedTable table = new SolicitedTable(SolicitedTable.DEFAULT_CAPACITY, 0, SEED);

        assertThat(table.capacity()).isEqualTo(262_144);
        assertThat(table.memoryBytes()).isBetween(13L << 20, 16L << 20);
        assertThatThrownBy(() -> new SolicitedTable(0, 0, SEED)).hasMessageContaining("capacity 0");
    }
}
