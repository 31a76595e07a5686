package io.breakwater.appliance.gateway;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes one card's link down while the other's is, so that routers and link aggregates on either side notice, and gives it
 * back when the other's comes back.
 *
 * <p>A card that was switched off here has no carrier of its own, which says nothing about its cable; so only the card that
 * lost its link first is watched until it has it again, and at any time at most one card is switched off. A card that is
 * switched on has {@value #PATIENCE_S} s to find its link before the lack of it counts, so two cards never keep one another
 * down.
 *
 * <p><b>Thread:</b> main, some times a second.
 */
final class LinkPassThrough {
    /** Auto-negotiation takes 2 to 4 s on copper; two boxes in a row take that twice. Unmeasured. */
    private static final long PATIENCE_S = 10;

    private static final long PATIENCE_NS = PATIENCE_S * 1_000_000_000L;

    private final Card outside;
    private final Card inside;
    private final LongSupplier nanoTime;
    private @Nullable Card lost;
    private long patientUntilNs;

    /** A network card as this sees it. */
    interface Card {
        String name();

        /** Switched on, with carrier. */
        boolean isRunning();

        /** Switches it on or off; one that is not there stays so. */
        void setUp(boolean up);
    }

    /** What {@link #look} did. */
    record Change(String lost, String other, boolean down) {}

    LinkPassThrough(Card outside, Card inside, LongSupplier nanoTime) {
        this.outside = outside;
        this.inside = inside;
        this.nanoTime = nanoTime;
        bePatient();
    }

    /** Looks at both links and does what follows from it; answers what it did, or null. */
    @Nullable
    Change look() {
        return lost == null ? watch() : awaitReturn(lost);
    }

    private @Nullable Change watch() {
        boolean outsideRuns = outside.isRunning();
        boolean insideRuns = inside.isRunning();
        long nowNs = nanoTime.getAsLong();
        if (outsideRuns && insideRuns) {
            patientUntilNs = nowNs; // what is lost from here on was there before
            return null;
        }
        if (!outsideRuns && !insideRuns) {
            bePatient(); // there is nobody to tell, and the two will not come back in the same moment
            return null;
        }
        if (nowNs - patientUntilNs < 0) {
            return null;
        }
        lost = outsideRuns ? inside : outside;
        other(lost).setUp(false);
        return new Change(lost.name(), other(lost).name(), true);
    }

    private @Nullable Change awaitReturn(Card away) {
        if (!away.isRunning()) {
            return null;
        }
        release();
        return new Change(away.name(), other(away).name(), false);
    }

    /** Switches a card on that this has switched off. */
    void release() {
        Card away = lost;
        if (away != null) {
            lost = null;
            other(away).setUp(true);
            bePatient();
        }
    }

    private void bePatient() {
        patientUntilNs = nanoTime.getAsLong() + PATIENCE_NS;
    }

    private Card other(Card card) {
        return card.equals(outside) ? inside : outside;
    }
}
