package io.breakwater.appliance.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The API's description, and what it says of answers: types, required members, words, items. */
final class OpenApi {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final Map<?, ?> root;

    OpenApi() throws IOException {
        String yaml = Files.readString(Path.of("../docs/openapi.yaml"));
        root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    /** {@code GET /api/v1/status} and so on. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        object(root.get("paths"))
                .forEach((path, item) -> object(item).keySet().stream()
                        .map(String::valueOf)
                        .filter(METHODS::contains)
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        return operations;
    }

    /** What is wrong with an answer; empty if it is as described. */
    List<String> problems(String method, String path, int status, String type, @Nullable Object body) {
        Map<?, ?> operation = object(object(object(root.get("paths")).get(path)).get(method));
        Map<?, ?> responses = object(operation.get("responses"));
        Object response = responses.containsKey(String.valueOf(status))
                ? responses.get(String.valueOf(status))
                : responses.get("default");
        if (response == null) {
            return List.of(status + " is not described");
        }
        Object content = resolve(response).get("content");
        if (content == null) {
            return body == null ? List.of() : List.of("a body is not described");
        }
        Object media = object(content).get(type.replaceFirst(";.*", ""));
        if (media == null) {
            return List.of(type + " is not described");
        }
        List<String> problems = new ArrayList<>();
        check("$", resolve(object(media).get("schema")), body, problems);
        return problems;
    }

    private void check(String at, Map<?, ?> schema, @Nullable Object value, List<String> problems) {
        switch (String.valueOf(schema.get("type"))) {
            case "object" -> checkObject(at, schema, value, problems);
            case "array" -> {
                if (value instanceof List<?> list) {
                    list.forEach(item -> check(at + "[]", resolve(schema.get("items")), item, problems));
                } else {
                    problems.add(at + " is no list: " + value);
                }
            }
            case "integer" -> expect(value instanceof Long, at, "a whole number", value, problems);
            case "number" -> expect(value instanceof Number, at, "a number", value, problems);
            case "boolean" -> expect(value instanceof Boolean, at, "true or false", value, problems);
            case "string" -> expect(value instanceof String, at, "a text", value, problems);
            default -> problems.add(at + " has no type");
        }
        if (schema.get("enum") instanceof List<?> words) {
            expect(words.contains(value), at, "one of " + words, value, problems);
        }
    }

    private static void expect(boolean good, String at, String what, @Nullable Object value, List<String> problems) {
        if (!good) {
            problems.add(at + " is not " + what + ": " + value);
        }
    }

    private void checkObject(String at, Map<?, ?> schema, @Nullable Object value, List<String> problems) {
        if (!(value instanceof Map<?, ?> object)) {
            problems.add(at + " is no object: " + value);
            return;
        }
        if (schema.get("required") instanceof List<?> required) {
            required.forEach(name -> expect(object.containsKey(name), at + "." + name, "there", null, problems));
        }
        Object described = schema.get("properties");
        Map<?, ?> properties = described == null ? Map.of() : object(described);
        Object others = schema.get("additionalProperties");
        // Events have fields by kind, which the description says in words.
        boolean open = properties.containsKey("event");
        object.forEach((name, member) -> {
            if (properties.containsKey(name)) {
                check(at + "." + name, resolve(properties.get(name)), member, problems);
            } else if (others instanceof Map<?, ?>) {
                check(at + "." + name, resolve(others), member, problems);
            } else if (!open) {
                problems.add(at + "." + name + " is not described");
            }
        });
    }

    private Map<?, ?> resolve(@Nullable Object node) {
        Map<?, ?> map = object(node);
        Object reference = map.get("$ref");
        if (reference == null) {
            return map;
        }
        Object found = root;
        for (String step : reference.toString().substring(2).split("/")) {
            found = object(found).get(step);
        }
        return object(found);
    }

    private static Map<?, ?> object(@Nullable Object node) {
        if (node instanceof Map<?, ?> map) {
            return map;
        }
        throw new AssertionError("not a mapping in the description: " + node);
    }
}
