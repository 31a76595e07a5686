package io.breakwater.appliance.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A report for programs. */
public final class ReportMap {
    /** Victims and networks that are listed. */
    private static final int LISTED = 100;

    private ReportMap() {}

    /** One JSON object; numbers are whole unless they are seconds, moments are UTC. */
    public static Map<String, Object> of(EventReport report) {
        AttackTally attacks = report.attacks();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("from", text(report.period().from()));
        map.put("to", text(report.period().to()));
        map.put("first_event", text(report.first()));
        map.put("last_event", text(report.last()));
        map.put("files", report.files());
        map.put("lines", report.lines());
        map.put("lines_left_out", report.leftOut());
        Map<String, Object> events = new LinkedHashMap<>();
        report.kinds().forEach((kind, count) -> events.put(kind.label(), count));
        map.put("events", events);
        map.put("attacks", attacks.attacks());
        map.put("attacks_not_ended", attacks.goOn());
        map.put("victims", attacks.victims().size());
        map.put("days", days(attacks.hours()));
        map.put("vectors", sums(attacks.vectors(), true));
        map.put(
                "top_attacks",
                attacks.heaviest().stream().map(ReportMap::attack).toList());
        map.put("top_victims", sums(attacks.victims(), true));
        map.put("top_reflector_networks", sums(attacks.networks(), false));
        map.put("pairs", pairs(report.totals()));
        map.put("notes", report.notes());
        return map;
    }

    /** Empty for none: JSON's null would need a reader's care in every language. */
    private static String text(@Nullable Instant time) {
        return time == null ? "" : time.toString();
    }

    private static List<Map<String, Object>> days(Hours hours) {
        List<Map<String, Object>> days = new ArrayList<>();
        hours.byDay().forEach((day, vectors) -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("day", day.atOffset(ZoneOffset.UTC).toLocalDate().toString());
            map.put("vectors", cells(vectors));
            days.add(map);
        });
        return days;
    }

    private static Map<String, Object> cells(SortedMap<String, Hours.Cell> vectors) {
        Map<String, Object> map = new LinkedHashMap<>();
        vectors.forEach((vector, cell) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("attacks", cell.attacks);
            one.put("peak_packets_per_s", cell.peakPacketsPerSecond);
            one.put("peak_bits_per_s", cell.peakBitsPerSecond);
            map.put(vector, one);
        });
        return map;
    }

    private static List<Map<String, Object>> sums(Sums sums, boolean whole) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Sums.Sum sum : sums.largest(LISTED)) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", sum.name);
            map.put("attacks", sum.attacks);
            map.put("packets", sum.packets);
            if (whole) {
                map.put("bytes", sum.bytes);
                map.put("peak_packets_per_s", sum.peakPacketsPerSecond);
                map.put("peak_bits_per_s", sum.peakBitsPerSecond);
            }
            map.put("vectors", List.copyOf(sum.vectors));
            list.add(map);
        }
        return list;
    }

    private static Map<String, Object> attack(Attack attack) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("pair", attack.pair());
        map.put("vector", attack.vector());
        map.put("target", attack.target());
        map.put("started", attack.started().toString());
        map.put("last_told", attack.lastTold().toString());
        map.put("over", attack.over());
        map.put("seconds", attack.seconds());
        map.put("peak_packets_per_s", attack.peakPacketsPerSecond());
        map.put("peak_bits_per_s", attack.peakBitsPerSecond());
        map.put("packets", attack.packets());
        map.put("bytes", attack.bytes());
        map.put("sources", attack.sources());
        map.put(
                "reflectors",
                attack.reflectors().stream()
                        .map(one -> Map.<String, Object>of("address", one.address(), "packets", one.packets()))
                        .toList());
        return map;
    }

    private static List<Map<String, Object>> pairs(TotalsTally totals) {
        List<Map<String, Object>> list = new ArrayList<>();
        totals.pairs().forEach((name, amounts) -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("from", text(amounts.from));
            map.put("to", text(amounts.to));
            map.put("kernel_drops", amounts.kernelDrops);
            Map<String, Object> lanes = new LinkedHashMap<>();
            amounts.lanes.forEach((lane, sums) -> lanes.put(lane, sums.toMap()));
            map.put("lanes", lanes);
            list.add(map);
        });
        return list;
    }
}
