package io.breakwater.appliance.doctor;

import io.breakwater.capture.prepare.Finding;
import io.breakwater.capture.privilege.Command;
import java.io.IOException;
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
    public static List<String> apply(List<Finding> findings) throws IOException {
        List<String> said = new ArrayList<>();
        for (Finding finding : findings) {
            if (finding.isSafe()) {
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
