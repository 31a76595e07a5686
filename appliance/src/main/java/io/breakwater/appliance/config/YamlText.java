package io.breakwater.appliance.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML 1.2 (core schema) to nodes that know their place. Syntax errors become problems. */
final class YamlText {
    private static final String PATH = "yaml";

    private YamlText() {}

    /** The document's root; null if it is empty or broken (then {@code problems} says so). */
    static @Nullable Node compose(String text, Problems problems) {
        if (!isPrintable(text, problems)) {
            return null;
        }
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchemaWithoutMerge())
                .setCodePointLimit(PolicyFile.MAX_BYTES)
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(BoundedParser.MAX_ALIASES)
                .build();
        StreamReader reader = new StreamReader(settings, text);
        try {
            BoundedParser parser = new BoundedParser(new ParserImpl(settings, reader));
            return new Composer(settings, parser).getSingleNode().orElse(null);
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            problems.error(mark.map(Position::of).orElse(Position.START), PATH, describe(e));
        } catch (YamlVersionException e) {
            problems.error(
                    Position.START,
                    PATH,
                    "its %%YAML line asks for version %d.%d, and only 1.0 to 1.2 are read; take that line away"
                            .formatted(
                                    e.getSpecVersion().getMajor(),
                                    e.getSpecVersion().getMinor()));
        } catch (RuntimeException e) {
            // The library lets others through for some input, such as NumberFormatException for a broken %TAG escape.
            problems.error(
                    new Position(reader.getLine() + 1, reader.getColumn() + 1),
                    PATH,
                    "cannot be read here: " + e.getMessage());
        }
        return null;
    }

    private static String describe(MarkedYamlEngineException e) {
        if (e instanceof ComposerException && e.getProblem().startsWith("but found another document")) {
            return "a second document begins here; a policy is one document";
        }
        String context = e.getContext();
        if (context == null || e.getContextMark().isEmpty()) {
            return e.getProblem();
        }
        return e.getProblem() + " (" + context + " that begins on line "
                + (e.getContextMark().get().getLine() + 1) + ")";
    }

    private static boolean isPrintable(String text, Problems problems) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            if (!StreamReader.isPrintable(codePoint)) {
                problems.error(
                        Position.at(text, i),
                        PATH,
                        String.format("the character U+%04X is not allowed in YAML; remove it", codePoint));
                return false;
            }
        }
        return true;
    }

    /** The core schema as YAML 1.2 has it; the library adds merge keys ({@code <<}), which are not part of it. */
    private static final class CoreSchemaWithoutMerge extends CoreSchema {
        @Override
        public ScalarResolver getScalarResolver() {
            return new CoreScalarResolver(false);
        }
    }
}
