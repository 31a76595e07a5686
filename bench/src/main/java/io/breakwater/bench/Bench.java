package io.breakwater.bench;

/** The benchmark program. */
public final class Bench {
    private Bench() {}

    /** Runs one measurement and exits with its code: 0 done, 1 failed or a gate broken, 2 usage. */
    public static void main(String[] args) {
        System.exit(BenchCommand.execute(args));
    }
}
