package io.breakwater.bench.wire;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The threads of a gateway that forward nothing: those that answer, tell, compile and collect. */
final class SideThreads {
    /** What the gateway calls those that do. */
    private static final Pattern DATA_PATH = Pattern.compile("^(rx|filter|egress|lanes?)-");

    private SideThreads() {}

    /** Lets them, and those that they start, run on these cores, whatever the data path is bound to. */
    static void runOn(String cores, Running gateway) throws IOException, InterruptedException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks(gateway))) {
            for (Path thread : threads) {
                if (!forwards(thread)) {
                    Affinity.set(cores, thread.getFileName().toString());
                }
            }
        }
    }

    /** Processor time they have used, in seconds ({@code schedstat}, Documentation/scheduler/sched-stats.rst). */
    static double seconds(Running gateway) throws IOException {
        long ns = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks(gateway))) {
            for (Path thread : threads) {
                ns += ns(thread);
            }
        }
        return ns / 1e9;
    }

    private static Path tasks(Running gateway) {
        return Path.of("/proc", String.valueOf(gateway.pid()), "task");
    }

    /** Whether it is of the data path; a thread that has ended is. */
    private static boolean forwards(Path thread) throws IOException {
        try {
            return DATA_PATH.matcher(Files.readString(thread.resolve("comm"))).find();
        } catch (NoSuchFileException ended) {
            return true;
        }
    }

    private static long ns(Path thread) throws IOException {
        if (forwards(thread)) {
            return 0;
        }
        try {
            String times = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(times.substring(0, times.indexOf(' ')));
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
