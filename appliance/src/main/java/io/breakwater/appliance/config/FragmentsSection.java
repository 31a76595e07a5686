package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Fragments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code fragments}: what happens to IP fragments. */
final class FragmentsSection {
    static final List<Key> KEYS = List.of(
            new Key(
                    "fragments",
                    "mapping, or `off`",
                    "as its keys say",
                    "Later fragments have no ports. They follow their first one, and a budget holds those whose first has"
                            + " not been seen. Nothing is reassembled.",
                    "fragments: {policy: inherit, unknown: 100 packets/s per destination}"),
            new Key(
                    "fragments.policy",
                    "`inherit` or `off`",
                    "`inherit`",
                    "`inherit`: the later fragments of a dropped first one are dropped with its reason; those of a"
                            + " forwarded one go on to the limits. Remembered for 30 s.",
                    "fragments: {policy: inherit}"),
            new Key(
                    "fragments.unknown",
                    "rate per destination, or `off`",
                    "`1000 packets/s per destination`",
                    "How many later fragments whose first has not been seen may reach one destination; what is over is"
                            + " dropped as `fragment`.",
                    "fragments: {unknown: 100 packets/s per destination}"));

    private FragmentsSection() {}

    static Fragments read(@Nullable Field field) {
        Fragments builtIn = BuiltInPolicy.fragments();
        if (field == null) {
            return builtIn;
        }
        if (field.isOff()) {
            return Fragments.OFF;
        }
        Section section = field.section();
        if (section == null) {
            return builtIn;
        }
        return new Fragments(
                inherit(section.get("policy"), builtIn.inherit()), unknown(section.get("unknown"), builtIn.unknown()));
    }

    private static boolean inherit(@Nullable Field field, boolean builtIn) {
        Map<String, Boolean> policies = new LinkedHashMap<>();
        policies.put("inherit", true);
        policies.put("off", false);
        Boolean inherit = field == null ? null : field.choice(policies);
        return inherit == null ? builtIn : inherit;
    }

    private static @Nullable Bucket unknown(@Nullable Field field, @Nullable Bucket builtIn) {
        if (field == null) {
            return builtIn;
        }
        return field.isOff() ? null : DestinationRate.read(field);
    }
}
