package io.breakwater.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneProgressTest {
    private final LaneProgress lane = new LaneProgress();

    @Test
    void shouldBeAliveOnAQuietLine() {
        assertThat(lane.isAlive(0, 0, 0)).isTrue();
        assertThat(lane.isAlive(0, 0, 0)).isTrue();
    }

    @Test
    void shouldBeAliveUnderAnyLoadThatIsSettled() {
        assertThat(lane.isAlive(10, 1, 5)).isTrue();
        assertThat(lane.isAlive(11, 1, 500)).isTrue();
    }

    @Test
    void shouldNotBeAliveWhileFramesWaitInTheRing() {
        assertThat(lane.isAlive(10, 0.1, 0)).isTrue();
        assertThat(lane.isAlive(10, 0.1, 0)).isFalse();
        assertThat(lane.isAlive(10, 0, 0)).isTrue();
    }

    @Test
    void shouldNotBeAliveWhileTheKernelLosesFramesThatNobodyReads() {
        assertThat(lane.isAlive(10, 0, 7)).isTrue();
        assertThat(lane.isAlive(10, 0, 8)).isFalse();
        assertThat(lane.isAlive(10, 0, 8)).isTrue();
    }
}
