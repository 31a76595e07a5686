package io.breakwater.capture.privilege;

import java.io.IOException;

/**
 * The program beside a run that keeps its rights over the network ({@code deploy/package/separated}).
 *
 * <p><b>Why</b> a program of this module and not a command of the appliance: it needs this module's jar and no library, so it
 * starts fast, and what has the rights is little code.
 */
public final class Keeper {
    private Keeper() {}

    /**
     * Answers until the run ends.
     *
     * @param args the name of the socket, and the run's process number
     */
    public static void main(String[] args) {
        try {
            PrivilegeKeeper.serve(args[0], Long.parseLong(args[1]));
        } catch (IOException e) {
            System.err.println("breakwater: no keeper of rights: " + e.getMessage());
            System.exit(1);
        }
    }
}
