package io.breakwater.appliance.report;

import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.json.JsonText;
import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What logs of events tell of a period. Its memory depends on how many attacks, victims and networks there were, within
 * bounds, and not on how many lines.
 *
 * <p>A line that is no event (torn by a crash, cut by a full disk, or written by somebody else) is left out and counted.
 */
public final class EventReport {
    private static final Map<String, EventKind> KINDS =
            Stream.of(EventKind.values()).collect(Collectors.toUnmodifiableMap(EventKind::label, kind -> kind));

    private final Period period;
    private final AttackTally attacks;
    private final TotalsTally totals;
    private final Map<EventKind, Long> kinds = new EnumMap<>(EventKind.class);
    private final List<String> warnings = new ArrayList<>();
    private long files;
    private long lines;
    private long leftOut;
    private String firstLeftOut = "";
    private @Nullable Instant first;
    private @Nullable Instant last;
    private boolean cutShort;

    private EventReport(Period period) {
        this.period = period;
        this.attacks = new AttackTally(period);
        this.totals = new TotalsTally(period);
    }

    /**
     * Files that {@link #read} will read: those named and those that were rotated away from them.
     *
     * @throws CommandFailure (usage) if a name is no path
     */
    public static List<String> inputs(List<String> names) {
        return names.stream()
                .flatMap(name -> name.equals(EventLogs.STANDARD_INPUT)
                        ? Stream.of(name)
                        : EventLogs.filesOf(name).stream().map(String::valueOf))
                .toList();
    }

    /**
     * Reads logs to their ends.
     *
     * @param names files of events, each with what was rotated away from it; {@code -} is standard input
     * @throws CommandFailure (usage) if one cannot be opened
     */
    public static EventReport read(List<String> names, Period period, InputStream standardInput) {
        EventReport report = new EventReport(period);
        try (EventLogs logs = EventLogs.open(names, standardInput)) {
            for (EventLogs.EventLog log : logs.logs()) {
                report.read(log);
            }
        }
        report.attacks.finish();
        report.sumUpWarnings();
        return report;
    }

    private void read(EventLogs.EventLog log) {
        files++;
        LogLines reader = new LogLines(log.stream());
        String name = EventLogs.baseName(log.name());
        try {
            for (String line = reader.next(); line != null; line = reader.next()) {
                lines++;
                try {
                    add(name, reader, line);
                } catch (IllegalArgumentException e) {
                    leaveOut(log.name() + ":" + reader.number() + ": " + e.getMessage());
                }
            }
        } catch (IOException e) {
            cutShort = true;
            warnings.add(log.name() + ": cannot be read any further after line " + reader.number() + " ("
                    + e.getMessage() + "); what was read is reported");
        }
    }

    private void leaveOut(String why) {
        if (leftOut == 0) {
            firstLeftOut = why;
        }
        leftOut++;
    }

    private void sumUpWarnings() {
        if (leftOut > 0) {
            warnings.addFirst(firstLeftOut + "; the line was left out"
                    + (leftOut == 1 ? "" : ", and " + (leftOut - 1) + " more that are no events"));
        }
    }

    private void add(String log, LogLines reader, String line) {
        if (reader.isTooLong()) {
            throw new IllegalArgumentException("longer than " + LogLines.MAX_BYTES + " bytes");
        }
        if (line.isBlank()) {
            return;
        }
        Fields event = new Fields(JsonText.read(line));
        EventKind kind = KINDS.get(event.text("event"));
        if (kind == null) {
            throw new IllegalArgumentException("an event of an unknown kind");
        }
        Instant time = event.time("time");
        switch (kind) {
            case START -> attacks.onRestart(log);
            case ATTACK_START -> attacks.add(log, AttackTally.Step.START, Told.of(time, event));
            case ATTACK_UPDATE -> attacks.add(log, AttackTally.Step.UPDATE, Told.of(time, event));
            case ATTACK_END -> attacks.add(log, AttackTally.Step.END, Told.of(time, event));
            case TOTALS -> totals.add(log, time, event);
            default -> {}
        }
        if (period.contains(time)) {
            count(kind, time);
        }
    }

    private void count(EventKind kind, Instant time) {
        kinds.merge(kind, 1L, Long::sum);
        first = first == null || time.isBefore(first) ? time : first;
        last = last == null || time.isAfter(last) ? time : last;
    }

    /** What is wrong with the logs, one line each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Whether a file could not be read to its end. */
    public boolean isCutShort() {
        return cutShort;
    }

    /** Whether there is nothing to tell of the period. */
    boolean isEmpty() {
        return kinds.isEmpty();
    }

    Period period() {
        return period;
    }

    AttackTally attacks() {
        return attacks;
    }

    TotalsTally totals() {
        return totals;
    }

    /** Events in the period by kind. */
    Map<EventKind, Long> kinds() {
        return kinds;
    }

    long files() {
        return files;
    }

    long lines() {
        return lines;
    }

    long leftOut() {
        return leftOut;
    }

    /** Of the period's events. */
    @Nullable
    Instant first() {
        return first;
    }

    @Nullable
    Instant last() {
        return last;
    }

    /** What a reader must know to take the numbers for what they are. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        totals.pairs().forEach((pair, amounts) -> {
            if (amounts.begunLate) {
                notes.add("Pair " + pair + ": the log begins after the box had started, so frames are counted from "
                        + amounts.from + " on.");
            }
        });
        if (totals.pairs().isEmpty() && !isEmpty()) {
            notes.add("The log tells no totals of this period, so nothing can be said of frames that were dropped.");
        }
        if (attacks.goOn() > 0) {
            notes.add(attacks.goOn() + " of the attacks had not ended; they count with what was last told of them.");
        }
        if (attacks.victims().hasOthers() || attacks.networks().hasOthers()) {
            notes.add("There were more victims or networks than a report keeps; the rest is summed up as \"others\".");
        }
        if (leftOut > 0) {
            notes.add("Lines of the log that are no events, and were left out: " + leftOut + ".");
        }
        return notes;
    }
}
