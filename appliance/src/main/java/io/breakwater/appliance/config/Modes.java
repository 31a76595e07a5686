package io.breakwater.appliance.config;

import io.breakwater.engine.policy.RuleMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code mode}: of the whole policy and of single rules. */
final class Modes {
    static final String TYPE = "`enforce` or `monitor`";

    static final List<Key> KEYS = List.of(new Key(
            "mode",
            TYPE,
            "`enforce`",
            "`monitor` decides, counts and logs, but forwards everything: what would have been dropped is counted"
                    + " as `would_drop` by reason. Start with it, look, then enforce.",
            "mode: monitor"));

    private Modes() {}

    /** {@code enforce} where nothing else is said. */
    static RuleMode read(@Nullable Field field) {
        RuleMode mode = field == null ? null : field.choice(RuleMode.class);
        return mode == null ? RuleMode.ENFORCE : mode;
    }
}
