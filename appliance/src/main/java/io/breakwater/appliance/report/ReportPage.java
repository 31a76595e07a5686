package io.breakwater.appliance.report;

import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.report.Page.Column;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as a page for people: figures, pictures, and tables that hold what the pictures show. */
public final class ReportPage {
    private static final String TITLE = "Attack report";
    private static final int LISTED = 20;
    private static final int LISTED_DAYS = 120;

    private final EventReport report;
    private final Page page = new Page(TITLE, style());

    private ReportPage(EventReport report) {
        this.report = report;
    }

    /**
     * The page.
     *
     * @param made when
     * @throws io.breakwater.appliance.process.CommandFailure (run time) if this machine has no fonts to draw with
     */
    public static String of(EventReport report, Instant made) throws IOException {
        return new ReportPage(report).write(made);
    }

    private static String style() {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(in, "report.css").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String write(Instant made) throws IOException {
        page.element("h1", TITLE);
        page.element("p", period() + ". All times are UTC. Made " + Words.moment(made) + " by Breakwater.");
        if (report.isEmpty()) {
            page.element("p", "The log tells nothing of this period.");
        } else {
            tiles();
        }
        if (!report.notes().isEmpty()) {
            page.list(report.notes());
        }
        if (report.attacks().attacks() > 0) {
            attacks();
        } else if (!report.isEmpty()) {
            page.element("p", "There was no attack in this period.");
        }
        dropped();
        if (!report.isEmpty()) {
            events();
        }
        return page.end();
    }

    private String period() {
        Instant from = report.period().from() == null
                ? report.first()
                : report.period().from();
        Instant to =
                report.period().to() == null ? report.last() : report.period().to();
        return "From " + moment(from, "the beginning of the log") + " to " + moment(to, "its end");
    }

    private static String moment(@Nullable Instant time, String otherwise) {
        return time == null ? otherwise : Words.moment(time);
    }

    private void tiles() {
        AttackTally attacks = report.attacks();
        page.open("dl", "tiles");
        page.tile(
                "Attacks",
                Words.count(attacks.attacks()),
                attacks.goOn() == 0 ? "" : attacks.goOn() + " had not ended");
        page.tile("Victims", Words.count(attacks.victims().size()), "");
        List<Attack> heaviest = attacks.heaviest();
        if (!heaviest.isEmpty()) {
            Attack worst = heaviest.getFirst();
            page.tile("Highest rate", Words.bits(worst.peakBitsPerSecond()), worst.vector() + " on " + worst.target());
        }
        Amount received = sum(true);
        Amount dropped = sum(false);
        if (!report.totals().pairs().isEmpty()) {
            String share = received.frames() == 0
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "%.1f %% of %s received",
                            100.0 * dropped.frames() / received.frames(),
                            Words.count(received.frames()));
            page.tile("Frames dropped", Words.count(dropped.frames()), share);
        }
        page.close("dl");
    }

    private Amount sum(boolean received) {
        return report.totals().pairs().values().stream()
                .flatMap(pair -> pair.lanes.values().stream())
                .map(lane -> received ? lane.received() : lane.dropped())
                .reduce(Amount.NONE, Amount::plus);
    }

    private void attacks() throws IOException {
        ReportPlots plots = new ReportPlots(report);
        page.element("h2", "Attacks");
        page.picture(plots.attacks());
        page.picture(plots.peaks());
        days();
        vectors();
        heaviest();
        page.element("h2", "Victims");
        page.picture(ReportPlots.ranking(
                "victims", "Victims by attack packets", report.attacks().victims()));
        sums("Victims with the most attack packets", "victim", report.attacks().victims());
        if (report.attacks().networks().size() > 0) {
            page.element("h2", "Where it came from");
            page.picture(ReportPlots.ranking(
                    "networks",
                    "Reflector networks by packets",
                    report.attacks().networks()));
            networks();
        }
    }

    private void days() {
        List<List<String>> rows = new ArrayList<>();
        report.attacks()
                .hours()
                .byDay()
                .forEach((day, vectors) -> vectors.forEach((vector, cell) -> rows.add(List.of(
                        day.atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                        vector,
                        Words.count(cell.attacks),
                        Words.bits(cell.peakBitsPerSecond),
                        Words.count(cell.peakPacketsPerSecond)))));
        page.table(
                "Attacks that began and highest rates, by day",
                List.of(
                        Column.text("day"),
                        Column.text("vector"),
                        Column.number("attacks"),
                        Column.number("highest rate"),
                        Column.number("packets/s")),
                most(rows, LISTED_DAYS));
    }

    /** The newest, if there are more than a page should hold. */
    private static List<List<String>> most(List<List<String>> rows, int most) {
        return rows.subList(Math.max(0, rows.size() - most), rows.size());
    }

    private void vectors() {
        sums("Vectors", "vector", report.attacks().vectors());
    }

    private void sums(String caption, String what, Sums sums) {
        List<List<String>> rows = new ArrayList<>();
        for (Sums.Sum sum : sums.largest(LISTED)) {
            List<String> row = new ArrayList<>(List.of(
                    sum.name,
                    Words.count(sum.attacks),
                    Words.count(sum.packets),
                    Words.bytes(sum.bytes),
                    Words.bits(sum.peakBitsPerSecond),
                    Words.count(sum.peakPacketsPerSecond)));
            if (!what.equals("vector")) {
                row.add(String.join(", ", sum.vectors));
            }
            rows.add(row);
        }
        List<Column> columns = new ArrayList<>(List.of(
                Column.text(what),
                Column.number("attacks"),
                Column.number("packets"),
                Column.number("bytes"),
                Column.number("highest rate"),
                Column.number("packets/s")));
        if (!what.equals("vector")) {
            columns.add(Column.text("vectors"));
        }
        page.table(caption, columns, rows);
    }

    private void heaviest() {
        List<List<String>> rows = new ArrayList<>();
        for (Attack attack : report.attacks().heaviest().stream().limit(LISTED).toList()) {
            rows.add(List.of(
                    Words.moment(attack.started()),
                    attack.vector(),
                    attack.target(),
                    Words.duration(attack.seconds()) + (attack.over() ? "" : ", not ended"),
                    Words.bits(attack.peakBitsPerSecond()),
                    Words.count(attack.peakPacketsPerSecond()),
                    Words.count(attack.packets()),
                    Words.count(attack.sources()),
                    attack.reflectors().stream()
                            .limit(1)
                            .map(one -> one.address() + " (" + Words.count(one.packets()) + ")")
                            .collect(Collectors.joining())));
        }
        page.table(
                "Attacks with the highest rates",
                List.of(
                        Column.text("began"),
                        Column.text("vector"),
                        Column.text("victim"),
                        Column.number("lasted"),
                        Column.number("highest rate"),
                        Column.number("packets/s"),
                        Column.number("packets"),
                        Column.number("sources, about"),
                        Column.text("heaviest reflector (packets at least)")),
                rows);
    }

    private void networks() {
        List<List<String>> rows = report.attacks().networks().largest(LISTED).stream()
                .map(sum -> List.of(
                        sum.name, Words.count(sum.attacks), Words.count(sum.packets), String.join(", ", sum.vectors)))
                .toList();
        page.table(
                "Networks (/24, /48) of the heaviest reflectors of each attack, with what they sent at least",
                List.of(
                        Column.text("network"),
                        Column.number("attacks"),
                        Column.number("packets"),
                        Column.text("vectors")),
                rows);
    }

    private void dropped() throws IOException {
        TotalsTally totals = report.totals();
        if (totals.pairs().isEmpty()) {
            return;
        }
        page.element("h2", "What was dropped");
        if (!totals.dropped().isEmpty()) {
            page.picture(ReportPlots.reasons("dropped", "Frames dropped, by reason", totals.dropped()));
        }
        if (!totals.wouldDrop().isEmpty()) {
            page.picture(ReportPlots.reasons(
                    "would-drop",
                    "Frames that monitor mode forwarded, by the reason to drop them",
                    totals.wouldDrop()));
        }
        lanes();
        reasons("Frames dropped, by reason", false);
        if (!totals.wouldDrop().isEmpty()) {
            reasons("Frames that monitor mode forwarded, by the reason to drop them", true);
        }
    }

    private void lanes() {
        List<List<String>> rows = new ArrayList<>();
        report.totals()
                .pairs()
                .forEach((pair, amounts) -> amounts.lanes.forEach((lane, sums) -> rows.add(List.of(
                        pair + " " + lane,
                        Words.count(sums.received().frames()),
                        Words.count(sums.forwarded().frames()),
                        Words.count(sums.dropped().frames()),
                        Words.bytes(sums.dropped().bytes())))));
        page.table(
                "Frames",
                List.of(
                        Column.text("pair and lane"),
                        Column.number("received"),
                        Column.number("forwarded"),
                        Column.number("dropped"),
                        Column.number("bytes dropped")),
                rows);
    }

    private void reasons(String caption, boolean wouldDrop) {
        Map<String, Amount> sums = new TreeMap<>();
        report.totals()
                .pairs()
                .values()
                .forEach(pair -> pair.lanes
                        .values()
                        .forEach(lane -> (wouldDrop ? lane.wouldDrop() : lane.reasons())
                                .forEach((reason, amount) -> sums.merge(reason, amount, Amount::plus))));
        List<List<String>> rows = sums.entrySet().stream()
                .sorted((one, other) ->
                        Long.compare(other.getValue().frames(), one.getValue().frames()))
                .map(entry -> List.of(
                        entry.getKey(),
                        Words.count(entry.getValue().frames()),
                        Words.bytes(entry.getValue().bytes())))
                .toList();
        page.table(caption, List.of(Column.text("reason"), Column.number("frames"), Column.number("bytes")), rows);
    }

    private void events() {
        page.element("h2", "Events");
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<EventKind, Long> kind : report.kinds().entrySet()) {
            rows.add(List.of(kind.getKey().label(), Words.count(kind.getValue())));
        }
        page.table("Events of the period, by kind", List.of(Column.text("kind"), Column.number("events")), rows);
    }
}
