package io.breakwater.capture.nativeaccess;

/** The calls into C libraries as a whole. */
public final class NativeCalls {
    private NativeCalls() {}

    /**
     * Lets a thread of its own bind all system calls, and returns at once. Does nothing where Java may not call the kernel:
     * who needs a call says so then.
     *
     * <p><b>Why:</b> a binding is code that the virtual machine makes anew in each process, a tenth of a second for all of
     * them, which a program that is about to need them spends on its options otherwise.
     */
    public static void bindEarly() {
        if (NativeCalls.class.getModule().isNativeAccessEnabled()) {
            Thread.ofPlatform().name("bindings").daemon().start(Libc::new);
        }
    }
}
