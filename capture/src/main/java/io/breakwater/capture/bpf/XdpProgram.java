package io.breakwater.capture.bpf;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.BpfCalls.TestRun;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An XDP program that the verifier has accepted; the kernel keeps it until the last card lets go of it. Thread: any. */
public final class XdpProgram implements AutoCloseable {
    private static final int PROGRAM_TYPE_XDP = 6; // BPF_PROG_TYPE_XDP, linux/bpf.h
    private static final int ATTACH_TYPE_XDP = 37; // BPF_XDP
    private static final int XDP_DROP = 1; // enum xdp_action
    private static final int XDP_PASS = 2;
    private static final int RX_QUEUE_OFFSET = 16; // struct xdp_md
    private static final int LOG_LINES = 5;

    private final int fd;
    private boolean closed;

    private XdpProgram(int fd) {
        this.fd = fd;
    }

    /**
     * Hands a card's program to the kernel: what {@code part} writes, then where passed frames go.
     *
     * @param sockets AF_XDP sockets by queue, for frames that pass; null: they go to the kernel
     * @throws BpfException if it is refused; the message ends with the verifier's last lines
     */
    public static XdpProgram load(String name, FramePart part, @Nullable BpfMap sockets) throws IOException {
        Assembler code = new Assembler();
        code.move(Reg.R6, Reg.R1);
        part.write(code);
        code.label(FramePart.PASS);
        if (sockets == null) {
            code.move(Reg.R0, XDP_PASS);
        } else {
            code.load(Size.WORD, Reg.R2, Reg.R6, RX_QUEUE_OFFSET);
            code.map(Reg.R1, sockets);
            code.move(Reg.R3, XDP_PASS);
            code.call(Helper.REDIRECT_MAP);
        }
        code.exit();
        code.label(FramePart.DROP);
        code.move(Reg.R0, XDP_DROP);
        code.exit();
        return load(name, code);
    }

    /**
     * Hands a program to the kernel.
     *
     * @throws BpfException if it is refused; the message ends with the verifier's last lines
     */
    public static XdpProgram load(String name, Assembler code) throws IOException {
        long[] instructions = code.assemble();
        try {
            return new XdpProgram(
                    ProcessPrivileges.get().loadProgram(PROGRAM_TYPE_XDP, ATTACH_TYPE_XDP, name, instructions));
        } catch (ErrnoException e) {
            throw refused(name, instructions, e);
        } catch (LinkageError | IllegalCallerException e) {
            throw BpfException.nativeAccessDenied(e);
        }
    }

    private static BpfException refused(String name, long[] instructions, ErrnoException e) throws IOException {
        List<String> log = ProcessPrivileges.get()
                .verifierLog(PROGRAM_TYPE_XDP, ATTACH_TYPE_XDP, name, instructions)
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
