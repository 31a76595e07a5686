package io.breakwater.appliance.config;

import io.breakwater.engine.policy.AntiSpoof;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code antispoof}: whether sources can be what they say. */
final class AntiSpoofSection {
    private static final String LEVELS = "`off`, `monitor` or `strict`";

    static final List<Key> KEYS = List.of(
            new Key(
                    "antispoof",
                    "mapping, or `off`",
                    "inbound `monitor` once `protected` is given, the rest off",
                    "Source address validation (BCP 38, BCP 84) and special-purpose sources (RFC 6890). Never judged are"
                            + " the sources `::`, `fe80::/10` and, in DHCP, `0.0.0.0`, and the destinations"
                            + " `224.0.0.0/24` and `ff02::/16`.",
                    "protected: [203.0.113.0/24]\nantispoof: {outbound: strict, inbound: strict, bogons: drop}"),
            new Key(
                    "antispoof.outbound",
                    LEVELS,
                    "`off`",
                    "On the outbound lane the source must be `protected`: keeps inside hosts from spoofing.",
                    "protected: [203.0.113.0/24]\nantispoof: {outbound: strict}"),
            new Key(
                    "antispoof.inbound",
                    LEVELS,
                    "`monitor` once `protected` is given, else `off`",
                    "On the inbound lane the source must not be `protected`: nobody outside can be one of yours.",
                    "protected: [203.0.113.0/24]\nantispoof: {inbound: strict}"),
            new Key(
                    "antispoof.bogons",
                    LEVELS + "; `drop` says the same as `strict`",
                    "`off`",
                    "Inbound sources that nobody has on the internet: the special-purpose ones of RFC 6890 and multicast,"
                            + " except what `protected` or `sources.trusted` names.",
                    "antispoof: {bogons: drop}"),
            new Key(
                    "antispoof.exempt",
                    Prefixes.TYPE,
                    "none",
                    "Sources that are never judged here, such as the router's own address.",
                    "antispoof: {bogons: drop, exempt: [169.254.7.1/32]}"));

    private AntiSpoofSection() {}

    static AntiSpoof read(@Nullable Field field, boolean protectedGiven) {
        AntiSpoof builtIn = BuiltInPolicy.antiSpoof(protectedGiven);
        if (field == null) {
            return builtIn;
        }
        if (field.isOff()) {
            return AntiSpoof.OFF;
        }
        Section section = field.section();
        if (section == null) {
            return builtIn;
        }
        AntiSpoof.Level outbound = level(section.get("outbound"), levels(), builtIn.outbound());
        AntiSpoof.Level inbound = level(section.get("inbound"), levels(), builtIn.inbound());
        AntiSpoof.Level bogons = level(section.get("bogons"), levelsOfBogons(), builtIn.bogons());
        if (!protectedGiven) {
            checkUse(section, outbound, inbound);
        }
        return new AntiSpoof(
                outbound, inbound, bogons, Prefixes.read(section.get("exempt")).list());
    }

    private static AntiSpoof.Level level(
            @Nullable Field field, Map<String, AntiSpoof.Level> levels, AntiSpoof.Level builtIn) {
        AntiSpoof.Level level = field == null ? null : field.choice(levels);
        return level == null ? builtIn : level;
    }

    /** Without {@code protected} every outbound source would be wrong, and no inbound one. */
    private static void checkUse(Section section, AntiSpoof.Level outbound, AntiSpoof.Level inbound) {
        Field outboundField = section.get("outbound");
        Field inboundField = section.get("inbound");
        if (outboundField != null && outbound != AntiSpoof.Level.OFF) {
            outboundField.error("needs 'protected', which says what lives inside; without it every source is wrong");
        }
        if (inboundField != null && inbound != AntiSpoof.Level.OFF) {
            inboundField.warning("can never match without 'protected', which says what lives inside");
        }
    }

    private static Map<String, AntiSpoof.Level> levels() {
        return Field.words(AntiSpoof.Level.class);
    }

    private static Map<String, AntiSpoof.Level> levelsOfBogons() {
        Map<String, AntiSpoof.Level> levels = new LinkedHashMap<>(levels());
        levels.put("drop", AntiSpoof.Level.STRICT);
        return levels;
    }
}
