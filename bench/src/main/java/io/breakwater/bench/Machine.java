package io.breakwater.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What figures were measured on: enough to compare them, nothing that says whose machine it is.
 *
 * @param cores that the JVM may use
 * @param kernel release of the operating system
 * @param processor its model, as the kernel tells it
 * @param jdk version of the virtual machine
 * @param commit of the checkout that was built, or unknown
 * @param loadAverage processes that wanted to run in the last minute: above 1 a core, others disturbed; negative if unknown
 */
public record Machine(int cores, String kernel, String processor, String jdk, String commit, double loadAverage) {
    /** This machine, now. */
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                modelOfProcessor(),
                System.getProperty("java.vm.version"),
                builtCommit(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String modelOfProcessor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** The jars lie in {@code bench/target/app} of their checkout. */
    private static String builtCommit() {
        try {
            Path jar = Path.of(Machine.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            List<String> words =
                    List.of("git", "-C", String.valueOf(jar.getParent()), "rev-parse", "--short=12", "HEAD");
            Process git = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : "unknown";
        } catch (IOException | URISyntaxException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    /** In one line, for people. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "%d cores of %s, %s, JDK %s, commit %s, load average %.1f at the start",
                cores,
                processor,
                kernel,
                jdk,
                commit,
                loadAverage);
    }
}
