package io.breakwater.bench.nativeaccess;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.LinkProbe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A loaded eBPF program, attached to interfaces or run by itself. It goes with this object, or with the process.
 *
 * <p><b>Thread:</b> one at a time.
 */
public final class BpfProgram implements AutoCloseable {
    /** What a program at an interface's ingress returns when the frame ends there (linux/pkt_cls.h). */
    public static final int TC_ACT_SHOT = 2;

    public static final int XDP_DROP = 1; // linux/bpf.h
    public static final int XDP_PASS = 2;

    private static final int EBUSY = 16; // asm-generic/errno-base.h
    private static final int EEXIST = 17;
    private static final int BPF_PROG_TEST_RUN = 10;
    private static final int RUN_BYTES = 80;
    private static final String NAME = "bench";
    private static final int LAST_WORDS = 5;
    private static final int LIVE_FRAMES = 1 << 1;
    private static final int XDP_FLAGS_DRV_MODE = 1 << 2; // linux/if_link.h
    private static final int NONE = -1;

    /** Where programs run, with their numbers in linux/bpf.h: program type, attach type, flags. */
    public enum Hook {
        /** Every frame that comes in by an interface, before the network stack; Linux 6.6. */
        INGRESS(3, 46, 0),
        /** Every frame in the driver, before the kernel makes an sk_buff of it. */
        XDP(6, 37, XDP_FLAGS_DRV_MODE);

        private final int programType;
        private final int attachType;
        private final int flags;

        Hook(int programType, int attachType, int flags) {
            this.programType = programType;
            this.attachType = attachType;
            this.flags = flags;
        }
    }

    private final SystemCalls calls = new SystemCalls();
    private final Hook hook;
    private final int program;
    private int link = NONE;
    private boolean closed;

    /** @throws IOException without CAP_BPF and CAP_NET_ADMIN, or with the verifier's last words */
    public BpfProgram(Hook hook, Assembler instructions) throws IOException {
        this.hook = hook;
        long[] code = instructions.assemble();
        try {
            program = BpfCalls.loadProgram(hook.programType, 0, NAME, code);
        } catch (ErrnoException e) {
            List<String> said = BpfCalls.verifierLog(hook.programType, 0, NAME, code)
                    .lines()
                    .toList();
            throw new IOException("the kernel refused a program of the benchmark: " + e.getMessage() + "; "
                    + String.join(" | ", said.subList(Math.max(0, said.size() - LAST_WORDS), said.size())));
        }
    }

    /**
     * Attaches it to an interface of the calling thread's namespace.
     *
     * @return whether it is attached now; false if another program is there already
     * @throws IOException if the kernel cannot: tcx needs Linux 6.6
     */
    public boolean attach(String card) throws IOException {
        try (LinkProbe probe = new LinkProbe(card)) {
            link = BpfCalls.createLink(program, probe.index(), hook.attachType, hook.flags, BpfCalls.LET_GO_EARLY);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == EBUSY || e.errno() == EEXIST) {
                return false;
            }
            throw new IOException("no program of the benchmark can be attached to " + card + " (" + e.getMessage()
                    + "); it needs Linux 6.6 or newer");
        }
    }

    /**
     * Runs an XDP program on frames that it may change and send: "live frames" of the kernel, Linux 5.18.
     *
     * @param frame what each of them holds at first, native memory
     * @param times how often it is run
     * @param batch frames that are handed on together
     */
    public void run(MemorySegment frame, int times, int batch) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(RUN_BYTES, 8);
            attributes.set(JAVA_INT, 0, program);
            attributes.set(JAVA_INT, 8, (int) frame.byteSize());
            attributes.set(ADDRESS, 16, frame);
            attributes.set(JAVA_INT, 32, times);
            attributes.set(JAVA_INT, 64, LIVE_FRAMES);
            attributes.set(JAVA_INT, 72, batch);
            if (calls.bpf(BPF_PROG_TEST_RUN, attributes) < 0 && calls.errno() != SystemCalls.EINTR) {
                throw new IOException("live frames cannot be sent (error " + calls.errno() + ")");
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (link != NONE) {
                calls.close(link);
            }
            calls.close(program);
        }
    }
}
