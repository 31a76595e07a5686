package io.breakwater.appliance.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A log as large as a log may get. */
class EventReportMemoryTest {
    private static final int LINES = 110_000;

    /** Starts of attacks on ever new victims by ever new networks, none of which ends. */
    private static final class EndlessLog extends InputStream {
        private byte[] line = {};
        private int at;
        private int number;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            if (at == line.length) {
                if (number == LINES) {
                    return -1;
                }
                line = line(number++).getBytes(StandardCharsets.UTF_8);
                at = 0;
            }
            int count = Math.min(length, line.length - at);
            System.arraycopy(line, at, to, offset, count);
            at += count;
            return count;
        }

        private static String line(int number) {
            return "{\"time\":\"2026-11-20T10:00:00Z\",\"event\":\"attack-start\",\"pair\":\"uplink\",\"vector\":\"v"
                    + number
                    + "\",\"target\":\"victim-" + number + "\",\"started\":\"2026-11-20T10:00:00Z\",\"seconds\":1,"
                    + "\"packets_per_s\":1,\"bits_per_s\":1,\"peak_packets_per_s\":1,\"peak_bits_per_s\":" + number
                    + ",\"packets\":1,\"bytes\":1,\"sources\":1,\"reflectors\":[{\"address\":\"2001:db8:"
                    + Integer.toHexString(number & 0xffff) + "::" + (number >> 16) + "\",\"packets\":1}]}\n";
        }
    }

    @Test
    void shouldSumUpWhatItHasNoRoomFor() {
        EventReport report = EventReport.read(List.of("-"), new Period(null, null), new EndlessLog());

        // Cells of hours and vectors are bounded, too: what is beyond them is left out and said.
        assertThat(report.lines()).isEqualTo(LINES);
        assertThat(report.attacks().attacks() + report.leftOut()).isEqualTo(LINES);
        assertThat(report.attacks().victims().size()).isEqualTo(Sums.MAX_KEYS);
        assertThat(report.attacks().victims().largest(10))
                .extracting(sum -> sum.name)
                .contains("others");
        assertThat(report.attacks().heaviest()).hasSize(AttackTally.LISTED);
        assertThat(report.notes()).anyMatch(note -> note.contains("more victims or networks"));
        assertThat(report.warnings()).singleElement().asString().contains("narrow --from and --to");
    }
}
