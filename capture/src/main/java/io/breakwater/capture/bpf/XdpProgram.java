package io.breakwater.capture.bpf;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.BpfCalls.TestRun;
import io.breakwater.capture.nativeaccess.ErrnoException;
import java.io.IOException;
import java.util.List;

/** An XDP program that the verifier has accepted; the kernel keeps it until the last card lets go of it. Thread: any. */
public final class XdpProgram implements AutoCloseable {
    private static final int PROGRAM_TYPE_XDP = 6; // BPF_PROG_TYPE_XDP, linux/bpf.h
    private static final int ATTACH_TYPE_XDP = 37; // BPF_XDP
    private static final int LOG_LINES = 5;

    private final int fd;
    private boolean closed;

    private XdpProgram(int fd) {
        this.fd = fd;
    }

    /**
     * Hands a program to the kernel.
     *
     * @throws BpfException if it is refused; the message ends with the verifier's last lines
     */
    public static XdpProgram load(String name, Assembler code) throws IOException {
        long[] instructions = code.assemble();
        try {
            return new XdpProgram(BpfCalls.loadProgram(PROGRAM_TYPE_XDP, ATTACH_TYPE_XDP, name, instructions));
        } catch (ErrnoException e) {
            throw refused(name, instructions, e);
        } catch (LinkageError | IllegalCallerException e) {
            throw BpfException.nativeAccessDenied(e);
        }
    }

    private static BpfException refused(String name, long[] instructions, ErrnoException e) {
        List<String> log = BpfCalls.verifierLog(PROGRAM_TYPE_XDP, ATTACH_TYPE_XDP, name, instructions)
                .lines()
                .toList();
        String what = "XDP program " + name + " (" + instructions.length + " instructions)";
        if (log.isEmpty()) {
            return BpfException.of(what, e);
        }
        List<String> end = log.subList(Math.max(0, log.size() - LOG_LINES), log.size());
        return new BpfException(what + ": the kernel's verifier refused it: " + String.join(" | ", end), e);
    }

    int fd() {
        return fd;
    }

    /** What it answers to a frame of at least 14 bytes, and how long one of {@code repeat} runs took. */
    public TestRun test(byte[] frame, int repeat) throws IOException {
        return BpfCalls.testRun(fd, frame, repeat);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            BpfCalls.close(fd);
        }
    }
}
