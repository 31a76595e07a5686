package io.breakwater.appliance.report;

import java.util.Locale;
import java.util.SortedMap;

/** A report for a terminal. */
public final class ReportText {
    private static final int LISTED = 10;

    private ReportText() {}

    /** Some lines, the last with its end. */
    public static String of(EventReport report) {
        StringBuilder text = new StringBuilder();
        if (report.isEmpty()) {
            return "the log tells nothing of this period\n";
        }
        AttackTally attacks = report.attacks();
        line(
                text,
                "%,d attacks on %,d victims, told from %s to %s",
                attacks.attacks(),
                attacks.victims().size(),
                String.valueOf(report.first()),
                String.valueOf(report.last()));
        for (Sums.Sum sum : attacks.vectors().largest(LISTED)) {
            line(
                    text,
                    "  %-20s %,8d attacks, highest rate %s, %,d packets/s",
                    sum.name,
                    sum.attacks,
                    Words.bits(sum.peakBitsPerSecond),
                    sum.peakPacketsPerSecond);
        }
        ranking(text, "victim", attacks.victims());
        ranking(text, "network", attacks.networks());
        report.totals()
                .pairs()
                .forEach((pair, amounts) -> amounts.lanes.forEach((lane, sums) -> {
                    line(
                            text,
                            "%s %s: received %,d frames, forwarded %,d, dropped %,d",
                            pair,
                            lane,
                            sums.received().frames(),
                            sums.forwarded().frames(),
                            sums.dropped().frames());
                    reasons(text, "dropped", sums.reasons());
                    reasons(text, "would drop", sums.wouldDrop());
                }));
        report.notes().forEach(note -> line(text, "%s", note));
        return text.toString();
    }

    private static void ranking(StringBuilder text, String what, Sums sums) {
        for (Sums.Sum sum : sums.largest(LISTED)) {
            line(text, "  %s %-30s %,14d packets in %,d attacks", what, sum.name, sum.packets, sum.attacks);
        }
    }

    private static void reasons(StringBuilder text, String what, SortedMap<String, Amount> reasons) {
        reasons.forEach((reason, amount) -> line(text, "  %-10s %-28s %,14d", what, reason, amount.frames()));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(Words.plain(String.format(Locale.ROOT, format, values))).append('\n');
    }
}
