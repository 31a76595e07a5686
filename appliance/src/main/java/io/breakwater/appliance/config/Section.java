package io.breakwater.appliance.config;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A mapping of known keys. */
final class Section {
    private final Field self;
    private final Map<String, Field> fields;

    Section(Field self, Map<String, Field> fields) {
        this.self = self;
        this.fields = fields;
    }

    Field self() {
        return self;
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    /** The key's value; null if the file does not give it. */
    @Nullable
    Field get(String key) {
        key(key);
        return fields.get(key);
    }

    /** The key's value; null, and reported, if the file does not give it. */
    @Nullable
    Field require(String key) {
        Field field = get(key);
        if (field == null) {
            self.missing(key, "is required: " + key(key).type().replace("`", ""));
        }
        return field;
    }

    private Key key(String name) {
        return Objects.requireNonNull(
                KeyCatalogue.children(self.pattern()).get(name), () -> self.pattern() + "." + name);
    }
}
