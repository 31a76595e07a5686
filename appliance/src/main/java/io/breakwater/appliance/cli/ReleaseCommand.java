package io.breakwater.appliance.cli;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.capture.prepare.PortPreparation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code breakwater release}: the ports become ordinary cards again. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = {
            "Give the ports of runs that have ended back as they were before: until then they stay joined (fail: open) or"
                    + " closed (fail: closed).",
            "Exit code 0: done, 1: a port is still in use, 2: usage."
        })
final class ReleaseCommand implements Callable<Integer> {
    @Mixin
    private StateDirectoryOption state = new StateDirectoryOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PortPreparation.Released released = release();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(
                released.givenBack().isEmpty()
                        ? "nothing to give back"
                        : "gave back " + String.join(", ", released.givenBack()));
        out.flush();
        if (!released.inUse().isEmpty()) {
            throw CommandFailure.atRunTime("port " + released.inUse().getFirst()
                    + " is in use by a running Breakwater: stop that one first (pgrep -af breakwater)");
        }
        return 0;
    }

    private PortPreparation.Released release() {
        try {
            return PortPreparation.release(state.directory());
        } catch (IOException e) {
            throw CommandFailure.atRunTime(String.valueOf(e.getMessage()));
        }
    }
}
