package io.breakwater.bench.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which cores threads may run on, by {@code taskset} of util-linux. */
final class Affinity {
    private Affinity() {}

    /** Moves this process, all its threads and those to come. */
    static void ofThisProcess(String cores) throws IOException, InterruptedException {
        taskset("-a", "-c", "-p", cores, String.valueOf(ProcessHandle.current().pid()));
    }

    /**
     * Moves one thread, and so those that it starts; one that has ended meanwhile needs no core.
     *
     * @param cores as taskset takes them: {@code 0} or {@code 0,1}
     */
    static void set(String cores, String thread) throws IOException, InterruptedException {
        try {
            taskset("-c", "-p", cores, thread);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No such process")) {
                throw e;
            }
        }
    }

    private static void taskset(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("taskset"));
        words.addAll(List.of(arguments));
        Process moving = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(moving.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (moving.waitFor() != 0) {
            throw new IOException("taskset: " + said.strip());
        }
    }
}
