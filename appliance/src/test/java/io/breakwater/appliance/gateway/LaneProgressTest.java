package io.breakwater.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneProgressTest {
    private final LaneProgress lane = new LaneProgress();
    private long turns;

    @Test
    void shouldBeAliveOnAQuietLine() {
        assertThat(lane.isAlive(0, 0, 0, ++turns)).isTrue();
        assertThat(lane.isAlive(0, 0, 0, ++turns)).isTrue();
    }

    @Test
    void shouldBeAliveUnderAnyLoadThatIsSettled() {
        assertThat(lane.isAlive(10, 1, 5, ++turns)).isTrue();
        assertThat(lane.isAlive(11, 1, 500, ++turns)).isTrue();
    }

    @Test
    void shouldNotBeAliveWhileFramesWaitInTheRing() {
        assertThat(lane.isAlive(10, 0.1, 0, ++turns)).isTrue();
        assertThat(lane.isAlive(10, 0.1, 0, ++turns)).isFalse();
        assertThat(lane.isAlive(10, 0, 0, ++turns)).isTrue();
    }

    @Test
    void shouldNotBeAliveWhileTheKernelLosesFramesThatNobodyReads() {
        assertThat(lane.isAlive(10, 0, 7, ++turns)).isTrue();
        assertThat(lane.isAlive(10, 0, 8, ++turns)).isFalse();
        assertThat(lane.isAlive(10, 0, 8, ++turns)).isTrue();
    }

    @Test
    void shouldNotBeAliveWhileNobodyLooksForFrames() {
        assertThat(lane.isAlive(10, 0, 0, 5)).isTrue();
        assertThat(lane.isAlive(10, 0, 0, 5)).isFalse();
        assertThat(lane.isAlive(10, 0, 0, 6)).isTrue();
    }
}
