package io.breakwater.appliance.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The default policy on every real capture: what it drops is recorded, and every file that loses a frame says why.
 *
 * <p>Each capture is run without {@code protected} (written {@code -}), and with either end of its first UDP datagram
 * protected. After a change that is meant, {@code -Dbreakwater.golden.rewrite=true} writes the table anew; a line whose
 * counts changed loses its explanation and needs a new one.
 */
class GoldenTest {
    private static final String TABLE = "default-policy.tsv";
    private static final String REWRITE = "breakwater.golden.rewrite";
    private static final String HEADER = "# What the default policy drops: capture, protected, frames, drops by reason,"
            + " explanation. Rewritten with -D" + REWRITE + "=true.";

    private static Corpus corpus = new Corpus(Path.of(""), List.of());

    @BeforeAll
    static void findCaptures() throws IOException {
        Corpus found = Corpus.find();
        assumeTrue(found != null, Corpus.ABSENT);
        corpus = Objects.requireNonNull(found);
    }

    @Test
    void shouldDropWhatIsRecordedAndExplained() throws IOException {
        List<String> actual = new ArrayList<>();
        for (Corpus.Row row : corpus.rows()) {
            for (String inside : insides(row)) {
                actual.add(line(row, inside));
            }
        }
        List<String> recorded = Boolean.getBoolean(REWRITE) ? rewrite(actual) : Resources.lines(TABLE);
        assertThat(actual).isEqualTo(recorded.stream().map(GoldenTest::counts).toList());
        assertThat(recorded)
                .allSatisfy(line -> assertThat(line.split("\t", -1)[4]).isNotBlank());
    }

    private static String line(Corpus.Row row, String inside) {
        Policy policy =
                inside.equals("-") ? ReplayRun.builtIn() : ReplayRun.policy("protected: [\"" + inside + "\"]\n");
        String head = row.path() + "\t" + inside + "\t";
        try {
            ReplayRun run = ReplayRun.of(policy, corpus.file(row), 1, null, null);
            Map<String, Long> reasons = new TreeMap<>(run.counts("reasons"));
            String drops = reasons.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(" "));
            return head + run.count("frames") + "\t" + (drops.isEmpty() ? "-" : drops);
        } catch (CommandFailure e) {
            return head + "refused\t-";
        }
    }

    private static String counts(String line) {
        return line.substring(0, line.lastIndexOf('\t'));
    }

    /** Nobody, and either end of the first whole UDP datagram on Ethernet. */
    private static Set<String> insides(Corpus.Row row) throws IOException {
        Set<String> insides = new LinkedHashSet<>(List.of("-"));
        for (ReadCapture.Frame frame : ReadCapture.frames(corpus.file(row))) {
            byte[] bytes = HexFormat.of().parseHex(frame.bytes());
            FrameSlot slot = PacketBuilder.slot(bytes, LinkLayer.ETHERNET);
            FrameDecoder.decode(slot);
            if (frame.linkType() == 1 && slot.status() == FrameSlot.IP && slot.protocol() == 17) {
                insides.add(address(slot.isIpv4(), slot.sourceHi(), slot.sourceLo()));
                insides.add(address(slot.isIpv4(), slot.destinationHi(), slot.destinationLo()));
                return insides;
            }
        }
        return insides;
    }

    private static String address(boolean ipv4, long high, long low) throws IOException {
        byte[] bytes = ipv4
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return InetAddress.getByAddress(bytes).getHostAddress();
    }

    private static List<String> rewrite(List<String> actual) throws IOException {
        Path file = Path.of("src/test/resources/io/breakwater/appliance/replay", TABLE);
        Map<String, String> explanations = new HashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                explanations.put(line.contains("\t") ? counts(line) : line, line.substring(line.lastIndexOf('\t') + 1));
            }
        }
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (String line : actual) {
            String unexplained = line.endsWith("\t-") ? "-" : "";
            lines.add(line + "\t" + explanations.getOrDefault(line, unexplained));
        }
        Files.write(file, lines);
        return lines.subList(1, lines.size());
    }
}
