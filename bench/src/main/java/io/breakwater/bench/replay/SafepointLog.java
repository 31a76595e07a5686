package io.breakwater.bench.replay;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * For how long this JVM held all of its threads at a safepoint, by its own log ({@code -Xlog:safepoint}).
 *
 * <p><b>Thread:</b> one control thread.
 */
final class SafepointLog implements AutoCloseable {
    private static final Pattern TOTAL = Pattern.compile("Total:\\s+(\\d+) ns");

    private final Path file;
    private int read;

    private SafepointLog(Path file) {
        this.file = file;
    }

    /** Switches the log on, into a file of its own. A file that is there already the JVM would move aside. */
    static SafepointLog open() throws IOException {
        Path file = Files.createTempDirectory("breakwater-safepoints").resolve("log");
        configure(file, "safepoint=info");
        return new SafepointLog(file);
    }

    private static void configure(Path file, String what) throws IOException {
        String[] arguments = {"output=" + file, "what=" + what};
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmLog",
                            new Object[] {arguments},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IOException("this JVM logs no safepoints: " + e.getMessage(), e);
        }
    }

    /** Those since the last call. */
    Gaps.Figures pauses() throws IOException {
        List<String> lines = Files.readAllLines(file);
        Gaps.Figures pauses = Gaps.Figures.NONE;
        for (String line : lines.subList(read, lines.size())) {
            Matcher total = TOTAL.matcher(line);
            if (total.find()) {
                pauses = pauses.with(Long.parseLong(total.group(1)));
            }
        }
        read = lines.size();
        return pauses;
    }

    @Override
    public void close() throws IOException {
        configure(file, "all=off");
        Files.delete(file);
        Files.delete(file.getParent());
    }
}
