package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplayClockTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final ReplayClock clock = new ReplayClock();

    @Test
    void shouldAdvanceByTheStampsDifference() {
        long start = clock.advance(1_700_000_000L * SECOND_NS);

        assertThat(clock.advance(1_700_000_000L * SECOND_NS + 5) - start).isEqualTo(5);
        assertThat(clock.advance(1_700_000_002L * SECOND_NS) - start).isEqualTo(2 * SECOND_NS);
    }

    @Test
    void shouldStandStillForStampsUpToOneSecondBehindTheLargest() {
        long start = clock.advance(10 * SECOND_NS);

        assertThat(clock.advance(9 * SECOND_NS)).isEqualTo(start);
        assertThat(clock.advance(9 * SECOND_NS + 999)).isEqualTo(start);
        assertThat(clock.advance(10 * SECOND_NS)).isEqualTo(start);
        assertThat(clock.advance(10 * SECOND_NS + 7) - start).isEqualTo(7);
    }

    @Test
    void shouldRebaseOnAStampFurtherBehind() {
        long start = clock.advance(100 * SECOND_NS);

        assertThat(clock.advance(50 * SECOND_NS)).isEqualTo(start);
        assertThat(clock.advance(51 * SECOND_NS) - start).isEqualTo(SECOND_NS);
    }

    @Test
    void shouldStandStillWhenEveryStampIsZero() {
        long start = clock.advance(0);

        assertThat(clock.advance(0)).isEqualTo(start);
    }

    @Test
    void shouldCountAJumpOfYearsUpToTen() {
        long start = clock.advance(0);
        long years = 9L * 365 * 86_400 * SECOND_NS;

        assertThat(clock.advance(years) - start).isEqualTo(years);
        assertThat(clock.advance(years + 1) - start).isEqualTo(years + 1);
        long before = clock.advance(years + 1);
        assertThat(clock.advance(years + 200L * 365 * 86_400 * SECOND_NS) - before)
                .isEqualTo(10L * 365 * 86_400 * SECOND_NS);
    }
}
