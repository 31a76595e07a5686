package io.breakwater.capture.shield;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.capture.bpf.BpfException;
import io.breakwater.capture.bpf.XdpProgram;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.MemorySource;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.pipeline.PipelineSettings;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One lane of a policy twice: its engine in Java and its program in the kernel. Whatever the kernel drops Java must drop
 * too, for the same reason.
 */
final class Judges implements AutoCloseable {
    private static final int XDP_DROP = 1; // enum xdp_action
    private static final int XDP_PASS = 2;

    private final Reasons reasons = new Reasons();
    private final PairEngine engine;
    private final Lane lane;
    private final ShieldTables tables;
    private final XdpProgram program;
    private final String policyName;
    private final List<Integer> fates = new ArrayList<>();
    private final Map<String, Long> expected = new TreeMap<>();
    private long expectedBytes;
    private long compared;
    private long dropped;
    private long javaDropped;

    Judges(String policyName, Policy policy, Lane lane) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root: run ./verify with sudo");
        this.policyName = policyName + "/" + lane.label();
        this.engine = new PairEngine(policy, reasons, PairEngine.Setup.REPLAY);
        this.lane = lane;
        this.tables = new ShieldTables();
        this.program = load(policy);
    }

    private XdpProgram load(Policy policy) throws IOException {
        try (ShieldProgram part =
                new ShieldProgram(policy, lane, reasons, tables, engine.attacks()::vector, ShieldProgram.NO_SAMPLE)) {
            return XdpProgram.load("bw_test", part, null);
        } catch (BpfException e) {
            tables.close();
            throw e;
        }
    }

    XdpProgram program() {
        return program;
    }

    Reasons reasons() {
        return reasons;
    }

    ShieldTables tables() {
        return tables;
    }

    /** Judges frames of 14 bytes and more; fails the test at the first that the kernel alone drops. */
    void compare(List<byte[]> frames) throws IOException, InterruptedException {
        judgeInJava(frames);
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            int fate = fates.get(i);
            int answer = program.test(frame, 1).verdict();
            compared++;
            javaDropped += fate == 0 ? 0 : 1;
            if (answer == XDP_DROP) {
                dropped++;
                if (fate == 0) {
                    throw new AssertionError(policyName + ": the kernel drops what Java forwards: "
                            + HexFormat.of().formatHex(frame));
                }
                expected.merge(reasons.name(fate), 1L, Long::sum);
                expectedBytes += frame.length;
                checkReason(frame, fate);
            } else if (answer != XDP_PASS) {
                throw new AssertionError(policyName + ": XDP verdict " + answer);
            }
        }
    }

    /** Once in a while at once, to show the frame; the sums at the end tell of the others. */
    private void checkReason(byte[] frame, int fate) {
        if (dropped % 256 == 0 && tables.frames(fate) != expected.getOrDefault(reasons.name(fate), 0L)) {
            throw new AssertionError(policyName + ": " + reasons.name(fate) + " in Java, near frame "
                    + HexFormat.of().formatHex(frame) + "; expected " + expected + ", kernel " + counted());
        }
    }

    /** What the program counted by reason; must be what Java said of the frames that it dropped. */
    Map<String, Long> counted() {
        Map<String, Long> counted = new TreeMap<>();
        for (int reason = 1; reason < reasons.size(); reason++) {
            if (tables.frames(reason) > 0) {
                counted.put(reasons.name(reason), tables.frames(reason));
            }
        }
        return counted;
    }

    Map<String, Long> expected() {
        return expected;
    }

    long countedBytes() {
        long sum = 0;
        for (int reason = 1; reason < reasons.size(); reason++) {
            sum += tables.bytes(reason);
        }
        return sum;
    }

    long expectedBytes() {
        return expectedBytes;
    }

    long dropped() {
        return dropped;
    }

    @Override
    public String toString() {
        return policyName + ": " + compared + " frames, Java drops " + javaDropped + ", of them the kernel " + dropped
                + " " + expected;
    }

    private void judgeInJava(List<byte[]> frames) throws InterruptedException {
        fates.clear();
        try (MemorySource source = new MemorySource(frames, frames.size(), 64, 1_000, null)) {
            Pipeline.Egress egress = new Pipeline.Egress(new Nowhere(), engine.counters(lane), engine.latency(lane));
            Pipeline pipeline = new Pipeline(
                    PipelineSettings.replay(1),
                    source,
                    Lanes.only(engine.filter(lane)),
                    egress,
                    egress,
                    (slot, reason) -> fates.add(reason),
                    new NoErrors());
            pipeline.start();
            pipeline.awaitEnd();
        }
        if (fates.size() != frames.size()) {
            throw new AssertionError(fates.size() + " verdicts for " + frames.size() + " frames");
        }
    }

    @Override
    public void close() {
        program.close();
        tables.close();
    }

    private static final class Nowhere implements FrameSink {
        @Override
        public String name() {
            return "nowhere";
        }

        @Override
        public boolean send(FrameSlot slot) {
            return true;
        }
    }

    private static final class NoErrors implements EngineEvents {
        @Override
        public void onInternalError(String stage, Throwable cause) {
            throw new AssertionError(stage, cause);
        }

        @Override
        public void onTooManyInternalErrors() {
            throw new AssertionError("too many errors");
        }
    }
}
