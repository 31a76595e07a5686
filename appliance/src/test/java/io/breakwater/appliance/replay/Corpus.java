package io.breakwater.appliance.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder of real captures, which tests use when it is there; it is no part of the repository. */
record Corpus(Path folder, List<Row> rows) {
    static final String ABSENT =
            "no folder of captures at ../shared/pcaps beside the repository, in the system property"
                    + " breakwater.pcaps or in BREAKWATER_PCAPS";

    /** What tshark counts in a capture; column names as in manifest.tsv. */
    record Row(
            String path,
            long frames,
            long memcached,
            long ipv4Fragments,
            long ipv6Fragments,
            long nonIp,
            long sources) {
        static Row of(String line) {
            String[] cells = line.split("\t", -1);
            return new Row(
                    cells[0],
                    Long.parseLong(cells[2]),
                    Long.parseLong(cells[3]),
                    Long.parseLong(cells[4]),
                    Long.parseLong(cells[5]),
                    Long.parseLong(cells[6]),
                    Long.parseLong(cells[8]));
        }
    }

    /** The captures, or null if there are none here. */
    static @Nullable Corpus find() throws IOException {
        Path folder = folderOrNull();
        if (folder == null) {
            return null;
        }
        List<String> lines = Files.readAllLines(folder.resolve("manifest.tsv"));
        return new Corpus(folder, lines.stream().skip(1).map(Row::of).toList());
    }

    private static @Nullable Path folderOrNull() {
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

    Path file(Row row) {
        return folder.resolve(row.path());
    }
}
