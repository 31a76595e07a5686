package io.breakwater.capture.privilege;

/** Whose rights this process uses: its own, unless it was started beside one that keeps them. Thread: any. */
public final class ProcessPrivileges {
    /** The environment variable by which {@code deploy/package/separated} names the keeper's socket. */
    private static final String KEEPER = "BREAKWATER_KEEPER";

    private static volatile Privileges privileges = new OwnPrivileges();

    private ProcessPrivileges() {}

    /** What to ask. */
    public static Privileges get() {
        return privileges;
    }

    /** From now on the keeper is asked, if there is one. */
    public static void askKeeper() {
        String name = System.getenv(KEEPER);
        if (name != null && !name.isEmpty()) {
            privileges = new KeptPrivileges(name);
        }
    }

    /** Lets a thread of its own wait for the keeper's end, if there is one, and then do this. */
    public static void onKeeperLost(Runnable reaction) {
        if (privileges instanceof KeptPrivileges kept) {
            Thread.ofPlatform().name("keeper-watch").daemon().start(() -> {
                kept.awaitEnd();
                reaction.run();
            });
        }
    }
}
