package io.breakwater.capture.nativeaccess;

import java.io.IOException;

/** A system call that failed on the control path, with its error number (errno.h). */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /**
     * @param call what failed
     * @param errno as the kernel gave it, positive
     */
    public ErrnoException(String call, int errno) {
        super(call + ": " + describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /** What failed. */
    public String call() {
        return call;
    }

    /** The error number. */
    public int errno() {
        return errno;
    }

    /** Whether the process lacks a capability for what it tried. */
    public boolean isPermission() {
        return errno == Libc.EPERM || errno == Libc.EACCES;
    }

    /** Whether something else holds what it tried to take. */
    public boolean isBusy() {
        return errno == Libc.EBUSY;
    }

    /** Whether nobody listens there. */
    public boolean isRefused() {
        return errno == Libc.ECONNREFUSED;
    }

    /** Whether the interface is not there. */
    public boolean isNoDevice() {
        return errno == Libc.ENODEV || errno == Libc.ENXIO || errno == Libc.ENOLINK;
    }

    /** Whether the kernel gave no memory, or the limit of locked memory was reached. */
    public boolean isMemory() {
        return errno == Libc.ENOMEM || errno == Libc.ENOBUFS;
    }

    /** Whether the kernel was built without what was asked for. */
    public boolean isUnsupported() {
        return errno == Libc.EAFNOSUPPORT || errno == Libc.ENOPROTOOPT || errno == Libc.EOPNOTSUPP;
    }

    /** Whether the kernel does not know what was asked for: it is older than that. */
    public boolean isUnknown() {
        return errno == Libc.EINVAL || errno == Libc.ENOSYS || isUnsupported();
    }

    private static String describe(int errno) {
        return switch (errno) {
            case Libc.EPERM, Libc.EACCES -> "no permission";
            case Libc.ENODEV, Libc.ENXIO -> "no such interface";
            case Libc.ENETDOWN -> "interface is down";
            case Libc.ENOSYS -> "this kernel does not have it";
            case Libc.EBUSY -> "already in use";
            case Libc.ENOMEM, Libc.ENOBUFS -> "no memory, or more than may be locked";
            case Libc.EAFNOSUPPORT, Libc.ENOPROTOOPT, Libc.EOPNOTSUPP -> "not supported";
            default -> "error " + errno;
        };
    }
}
