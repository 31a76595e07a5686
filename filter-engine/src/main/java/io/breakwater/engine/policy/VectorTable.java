package io.breakwater.engine.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The built-in reflection vectors: data ({@code vectors.tsv}) that ships with the engine, not code. */
public final class VectorTable {
    /** What a built-in vector with action {@code limit} lets through per destination. */
    public static final Rate BUILT_IN_LIMIT = Rate.packetsPerSecond(1_000);

    private static final String RESOURCE = "vectors.tsv";
    private static final List<Vector> BUILT_IN = load();

    private VectorTable() {}

    /** All built-in vectors with their default actions, in the table's order. */
    public static List<Vector> builtIn() {
        return BUILT_IN;
    }

    private static List<Vector> load() {
        try (InputStream in = Objects.requireNonNull(VectorTable.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("vector\t"))
                    .map(VectorTable::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vector parse(String line) {
        String[] cells = line.split("\t", -1);
        Vector.Action action = Vector.Action.valueOf(cells[4].toUpperCase(Locale.ROOT));
        return new Vector(
                cells[0],
                Integer.parseInt(cells[1]),
                Vector.Match.valueOf(cells[2].toUpperCase(Locale.ROOT)),
                cells[3].equals("-") ? null : cells[3],
                action,
                action == Vector.Action.LIMIT ? Bucket.of(BUILT_IN_LIMIT) : null,
                RuleMode.ENFORCE);
    }
}
