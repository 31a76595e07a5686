package io.breakwater.appliance.replay;

import io.breakwater.appliance.attack.AttackText;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The report for people. */
final class ReportText {
    private ReportText() {}

    static String of(ReplayReport report) {
        StringBuilder text = new StringBuilder();
        line(text, "frames", "%,15d   %,d bytes", report.frames(), report.bytes());
        line(text, "forwarded", "%,15d%s", report.forwarded(), share(report.forwarded(), report));
        line(text, "dropped", "%,15d%s", report.dropped(), share(report.dropped(), report));
        counts(text, report.reasons());
        if (!report.wouldDrop().isEmpty()) {
            text.append("would drop (monitor)\n");
            counts(text, report.wouldDrop());
        }
        text.append(AttackText.report(report.attacks()));
        line(text, "non-IP", "%,15d", report.nonIp());
        line(text, "fragments", "%,15d", report.fragments());
        line(text, "sources tracked", "%,15d", report.sourcesTracked());
        line(text, "run", "%15.3f s   %,.0f frames/s", report.seconds(), report.framesPerSecond());
        Histogram latency = report.latency();
        if (latency.getTotalCount() > 0) {
            line(
                    text,
                    "latency",
                    "%8sp50 %s, p99 %s, p99.9 %s, max %s",
                    "",
                    duration(latency.getValueAtPercentile(50)),
                    duration(latency.getValueAtPercentile(99)),
                    duration(latency.getValueAtPercentile(99.9)),
                    duration(latency.getMaxValue()));
        }
        if (report.solicitedVectors() > 0 && !report.solicitedEnforced()) {
            text.append("note: solicited vectors were not enforced: without 'protected' in the policy there is no")
                    .append(" inside that could have asked\n");
        }
        return text.toString();
    }

    private static void counts(StringBuilder text, Map<String, Long> counts) {
        counts.forEach((reason, frames) -> line(text, "  " + reason, "%,15d", frames));
    }

    private static void line(StringBuilder text, String label, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-28s", label))
                .append(String.format(Locale.ROOT, format, values))
                .append('\n');
    }

    private static String share(long frames, ReplayReport report) {
        return report.frames() == 0 ? "" : String.format(Locale.ROOT, "   %.1f %%", 100.0 * frames / report.frames());
    }

    private static String duration(long ns) {
        if (ns < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f µs", ns / 1e3);
        }
        return ns < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f ms", ns / 1e6)
                : String.format(Locale.ROOT, "%.1f s", ns / 1e9);
    }
}
