package io.breakwater.bench.wire;

import io.breakwater.bench.nativeaccess.BpfProgram;
import io.breakwater.bench.nativeaccess.InNetns;
import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.Reg;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A wire from the generator to the sink and back.
 *
 * @param generator sends into it
 * @param sink counts what comes out, and sends probes back
 * @param roundTrips times those that return
 */
record Line(Generator generator, Sink sink, RoundTrips roundTrips) implements AutoCloseable {
    private static final long QUIET_MS = 60;
    private static final long PATIENCE_MS = 3_000;

    /** @param core that the generator is kept on */
    static Line lay(Testbed bed, String senderCard, String sinkCard, int core)
            throws IOException, InterruptedException {
        String sender = bed.netns(Testbed.SENDER);
        return new Line(
                new Generator(sender, senderCard, core),
                InNetns.call(bed.netns(Testbed.SINK), () -> new Sink(sinkCard)),
                InNetns.call(sender, () -> new RoundTrips(senderCard)));
    }

    /**
     * Lets a card take whole batches, as a card with a driver of its own does: on veth only one with an XDP program can.
     * It stays as it is if it has one.
     *
     * @return to be closed when the device is
     */
    static BpfProgram openForBatches(String netns, String card) throws IOException, InterruptedException {
        return InNetns.call(netns, () -> {
            Assembler pass = new Assembler().move(Reg.R0, BpfProgram.XDP_PASS).exit();
            BpfProgram program = new BpfProgram(BpfProgram.Hook.XDP, pass);
            program.attach(card);
            return program;
        });
    }

    /** Waits until nothing arrives any more: a device may hold a second's worth. */
    void settle() throws InterruptedException {
        long before = -1;
        long now = arrived();
        for (long waitedMs = 0; now != before && waitedMs < PATIENCE_MS; waitedMs += QUIET_MS) {
            TimeUnit.MILLISECONDS.sleep(QUIET_MS);
            before = now;
            now = arrived();
        }
    }

    private long arrived() {
        return sink.frames(Mark.LEGITIMATE) + sink.frames(Mark.ATTACK) + sink.frames(Mark.PROBE);
    }

    /** Forgets what was counted. */
    void reset() {
        sink.reset();
        roundTrips.reset();
    }

    @Override
    public void close() {
        generator.close();
        sink.close();
        roundTrips.close();
    }
}
