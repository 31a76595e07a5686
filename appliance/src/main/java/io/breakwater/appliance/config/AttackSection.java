package io.breakwater.appliance.config;

import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.AttackDetection.Threshold;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.Vector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code attack}: from when on frames of a vector to one victim are an attack. */
final class AttackSection {
    private static final String PACKETS = "rate of packets";
    private static final String BITS = "rate of bits";

    /** What is counted beside vectors: frames that a limit or the fragment budget drops and that belong to none. */
    private static final Set<String> OTHERS = Set.of("limit", "fragment");

    static final List<Key> KEYS = List.of(
            new Key(
                    "attack",
                    "mapping, or `off`",
                    "as its keys say",
                    "What counts as an attack: shown as `breakwater_attack_active{vector,target}`, logged at start and end,"
                            + " and listed by `replay`. It decides no verdict. Frames count by vector and destination"
                            + " address, whether they are dropped or only watched; solicited answers never count. An"
                            + " address is under attack as soon as half a second brings half of what `packets` or `bits`"
                            + " says for a second; a /24 or /64 is once its addresses, none of them over, have been over"
                            + " together for two such half-seconds (carpet bombing). Beyond 64 at a time, attacks on one"
                            + " /24 or /64 are told as one.",
                    "attack: {packets: 1000 packets/s, bits: 10 Mbit/s, end-after: 10s, vectors: {memcached: {packets: 50"
                            + " packets/s}}}"),
            new Key(
                    "attack.packets",
                    PACKETS,
                    "`100 packets/s` for vectors that are dropped and, once `protected` is given, solicited ones; `1000 packets/s` for all others",
                    "Packets to one victim from which on they are an attack, for every vector that `vectors` does not"
                            + " name.",
                    "attack: {packets: 500 packets/s}"),
            new Key(
                    "attack.bits",
                    BITS,
                    "`1 Mbit/s` for vectors that are dropped and, once `protected` is given, solicited ones; `10 Mbit/s` for all others",
                    "Bits to one victim from which on they are an attack, whatever the number of packets.",
                    "attack: {bits: 50 Mbit/s}"),
            new Key(
                    "attack.end-after",
                    "duration, at least 1s",
                    "`10s`",
                    "An attack is over once it has stayed below half of both thresholds for so long.",
                    "attack: {end-after: 30s}"),
            new Key(
                    "attack.vectors",
                    "mapping of names",
                    "none",
                    "Thresholds of single vectors. `limit` and `fragment` name the frames that limits and the budget of"
                            + " unknown fragments drop and that belong to no vector.",
                    "attack: {vectors: {dns: {packets: 5000 packets/s, bits: 50 Mbit/s}}}"),
            new Key(
                    "attack.vectors.<vector>",
                    "mapping",
                    "as `attack.packets` and `attack.bits`",
                    "One vector's thresholds.",
                    "attack: {vectors: {ntp: {packets: 200 packets/s}}}"),
            new Key(
                    "attack.vectors.<vector>.packets",
                    PACKETS,
                    "as `attack.packets`",
                    "Packets of this vector to one victim.",
                    "attack: {vectors: {memcached: {packets: 20 packets/s}}}"),
            new Key(
                    "attack.vectors.<vector>.bits",
                    BITS,
                    "as `attack.bits`",
                    "Bits of this vector to one victim.",
                    "attack: {vectors: {fragment: {bits: 100 Mbit/s}}}"));

    private static final long LEAST_END_AFTER_NS = Rate.SECOND_NS;

    private AttackSection() {}

    static AttackDetection read(@Nullable Field field, List<Vector> vectors, boolean insideKnown) {
        AttackDetection builtIn = AttackDetection.builtIn(vectors, insideKnown);
        if (field == null) {
            return builtIn;
        }
        if (field.isOff()) {
            return AttackDetection.OFF;
        }
        Section section = field.section();
        if (section == null) {
            return builtIn;
        }
        Given given = given(section);
        Map<String, Threshold> thresholds = new LinkedHashMap<>();
        for (Vector vector : vectors) {
            thresholds.put(vector.name(), given.orElse(AttackDetection.builtIn(vector, insideKnown)));
        }
        Threshold otherwise = given.orElse(AttackDetection.WANTED);
        readVectors(section.get("vectors"), otherwise, thresholds);
        return new AttackDetection(true, endAfterNs(section.get("end-after")), otherwise, thresholds);
    }

    private static void readVectors(@Nullable Field field, Threshold otherwise, Map<String, Threshold> thresholds) {
        Map<String, Field.Entry> entries = field == null ? null : field.entries("a mapping of vectors");
        if (entries == null) {
            return;
        }
        OTHERS.forEach(name -> thresholds.putIfAbsent(name, otherwise));
        entries.forEach((name, entry) -> {
            Threshold threshold = thresholds.get(name);
            if (threshold == null) {
                entry.error("is no vector in force" + Suggestion.didYouMean(name, thresholds.keySet()));
                return;
            }
            Section section = entry.value().section();
            if (section != null) {
                thresholds.put(name, given(section).orElse(threshold));
            }
        });
    }

    /** Read once, whatever it is the default of, so that a mistake is told once. */
    private static Given given(Section section) {
        return new Given(
                rate(section.get("packets"), PACKETS, Rate.Unit.PACKETS),
                rate(section.get("bits"), BITS, Rate.Unit.BITS));
    }

    /** What a section says of the two rates; null where it says nothing. */
    private record Given(@Nullable Rate packets, @Nullable Rate bits) {
        Threshold orElse(Threshold byDefault) {
            return new Threshold(
                    packets == null ? byDefault.packets() : packets, bits == null ? byDefault.bits() : bits);
        }
    }

    private static @Nullable Rate rate(@Nullable Field field, String expected, Rate.Unit unit) {
        return field == null ? null : field.read(expected, text -> ofUnit(text, expected, unit));
    }

    private static Rate ofUnit(String text, String expected, Rate.Unit unit) {
        Rate rate = RateText.parse(text);
        if (rate.unit() != unit) {
            throw new IllegalArgumentException("'" + text + "' is not a " + expected + ", such as "
                    + (unit == Rate.Unit.PACKETS ? "1000 packets/s" : "10 Mbit/s"));
        }
        return rate;
    }

    private static long endAfterNs(@Nullable Field field) {
        Long ns = field == null ? null : field.read("a duration, such as 10s", AttackSection::atLeastASecond);
        return ns == null ? AttackDetection.DEFAULT_END_AFTER_NS : ns;
    }

    private static Long atLeastASecond(String text) {
        long ns = DurationText.parseNs(text);
        if (ns < LEAST_END_AFTER_NS) {
            throw new IllegalArgumentException("'" + text + "' is too short: an attack is over after 1s or more");
        }
        return ns;
    }
}
