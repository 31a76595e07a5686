package io.breakwater.appliance.gateway;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.config.ThreadPlan;
import io.breakwater.capture.live.PacketPort;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A pair's engine, made while its ports are prepared.
 *
 * <p><b>Why:</b> the tables of the built-in limits are 164 MiB to be cleared, which takes about as long as a preparation, and
 * that waits for other programs most of the time.
 *
 * <p><b>Thread:</b> control; one of its own for all pairs, {@code engines}, which ends with the last engine.
 */
final class EngineAhead {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Policy policy;
    private final Reasons reasons;
    private final PairEngine.Setup expected;
    private final FutureTask<PairEngine> made;

    private EngineAhead(Policy policy, Reasons reasons, PairEngine.Setup expected) {
        this.policy = policy;
        this.reasons = reasons;
        this.expected = expected;
        this.made = new FutureTask<>(() -> new PairEngine(policy, reasons, expected));
    }

    /**
     * Begins to make the engine of each pair, in their order.
     *
     * @throws IOException if the kernel cannot be asked about ports; one that is not there is no error yet
     */
    static List<EngineAhead> begin(Configuration configuration, Reasons reasons) throws IOException {
        List<EngineAhead> engines = new ArrayList<>();
        int cores = Runtime.getRuntime().availableProcessors();
        for (PairConfig pair : configuration.pairs()) {
            int maxFrameBytes =
                    Math.max(PacketPort.maxFrameBytes(pair.outside()), PacketPort.maxFrameBytes(pair.inside()));
            engines.add(new EngineAhead(
                    configuration.policy(),
                    reasons,
                    new PairEngine.Setup(
                            true, ThreadPlan.of(pair, cores).lanesShareThread(), maxFrameBytes, RANDOM.nextLong())));
        }
        Thread thread = new Thread(() -> engines.forEach(engine -> engine.made.run()), "engines");
        thread.setDaemon(true);
        thread.start();
        return engines;
    }

    /** Random: what the tables' hashes begin with. */
    long seed() {
        return expected.seed();
    }

    /**
     * Waits for the engine.
     *
     * @param maxFrameBytes of the open ports; should an MTU have changed meanwhile, the engine is made once more
     */
    PairEngine get(int maxFrameBytes) throws IOException {
        if (maxFrameBytes != expected.maxFrameBytes()) {
            return new PairEngine(
                    policy,
                    reasons,
                    new PairEngine.Setup(true, expected.lanesShareThread(), maxFrameBytes, expected.seed()));
        }
        try {
            return made.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the engine could not be made: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the tables were made", e);
        }
    }
}
