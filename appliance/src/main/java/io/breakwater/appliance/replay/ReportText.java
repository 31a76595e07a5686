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
        line(text, "forwarded", "%,15d", report.forwarded());
        line(text, "dropped", "%,15d", report.dropped());
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
                    "    p50 %s, p99 %s, p99.9 %s, max %s",
                    micros(latency.getValueAtPercentile(50)),
                    micros(latency.getValueAtPercentile(99)),
                    micros(latency.getValueAtPercentile(99.9)),
                    micros(latency.getMaxValue()));
        }
        if (!report.solicitedEnforced()) {
            text.append(
                            "note: solicited vectors were not enforced: the policy says no 'protected' prefixes, so there is")
                    .append(" no inside that could have asked\n");
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

    private static String micros(long ns) {
        return String.format(Locale.ROOT, "%.1f µs", ns / 1e3);
    }
}
