package io.breakwater.appliance.config;

import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code limits[].match}: which frames a limit looks at. */
final class MatchSection {
    private static final String PORTS = "port, range such as `1024-65535`, or a list";

    static final List<Key> KEYS = List.of(
            new Key(
                    "limits[].match.lane",
                    "`inbound` or `outbound`",
                    "both",
                    "Direction: inbound is from outside to inside.",
                    example("lane: inbound")),
            new Key(
                    "limits[].match.protocol",
                    "`udp`, `tcp`, `icmp`, `any` or 0–255",
                    "`any`",
                    "IP protocol; `icmp` is ICMP and ICMPv6.",
                    example("protocol: udp")),
            new Key(
                    "limits[].match.source",
                    Prefixes.TYPE,
                    "any",
                    "Source address in any of these.",
                    example("source: [198.51.100.0/24, \"2001:db8:2::/48\"]")),
            new Key(
                    "limits[].match.destination",
                    Prefixes.TYPE,
                    "any",
                    "Destination address in any of these.",
                    example("destination: [203.0.113.0/24]")),
            new Key(
                    "limits[].match.source-ports",
                    PORTS,
                    "any",
                    "UDP or TCP source port in any of these.",
                    example("protocol: udp, source-ports: [53, 1024-65535]")),
            new Key(
                    "limits[].match.destination-ports",
                    PORTS,
                    "any",
                    "UDP or TCP destination port in any of these.",
                    example("protocol: tcp, destination-ports: [80, 443]")),
            new Key(
                    "limits[].match.vector",
                    "vector, list of vectors, or `any`",
                    "not looked at",
                    "UDP source port of one of these vectors, or of any vector in force.",
                    example("vector: [dns, ntp]")),
            new Key(
                    "limits[].match.unsolicited",
                    "`true` or `false`",
                    "`false`",
                    "`true`: not frames that an inside host asked for, as far as solicited vectors know.",
                    example("vector: any, unsolicited: true")),
            new Key(
                    "limits[].match.fragment",
                    "`true` or `false`",
                    "both",
                    "`true`: IP fragments only; `false`: whole datagrams only.",
                    example("fragment: true")),
            new Key(
                    "limits[].match.size",
                    "bytes, or a range such as `1000-1514`",
                    "any",
                    "Length of the frame on layer 2, without frame check sequence.",
                    example("protocol: udp, size: 1000-1514")));

    /** The largest frame that any capture or card gives (libpcap's MAXIMUM_SNAPLEN). */
    private static final int MAX_SIZE = 262_144;

    /** IP protocol number of TCP (IANA). */
    private static final int TCP = 6;

    private static final Pattern RANGE = Pattern.compile("([0-9_]+)\\s*(?:-\\s*([0-9_]+))?");

    private MatchSection() {}

    /**
     * Which IP protocols.
     *
     * @param number -1 = any
     * @param icmp ICMP of IPv4 and of IPv6
     */
    private record Protocol(int number, boolean icmp) {
        static final Protocol ANY = new Protocol(LimitRule.Match.ANY_PROTOCOL, false);
        static final Protocol ICMP = new Protocol(LimitRule.Match.ANY_PROTOCOL, true);
    }

    static LimitRule.Match read(@Nullable Field field, ReflectionSection reflection) {
        Section match = field == null ? null : field.section();
        if (match == null) {
            return LimitRule.Match.ANY;
        }
        Field lane = match.get("lane");
        Field size = match.get("size");
        Field vector = match.get("vector");
        Protocol protocol = protocol(match.get("protocol"));
        boolean anyVector = vector != null && vector.isWord("any");
        return new LimitRule.Match(
                lane == null ? null : lane.choice(Lane.class),
                protocol.number,
                protocol.icmp,
                prefixes(match.get("source")),
                prefixes(match.get("destination")),
                ranges(match.get("source-ports")),
                ranges(match.get("destination-ports")),
                vector == null || anyVector ? Set.of() : vectors(vector, reflection),
                anyVector,
                Boolean.TRUE.equals(bool(match.get("unsolicited"))),
                bool(match.get("fragment")),
                size == null
                        ? null
                        : size.read("a range of bytes", text -> range(text, "a size in bytes", 0, MAX_SIZE)));
    }

    private static List<Prefix> prefixes(@Nullable Field field) {
        if (field != null) {
            reportEmpty(field);
        }
        return Prefixes.read(field).list();
    }

    private static @Nullable Boolean bool(@Nullable Field field) {
        return field == null ? null : field.bool();
    }

    private static Protocol protocol(@Nullable Field field) {
        if (field == null) {
            return Protocol.ANY;
        }
        Map<String, Protocol> words = new LinkedHashMap<>();
        words.put("udp", new Protocol(BuiltInPolicy.UDP, false));
        words.put("tcp", new Protocol(TCP, false));
        words.put("icmp", Protocol.ICMP);
        words.put("any", Protocol.ANY);
        if (field.isNumber()) {
            Long number = field.integer(0, 255);
            return number == null ? Protocol.ANY : new Protocol(number.intValue(), false);
        }
        Protocol protocol = field.choice(words);
        return protocol == null ? Protocol.ANY : protocol;
    }

    private static Set<String> vectors(Field field, ReflectionSection reflection) {
        Set<String> names = new LinkedHashSet<>();
        for (Field item : field.itemsOrSelf()) {
            String name = item.text("the name of a vector");
            if (name != null && !reflection.knows(name)) {
                item.error("'" + Numbers.shortened(name) + "' is not a vector"
                        + (name.equals("any")
                                ? "; write vector: any"
                                : Suggestion.didYouMean(name, reflection.names())));
            } else if (name != null) {
                names.add(name);
            }
        }
        reportEmpty(field);
        return names;
    }

    private static List<LimitRule.Range> ranges(@Nullable Field field) {
        List<LimitRule.Range> ranges = new ArrayList<>();
        for (Field item : field == null ? List.<Field>of() : field.itemsOrSelf()) {
            LimitRule.Range range = item.read("a port or a range of ports", text -> range(text, "a port", 0, 65_535));
            if (range != null) {
                ranges.add(range);
            }
        }
        if (field != null) {
            reportEmpty(field);
        }
        return ranges;
    }

    /** An empty list would mean "any" to the engine and "none" to the reader. */
    private static void reportEmpty(Field field) {
        if (field.isList() && field.itemsOrSelf().isEmpty()) {
            field.error("is empty; remove the line to match any");
        }
    }

    private static LimitRule.Range range(String text, String what, int min, int max) {
        Matcher form = RANGE.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + Numbers.shortened(text) + "' is not " + what + " or a range, such as " + "1024-65535");
        }
        int low = (int) Numbers.integer(form.group(1), min, max);
        int high = form.group(2) == null ? low : (int) Numbers.integer(form.group(2), min, max);
        if (low > high) {
            throw new IllegalArgumentException(
                    "'" + text + "' ends before it begins; did you mean '" + high + "-" + low + "'?");
        }
        return new LimitRule.Range(low, high);
    }

    private static String example(String match) {
        return """
                limits:
                  - name: some-traffic
                    match: {%s}
                    track: source
                    rate: 2000 packets/s""".formatted(match);
    }
}
