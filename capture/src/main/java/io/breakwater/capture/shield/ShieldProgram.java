package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.BpfMap;
import io.breakwater.capture.bpf.FramePart;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.RuleMode;
import java.io.IOException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One lane of a policy, compiled: for each frame it drops what Java would surely drop without remembering anything, for the
 * same reason, and passes the rest.
 *
 * <p>Its source tables belong to it; the kernel keeps them as long as a program uses them. <b>Thread:</b> one owner.
 */
final class ShieldProgram implements FramePart, AutoCloseable {
    /** One in 256 frames of a vector may go on to Java, as often as {@link DropCode#SAMPLE_INTERVAL_NS} allows. */
    static final int SAMPLE_MASK = 255;

    /** Every frame that can be dropped is. */
    static final int NO_SAMPLE = -1;

    private final Policy policy;
    private final Lane lane;
    private final Reasons reasons;
    private final ShieldTables tables;
    private final ToIntFunction<String> vectorNumber;
    private final int sampleMask;
    private final SourceRules sources;
    private final @Nullable BpfMap sources4;
    private final @Nullable BpfMap sources6;

    ShieldProgram(
            Policy policy,
            Lane lane,
            Reasons reasons,
            ShieldTables tables,
            ToIntFunction<String> vectorNumber,
            int sampleMask)
            throws IOException {
        this.policy = policy;
        this.lane = lane;
        this.reasons = reasons;
        this.tables = tables;
        this.vectorNumber = vectorNumber;
        this.sampleMask = sampleMask;
        this.sources = new SourceRules(policy, lane);
        this.sources4 = sources.isEmpty() ? null : sources.table(true);
        try {
            this.sources6 = sources.isEmpty() ? null : sources.table(false);
        } catch (IOException | RuntimeException e) {
            close(sources4);
            throw e;
        }
    }

    /**
     * Whether the lane is worth a program: malformed frames alone are not, because a program costs each frame something
     * and a flood of them is no likelier than any other.
     */
    boolean isWorthwhile() {
        return policy.mode() == RuleMode.ENFORCE
                && (lane == Lane.INBOUND || sources.hasAny(SourceRules.BLOCKED | SourceRules.SPOOFED));
    }

    @Override
    public void write(Assembler code) {
        if (policy.mode() == RuleMode.MONITOR) {
            return;
        }
        new ParseCode(code, sources4, sources6).write();
        new RuleCode(code, policy, lane, reasons, sources, vectorNumber).write();
        new DropCode(code, tables, sampleMask).write();
    }

    @Override
    public void close() {
        close(sources4);
        close(sources6);
    }

    private static void close(@Nullable BpfMap table) {
        if (table != null) {
            table.close();
        }
    }
}
