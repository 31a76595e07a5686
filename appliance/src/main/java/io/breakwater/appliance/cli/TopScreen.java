package io.breakwater.appliance.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code top} shows, in no more columns and lines than there are. Numbers are never cut, because a part of a number is
 * another number: where there is no room, columns go, then the middles of names, and the last talkers of each kind.
 */
final class TopScreen {
    static final int ANY = Integer.MAX_VALUE;

    /** By how soon somebody on call needs them. */
    private static final List<String> QUESTIONS = List.of("vectors", "victims", "reflectors", "sources");

    private static final String INDENT = "  ";
    private static final int USUAL_NAME = 40;
    /** An IPv4 address and its indent; names are rather shortened than lose a column if they have so much. */
    private static final int LEAST_NAME = 17;
    /** With fewer lines, those that only part one kind from the next are better used. */
    private static final int ROWS_FOR_SPACE = 20;

    private final Map<String, @Nullable Object> top;
    private final int columns;
    private final int rows;
    private final double seconds;
    private final List<List<Talker>> talkers;
    private final List<Column> amounts;
    private final int nameWidth;

    private record Talker(String name, double packetsPerSecond, double megabitsPerSecond, double errorPercent) {}

    /** A column of numbers, as wide as the widest of them at least. */
    private record Column(String title, int width, Function<Talker, String> text) {}

    private TopScreen(Map<String, @Nullable Object> top, int columns, int rows) {
        this.top = top;
        this.columns = columns;
        this.rows = rows;
        this.seconds = top.get("seconds") instanceof Number number ? Math.max(1, number.doubleValue()) : 1;
        this.talkers = QUESTIONS.stream().map(this::talkers).toList();
        this.amounts = fitting();
        this.nameWidth = Math.min(Math.max(USUAL_NAME, longestName()), forNames(amounts));
    }

    /**
     * The lines, each ended.
     *
     * @param columns that each line may have, or {@link #ANY}
     * @param rows that there may be, or {@link #ANY}
     */
    static String tell(Map<String, @Nullable Object> top, int columns, int rows) {
        return new TopScreen(top, columns, rows).tell();
    }

    private String tell() {
        List<String> lines = header();
        int space = rows < ROWS_FOR_SPACE ? 0 : 1;
        int[] shown = shown(rows - lines.size(), space);
        for (int kind = 0; kind < shown.length; kind++) {
            lines.addAll(section(kind, shown[kind], space));
        }
        return String.join("\n", lines) + "\n";
    }

    /** What was looked at takes no more than a third of the lines, its rate excepted. */
    private List<String> header() {
        long frames = Plain.number(top.get("frames"));
        String rate = String.format(
                Locale.ROOT,
                "inbound, last %.0f s by %s: %,.0f packets/s",
                seconds,
                Plain.text(top.get("by")),
                frames / seconds);
        String looked =
                String.format(Locale.ROOT, " (%,d of %,d frames looked at)", Plain.number(top.get("samples")), frames);
        List<String> all = wrapped(rate + looked);
        if (Plain.number(top.get("shielded")) > 0) {
            all.addAll(wrapped("without what the shield drops before Java reads it, which 'breakwater status' counts"));
        }
        return all.size() <= rows / 3 ? all : wrapped(rate);
    }

    private List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private List<Talker> talkers(String question) {
        List<Talker> list = new ArrayList<>();
        for (Map<String, @Nullable Object> talker : Plain.maps(top.get(question))) {
            long packets = Plain.number(talker.get("packets"));
            long bytes = Plain.number(talker.get("bytes"));
            long of = Math.max(1, byBytes() ? bytes : packets);
            list.add(new Talker(
                    INDENT + Plain.text(talker.get("name")),
                    packets / seconds,
                    bytes * 8 / seconds / 1e6,
                    100.0 * Plain.number(talker.get("error")) / of));
        }
        return list;
    }

    private boolean byBytes() {
        return "bytes".equals(top.get("by"));
    }

    /** How many of each kind have room, given out one by one; -1 where not even the title has. */
    private int[] shown(int room, int space) {
        int[] shown = new int[talkers.size()];
        int left = room;
        for (int kind = 0; kind < shown.length; kind++) {
            int first = Math.min(1, talkers.get(kind).size());
            int needed = space + 1 + first;
            shown[kind] = left >= needed ? first : -1;
            left -= left >= needed ? needed : 0;
        }
        int before;
        do {
            before = left;
            for (int kind = 0; kind < shown.length && left > 0; kind++) {
                boolean more =
                        shown[kind] >= 0 && shown[kind] < talkers.get(kind).size();
                shown[kind] += more ? 1 : 0;
                left -= more ? 1 : 0;
            }
        } while (left < before);
        return shown;
    }

    private List<String> section(int kind, int most, int space) {
        List<String> lines = new ArrayList<>();
        if (most >= 0) {
            lines.addAll(List.of("").subList(0, space));
            lines.add(line(QUESTIONS.get(kind), Column::title));
            for (Talker talker : talkers.get(kind).subList(0, most)) {
                lines.add(line(talker.name(), column -> column.text().apply(talker)));
            }
        }
        return lines;
    }

    private String line(String name, Function<Column, String> text) {
        StringBuilder line = new StringBuilder(padded(shortened(name), -nameWidth));
        for (Column column : amounts) {
            line.append(' ').append(padded(text.apply(column), column.width()));
        }
        return line.toString();
    }

    private static String padded(String text, int width) {
        return String.format(Locale.ROOT, "%" + width + "s", text);
    }

    /** Without its middle, because both ends of an address tell it from others. */
    private String shortened(String name) {
        if (name.length() <= nameWidth) {
            return name;
        }
        int head = nameWidth / 2;
        return name.substring(0, head) + "…" + name.substring(name.length() - (nameWidth - head - 1));
    }

    /** The columns that leave room for names; the amount that talkers are ranked by is always among them. */
    private List<Column> fitting() {
        Column packets = column("packets/s", 12, "%,.1f", Talker::packetsPerSecond);
        Column bits = column("Mbit/s", 12, "%,.2f", Talker::megabitsPerSecond);
        Column error = column("±", 8, "%.1f%%", Talker::errorPercent);
        int wanted = Math.min(LEAST_NAME, longestName());
        return Stream.of(List.of(packets, bits, error), List.of(packets, bits))
                .filter(some -> forNames(some) >= wanted)
                .findFirst()
                .orElse(List.of(byBytes() ? bits : packets));
    }

    private Column column(String title, int usual, String format, ToDoubleFunction<Talker> number) {
        Function<Talker, String> text = talker -> String.format(Locale.ROOT, format, number.applyAsDouble(talker));
        int widest = talkers.stream()
                .flatMap(List::stream)
                .mapToInt(talker -> text.apply(talker).length())
                .reduce(title.length(), Math::max);
        // On a wide screen columns stay where they are while numbers grow.
        return new Column(title, columns < 80 ? widest : Math.max(usual, widest), text);
    }

    private int forNames(List<Column> some) {
        int taken = some.stream().mapToInt(column -> 1 + column.width()).sum();
        return Math.max(1, columns - taken);
    }

    private int longestName() {
        return talkers.stream()
                .flatMap(List::stream)
                .mapToInt(talker -> talker.name().length())
                .reduce(0, Math::max);
    }
}
