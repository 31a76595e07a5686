package io.breakwater.capture.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The run-time directory; names in it carry the network namespace, because two of those may both have an eth0. */
final class StateDirectory {
    private static final Path NAMESPACE = Path.of("/proc/self/ns/net");

    private final Path directory;
    private final String namespace;

    private StateDirectory(Path directory, String namespace) {
        this.directory = directory;
        this.namespace = namespace;
    }

    /** @throws PreparationException if it cannot be made */
    static StateDirectory open(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new PreparationException("cannot make " + directory + ": run with sudo");
        }
        if (!Files.isWritable(directory)) {
            throw new PreparationException("cannot write to " + directory + ": run with sudo");
        }
        // A link such as net:[4026531840]: the number is the namespace's inode.
        String link = Files.readSymbolicLink(NAMESPACE).toString();
        return new StateDirectory(directory, link.replaceAll("[^0-9]", ""));
    }

    Path stateFile(String port) {
        return directory.resolve(port + suffix());
    }

    Path lockFile(String port) {
        return directory.resolve(port + "@" + namespace + ".lock");
    }

    /** Files of this network namespace, of whatever run. */
    List<Path> stateFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix()))
                    .sorted()
                    .toList();
        }
    }

    private String suffix() {
        return "@" + namespace + ".settings";
    }
}
