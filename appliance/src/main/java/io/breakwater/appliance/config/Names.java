package io.breakwater.appliance.config;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names that become labels of metrics and parts of reasons. */
final class Names {
    static final String TYPE = "a name of letters, digits, `.`, `_`, `-`";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** Named rules of one kind. With three kinds this keeps below the 1,024 reasons that are counted one by one. */
    static final int MOST = 256;

    private Names() {}

    /** Whether a section has no more than {@link #MOST} rules; reported if it has. */
    static boolean areFew(int count, Field section, String what) {
        if (count > MOST) {
            section.error("has " + count + " " + what + "; at most " + MOST + " are allowed");
        }
        return count <= MOST;
    }

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
