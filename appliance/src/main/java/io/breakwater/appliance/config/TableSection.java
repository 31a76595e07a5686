package io.breakwater.appliance.config;

import io.breakwater.engine.policy.LimitRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code limits[].table}: where keys live. */
final class TableSection {
    private static final String EXAMPLE = """
            limits:
              - name: udp-per-source
                track: source
                rate: 2000 packets/s
                table: {max: 1_000_000, idle: 60s, when-full: evict}""";

    static final List<Key> KEYS = List.of(
            new Key(
                    "limits[].table.max",
                    "1–67,108,864",
                    "`262144`",
                    "Keys held; may be rounded up. `check` prints the memory that this takes.",
                    EXAMPLE),
            new Key(
                    "limits[].table.idle",
                    "duration, at least 1 ms",
                    "`60s`",
                    "A key that is not seen for so long is forgotten.",
                    EXAMPLE),
            new Key(
                    "limits[].table.when-full",
                    "`evict`, `pass` or `drop`",
                    "`evict`",
                    "What happens to a new key when there is no room: the stalest light one makes room (heavy senders"
                            + " stay), the new one is not limited, or it is dropped. With `evict` and a burst of 2,048 frames"
                            + " or more, a full table is not asked about keys that send next to nothing; a heavy one gains"
                            + " at most a thousandth of its burst by that.",
                    EXAMPLE));

    /** 2^26 keys: four times the IPv4 sources of the largest spoofed flood that is planned for. */
    private static final long MAX_KEYS = 1L << 26;

    private static final long SHORTEST_IDLE_NS = 1_000_000L;

    private TableSection() {}

    static LimitRule.Table read(@Nullable Field field) {
        LimitRule.Table builtIn = LimitRule.Table.DEFAULT;
        Section section = field == null ? null : field.section();
        if (section == null) {
            return builtIn;
        }
        Field max = section.get("max");
        Field idle = section.get("idle");
        Field whenFull = section.get("when-full");
        Long keys = max == null ? null : max.integer(1, MAX_KEYS);
        Long idleNs = idle == null ? null : idle.read("a duration", DurationText::parseNs);
        LimitRule.WhenFull full = whenFull == null ? null : whenFull.choice(LimitRule.WhenFull.class);
        if (idle != null && idleNs != null && idleNs < SHORTEST_IDLE_NS) {
            idle.error("is shorter than 1ms, so nothing would be remembered");
        }
        return new LimitRule.Table(
                keys == null ? builtIn.max() : keys.intValue(),
                idleNs == null ? builtIn.idleNs() : idleNs,
                full == null ? builtIn.whenFull() : full);
    }
}
