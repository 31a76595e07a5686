package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopScreenTest {
    private static final List<String> TITLES = List.of("vectors", "victims", "reflectors", "sources");
    private static final Pattern SPACES = Pattern.compile(" +");

    /** Ten of each kind, from 14.9 million packets/s down, with the longest names that there are. */
    private static final Map<String, @Nullable Object> FULL = top(10, 148_809_524);

    private static Map<String, @Nullable Object> top(int talkers, long most) {
        return Map.of(
                "seconds",
                10.0,
                "by",
                "packets",
                "frames",
                most,
                "samples",
                40_000L,
                "shielded",
                123_456L,
                "vectors",
                talkers("limit:a-rule-with-a-rather-long-name-of-its-own-", talkers, most),
                "victims",
                talkers("198.18.100.10", talkers, most),
                "reflectors",
                talkers("2001:db8:aaaa:bbbb:cccc:dddd:eeee:123", talkers, most),
                "sources",
                talkers("203.0.113.1", talkers, most));
    }

    private static List<Map<String, Object>> talkers(String name, int many, long most) {
        return IntStream.range(0, many)
                .mapToObj(i -> Map.<String, Object>of(
                        "name",
                        name + i,
                        "packets",
                        most / (i + 1),
                        "bytes",
                        1_400 * most / (i + 1),
                        "error",
                        most / 3))
                .toList();
    }

    private static List<String> lines(Map<String, @Nullable Object> top, int columns, int rows) {
        return TopScreen.tell(top, columns, rows).lines().toList();
    }

    /** All numbers as they stand there where nothing limits them. */
    private static Set<String> wholeNumbers(Map<String, @Nullable Object> top) {
        return numbers(lines(top, TopScreen.ANY, TopScreen.ANY));
    }

    private static Set<String> numbers(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("  "))
                .flatMap(line -> SPACES.splitAsStream(line.strip()).skip(1))
                .collect(Collectors.toSet());
    }

    private static List<String> titles(List<String> lines) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            TITLES.stream().filter(line::startsWith).forEach(found::add);
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "40,10", "40,24", "40,60", "50,10", "50,24", "50,60", "80,10", "80,24", "80,60", "200,10", "200,24", "200,60"
    })
    void shouldFitTheScreenAndCutNoNumber(int columns, int rows) {
        List<String> lines = lines(FULL, columns, rows);

        assertThat(lines).hasSizeLessThanOrEqualTo(rows).allMatch(line -> line.length() <= columns);
        assertThat(wholeNumbers(FULL)).containsAll(numbers(lines));
        assertThat(lines.getFirst()).startsWith("inbound, last 10 s by packets:");
        assertThat(String.join(" ", lines)).contains("14,880,952 packets/s");
        assertThat(titles(lines))
                .isNotEmpty()
                .isEqualTo(TITLES.subList(0, titles(lines).size()));
        // No line is left over while there is somebody to tell of.
        assertThat(lines).hasSizeGreaterThanOrEqualTo(Math.min(rows - 1, 4 * 11));
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 50, 80, 200})
    void shouldShowTheHeaviestOfEachKindOnAnOrdinaryTerminal(int columns) {
        assertThat(titles(lines(FULL, columns, 24))).isEqualTo(TITLES);
        assertThat(numbers(lines(FULL, columns, 24))).contains("14,880,952.4");
    }

    @Test
    void shouldLeaveOutTheErrorAndThenTheOtherAmountWhereTheyHaveNoRoom() {
        assertThat(lines(FULL, 80, 60).toString()).contains("packets/s", "Mbit/s", "±");
        assertThat(lines(FULL, 44, 60).toString()).contains("Mbit/s").doesNotContain("±");
        assertThat(lines(FULL, 38, 60).toString()).contains("14,880,952.4").doesNotContain("Mbit/s");
    }

    @Test
    void shouldLeaveOutNothingThatFits() {
        String told = TopScreen.tell(top(3, 2_360), 50, 24);

        assertThat(told).contains("236.0", "packets/s", "Mbit/s", "±", "198.18.100.100", "203.0.113.10");
        assertThat(numbers(told.lines().toList())).isEqualTo(wholeNumbers(top(3, 2_360)));
    }

    @Test
    void shouldShortenNamesInTheMiddle() {
        List<String> lines = lines(FULL, 50, 60);

        assertThat(lines).filteredOn(line -> line.startsWith("  2001:db")).hasSize(10);
        assertThat(lines).anyMatch(line -> line.startsWith("  2001:db") && line.contains(":1230 "));
        assertThat(lines).anyMatch(line -> line.startsWith("  2001:db") && line.contains(":1239 "));
    }

    @Test
    void shouldHaveNoLimitsWithoutATerminal() {
        List<String> lines = lines(FULL, TopScreen.ANY, TopScreen.ANY);

        assertThat(lines).hasSize(2 + 4 * 12);
        assertThat(String.join("\n", lines))
                .contains(
                        "(40,000 of 148,809,524 frames looked at)",
                        "limit:a-rule-with-a-rather-long-name-of-its-own-9 ",
                        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1239 ");
    }

    @Test
    void shouldTellACalmLinkInFewLines() {
        assertThat(TopScreen.tell(top(0, 0), 80, 24))
                .startsWith("inbound, last 10 s by packets: 0 packets/s (40,000 of");
        assertThat(titles(lines(top(0, 0), 40, 10))).isEqualTo(TITLES);
    }
}
