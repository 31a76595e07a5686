package io.breakwater.capture.lab;

import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process that talks in lines. */
public final class Child implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final PrintWriter in;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    private Child(Process process) {
        this.process = process;
        this.in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.reader = Thread.ofPlatform().daemon().start(this::read);
    }

    static Child start(List<String> command) throws IOException {
        return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException gone) {
            // The process was killed; what it said stays.
        }
    }

    /** Says a line to the process. */
    public void say(String line) {
        in.println(line);
    }

    /** All lines that begin so, without that beginning. */
    public List<String> heard(String beginning) {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line.startsWith(beginning))
                    .map(line -> line.substring(beginning.length()))
                    .toList();
        }
    }

    /** Forgets what was said so far. */
    public void forget() {
        synchronized (lines) {
            lines.clear();
        }
    }

    /** Waits until the lines satisfy the condition. */
    public void await(String what, Predicate<List<String>> condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        synchronized (lines) {
            while (!condition.test(lines)) {
                long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    fail("no " + what + " within 20 s; the process said: " + lines);
                }
                try {
                    lines.wait(Math.min(leftMs, 100));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** The last lines, short: enough to see what went wrong. */
    private String tail() {
        synchronized (lines) {
            return lines.size() + " lines, last: "
                    + lines.stream()
                            .skip(Math.max(0, lines.size() - 5))
                            .map(line -> line.substring(0, Math.min(120, line.length())))
                            .toList();
        }
    }

    /** Waits for a line that begins so. */
    public String await(String beginning) {
        await("line " + beginning, all -> all.stream().anyMatch(line -> line.startsWith(beginning)));
        return heard(beginning).getFirst();
    }

    /** Waits for the end of the process, and gives its exit code. */
    public int exit() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            fail("the process did not end within 20 s; it said: " + tail());
        }
        reader.join();
        return process.exitValue();
    }

    /** CPU time of the process so far, in milliseconds. */
    public long cpuMs() {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** Ends it at once, as kill -9 does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        exit();
    }

    /** Stops all its threads where they are, until {@link #resume}. */
    public void suspend() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on. */
    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", which, Long.toString(process.pid()))
                        .start()
                        .waitFor()
                != 0) {
            fail("no signal reached the process; it said: " + tail());
        }
    }

    @Override
    public void close() {
        in.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
