package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Vector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code limits}: rate limits, in order. */
final class LimitsSection {
    private static final String EXAMPLE = """
            limits:
              - name: udp-per-source
                match: {lane: inbound, protocol: udp}
                track: source
                rate: 2000 packets/s""";

    static final List<Key> KEYS = List.of(
            new Key(
                    "limits",
                    "list of limits; `[]` or `off` for none",
                    "`udp-per-source` and `reflected-per-victim`",
                    "Rate limits, in order, on both lanes. A frame uses tokens of the limits before the one that drops"
                            + " it. Naming any limit replaces the built-in ones.",
                    EXAMPLE + "\n    burst: 4000 packets\n    then: drop\n    hold: 10s"
                            + "\n    table: {max: 1_000_000, idle: 60s, when-full: evict}"),
            new Key(
                    "limits[].name",
                    Names.TYPE,
                    "required",
                    "Unique; better not `fragments`, `solicited` or `vectors`, as tables of other parts are called in metrics and"
                            + " events. The reason of what it drops is `limit:<name>`. On reload its state is kept while name,"
                            + " tracking and table stay the same.",
                    EXAMPLE),
            new Key(
                    "limits[].match",
                    "mapping",
                    "every IP frame",
                    "Which frames it looks at; every condition given must hold.",
                    EXAMPLE),
            new Key(
                    "limits[].track",
                    "`source`, `destination`, `pair`, `source-port`, `destination+source-port` or `rule`",
                    "required",
                    "What shares one bucket. `source/24,/56` cuts addresses to these IPv4 and IPv6 prefix lengths; `pair`"
                            + " is source and destination, in that direction; `rule` is one bucket for all. Each direction has buckets of its own.",
                    EXAMPLE.replace("track: source", "track: source/24,/56")),
            new Key(
                    "limits[].rate",
                    "rate, or a list of one in packets and one in bits",
                    "required, unless `window` is given",
                    "How fast the bucket fills: `packets/s`, `/min`, `/h`, `/day` up to 100 M packets/s, or `bit/s`,"
                            + " `kbit/s`, `Mbit/s`, `Gbit/s` up to 1000 Gbit/s (k = 1,000). A frame's size is its layer-2"
                            + " length without frame check sequence.",
                    EXAMPLE.replace("rate: 2000 packets/s", "rate: [2000 packets/s, 20 Mbit/s]")),
            new Key(
                    "limits[].burst",
                    "packets, or bit/kbit/Mbit/Gbit/bytes; a list for both",
                    "one second's worth",
                    "What the bucket holds. It starts full. One of bits always holds the port's largest frame.",
                    EXAMPLE + "\n    burst: 4000 packets"),
            new Key(
                    "limits[].window",
                    "`{count, seconds}`",
                    "none",
                    "The counting form of Snort's and Suricata's `rate_filter`, instead of `rate`: acts from `count` + 1"
                            + " frames within the window on.",
                    window()),
            new Key("limits[].window.count", "1–1,000,000,000", "required", "Frames let through per window.", window()),
            new Key("limits[].window.seconds", "1–86,400", "required", "Length of the window.", window()),
            new Key(
                    "limits[].then",
                    "`drop` or `alert`",
                    "`drop`",
                    "What happens to a frame over the limit: dropped, or only counted and reported.",
                    EXAMPLE + "\n    then: alert"),
            new Key(
                    "limits[].hold",
                    "duration: `500ms`, `10s`, `5min`, `1h`, `1day`",
                    "`0s`",
                    "Once tripped, drop everything of the key until so long after its last frame that found no token;"
                            + " `0s` drops only the excess. On a key without a source it would finish the attacker's"
                            + " work: `check` warns.",
                    EXAMPLE + "\n    hold: 10s"),
            new Key(
                    "limits[].table",
                    "`{max, idle, when-full}`",
                    "as its keys say",
                    "Where the keys live; set up at start, fixed in size.",
                    EXAMPLE + "\n    table: {max: 1_000_000}"),
            new Key(
                    "limits[].mode",
                    Modes.TYPE,
                    "`enforce`",
                    "`monitor` counts what this limit would drop, and settles nothing.",
                    EXAMPLE + "\n    mode: monitor"));

    /** Tables that are no limit's, by the label {@code table} of metrics and events. */
    private static final Set<String> OTHER_TABLES = Set.of("fragments", "solicited", "vectors");

    private static final long MAX_COUNT = 1_000_000_000L;
    private static final long MAX_SECONDS = 86_400;

    private final List<Limit> limits;

    private LimitsSection(List<Limit> limits) {
        this.limits = limits;
    }

    /** A rule and where it stands; nowhere if it is built in. */
    private record Limit(LimitRule rule, @Nullable Field at) {}

    static LimitsSection read(@Nullable Field field, ReflectionSection reflection) {
        if (field == null) {
            return new LimitsSection(BuiltInPolicy.limits().stream()
                    .map(rule -> new Limit(rule, null))
                    .toList());
        }
        List<Field> items = field.isOff() ? List.of() : field.items("a list of limits, or off");
        List<Limit> limits = new ArrayList<>();
        Map<String, Integer> lineOfName = new HashMap<>();
        boolean few = items != null && Names.areFew(items.size(), field, "limits");
        for (Field item : items == null || !few ? List.<Field>of() : items) {
            LimitRule rule = rule(item, lineOfName, reflection);
            if (rule != null) {
                limits.add(new Limit(rule, item));
            }
        }
        return new LimitsSection(limits);
    }

    List<LimitRule> rules() {
        return limits.stream().map(Limit::rule).toList();
    }

    private static @Nullable LimitRule rule(Field item, Map<String, Integer> lineOfName, ReflectionSection reflection) {
        Section section = item.section();
        if (section == null) {
            return null;
        }
        String name = name(section.require("name"), lineOfName);
        LimitRule.Match match = MatchSection.read(section.get("match"), reflection);
        Field trackField = section.require("track");
        LimitRule.Track track = trackField == null ? null : trackField.read("what shares a bucket", TrackText::parse);
        List<Bucket> buckets = Buckets.read(section);
        LimitRule.Window window = window(section.get("window"));
        LimitRule.Then then = then(section.get("then"));
        long holdNs = holdNs(section.get("hold"), track);
        LimitRule.Table table = TableSection.read(section.get("table"));
        var mode = Modes.read(section.get("mode"));
        boolean counts = hasOneOfRateAndWindow(section) && buckets.isEmpty() == (window != null);
        if (name == null || track == null || !counts) {
            return null;
        }
        return new LimitRule(name, match, track, buckets, window, then, holdNs, table, mode);
    }

    private static @Nullable String name(@Nullable Field field, Map<String, Integer> lineOfName) {
        String name = Names.unique(field, lineOfName);
        if (field != null && name != null && OTHER_TABLES.contains(name)) {
            field.warning("metrics and events call another part's table '" + name
                    + "' too, and show the figures of both as one; choose another name");
        }
        return name;
    }

    private static boolean hasOneOfRateAndWindow(Section section) {
        Field window = section.get("window");
        if (section.has("rate") && window != null) {
            window.error("cannot go with 'rate'; keep one of them");
            return false;
        }
        if (!section.has("rate") && window == null) {
            section.self().missing("rate", "is required: a rate such as 2000 packets/s, or a window");
            return false;
        }
        return true;
    }

    private static LimitRule.@Nullable Window window(@Nullable Field field) {
        Section section = field == null ? null : field.section();
        if (section == null) {
            return null;
        }
        Field countField = section.require("count");
        Field secondsField = section.require("seconds");
        Long count = countField == null ? null : countField.integer(1, MAX_COUNT);
        Long seconds = secondsField == null ? null : secondsField.integer(1, MAX_SECONDS);
        return count == null || seconds == null ? null : new LimitRule.Window(count, seconds);
    }

    private static LimitRule.Then then(@Nullable Field field) {
        LimitRule.Then then = field == null ? null : field.choice(LimitRule.Then.class);
        return then == null ? LimitRule.Then.DROP : then;
    }

    private static long holdNs(@Nullable Field field, LimitRule.@Nullable Track track) {
        Long holdNs = field == null ? null : field.read("a duration", DurationText::parseNs);
        if (field != null && holdNs != null && holdNs > 0 && track != null && !track.hasSource()) {
            field.warning("on a key without a source it drops the victim's wanted traffic too, which finishes the"
                    + " attacker's work; use 0s, or track source or pair");
        }
        return holdNs == null ? 0 : holdNs;
    }

    /** Says which limits share their reason with a vector, and which can never match. */
    void warnOf(Policy policy, SourcesSection sources) {
        Set<String> limitedVectors = policy.vectors().stream()
                .filter(vector -> vector.action() == Vector.Action.LIMIT)
                .map(Vector::name)
                .collect(Collectors.toSet());
        for (Limit limit : limits) {
            if (limit.at == null) {
                continue;
            }
            if (limitedVectors.contains(limit.rule.name())) {
                limit.at.warning(
                        "has the name of a vector with action limit, so both count as limit:" + limit.rule.name());
            }
            String why = NeverMatching.why(limit.rule.match(), policy, sources);
            if (why != null) {
                limit.at.warning("can never match: " + why);
            }
        }
    }

    private static String window() {
        return EXAMPLE.replace("rate: 2000 packets/s", "window: {count: 30, seconds: 10}");
    }
}
