package io.breakwater.appliance.config;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names that become labels of metrics and parts of reasons. */
final class Names {
    static final String TYPE = "name: letters, digits, `.`, `_`, `-`";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private Names() {}

    /** A name that no other entry of the section has; null, and reported, if it is none. */
    static @Nullable String unique(@Nullable Field field, Map<String, Integer> lineOfName) {
        String name = field == null ? null : field.read("a name", Names::check);
        if (field == null || name == null) {
            return null;
        }
        Integer first = lineOfName.putIfAbsent(name, field.at().line());
        if (first != null) {
            field.error("'" + name + "' is already the name of another, on line " + first);
        }
        return name;
    }

    static String check(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + Numbers.shortened(text)
                    + "' is not a name: up to 63 letters, digits, '.', '_' or '-', the first a letter or digit");
        }
        return text;
    }

    /** Whether an entry's key is a name; reported if not. */
    static boolean isName(String key, Field.Entry entry) {
        try {
            check(key);
            return true;
        } catch (IllegalArgumentException e) {
            entry.error(String.valueOf(e.getMessage()));
            return false;
        }
    }
}
