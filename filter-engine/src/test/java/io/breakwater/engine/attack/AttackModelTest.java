package io.breakwater.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The detector against a slow model that keeps every window of every victim. */
class AttackModelTest {
    private static final int VICTIMS = 12;
    private static final long WINDOW_NS = AttackDetector.WINDOW_NS;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldTellTheSameStartsEndsPeaksAndTotalsAsTheModel(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Flood flood = new Flood();
        Model[] models = new Model[VICTIMS];
        FrameSlot[] frames = new FrameSlot[VICTIMS];
        for (int i = 0; i < VICTIMS; i++) {
            models[i] = new Model("10.0." + i + ".1");
            frames[i] = Flood.answer(11211, "198.18.1.1", models[i].victim);
        }
        for (long window = 0; window < 240; window++) {
            List<Integer> order = new ArrayList<>();
            for (int victim = 0; victim < VICTIMS; victim++) {
                int packets = models[victim].packetsOf(window, random);
                for (int i = 0; i < packets; i++) {
                    order.add(random.nextInt(order.size() + 1), victim);
                }
            }
            for (int i = 0; i < order.size(); i++) {
                long nowNs = window * WINDOW_NS + i * (WINDOW_NS / (order.size() + 1L));
                flood.drop("memcached", frames[order.get(i)], nowNs);
            }
        }
        flood.idleUntil(300 * WINDOW_NS);

        Map<String, List<String>> expected = new HashMap<>();
        Map<String, List<String>> told = new HashMap<>();
        for (Model model : models) {
            expected.put(model.victim, model.attacks(300, frames[0].length()));
            told.put(model.victim, new ArrayList<>());
        }
        flood.told(AttackEvent.Kind.END)
                .forEach(end -> Objects.requireNonNull(told.get(end.targetText()))
                        .add((end.startedNs() / WINDOW_NS) + "-" + (end.lastNs() / WINDOW_NS) + " peak "
                                + end.peakPacketsPerSecond() + " packets " + end.packets() + " bytes " + end.bytes()));
        assertThat(told).as("seed %d", seed).isEqualTo(expected);
        assertThat(expected.values().stream().mapToInt(List::size).sum()).isGreaterThan(VICTIMS);
    }

    /** One victim: what each half second brought. */
    private static final class Model {
        private final String victim;
        private final List<Integer> windows = new ArrayList<>();
        private int level;

        Model(String victim) {
            this.victim = victim;
        }

        int packetsOf(long window, SplittableRandom random) {
            if (window % 10 == 0) {
                level = random.nextInt(4) == 0 ? random.nextInt(120) : random.nextInt(24);
            }
            int packets = level == 0 ? 0 : random.nextInt(level + 1);
            windows.add(packets);
            return packets;
        }

        /** 50 packets in a window start it; 20 windows below 25, counted from the last frame of a high one, end it. */
        List<String> attacks(int until, int frameBytes) {
            List<String> attacks = new ArrayList<>();
            int start = -1;
            int high = -1;
            int peak = 0;
            long packets = 0;
            for (int i = 0; i < until; i++) {
                int now = i < windows.size() ? windows.get(i) : 0;
                if (start < 0 && now >= 50) {
                    start = i;
                    peak = 0;
                    packets = 0;
                }
                if (start < 0) {
                    continue;
                }
                peak = Math.max(peak, now);
                packets += now;
                high = now >= 25 ? i : high;
                // The window that holds the last frame is not whole: 10 s after it lie within the 20th window behind.
                if (i >= high + 20) {
                    attacks.add(start + "-" + high + " peak " + 2 * peak + " packets " + packets + " bytes "
                            + packets * frameBytes);
                    start = -1;
                }
            }
            return attacks;
        }
    }
}
