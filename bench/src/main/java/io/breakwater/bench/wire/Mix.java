package io.breakwater.bench.wire;

import java.util.Locale;

/**
 * How much of the traffic is attack.
 *
 * @param attackPerMille of a thousand frames, evenly spread among the others
 */
record Mix(int attackPerMille) {
    static final int WHOLE = 1_000;

    static final Mix ATTACK = new Mix(WHOLE);
    static final Mix LEGITIMATE = new Mix(0);
    static final Mix MOSTLY_ATTACK = new Mix(900);

    /** The mix in which so many frames a second of each kind are. */
    static Mix of(long attack, long legitimate) {
        return new Mix((int) Math.round((double) attack * WHOLE / (attack + legitimate)));
    }

    boolean hasAttack() {
        return attackPerMille > 0;
    }

    boolean hasLegitimate() {
        return attackPerMille < WHOLE;
    }

    String label() {
        if (!hasLegitimate()) {
            return "attack";
        }
        if (!hasAttack()) {
            return "legitimate";
        }
        return String.format(Locale.ROOT, "%d/%d", attackPerMille / 10, (WHOLE - attackPerMille) / 10);
    }
}
