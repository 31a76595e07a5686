package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One entry of {@code reflection}: a change to a built-in vector, or an own one. */
final class VectorField {
    private VectorField() {}

    /** What is done with a vector's answers; empty = off. */
    private record Action(
            Optional<Vector.Action> what, @Nullable Bucket limit) {
        static final Action OFF = new Action(Optional.empty(), null);

        static Action of(Vector.Action what) {
            return new Action(
                    Optional.of(what), what == Vector.Action.LIMIT ? Bucket.of(VectorTable.BUILT_IN_LIMIT) : null);
        }
    }

    /** The vector; null if it is switched off, or wrong (then reported). */
    static @Nullable Vector read(String name, @Nullable Vector builtIn, Field field) {
        if (!field.isMapping()) {
            Action action = word(field);
            return builtIn == null || action == null ? null : withAction(builtIn, action);
        }
        Section section = field.section();
        if (section == null) {
            return null;
        }
        int port = port(section, builtIn);
        Action action = action(section, builtIn);
        String signature = builtIn == null ? null : builtIn.signature();
        Vector.Match match = match(section.get("match"), builtIn);
        RuleMode mode = Modes.read(section.get("mode"));
        if (port == 0 || action == null || action.what.isEmpty()) {
            return null;
        }
        return new Vector(name, port, match, signature, action.what.get(), action.limit, mode);
    }

    private static @Nullable Vector withAction(Vector builtIn, Action action) {
        if (action.what.isEmpty()) {
            return null;
        }
        return new Vector(
                builtIn.name(),
                builtIn.port(),
                builtIn.match(),
                builtIn.signature(),
                action.what.get(),
                action.limit,
                builtIn.mode());
    }

    /** 0 if there is none. */
    private static int port(Section section, @Nullable Vector builtIn) {
        Field field = builtIn == null ? section.require("port") : section.get("port");
        Long port = field == null ? null : field.integer(1, 65_535);
        if (port != null) {
            return port.intValue();
        }
        return field == null && builtIn != null ? builtIn.port() : 0;
    }

    private static @Nullable Action action(Section section, @Nullable Vector builtIn) {
        Field limit = section.get("limit");
        Field action = limit == null && builtIn == null ? section.require("action") : section.get("action");
        if (limit != null) {
            if (action != null) {
                limit.error("says the same as 'action'; keep one of them");
            }
            return limited(limit);
        }
        if (action != null) {
            return action.isMapping() ? limitedAction(action) : word(action);
        }
        return builtIn == null ? null : new Action(Optional.of(builtIn.action()), builtIn.limit());
    }

    private static @Nullable Action limitedAction(Field action) {
        Section section = action.section();
        Field limit = section == null ? null : section.require("limit");
        return limit == null ? null : limited(limit);
    }

    private static @Nullable Action limited(Field rate) {
        Bucket bucket = DestinationRate.read(rate);
        return bucket == null ? null : new Action(Optional.of(Vector.Action.LIMIT), bucket);
    }

    private static @Nullable Action word(Field field) {
        Map<String, Action> words = new LinkedHashMap<>();
        Field.words(Vector.Action.class).forEach((word, action) -> words.put(word, Action.of(action)));
        words.put("off", Action.OFF);
        return field.choice(words);
    }

    private static Vector.Match match(@Nullable Field field, @Nullable Vector builtIn) {
        Vector.Match byDefault = builtIn == null ? Vector.Match.PORT : builtIn.match();
        Vector.Match match = field == null ? null : field.choice(Vector.Match.class);
        if (field == null || match == null) {
            return byDefault;
        }
        if (match != Vector.Match.PORT && (builtIn == null || builtIn.signature() == null)) {
            field.error("no signature of this vector is known; it can match by port only");
            return byDefault;
        }
        return match;
    }
}
