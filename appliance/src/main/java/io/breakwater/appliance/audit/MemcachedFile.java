package io.breakwater.appliance.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Memcached's settings as Debian ({@code /etc/memcached.conf}: options, one a line) and Red Hat ({@code
 * /etc/sysconfig/memcached}: assignments) keep them. What the file holds is never run, and no name is looked up.
 *
 * <p>Source: Debian's {@code systemd-memcached-wrapper} and Red Hat's {@code memcached.service}.
 */
final class MemcachedFile {
    /** Where the two families of distributions keep them. */
    static final List<Path> USUAL = List.of(Path.of("/etc/memcached.conf"), Path.of("/etc/sysconfig/memcached"));

    /** Larger files are not memcached's settings. */
    static final int LARGEST_BYTES = 1 << 20;

    private static final Pattern ASSIGNMENT = Pattern.compile("^\\s*[A-Z_]{1,40}\\s*=.*$");

    private MemcachedFile() {}

    /**
     * Reads one file.
     *
     * @throws IOException with one line that says what is wrong, if it is not a readable regular file of a sane size
     */
    static MemcachedSettings read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(file + ": there is no such file; name memcached's own settings file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": not a regular file; name memcached's own settings file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST_BYTES + 1);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read; run with sudo", e);
        }
        if (bytes.length > LARGEST_BYTES) {
            throw new IOException(file + ": larger than 1 MiB, so not memcached's settings; name that file");
        }
        return parse(file, new String(bytes, StandardCharsets.UTF_8));
    }

    static MemcachedSettings parse(Path file, String text) {
        List<String> lines = text.lines().toList();
        boolean assignments = lines.stream()
                .anyMatch(line ->
                        ASSIGNMENT.matcher(line).matches() && !line.strip().startsWith("-"));
        List<String> problems = new ArrayList<>();
        MemcachedOptions options = new MemcachedOptions();
        if (assignments) {
            readAssignments(EnvironmentFile.parse(text), options, problems);
        } else {
            readOptionLines(lines, options, problems);
        }
        return new MemcachedSettings(
                file,
                assignments,
                options.listens(),
                options.tcpPort(),
                options.udpPort(),
                options.onlyUnixSocket(),
                problems.stream().map(problem -> file + ": " + problem).toList());
    }

    /** Debian: a {@code #} begins a comment unless a backslash stands before it; lines without a dash are ignored. */
    private static void readOptionLines(List<String> lines, MemcachedOptions options, List<String> problems) {
        List<String> words = new ArrayList<>();
        for (String line : lines) {
            String said = line.replaceFirst("(?<!\\\\)#.*$", "").strip();
            if (said.startsWith("-") && !said.startsWith("-d") && !said.startsWith("-h")) {
                words.addAll(words(said));
            }
        }
        options.read(words, problems::add);
    }

    /** Red Hat: {@code memcached -p ${PORT} … $OPTIONS}. */
    private static void readAssignments(Map<String, String> values, MemcachedOptions options, List<String> problems) {
        String port = values.get("PORT");
        if (port != null && !port.isBlank()) {
            options.read(List.of("-p", port.strip()), problems::add);
        }
        options.read(words(values.getOrDefault("OPTIONS", "")), problems::add);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+")).stream()
                .map(MemcachedFile::unquoted)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
