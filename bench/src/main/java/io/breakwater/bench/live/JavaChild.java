package io.breakwater.bench.live;

import io.breakwater.appliance.process.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A Java program in a namespace, with this JVM's flags and class path. It ends with this one at the latest. */
final class JavaChild implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final int KEPT_LINES = 20;

    private final String name;
    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final List<String> said = new ArrayList<>();
    private final Thread atExit;

    private JavaChild(String name, Process process, String readyText) {
        this.name = name;
        this.process = process;
        this.atExit = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(atExit);
        Thread.ofPlatform().daemon().name("hear-" + name).start(() -> hear(readyText));
    }

    /**
     * Starts a program and waits until it says that it is ready.
     *
     * @param readyText what the line holds that says so
     */
    static JavaChild start(Wire wire, String netns, String readyText, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(wire.in(netns, words.toArray(String[]::new)))
                .redirectErrorStream(true)
                .start();
        JavaChild child = new JavaChild(main.getSimpleName(), process, readyText);
        if (!child.ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS) || !process.isAlive()) {
            child.close();
            throw CommandFailure.atRunTime(child.name + " did not start: " + child.lastWords());
        }
        return child;
    }

    private void hear(String readyText) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (said) {
                    said.add(line);
                    if (said.size() > KEPT_LINES) {
                        said.removeFirst();
                    }
                }
                if (line.contains(readyText)) {
                    ready.countDown();
                }
            }
        } catch (IOException gone) {
            // It was ended; what it said stays.
        }
        ready.countDown();
    }

    private String lastWords() {
        synchronized (said) {
            return said.isEmpty() ? "it said nothing" : String.join(" | ", said);
        }
    }

    /** Fails if it has ended before its time. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw CommandFailure.atRunTime(name + " ended too early: " + lastWords());
        }
    }

    /** SIGTERM, and a while to end by itself. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } catch (IllegalStateException shuttingDown) {
            process.destroyForcibly();
        }
    }
}
