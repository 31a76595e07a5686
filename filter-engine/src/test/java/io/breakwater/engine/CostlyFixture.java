package io.breakwater.engine;

import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Does, on a hot path, one of everything that must not be done there; the rules must find each. */
final class CostlyFixture {
    private final Object lock = new Object();
    int sum;

    @Nullable
    Object kept;

    @HotPath
    void allocates() {
        kept = new Object();
    }

    @HotPath
    void allocatesArrays() {
        kept = new long[1];
        kept = new String[1];
        kept = new int[1][1];
    }

    @HotPath
    void boxes(int value) {
        kept = value;
    }

    @HotPath
    void createsALambda() {
        IntSupplier supplier = () -> sum;
        kept = supplier;
    }

    @HotPath
    void iterates(List<String> strings) {
        for (String string : strings) {
            sum += string.length();
        }
    }

    @HotPath
    void formats() {
        kept = String.format("%d", sum);
    }

    @HotPath
    void joins() {
        kept = "sum " + sum;
    }

    @HotPath
    long readsTheClock() {
        return System.nanoTime() + System.currentTimeMillis();
    }

    @HotPath
    void locks() {
        synchronized (lock) {
            sum++;
        }
    }

    @HotPath
    synchronized void isSynchronized() {
        sum++;
    }

    @HotPath
    void fails(IllegalStateException failure) {
        throw failure;
    }

    void mayDoAnythingWhenNotHot() {
        kept = new Object();
    }

    /** Nothing in here may be found. */
    @HotPath
    record Bare(List<int[]> countsOfOne) {
        void onBatchStart() {
            counts()[1] = (int) System.nanoTime();
        }

        int countAnyway(Runnable step) {
            try {
                step.run();
            } finally {
                counts()[0]++;
            }
            return counts()[0];
        }

        private int[] counts() {
            return countsOfOne.getFirst();
        }

        int count(Thread.State state) {
            counts()[0]++;
            return switch (state) {
                case NEW, RUNNABLE, BLOCKED -> 1;
                case WAITING, TIMED_WAITING, TERMINATED -> 2;
            };
        }
    }
}
