package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds, the answer is a configuration or problems with places; nothing is thrown. */
class PolicyFuzzTest {
    private static final Pattern LINE = Pattern.compile("[^\\n]*:[1-9][0-9]*:[1-9][0-9]*: [^\\n]+: [^\\n]+");
    private static final int ROUNDS = 6_000;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ": ",
            "\n",
            "\n  ",
            "- ",
            "? ",
            "&a ",
            "*a",
            "<<: ",
            "!!str ",
            "!x ",
            "|\n",
            ">\n",
            "\"",
            "'",
            "#",
            "%",
            "@",
            "`",
            "\t",
            "\u0000",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\ud83d\ude00",
            "off",
            "null",
            "~",
            "false",
            "-1",
            "0",
            "99999999999999999999",
            "1e9",
            ".inf",
            "0x10",
            "1_0",
            "::",
            "::/0",
            "0.0.0.0/0",
            "/24",
            "packets/s",
            "Mbit/s",
            "---\n",
            "...\n",
            "%YAML 1.3\n---\n",
            "%TAG ! !\n",
            "\"\\ud800\"",
            "\"\\x00\"",
            "2024-01-01",
            "source/24,/56",
            "any");

    private static List<String> seeds() throws IOException {
        List<String> seeds = new ArrayList<>();
        seeds.add(PolicyFileTest.DESIGN);
        seeds.add(Files.readString(Path.of("../deploy/policy/breakwater.yaml")));
        KeyCatalogue.keys().forEach(key -> seeds.add(key.example()));
        return seeds;
    }

    @Test
    void shouldAnswerEveryMutationOfAPolicy() throws IOException {
        long seed = 3_141_592_653L;
        SplittableRandom random = new SplittableRandom(seed);
        List<String> seeds = seeds();
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = seeds.get(random.nextInt(seeds.size()));
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                text = mutated(text, random);
            }
            if (isAnswered(
                    PolicyFile.parse("p.yaml", text, LoadOptions.run()),
                    "seed " + seed + ", round " + round + ":\n" + text)) {
                accepted++;
            }
        }
        assertThat(accepted).as("some mutations are harmless").isPositive();
    }

    @Test
    void shouldAnswerEveryMutationOfBytes(@TempDir Path directory) throws IOException {
        long seed = 2_718_281_828L;
        SplittableRandom random = new SplittableRandom(seed);
        byte[] original = PolicyFileTest.DESIGN.getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve("p.yaml");
        for (int round = 0; round < 500; round++) {
            byte[] bytes = original.clone();
            for (int edits = 1 + random.nextInt(5); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            isAnswered(PolicyFile.load(file, LoadOptions.replay()), "seed " + seed + ", round " + round);
        }
    }

    /** Whether it was accepted; fails if the answer has not the promised form. */
    private static boolean isAnswered(PolicyResult result, String which) {
        List<Problem> problems = switch (result) {
            case PolicyResult.Accepted accepted -> accepted.configuration().warnings();
            case PolicyResult.Refused refused -> {
                assertThat(refused.problems()).as(which).isNotEmpty();
                yield refused.problems();
            }
        };
        for (Problem problem : problems) {
            assertThat(problem.render()).as(which).matches(LINE);
        }
        return result instanceof PolicyResult.Accepted;
    }

    private static String mutated(String text, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(20));
        return switch (random.nextInt(5)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + text.substring(at);
            case 2 -> text.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + text.substring(end);
            case 3 -> text.substring(0, at) + text.substring(at, end) + text.substring(at);
            default ->
                text.substring(0, at) + (char) random.nextInt(0x300) + text.substring(Math.min(text.length(), at + 1));
        };
    }
}
