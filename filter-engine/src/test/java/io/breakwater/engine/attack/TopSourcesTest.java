package io.breakwater.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random sources against Space-Saving as the paper writes it: a list that is searched from its beginning. */
class TopSourcesTest {
    private static final int ENTRIES = 3;

    @Test
    void shouldKeepTheCountersThatSpaceSavingKeeps() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            TopSources top = new TopSources(ENTRIES);
            List<List<Counter>> models = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            int sources = 1 + random.nextInt(60);
            for (int frame = 0; frame < 2_000; frame++) {
                int entry = random.nextInt(ENTRIES);
                if (random.nextInt(700) == 0) {
                    top.clear(entry);
                    models.get(entry).clear();
                }
                long lo = Math.min(random.nextInt(sources), random.nextInt(sources));
                long hi = random.nextInt(2);
                // Few different hashes, so that marks alone do not tell sources apart.
                top.add(entry, hi, lo, lo % 5);
                count(models.get(entry), hi, lo);
            }
            for (int entry = 0; entry < ENTRIES; entry++) {
                assertThat(heaviest(top, entry))
                        .as("seed %d round %d entry %d", seed, round, entry)
                        .isEqualTo(heaviest(models.get(entry)));
            }
        }
    }

    private static List<List<Long>> heaviest(TopSources top, int entry) {
        long[] out = new long[4 * TopSources.COUNTERS];
        int written = top.writeHeaviest(entry, TopSources.COUNTERS, 1, out, 0);
        List<List<Long>> told = new ArrayList<>();
        for (int i = 0; i < written; i++) {
            told.add(List.of(out[4 * i], out[4 * i + 1], out[4 * i + 2], out[4 * i + 3]));
        }
        return told;
    }

    private static List<List<Long>> heaviest(List<Counter> model) {
        return model.stream()
                .sorted(Comparator.comparingLong((Counter counter) -> counter.count - counter.inherited)
                        .reversed())
                .map(counter -> List.of(counter.hi, counter.lo, counter.count - counter.inherited, counter.count))
                .toList();
    }

    private static void count(List<Counter> model, long hi, long lo) {
        for (Counter counter : model) {
            if (counter.hi == hi && counter.lo == lo) {
                counter.count++;
                return;
            }
        }
        if (model.size() < TopSources.COUNTERS) {
            model.add(new Counter(hi, lo, 0));
            return;
        }
        int least = 0;
        for (int i = 1; i < model.size(); i++) {
            least = model.get(i).count < model.get(least).count ? i : least;
        }
        model.set(least, new Counter(hi, lo, model.get(least).count));
    }

    private static final class Counter {
        private final long hi;
        private final long lo;
        private final long inherited;
        private long count;

        private Counter(long hi, long lo, long inherited) {
            this.hi = hi;
            this.lo = lo;
            this.inherited = inherited;
            this.count = inherited + 1;
        }
    }
}
