package io.breakwater.capture.prepare;

import io.breakwater.capture.bpf.IngressGate;
import io.breakwater.capture.privilege.Ingress;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a pair's frames that no filter takes: with {@code fail: open} tc sends them from card to card, unless
 * the filter has taken over; with {@code fail: closed} tc drops them always.
 *
 * <p>What keeps them from going round a filter that has taken over is a gate that the kernel opens when the process ends.
 * Where it has no such gate (before Linux 6.6), a tc filter drops them, which somebody must take away after a process that
 * was killed; only libpcap needs that, because an XDP program leaves the tc filters nothing.
 *
 * <p><b>Thread:</b> any; control path only.
 */
public final class Bypass implements AutoCloseable {
    private final PortPair pair;
    private final @Nullable IngressGate gate;
    private boolean taken;

    private Bypass(PortPair pair, @Nullable IngressGate gate) {
        this.pair = pair;
        this.gate = gate;
    }

    /** Over two ports that are prepared: nothing has been taken over yet. */
    static Bypass of(PortPair pair) throws IOException {
        Optional<IngressGate> gate = pair.failOpen() ? IngressGate.over(ports(pair)) : Optional.empty();
        return new Bypass(pair, gate.orElse(null));
    }

    /** The same on a kernel before 6.6. */
    static Bypass withoutGate(PortPair pair) {
        return new Bypass(pair, null);
    }

    private static List<String> ports(PortPair pair) {
        return List.of(pair.outside(), pair.inside());
    }

    /** From the next frame on none goes round the filter. */
    public synchronized void takeOver() throws IOException {
        taken = true;
        if (gate != null) {
            gate.shut();
        } else if (dropsByTc()) {
            for (String port : ports(pair)) {
                ProcessPrivileges.get().dropFirst(port);
            }
        }
    }

    /** From the next frame on they go as the pair's fail setting says. Idempotent. */
    public synchronized void handOver() throws IOException {
        if (!taken) {
            return;
        }
        taken = false;
        if (gate != null) {
            gate.open();
        } else if (dropsByTc()) {
            for (String port : ports(pair)) {
                ProcessPrivileges.get().dropNoMore(port);
            }
        }
    }

    /** A port was deleted and came back, and is prepared: both directions are joined as before. */
    synchronized void again(String port) throws IOException {
        if (!pair.failOpen()) {
            return;
        }
        if (gate != null) {
            gate.attach(port);
        } else if (taken && dropsByTc()) {
            ProcessPrivileges.get().dropFirst(port);
        }
        if (Ingress.isOurs(pair.peerOf(port))) {
            ProcessPrivileges.get().redirectAgain(pair.peerOf(port), port);
        }
    }

    /** Whether a process that is killed leaves a drop behind that somebody else must take away. */
    boolean dropsByTc() {
        return pair.failOpen() && gate == null && !pair.xdp();
    }

    PortPair pair() {
        return pair;
    }

    /** Lets go of the gate, which thereby opens. Idempotent. */
    @Override
    public synchronized void close() {
        if (gate != null) {
            gate.close();
        }
    }
}
