package io.breakwater.appliance.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaChecksTest {
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xms512m");

    @Test
    void shouldBeContentWithTheLaunchersFlags() {
        assertThat(JavaChecks.findings(FLAGS, 1_000, 500)).isEmpty();
    }

    @Test
    void shouldNameWhatIsMissing() {
        assertThat(JavaChecks.findings(List.of("-Xms512m"), 1_000, 500))
                .singleElement()
                .satisfies(finding -> assertThat(finding.line())
                        .contains("-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError", "launcher"));
    }

    @Test
    void shouldWantRoomForTwoSetsOfTables() {
        assertThat(JavaChecks.findings(FLAGS, 100 << 20, 60 << 20))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("60 MiB", "100 MiB"));
    }
}
