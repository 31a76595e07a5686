package io.breakwater.appliance.attack;

import io.breakwater.engine.attack.AttackEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * One attack of a capture.
 *
 * @param newest the last thing told of it
 */
public record SeenAttack(AttackEvent newest) {
    /** Whether it ended before the capture did. */
    public boolean over() {
        return newest.kind() == AttackEvent.Kind.END || newest.kind() == AttackEvent.Kind.MERGED;
    }

    /** Seconds from the capture's first frame to the attack's. */
    public double startSeconds() {
        return newest.startedNs() / 1e9;
    }

    /** Seconds from its first frame to its last one. */
    public double seconds() {
        return (newest.lastNs() - newest.startedNs()) / 1e9;
    }

    /** Gathers attacks from events, in the order in which they were noticed. */
    public static final class Collection {
        private final List<SeenAttack> attacks = new ArrayList<>();

        /** None yet. */
        public Collection() {}

        /** Takes in an event. */
        public void add(AttackEvent event) {
            for (int i = 0; i < attacks.size(); i++) {
                AttackEvent known = attacks.get(i).newest();
                boolean same = !attacks.get(i).over()
                        && known.vector().equals(event.vector())
                        && known.target().equals(event.target());
                if (same) {
                    attacks.set(i, new SeenAttack(event));
                    return;
                }
            }
            attacks.add(new SeenAttack(event));
        }

        /** Those seen so far. */
        public List<SeenAttack> attacks() {
            return List.copyOf(attacks);
        }
    }
}
