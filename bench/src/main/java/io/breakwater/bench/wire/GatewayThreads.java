package io.breakwater.bench.wire;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What the threads of a gateway have used and waited for: those of its data path, and those beside it, which answer, tell,
 * compile and collect ({@code schedstat}, Documentation/scheduler/sched-stats.rst).
 *
 * @param forwardingSeconds processor time of the data path
 * @param waitingSeconds in which threads of the data path could have run and others did
 * @param besideSeconds processor time of all other threads
 */
record GatewayThreads(double forwardingSeconds, double waitingSeconds, double besideSeconds) {
    /** What the gateway calls those of the data path. */
    private static final Pattern DATA_PATH = Pattern.compile("^(rx|filter|egress|lanes?)-");

    private static final String NEVER_RAN = "0 0 0";

    /** Since they began; what has ended meanwhile is left out. */
    static GatewayThreads of(Running gateway) throws IOException {
        long forwardingNs = 0;
        long waitingNs = 0;
        long besideNs = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks(gateway))) {
            for (Path thread : threads) {
                String[] times = read(thread, "schedstat", NEVER_RAN).strip().split(" ");
                if (forwards(thread)) {
                    forwardingNs += Long.parseLong(times[0]);
                    waitingNs += Long.parseLong(times[1]);
                } else {
                    besideNs += Long.parseLong(times[0]);
                }
            }
        }
        return new GatewayThreads(forwardingNs / 1e9, waitingNs / 1e9, besideNs / 1e9);
    }

    /** The same since an earlier look. */
    GatewayThreads since(GatewayThreads earlier) {
        return new GatewayThreads(
                forwardingSeconds - earlier.forwardingSeconds,
                waitingSeconds - earlier.waitingSeconds,
                besideSeconds - earlier.besideSeconds);
    }

    /** Lets those beside the data path, and those that they start, run on these cores, whatever the data path is bound to. */
    static void letBesideRunOn(String cores, Running gateway) throws IOException, InterruptedException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks(gateway))) {
            for (Path thread : threads) {
                if (!forwards(thread)) {
                    Affinity.set(cores, thread.getFileName().toString());
                }
            }
        }
    }

    private static Path tasks(Running gateway) {
        return Path.of("/proc", String.valueOf(gateway.pid()), "task");
    }

    private static boolean forwards(Path thread) throws IOException {
        return DATA_PATH.matcher(read(thread, "comm", "")).find();
    }

    private static String read(Path thread, String file, String otherwise) throws IOException {
        try {
            return Files.readString(thread.resolve(file));
        } catch (NoSuchFileException ended) {
            return otherwise;
        } catch (IOException e) {
            // ESRCH, when it ends between the opening and the reading.
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return otherwise;
            }
            throw e;
        }
    }
}
