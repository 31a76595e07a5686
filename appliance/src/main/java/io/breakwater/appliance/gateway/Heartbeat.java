package io.breakwater.appliance.gateway;

import io.breakwater.appliance.process.Supervisor;
import java.util.List;

/**
 * Tells the supervisor that the process lives, for as long as every lane gets on with its work.
 *
 * <p><b>Why</b> a thread of its own: reading a large policy, say, may keep the control thread longer than a watchdog waits,
 * while frames flow. <b>Thread:</b> {@code heartbeat}.
 */
final class Heartbeat implements AutoCloseable {
    /** Ten chances before systemd's watchdog of a second or more gives up; a lane is judged over one such time. */
    private static final long BEAT_MS = 100;

    private final Supervisor supervisor;
    private final List<LivePair> pairs;
    private final Thread thread = new Thread(this::run, "heartbeat");

    /** Nothing is told yet. */
    Heartbeat(Supervisor supervisor, List<LivePair> pairs) {
        this.supervisor = supervisor;
        this.pairs = pairs;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(BEAT_MS);
                boolean alive = true;
                for (LivePair pair : pairs) {
                    alive &= pair.makesProgress();
                }
                if (alive) {
                    supervisor.alive();
                }
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
