package io.breakwater.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class AttackAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingForAMillionFramesOfAttacksAndOthers() {
        Flood flood = new Flood();
        FrameSlot[] frames = new FrameSlot[1_024];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Flood.answer(11211, "198.18." + i % 7 + "." + i % 200, "10." + i % 90 + "." + i % 5 + ".1");
        }
        FrameSlot other = Flood.answer(443, "198.18.1.1", "203.0.113.5");
        int reason = flood.reasons.reflection("memcached");
        long least = Long.MAX_VALUE;
        long nowNs = 0;
        // The least of several rounds: compiling and class loading may allocate in the first ones.
        for (int round = 0; round < 5; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 500_000; i++) {
                nowNs += 2_000;
                flood.judge(frames[i & 1_023], reason, nowNs);
                flood.judge(other, Verdict.FORWARD, nowNs);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(least).isZero();
        assertThat(flood.told(AttackEvent.Kind.START)).isNotEmpty();
    }
}
