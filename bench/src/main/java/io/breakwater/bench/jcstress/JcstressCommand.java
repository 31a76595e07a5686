package io.breakwater.bench.jcstress;

import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code breakwater bench jcstress}: what threads share without a lock, in as many interleavings as time allows. */
@Command(
        name = "jcstress",
        mixinStandardHelpOptions = true,
        description = "Let threads collide in the classes that they share without a lock, and look at what they see."
                + " Needs two cores; quick takes some minutes.")
public final class JcstressCommand implements Callable<Integer> {
    /** It asks the kernel by JNA on which core its threads run. */
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..1",
            defaultValue = ".*",
            description = "Tests whose names match this regular expression (default: all).")
    private String pattern = ".*";

    @Option(
            names = "--mode",
            defaultValue = "QUICK",
            description = "How long: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Mode mode = Mode.QUICK;

    @Option(names = "--html", paramLabel = "DIR", description = "Write jcstress's own pages into this directory.")
    private @Nullable Path html;

    /** Presets of jcstress: sanity only shows that the tests run. */
    private enum Mode {
        SANITY,
        QUICK,
        DEFAULT,
        TOUGH,
        STRESS
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Path scratch = Files.createTempDirectory("breakwater-jcstress");
            try {
                return run(scratch);
            } finally {
                remove(scratch);
            }
        } catch (IOException e) {
            throw CommandFailure.atRunTime("jcstress: " + e.getMessage());
        }
    }

    /** As a process of its own: it leaves files where it is started, and ends by an exception when a test fails. */
    private int run(Path scratch) throws IOException, InterruptedException {
        Path pages = html == null ? scratch.resolve("pages") : html.toAbsolutePath();
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of(NATIVE_ACCESS, "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        words.addAll(List.of(
                "--jvmArgsPrepend=" + NATIVE_ACCESS,
                "-t",
                pattern,
                "-m",
                mode.name().toLowerCase(Locale.ROOT)));
        words.addAll(List.of("-r", pages.toString()));
        Process process = new ProcessBuilder(words)
                .directory(scratch.toFile())
                .inheritIO()
                .start();
        return process.waitFor() == 0 ? 0 : CommandFailure.RUN_TIME;
    }

    private static void remove(Path scratch) throws IOException {
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
