package io.breakwater.appliance.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of the file with its place. Readers answer null when the value is not what they look for, and have reported
 * it then.
 */
final class Field {
    /** No value of a policy is longer. */
    private static final int LONGEST_TEXT = 128;

    private final Problems problems;
    private final Node node;
    private final Position at;
    private final String path;
    private final String pattern;

    private Field(Problems problems, Node node, Position at, String path, String pattern) {
        this.problems = problems;
        this.node = node;
        this.at = at;
        this.path = path;
        this.pattern = pattern;
    }

    static Field root(Node node, Problems problems) {
        return new Field(problems, node, Position.of(node), "", "");
    }

    Position at() {
        return at;
    }

    String path() {
        return path;
    }

    String pattern() {
        return pattern;
    }

    void error(String text) {
        error(at, text);
    }

    void error(Position at, String text) {
        problems.error(at, path.isEmpty() ? "policy" : path, text);
    }

    /** An error of a key that is not there. */
    void missing(String key, String text) {
        problems.error(at, path.isEmpty() ? key : path + "." + key, text);
    }

    void warning(String text) {
        problems.warning(at, path, text);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** {@code off}, or its YAML spelling {@code false}. */
    boolean isOff() {
        return node instanceof ScalarNode scalar
                && (scalar.getValue().equals("off")
                        || (node.getTag().equals(Tag.BOOL) && scalar.getValue().equalsIgnoreCase("false")));
    }

    boolean isWord(String word) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(word);
    }

    boolean isNumber() {
        return node instanceof ScalarNode scalar
                && !scalar.getValue().isEmpty()
                && Character.isDigit(scalar.getValue().charAt(0));
    }

    /** Whether this is a mapping with such a key. */
    boolean has(String key) {
        return node instanceof MappingNode mapping
                && mapping.getValue().stream()
                        .anyMatch(tuple -> tuple.getKeyNode() instanceof ScalarNode scalar
                                && scalar.getValue().equals(key));
    }

    /** A value that is not empty, a list or a mapping. */
    @Nullable
    String text(String expected) {
        if (!(node instanceof ScalarNode scalar)) {
            error("expected " + expected + ", not " + kind());
            return null;
        }
        if (node.getTag().equals(Tag.NULL)) {
            error("has no value; expected " + expected + ", or remove the line");
            return null;
        }
        if (scalar.getValue().length() > LONGEST_TEXT) {
            error("is longer than " + LONGEST_TEXT + " characters; expected " + expected);
            return null;
        }
        return scalar.getValue();
    }

    /** A text that {@code parser} understands; its IllegalArgumentException becomes the problem. */
    <T> @Nullable T read(String expected, Function<String, T> parser) {
        String text = text(expected);
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            error(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** One of a few words. */
    <T> @Nullable T choice(Map<String, T> choices) {
        String expected = String.join(", ", choices.keySet());
        T off = choices.get("off");
        if (off != null && isOff()) {
            return off;
        }
        return read("one of " + expected, text -> {
            T value = choices.get(text);
            if (value == null) {
                String near = Suggestion.didYouMean(text, choices.keySet());
                throw new IllegalArgumentException(
                        "'" + text + "' is not known" + (near.isEmpty() ? "; expected one of " + expected : near));
            }
            return value;
        });
    }

    /** One of an enum's words: its names in lower case, with dashes. */
    <E extends Enum<E>> @Nullable E choice(Class<E> words) {
        return choice(words(words));
    }

    static <E extends Enum<E>> Map<String, E> words(Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E value : type.getEnumConstants()) {
            words.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
        }
        return words;
    }

    @Nullable
    Boolean bool() {
        Map<String, Boolean> words = new LinkedHashMap<>();
        words.put("true", true);
        words.put("false", false);
        return choice(words);
    }

    /** A whole number; underscores may group its digits. */
    @Nullable
    Long integer(long min, long max) {
        return read("a number from " + min + " to " + max, text -> Numbers.integer(text, min, max));
    }

    /** The items of a list. */
    @Nullable
    List<Field> items(String expected) {
        if (!(node instanceof SequenceNode sequence)) {
            if (!isEmpty(expected)) {
                error("expected " + expected + ", not " + kind());
            }
            return null;
        }
        List<Field> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            String index = "[" + items.size() + "]";
            items.add(new Field(problems, item, Position.of(item), path + index, pattern + "[]"));
        }
        return items;
    }

    /** The items of a list, or the value itself where one may stand for a list of one. */
    List<Field> itemsOrSelf() {
        List<Field> items = isList() ? items("a list") : null;
        return items == null ? List.of(this) : items;
    }

    /** A mapping whose keys the catalogue knows; others are reported. */
    @Nullable
    Section section() {
        Map<String, Entry> entries = entries("a mapping of "
                + String.join(", ", KeyCatalogue.children(pattern).keySet()));
        if (entries == null) {
            return null;
        }
        Map<String, Key> known = KeyCatalogue.children(pattern);
        Map<String, Field> fields = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            if (known.containsKey(name)) {
                fields.put(name, entry.value());
            } else {
                problems.error(entry.keyAt(), entry.value().path(), KeyCatalogue.unknownKey(pattern, name));
            }
        });
        return new Section(this, fields);
    }

    /**
     * One pair of a mapping.
     *
     * @param keyAt where the key stands
     * @param value what it says
     */
    record Entry(Position keyAt, Field value) {
        /** A problem with the key rather than its value. */
        void error(String text) {
            value.error(keyAt, text);
        }
    }

    /** A mapping's pairs in the file's order; keys given twice and keys that are not words are reported. */
    @Nullable
    Map<String, Entry> entries(String expected) {
        if (!(node instanceof MappingNode mapping)) {
            if (!isEmpty(expected)) {
                error("expected " + expected + ", not " + kind());
            }
            return null;
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            if (key instanceof ScalarNode scalar) {
                addEntry(entries, scalar, tuple.getValueNode());
            } else {
                error(Position.of(key), "a key is a word, not a list or a mapping");
            }
        }
        return entries;
    }

    private void addEntry(Map<String, Entry> entries, ScalarNode key, Node value) {
        String name = Numbers.shortened(key.getValue());
        Entry first = entries.get(name);
        Entry entry = new Entry(Position.of(key), child(name, value));
        if (first != null) {
            entry.error("is given twice; first on line " + first.keyAt().line());
        } else {
            entries.put(name, entry);
        }
    }

    private Field child(String name, Node value) {
        Map<String, Key> known = KeyCatalogue.children(pattern);
        // A mapping of free names (vectors, services) has one catalogue entry, such as reflection.<vector>.
        String keyName = known.containsKey(name)
                ? name
                : known.keySet().stream()
                        .filter(key -> key.startsWith("<"))
                        .findFirst()
                        .orElse(name);
        String childPath = path.isEmpty() ? name : path + "." + name;
        String childPattern = pattern.isEmpty() ? keyName : pattern + "." + keyName;
        return new Field(problems, value, Position.of(value), childPath, childPattern);
    }

    private boolean isEmpty(String expected) {
        boolean empty = node.getTag().equals(Tag.NULL);
        if (empty) {
            error("has no value; expected " + expected + ", or remove the line");
        }
        return empty;
    }

    private String kind() {
        return switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar -> "'" + Numbers.shortened(scalar.getValue()) + "'";
            default -> "something else";
        };
    }
}
