package io.breakwater.appliance;

import io.breakwater.appliance.cli.BreakwaterCommand;
import io.breakwater.capture.nativeaccess.NativeCalls;

/** The program. */
public final class Breakwater {
    private Breakwater() {}

    /** Runs one command and exits with its code: 0 done, 1 failed at run time, 2 usage or configuration. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("run")) {
            NativeCalls.bindEarly();
        }
        System.exit(BreakwaterCommand.execute(args));
    }
}
