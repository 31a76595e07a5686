package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.FramePart;
import io.breakwater.capture.bpf.XdpCard;
import io.breakwater.engine.attack.AttackDetector;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.util.Optional;

/**
 * The in-kernel part of one lane's filter, on the card that the lane's frames come in by.
 *
 * <p><b>Thread:</b> control threads, calls wait for each other; the counters any.
 */
public final class Shield implements ShieldCounters, AutoCloseable {
    private final XdpCard card;
    private final Lane lane;
    private final Reasons reasons;
    private final AttackDetector attacks;
    private final ShieldTables tables;

    /**
     * Nothing is dropped yet.
     *
     * @param reasons of the lane's engine: what the shield drops counts by the same ids
     * @param attacks told what inbound frames are dropped
     * @throws IOException if the kernel has no such tables or denies them; the message says the next step
     */
    public Shield(XdpCard card, Lane lane, Reasons reasons, AttackDetector attacks) throws IOException {
        this.card = card;
        this.lane = lane;
        this.reasons = reasons;
        this.attacks = attacks;
        this.tables = new ShieldTables();
    }

    /**
     * From the next frame on drops what this policy says, and attaches the card's program if it is not; where a policy
     * gives the card nothing to do, the program goes. No frame meets half a policy.
     *
     * @throws IOException if the kernel refuses; then the shield drops nothing any more, rather than what an older policy
     *     said
     */
    public synchronized void apply(Policy policy) throws IOException {
        try (ShieldProgram program =
                new ShieldProgram(policy, lane, reasons, tables, attacks::vector, ShieldProgram.SAMPLE_MASK)) {
            if (program.isWorthwhile()) {
                card.replace(program);
                card.attach();
            } else {
                dropNothing();
            }
        } catch (IOException | RuntimeException e) {
            dropNothing();
            throw e;
        }
    }

    private void dropNothing() throws IOException {
        if (card.isRedirecting()) {
            card.replace(FramePart.NONE);
        } else {
            card.detach();
        }
    }

    /** How the shield runs, in one line. */
    public synchronized String describe() {
        return card.isAttached()
                ? lane.label() + " shield on " + card.interfaceName() + ": " + card.mode() + " XDP"
                : lane.label() + " shield on " + card.interfaceName() + ": nothing to drop by this policy";
    }

    /** Why it does not run where it was wanted first; empty if it does. */
    public Optional<String> fallback() {
        return card.fallback();
    }

    /**
     * Tells the attack detector what was dropped since the last call, and puts the program on a card that came back. To be
     * called ten times a second: the detector counts in windows of half a second.
     */
    public synchronized void tick() throws IOException {
        tables.takeVictims(attacks::tryReportShielded);
        card.reattachIfRecreated();
    }

    @Override
    public long frames(int reason) {
        return tables.frames(reason);
    }

    @Override
    public long bytes(int reason) {
        return tables.bytes(reason);
    }

    @Override
    public long frames() {
        long sum = 0;
        for (int reason = 1; reason < reasons.size(); reason++) {
            sum += frames(reason);
        }
        return sum;
    }

    @Override
    public long bytes() {
        long sum = 0;
        for (int reason = 1; reason < reasons.size(); reason++) {
            sum += bytes(reason);
        }
        return sum;
    }

    /** Takes the program off the card, if it is the shield's alone; the counters stay as they are. */
    @Override
    public synchronized void close() {
        if (!card.isRedirecting()) {
            card.detach();
        }
        tables.close();
    }
}
