package io.breakwater.appliance.doctor;

import io.breakwater.capture.prepare.Command;
import io.breakwater.capture.prepare.Finding;
import io.breakwater.capture.prepare.PortPreparation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the commands of findings that are safe to mend, and says of each what came of it. */
public final class Remedy {
    private Remedy() {}

    /**
     * Mends what is safe to mend; the rest is left to the operator.
     *
     * @return one line for each command that was run
     */
    public static List<String> apply(List<Finding> findings, Path stateDirectory) throws IOException {
        List<String> said = new ArrayList<>();
        if (findings.stream().anyMatch(finding -> finding.id().equals(Doctor.LEFT_BEHIND))) {
            said.add("gave back " + String.join(", ", PortPreparation.restore(stateDirectory)));
        }
        for (Finding finding : findings) {
            if (finding.isSafe() && !finding.id().equals(Doctor.LEFT_BEHIND)) {
                said.add(run(finding.mends().getFirst()));
            }
        }
        return said;
    }

    private static String run(String command) throws IOException {
        Command.Result result = Command.run(command.split(" "));
        return result.isOk() ? "ran: " + command : "failed: " + command + " (" + result.summary() + ")";
    }
}
