package io.breakwater.capture.bpf;

import io.breakwater.capture.nativeaccess.ErrnoException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something that the kernel does not do for this process or this card; the message says the next step. */
public final class BpfException extends IOException {
    private static final long serialVersionUID = 1L;

    BpfException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What failed and, where it is a missing privilege, which. */
    static BpfException of(String what, ErrnoException cause) {
        return new BpfException(
                cause.isPermission()
                        ? what + ": no permission: needs CAP_BPF and CAP_NET_ADMIN (and CAP_PERFMON): run with sudo,"
                                + " and in a container with bpf allowed (podman: --security-opt seccomp=unconfined)"
                        : what + ": " + cause.getMessage(),
                cause);
    }

    /** The JDK was started without the right to call native code. */
    static BpfException nativeAccessDenied(Throwable cause) {
        return new BpfException(
                "Java may not call the kernel: start it with --enable-native-access=ALL-UNNAMED", cause);
    }
}
