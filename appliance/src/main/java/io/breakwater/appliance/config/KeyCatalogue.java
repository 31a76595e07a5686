package io.breakwater.appliance.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every key of the policy file, in the order of the reference page. */
final class KeyCatalogue {
    private static final List<Key> KEYS = Stream.of(
                    PairsSection.KEYS,
                    ProtectedSection.KEYS,
                    Modes.KEYS,
                    SourcesSection.KEYS,
                    ReflectionSection.KEYS,
                    ServicesSection.KEYS,
                    AntiSpoofSection.KEYS,
                    FragmentsSection.KEYS,
                    LimitsSection.KEYS,
                    MatchSection.KEYS,
                    TableSection.KEYS,
                    AttackSection.KEYS,
                    EventsSection.KEYS,
                    EvidenceSection.KEYS,
                    AdminSection.KEYS)
            .flatMap(List::stream)
            .toList();

    private static final Map<String, Map<String, Key>> CHILDREN = byParent();

    /** What people write who know another tool, and what it is called here. */
    private static final Map<String, String> OTHER_WORDS = Map.ofEntries(
            Map.entry(".interfaces", "pairs"),
            Map.entry(".prefixes", "protected"),
            Map.entry(".rules", "limits"),
            Map.entry(".vectors", "reflection"),
            Map.entry("sources.allow", "trusted"),
            Map.entry("sources.whitelist", "trusted"),
            Map.entry("sources.allowlist", "trusted"),
            Map.entry("sources.deny", "blocked"),
            Map.entry("sources.blacklist", "blocked"),
            Map.entry("sources.blocklist", "blocked"),
            Map.entry("limits[].action", "then"),
            Map.entry("limits[].timeout", "hold"),
            Map.entry("limits[].limit", "rate"),
            Map.entry("limits[].match.ports", "source-ports' or 'destination-ports"),
            Map.entry("limits[].match.port", "source-ports' or 'destination-ports"),
            Map.entry("limits[].match.prefixes", "source' or 'destination"),
            Map.entry("limits[].match.src", "source"),
            Map.entry("limits[].match.dst", "destination"),
            Map.entry("limits[].match.direction", "lane"),
            Map.entry("limits[].match.sport", "source-ports"),
            Map.entry("limits[].match.dport", "destination-ports"),
            Map.entry("limits[].table.size", "max"),
            Map.entry(".attacks", "attack"),
            Map.entry(".detection", "attack"),
            Map.entry("attack.pps", "packets"),
            Map.entry("attack.bps", "bits"),
            Map.entry("attack.hold", "end-after"),
            Map.entry(".log", "events"),
            Map.entry("events.size", "max-size"),
            Map.entry("events.rotate", "keep"),
            Map.entry("events.path", "file"),
            Map.entry("evidence.path", "directory"),
            Map.entry("evidence.dir", "directory"),
            Map.entry("evidence.size", "file-size"),
            Map.entry("evidence.max-size", "file-size"),
            Map.entry("evidence.keep", "files"),
            Map.entry("admin.token", "token-file"),
            Map.entry("admin.cert", "tls.certificate"));

    private KeyCatalogue() {}

    static List<Key> keys() {
        return KEYS;
    }

    /** The keys of the mapping at a pattern, by name, in the page's order. */
    static Map<String, Key> children(String pattern) {
        return CHILDREN.getOrDefault(pattern, Map.of());
    }

    /** One line for a key that the mapping at {@code pattern} does not have. */
    static String unknownKey(String pattern, String name) {
        String other = OTHER_WORDS.get(pattern + "." + name);
        if (other != null) {
            return "unknown key; did you mean '" + other + "'?";
        }
        String near = Suggestion.didYouMean(name, children(pattern).keySet());
        return "unknown key"
                + (near.isEmpty()
                        ? "; known here: " + String.join(", ", children(pattern).keySet())
                        : near);
    }

    private static Map<String, Map<String, Key>> byParent() {
        Map<String, Map<String, Key>> children = new LinkedHashMap<>();
        for (Key key : KEYS) {
            children.computeIfAbsent(key.parent(), parent -> new LinkedHashMap<>())
                    .put(key.name(), key);
        }
        return children;
    }
}
