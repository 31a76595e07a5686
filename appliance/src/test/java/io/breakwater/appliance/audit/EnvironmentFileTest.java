package io.breakwater.appliance.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systemd 252 makes of a line, as its environment generator prints it; {@code ~} stands for the line's end. */
class EnvironmentFileTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A=\"-l 127.0.0.1\" # only local|-l 127.0.0.1# only local",
                "A=\"-l 127.0.0.1 \\~ -U 0\"|-l 127.0.0.1  -U 0",
                "A=-l 127.0.0.1 \\~ -U 0   |-l 127.0.0.1  -U 0",
                "A='x' 'y' \"z\"|xyz",
                "A=\"a\\\"b\\c\\$HOME\"|a\"b\\c$HOME",
                "A=x\\ y # z|x y # z",
                "A=\"multi~line\"|multi~line",
                "A=  \"  a  \"b  |`  a  b`",
                " A = c|c",
                "A=it's|it's",
                "A=|``",
                "A=1~A=2|2",
                "no assignment~A=1|1",
                "#A=2~A=1~;A=3|1",
                "A=\"never closed|never closed",
                "A=x\\|x",
            })
    void shouldReadAsSystemdDoes(String text, String value) {
        assertThat(EnvironmentFile.parse(text.replace('~', '\n'))).containsEntry("A", value.replace('~', '\n'));
    }

    @Test
    void shouldFindNothingInComments() {
        assertThat(EnvironmentFile.parse("# A=1\n; B=2\nC\n")).isEqualTo(Map.of());
        assertThat(EnvironmentFile.parse("")).isEqualTo(Map.of());
    }
}
