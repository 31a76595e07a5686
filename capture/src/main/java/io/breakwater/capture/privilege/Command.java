package io.breakwater.capture.privilege;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs one administrative program of the system's own directories to its end. */
public final class Command {
    /** Which Debian package a program comes from. */
    private static final Map<String, String> PACKAGES =
            Map.of("ethtool", "ethtool", "ip", "iproute2", "tc", "iproute2", "sysctl", "procps");

    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

    private Command() {}

    /** What a program answered: exit code, and standard output and error together. */
    public record Result(int exit, String output) {
        /** Whether it ended with 0. */
        public boolean isOk() {
            return exit == 0;
        }

        /** What it printed, as one line. */
        public String summary() {
            return output.isBlank()
                    ? "exit code " + exit
                    : String.join("; ", output.strip().lines().toList());
        }
    }

    /**
     * Runs it without input.
     *
     * @throws IOException if the program is not installed
     */
    public static Result run(String... command) throws IOException {
        return runWithInput("", command);
    }

    static Result runWithInput(String input, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.set(0, locate(command[0]).toString());
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream out = process.getInputStream()) {
            String output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new IOException(command[0] + " was interrupted", e);
        }
    }

    /** Whether the program is there, whatever the caller's PATH says. */
    public static boolean isInstalled(String program) {
        return find(program).isPresent();
    }

    /** Which Debian package it comes from. */
    public static String debianPackage(String program) {
        return PACKAGES.getOrDefault(program, program);
    }

    private static Path locate(String program) throws IOException {
        return find(program)
                .orElseThrow(() ->
                        new IOException(program + " is not installed: apt-get install " + debianPackage(program)));
    }

    private static Optional<Path> find(String program) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
