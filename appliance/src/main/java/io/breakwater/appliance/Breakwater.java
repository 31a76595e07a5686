package io.breakwater.appliance;

import io.breakwater.appliance.cli.BreakwaterCommand;

/** The program. */
public final class Breakwater {
    private Breakwater() {}

    /** Runs one command and exits with its code: 0 done, 1 failed at run time, 2 usage or configuration. */
    public static void main(String[] args) {
        System.exit(BreakwaterCommand.execute(args));
    }
}
