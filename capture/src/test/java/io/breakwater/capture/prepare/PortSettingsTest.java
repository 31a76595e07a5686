package io.breakwater.capture.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that survives a crash, and the lock that does not. */
class PortSettingsTest {
    /** No card of this name: the box's own runs are not disturbed. */
    private static final String PORT = "of-a-test";

    @Test
    void shouldReadBackWhatItWrote(@TempDir Path directory) throws IOException {
        PortSettings settings = new PortSettings(
                "eth0.100",
                7,
                "eth1",
                true,
                false,
                true,
                true,
                "0",
                new TreeMap<>(Map.of("gro", "on", "tx", "off")),
                List.of("2001:db8::1/64"));
        Path file = directory.resolve("settings");
        settings.store(file);
        settings.store(file);
        assertThat(PortSettings.load(file)).isEqualTo(settings);
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void shouldTakeFromTheCardAsItIsWhatACrashedRunDidNotWriteDown() {
        PortSettings crashed = new PortSettings(
                "eth0",
                7,
                "eth2",
                true,
                false,
                false,
                true,
                "0",
                new TreeMap<>(Map.of("gro", "on")),
                List.of("2001:db8::1/64"));
        PortSettings now = new PortSettings(
                "eth0",
                7,
                "eth1",
                false,
                true,
                true,
                false,
                "1",
                new TreeMap<>(Map.of("gro", "off", "rxvlan", "on")),
                List.of());
        assertThat(crashed.completedBy(now))
                .isEqualTo(new PortSettings(
                        "eth0",
                        7,
                        "eth1",
                        false,
                        false,
                        false,
                        true,
                        "0",
                        new TreeMap<>(Map.of("gro", "on", "rxvlan", "on")),
                        List.of("2001:db8::1/64")));
    }

    @Test
    void shouldSayWhatToDoWithAFileThatIsNotOurs(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("settings");
        Files.writeString(file, "port=eth0\nindex=seven\n");
        assertThatThrownBy(() -> PortSettings.load(file))
                .isInstanceOf(PreparationException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("delete the file");
    }

    @Test
    void shouldLockAPortOnceAtATimeAlsoWithinOneProcess(@TempDir Path directory, @TempDir Path other)
            throws IOException {
        StateDirectory state = StateDirectory.open(directory);
        PortLock first = PortLock.tryLock(state, PORT).orElseThrow();
        assertThat(PortLock.tryLock(state, PORT)).isEmpty();
        assertThat(PortLock.tryLock(StateDirectory.open(other), PORT)).isEmpty();
        first.close();
        first.close();
        PortLock.tryLock(StateDirectory.open(other), PORT).orElseThrow().close();
    }
}
