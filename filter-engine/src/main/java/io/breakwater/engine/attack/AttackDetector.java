package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.measure.SingleWriterCounters;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a vector's frames to one destination become an attack, and when that is over.
 *
 * <p>Frames are counted per (vector, address) and per (vector, /24 or /64) in windows of half a second. An address is under
 * attack as soon as one window reaches its threshold; its frames count no longer for its network then. A network is, once
 * what is left has been over the threshold at the end of two windows in a row: carpet bombing, with each address below the
 * threshold. (After one, a few victims whose flood had just begun would be taken for it.) While a network is under attack
 * its addresses are not looked at one by one. An attack is over when all windows of {@code end-after} stayed below half of
 * both thresholds.
 *
 * <p>At most {@value ActiveAttacks#CAPACITY} attacks are told apart. When one more begins, those on its network become one
 * attack on the network; if there is none, the network with most of them does; if no network has two, the new one is not
 * told and counted in {@link #overflows()}.
 *
 * <p>Time is the lane's clock alone, so that a replayed capture gives the same attacks every time. Policies come and go
 * with reloads; attacks stay.
 *
 * <p><b>Thread:</b> {@link #onFrame}, {@link #onBatchStart} by the filter worker of its lane; {@link #compile}, {@link
 * #poll} and the counters by control threads.
 *
 * <p><b>Cost:</b> a comparison for a frame that belongs to no vector; two table look-ups for one that does.
 */
public final class AttackDetector {
    /** Half a second: an address is noticed within one window and a network within three. */
    static final long WINDOW_NS = 500_000_000L;

    static final int WINDOWS_PER_SECOND = (int) (1_000_000_000L / WINDOW_NS);

    /** Addresses watched at a time, 3.4 MiB. Unmeasured. */
    private static final int VICTIMS = 4_096;

    /** Networks watched at a time, 0.9 MiB. Unmeasured. */
    private static final int NETWORKS = 1_024;

    /** Victims of the shield under way to the filter: twice what it counts at a time, 160 KiB. Unmeasured. */
    private static final int SHIELDED = 4_096;

    private static final int SHIELDED_WORDS = 5;

    private final VectorNames names = new VectorNames();
    private final TargetTable victims;
    private final TargetTable networks;
    private final ActiveAttacks active = new ActiveAttacks();
    private final EventLog events;
    // Networks that reached their threshold in this window.
    private final int[] crossed = new int[NETWORKS];
    private int crossedCount;

    private boolean started;
    // From 1 on, so that each has one before it.
    private long window = 1;
    private long windowEndNs;
    private long mergedWindow = -1;
    private final SingleWriterCounters overflows = new SingleWriterCounters(1);
    private final EventQueue shielded = new EventQueue(SHIELDED, SHIELDED_WORDS);

    /** @param seed of the tables' hashes: random on a live box, fixed in replay */
    public AttackDetector(long seed) {
        this.victims = new TargetTable(VICTIMS, seed);
        this.networks = new TargetTable(NETWORKS, ~seed);
        this.events = new EventLog(networks, active, names);
    }

    /** Compiles a policy's thresholds. Thread: control. */
    public AttackRules compile(Policy policy, Reasons reasons) {
        return AttackRules.of(policy, reasons, names);
    }

    /**
     * Counts a judged frame.
     *
     * @param verdict as the chain says, before monitor mode forwards it
     * @param nowNs the lane's clock
     */
    @HotPath
    public void onFrame(FrameSlot frame, int verdict, AttackRules rules, long nowNs) {
        int vector = rules.vectorOf(frame, verdict);
        if (vector != AttackRules.NONE && frame.hasAddresses()) {
            onBatchStart(rules, nowNs);
            count(
                    tag(vector, frame.isIpv4()),
                    frame.destinationHi(),
                    frame.destinationLo(),
                    frame,
                    1,
                    frame.length(),
                    rules,
                    nowNs);
        }
    }

    /** The number of a vector's name, for {@link #tryReportShielded}. Thread: control. */
    public int vector(String name) {
        return names.id(name);
    }

    /**
     * Reports frames that the shield dropped, so that no slot ever held them. False if too much is under way; then the
     * same may be reported again. Thread: one control thread at a time.
     *
     * @param vector as {@link #vector} says
     */
    public synchronized boolean tryReportShielded(
            int vector, boolean ipv4, long hi, long lo, long packets, long bytes) {
        int at = shielded.tryClaim();
        if (at == EventQueue.NONE) {
            return false;
        }
        long[] words = shielded.words();
        words[at] = tag(vector, ipv4);
        words[at + 1] = hi;
        words[at + 2] = lo;
        words[at + 3] = packets;
        words[at + 4] = bytes;
        shielded.publish();
        return true;
    }

    /** Counts what the shield dropped since the last call. To be called between batches. */
    @HotPath
    public void takeShielded(AttackRules rules, long nowNs) {
        for (int at = shielded.peek(); at != EventQueue.NONE; at = shielded.peek()) {
            long[] words = shielded.words();
            count(words[at], words[at + 1], words[at + 2], null, words[at + 3], words[at + 4], rules, nowNs);
            shielded.release();
        }
    }

    /** Lets time pass; also to be called now and then when no frames come. */
    @HotPath
    public void onBatchStart(AttackRules rules, long nowNs) {
        if (!started) {
            started = true;
            windowEndNs = nowNs + WINDOW_NS;
        } else if (nowNs - windowEndNs >= 0) {
            endWindow(rules, nowNs);
        }
    }

    private static long tag(int vector, boolean ipv4) {
        return (long) vector << 1 | (ipv4 ? 1 : 0);
    }

    /** Counts packets to one address: one frame, or several whose sources nobody knows. */
    @HotPath
    private void count(
            long tag,
            long hi,
            long lo,
            @Nullable FrameSlot frame,
            long packets,
            long bytes,
            AttackRules rules,
            long nowNs) {
        boolean ipv4 = EventLog.isIpv4(tag);
        int vector = vectorOf(tag);
        int victim = victims.find(tag, hi, lo);
        if (victim != TargetTable.NONE && victims.attack(victim) != TargetTable.NO_ATTACK) {
            add(victims, victim, frame, packets, bytes, nowNs);
            return;
        }
        int bits = EventLog.networkBits(ipv4);
        int network = networks.findOrMake(tag, hi & Prefix.maskHi(ipv4, bits), lo & Prefix.maskLo(ipv4, bits), window);
        if (network != TargetTable.NONE) {
            add(networks, network, frame, packets, bytes, nowNs);
            if (networks.attack(network) != TargetTable.NO_ATTACK) {
                return;
            }
            noteIfOver(network, vector, rules);
        }
        if (victim == TargetTable.NONE) {
            victim = victims.findOrMake(tag, hi, lo, window);
        }
        if (victim != TargetTable.NONE) {
            add(victims, victim, frame, packets, bytes, nowNs);
            startIfOver(victim, network, vector, rules, nowNs);
        }
    }

    @HotPath
    private void add(TargetTable table, int entry, @Nullable FrameSlot frame, long packets, long bytes, long nowNs) {
        table.count(entry, window, packets, bytes, nowNs);
        if (frame != null) {
            table.addSource(entry, frame.sourceHi(), frame.sourceLo());
        }
        int attack = table.attack(entry);
        if (attack != TargetTable.NO_ATTACK) {
            active.lastNs[attack] = nowNs;
        }
    }

    @HotPath
    private void noteIfOver(int network, int vector, AttackRules rules) {
        boolean over = rules.isOver(vector, networks.packets(network, window), networks.bytes(network, window));
        if (over && crossedCount < NETWORKS && networks.tryCross(network, window)) {
            crossed[crossedCount++] = network;
        }
    }

    @HotPath
    private void startIfOver(int victim, int network, int vector, AttackRules rules, long nowNs) {
        long packets = victims.packets(victim, window);
        long bytes = victims.bytes(victim, window);
        if (!rules.isOver(vector, packets, bytes) || !victims.tryCross(victim, window)) {
            return;
        }
        int attack = active.free();
        if (attack == ActiveAttacks.NONE) {
            attack = makeRoom(network, nowNs);
        }
        boolean covered = network != TargetTable.NONE && networks.attack(network) != TargetTable.NO_ATTACK;
        if (attack == ActiveAttacks.NONE || covered) {
            return;
        }
        active.start(attack, victims, victim, nowNs);
        events.tryTellStart(attack, packets, bytes);
        if (network != TargetTable.NONE) {
            networks.takeBack(network, window, packets, bytes);
        }
    }

    /** Joins attacks on one network: best on the given one, else on that which has most. */
    @HotPath
    private int makeRoom(int network, long nowNs) {
        if (network != TargetTable.NONE && events.membersOf(network) > 0) {
            merge(network, nowNs);
        } else if (mergedWindow != window) {
            // Looking through all of them is dear, so once per window.
            mergedWindow = window;
            int crowded = events.mostCrowded(window);
            if (crowded != TargetTable.NONE) {
                merge(crowded, nowNs);
            }
        }
        int attack = active.free();
        if (attack == ActiveAttacks.NONE) {
            overflows.add(0, 1);
        }
        return attack;
    }

    @HotPath
    private void merge(int network, long nowNs) {
        long earliestNs = events.tellMerged(network, nowNs);
        int attack = active.free();
        if (attack == ActiveAttacks.NONE) {
            return;
        }
        networks.enter(network, window, nowNs);
        active.start(attack, networks, network, nowNs);
        active.startedNs[attack] = earliestNs;
        events.tryTellStart(attack, networks.packets(network, window), networks.bytes(network, window));
    }

    @HotPath
    private void endWindow(AttackRules rules, long nowNs) {
        startNetworks(rules);
        for (int attack = 0; attack < ActiveAttacks.CAPACITY; attack++) {
            if (active.isUsed(attack)) {
                endWindow(attack, rules, nowNs);
            }
        }
        long passed = (nowNs - windowEndNs) / WINDOW_NS + 1;
        window += passed;
        windowEndNs += passed * WINDOW_NS;
    }

    @HotPath
    private void startNetworks(AttackRules rules) {
        for (int i = 0; i < crossedCount; i++) {
            int network = crossed[i];
            boolean candidate = networks.hasCrossed(network, window)
                    && networks.attack(network) == TargetTable.NO_ATTACK
                    && isOver(networks, network, rules);
            if (candidate && networks.endsOverAgain(network, window)) {
                startNetwork(network);
            }
        }
        crossedCount = 0;
    }

    @HotPath
    private boolean isOver(TargetTable table, int entry, AttackRules rules) {
        return rules.isOver(vectorOf(table.tag(entry)), table.packets(entry, window), table.bytes(entry, window));
    }

    @HotPath
    private void startNetwork(int network) {
        int attack = active.free();
        if (attack == ActiveAttacks.NONE) {
            attack = makeRoom(network, windowEndNs);
        }
        if (attack != ActiveAttacks.NONE && networks.attack(network) == TargetTable.NO_ATTACK) {
            active.start(attack, networks, network, windowEndNs - 1);
            events.tryTellStart(attack, networks.packets(network, window), networks.bytes(network, window));
        }
    }

    @HotPath
    private void endWindow(int attack, AttackRules rules, long nowNs) {
        TargetTable table = active.table(attack);
        int entry = active.entry[attack];
        long packets = table.packets(entry, window);
        long bytes = table.bytes(entry, window);
        active.onWindowEnd(attack, packets, bytes);
        if (rules.isHigh(vectorOf(table.tag(entry)), packets, bytes)) {
            active.highNs[attack] = active.lastNs[attack];
        }
        if (nowNs - active.highNs[attack] >= rules.endAfterNs()) {
            events.tryTellEnd(attack);
        } else if (!active.announced[attack]) {
            events.tryTellStart(attack, packets, bytes);
        } else if (active.untold[attack] >= WINDOWS_PER_SECOND) {
            events.tellUpdate(attack);
        }
    }

    /** The vector's number that a target's tag holds. */
    @HotPath
    static int vectorOf(long tag) {
        return (int) (tag >>> 1);
    }

    /**
     * Takes the current window as ended, and tells how things stand: for the end of a capture, which has no later frames.
     * Networks that are over their threshold now are taken for under attack.
     *
     * <p><b>Thread:</b> control, once the filter worker has ended.
     */
    public void finish(AttackRules rules) {
        for (int i = 0; i < crossedCount; i++) {
            networks.endsOverAgain(crossed[i], window - 1);
        }
        startNetworks(rules);
        for (int attack = 0; attack < ActiveAttacks.CAPACITY; attack++) {
            if (active.isUsed(attack)) {
                TargetTable table = active.table(attack);
                int entry = active.entry[attack];
                active.onWindowEnd(attack, table.packets(entry, window), table.bytes(entry, window));
                events.tellUpdate(attack);
            }
        }
    }

    /** Gives every event since the last call to the consumer, in order. Thread: one control thread at a time. */
    public synchronized void poll(Consumer<AttackEvent> consumer) {
        events.drainTo(consumer);
    }

    /** Attacks that were not told because there were too many already; never goes back. */
    public long overflows() {
        return overflows.get(0);
    }

    /** Events that found no room because nobody took the earlier ones; starts and ends are told later instead. */
    public long lostEvents() {
        return events.lost();
    }

    /** Bytes of all tables, set up at start and kept. */
    public long memoryBytes() {
        return victims.memoryBytes() + networks.memoryBytes() + events.memoryBytes() + shielded.memoryBytes();
    }
}
