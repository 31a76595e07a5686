package io.breakwater.capture.bpf;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Drops what comes in by some cards, behind XDP and packet sockets and before every tc filter, while it is shut; it opens
 * by itself when the process ends, however it ends.
 *
 * <p>One program for all cards, held there by a bpf_link each (tcx, since Linux 6.6), asks one number in a table what to
 * do: so the cards open and shut together, from one frame to the next.
 *
 * <p><b>Why</b> a table and not attaching anew: the kernel waits for every processor when a program is attached, some
 * 10 ms in which a frame would get two fates or none. <b>Thread:</b> control; calls wait for each other. <b>Cost:</b> one
 * lookup for each frame that comes this far.
 */
public final class IngressGate implements AutoCloseable {
    private static final int PROGRAM_TYPE_SCHED_CLS = 3; // BPF_PROG_TYPE_SCHED_CLS, linux/bpf.h
    private static final int ATTACH_TYPE_TCX_INGRESS = 46; // BPF_TCX_INGRESS
    private static final int BEFORE_ALL = 1 << 3; // BPF_F_BEFORE, relative to nothing
    private static final int TCX_NEXT = -1; // enum tcx_action_base
    private static final int TCX_DROP = 2;
    private static final int KEY = -4; // on the stack
    private static final byte[] FIRST = BpfMap.number(0);

    private final BpfMap action;
    private final int program;
    private final Map<String, Integer> links = new HashMap<>();
    private boolean closed;

    private IngressGate(BpfMap action, int program) {
        this.action = action;
        this.program = program;
    }

    /**
     * A gate over these cards, open at first.
     *
     * @return nothing if the kernel cannot do it (before 6.6), or this process may not ask for it (CAP_BPF)
     * @throws IOException if it fails otherwise, because a card is not there, say
     */
    public static Optional<IngressGate> over(List<String> interfaceNames) throws IOException {
        try {
            return Optional.of(attached(interfaceNames));
        } catch (IOException e) {
            Throwable why = e instanceof ErrnoException ? e : e.getCause();
            if (why instanceof ErrnoException refusal && (refusal.isPermission() || refusal.isUnknown())) {
                return Optional.empty();
            }
            throw e;
        } catch (LinkageError | IllegalCallerException e) {
            throw BpfException.nativeAccessDenied(e);
        }
    }

    private static IngressGate attached(List<String> interfaceNames) throws IOException {
        BpfMap action = BpfMap.array("bw_gate", 1, Integer.BYTES);
        IngressGate gate;
        try {
            action.put(FIRST, BpfMap.number(TCX_NEXT));
            gate = new IngressGate(
                    action,
                    ProcessPrivileges.get()
                            .loadProgram(
                                    PROGRAM_TYPE_SCHED_CLS,
                                    0,
                                    "bw_gate",
                                    code(action).assemble()));
        } catch (IOException e) {
            action.close();
            throw e;
        }
        try {
            for (String name : interfaceNames) {
                gate.attach(name);
            }
            return gate;
        } catch (IOException e) {
            gate.close();
            throw e;
        }
    }

    private static Assembler code(BpfMap action) {
        Assembler code = new Assembler();
        String found = "found";
        code.store(Size.WORD, Reg.R10, KEY, 0);
        code.move(Reg.R2, Reg.R10);
        code.add(Reg.R2, KEY);
        code.map(Reg.R1, action);
        code.call(Helper.MAP_LOOKUP);
        code.jumpIf(Condition.NOT_EQUAL, Reg.R0, 0, found);
        code.move(Reg.R0, TCX_NEXT); // never, but the verifier asks
        code.exit();
        code.label(found);
        code.load(Size.WORD, Reg.R0, Reg.R0, 0);
        code.exit();
        return code;
    }

    /** Puts the gate on a card, or puts it back on one that was deleted and came again. */
    public synchronized void attach(String interfaceName) throws IOException {
        Integer gone = links.remove(interfaceName);
        if (gone != null) {
            BpfCalls.close(gone);
        }
        try (LinkProbe probe = new LinkProbe(interfaceName)) {
            links.put(
                    interfaceName,
                    BpfCalls.createLink(
                            program, probe.index(), ATTACH_TYPE_TCX_INGRESS, BEFORE_ALL, BpfCalls.LET_GO_FIRST));
        }
    }

    /** From the next frame on nothing passes. */
    public synchronized void shut() throws IOException {
        action.put(FIRST, BpfMap.number(TCX_DROP));
    }

    /** From the next frame on everything passes. Does nothing once closed. */
    public synchronized void open() throws IOException {
        if (!closed) {
            action.put(FIRST, BpfMap.number(TCX_NEXT));
        }
    }

    /** Takes the gate off the cards. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            links.values().forEach(BpfCalls::close);
            links.clear();
            BpfCalls.close(program);
            action.close();
        }
    }
}
