package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.replay.Reports;
import io.breakwater.engine.frame.PacketBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket of bits holds its burst, and at least the largest frame of what is replayed. */
class BitLimitTest {
    private static final byte[] FRAME_OF_100_BYTES = PacketBuilder.ethernet()
            .ipv4("198.51.100.1", "192.0.2.10")
            .udp(40_000, 40_001)
            .payloadBytes(58)
            .build();

    @TempDir
    Path folder = Path.of("");

    private long forwarded(String burst) {
        String yaml = "reflection: off\nlimits: [{name: bits, track: source, rate: 1 bit/s, burst: " + burst + "}]\n";
        String policy = CaptureFiles.write(folder.resolve("p.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
        String capture = CaptureFiles.write(
                folder.resolve("c.pcap"),
                CaptureFiles.pcap(CaptureFiles.ETHERNET, CaptureFiles.times(20, FRAME_OF_100_BYTES)));
        Map<String, Object> report = Reports.parse(Invocation.of("replay", "-c", policy, "-i", capture, "--report", "-")
                .out());
        return (long) Objects.requireNonNull(report.get("forwarded"));
    }

    @Test
    void shouldHoldTheBurst() {
        assertThat(forwarded("1000 bytes")).isEqualTo(10);
        assertThat(forwarded("1050 bytes")).isEqualTo(10);
        assertThat(forwarded("8 kbit")).isEqualTo(10);
    }

    @Test
    void shouldHoldTheLargestFrameAtLeast() {
        assertThat(forwarded("1 bytes")).isEqualTo(1);
        assertThat(forwarded("150 bytes")).isEqualTo(1);
    }
}
