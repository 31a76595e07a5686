package io.breakwater.capture.file;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the folder of real captures that tests use when it is there; it is no part of the repository. */
final class Corpus {
    static final String ABSENT =
            "no folder of captures at ../shared/pcaps beside the repository, in the system property"
                    + " breakwater.pcaps or in BREAKWATER_PCAPS";

    private Corpus() {}

    static @Nullable Path folder() {
        String said = System.getProperty("breakwater.pcaps", System.getenv("BREAKWATER_PCAPS"));
        if (said != null) {
            return Files.isDirectory(Path.of(said)) ? Path.of(said) : null;
        }
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.isDirectory(root.resolve("filter-engine"))) {
            root = root.getParent();
        }
        Path folder = root == null ? null : root.resolveSibling("shared").resolve("pcaps");
        return folder != null && Files.isDirectory(folder) ? folder : null;
    }
}
