package io.breakwater.bench.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program in the gateway, as long as this is open. It ends with this process at the latest. */
final class Child implements Running {
    private static final long PATIENCE_SECONDS = 20;
    private static final long END_BY_ITSELF_SECONDS = 2;
    private static final int KEPT_LINES = 20;

    private final String name;
    private final Process process;
    private final boolean endsWithInput;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final List<String> said = new ArrayList<>();
    private final Thread atExit;

    private Child(String name, Process process, String readyText, boolean endsWithInput) {
        this.name = name;
        this.process = process;
        this.endsWithInput = endsWithInput;
        this.atExit = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(atExit);
        Thread.ofPlatform().daemon().name("hear-" + name).start(() -> hear(readyText));
    }

    /** A Java program on one core, with this JVM's flags and class path. */
    static Child java(Testbed testbed, int core, String readyText, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("taskset", "-c", String.valueOf(core)));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(arguments);
        return start(testbed, main.getSimpleName(), words, readyText, false);
    }

    /** A shell script that ends, and cleans up, when its standard input does. */
    static Child shell(Testbed testbed, String name, String readyText, String script)
            throws IOException, InterruptedException {
        return start(testbed, name, List.of("sh", "-c", script), readyText, true);
    }

    /** Waits until it says that it is ready. */
    private static Child start(
            Testbed testbed, String name, List<String> words, String readyText, boolean endsWithInput)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(testbed.in(Testbed.GATEWAY, words))
                .redirectErrorStream(true)
                .start();
        Child child = new Child(name, process, readyText, endsWithInput);
        if (!child.ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS) || !process.isAlive()) {
            child.close();
            throw new IOException(name + " did not start: " + child.lastWords());
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

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " ended too early: " + lastWords());
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!endsWithInput || !process.waitFor(END_BY_ITSELF_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } catch (IOException | IllegalStateException gone) {
            process.destroyForcibly();
        }
    }
}
