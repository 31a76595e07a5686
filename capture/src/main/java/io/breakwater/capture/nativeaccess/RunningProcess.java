package io.breakwater.capture.nativeaccess;

/** Looks for a process by its number, also where /proc shows a process none but itself (hidepid, proc(5)). Thread: any. */
public final class RunningProcess {
    private static final int NO_SIGNAL = 0;

    private RunningProcess() {}

    /** Whether there is one of that number now. */
    public static boolean exists(long pid) {
        Libc libc = new Libc();
        return libc.kill(pid, NO_SIGNAL) == 0 || libc.errno() != Libc.ESRCH;
    }
}
