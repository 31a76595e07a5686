package io.breakwater.appliance.cli;

import io.breakwater.capture.prepare.PortPreparation;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where runs keep the cards' original settings. */
final class StateDirectoryOption {
    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Where runs keep the cards' original settings (default ${DEFAULT-VALUE}).")
    private Path directory = PortPreparation.DEFAULT_DIRECTORY;

    Path directory() {
        return directory;
    }
}
