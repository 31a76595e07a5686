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

    /** Processor time they have used, in seconds ({@code schedstat}, Documentation/scheduler/sched-stats.rst). */
    static double seconds(Running gateway) throws IOException {
        long ns = 0;
        Path tasks = Path.of("/proc", String.valueOf(gateway.pid()), "task");
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                ns += ns(thread);
            }
        }
        return ns / 1e9;
    }

    private static long ns(Path thread) throws IOException {
        try {
            boolean forwards =
                    DATA_PATH.matcher(Files.readString(thread.resolve("comm"))).find();
            String times = Files.readString(thread.resolve("schedstat"));
            return forwards ? 0 : Long.parseLong(times.substring(0, times.indexOf(' ')));
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
