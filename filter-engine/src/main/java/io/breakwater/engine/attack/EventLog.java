package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.measure.RecordQueue;
import io.breakwater.engine.measure.SingleWriterCounters;
import io.breakwater.engine.policy.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells control threads what becomes of attacks. What finds no room is counted and, if it is a start or an end, told at the
 * end of a later window: control never keeps an attack that is over.
 *
 * <p><b>Thread:</b> the filter worker of its lane; {@link #drainTo} by one control thread at a time.
 */
final class EventLog {
    /** Some 16 updates of each attack. Unmeasured. */
    private static final int CAPACITY = 1_024;

    private static final int KIND = 0;
    private static final int TAG = 1;
    private static final int LENGTH = 2;
    private static final int HI = 3;
    private static final int LO = 4;
    private static final int STARTED_NS = 5;
    private static final int LAST_NS = 6;
    private static final int WINDOW_PACKETS = 7;
    private static final int WINDOW_BYTES = 8;
    private static final int PEAK_PACKETS = 9;
    private static final int PEAK_BYTES = 10;
    private static final int PACKETS = 11;
    private static final int BYTES = 12;
    private static final int SOURCES = 13;
    private static final int REFLECTORS = 14;
    private static final int FIRST_REFLECTOR = 15;
    private static final int REFLECTOR_WORDS = TopSources.WRITTEN_WORDS;
    private static final int WORDS = FIRST_REFLECTOR + REFLECTOR_WORDS * AttackEvent.TOP;

    private static final int START = 0;
    private static final int UPDATE = 1;
    private static final int END = 2;
    private static final int MERGED = 3;
    private static final AttackEvent.Kind[] KINDS = {
        AttackEvent.Kind.START, AttackEvent.Kind.UPDATE, AttackEvent.Kind.END, AttackEvent.Kind.MERGED
    };

    private final TargetTable networks;
    private final ActiveAttacks active;
    private final VectorNames names;
    private final RecordQueue queue = new RecordQueue(CAPACITY, WORDS);
    private final SingleWriterCounters lost = new SingleWriterCounters(1);

    EventLog(TargetTable networks, ActiveAttacks active, VectorNames names) {
        this.networks = networks;
        this.active = active;
        this.names = names;
    }

    @HotPath
    void tryTellStart(int attack, long windowPackets, long windowBytes) {
        if (tell(START, attack, windowPackets, windowBytes)) {
            active.announced[attack] = true;
        }
    }

    @HotPath
    void tellUpdate(int attack) {
        tell(UPDATE, attack, active.windowPackets[attack], active.windowBytes[attack]);
        active.untold[attack] = 0;
    }

    /** An attack whose end cannot be told goes on. */
    @HotPath
    void tryTellEnd(int attack) {
        if (!active.announced[attack]) {
            active.end(attack);
            return;
        }
        long lastNs = active.lastNs[attack];
        active.lastNs[attack] = active.highNs[attack];
        if (tell(END, attack, active.windowPackets[attack], active.windowBytes[attack])) {
            active.end(attack);
        } else {
            active.lastNs[attack] = lastNs;
        }
    }

    /**
     * Ends the attacks on addresses of a network.
     *
     * @return when the first of them started
     */
    @HotPath
    long tellMerged(int network, long nowNs) {
        long earliestNs = nowNs;
        for (int attack = 0; attack < ActiveAttacks.CAPACITY; attack++) {
            if (isMember(attack, network)) {
                earliestNs = active.startedNs[attack] - earliestNs < 0 ? active.startedNs[attack] : earliestNs;
                boolean told = !active.announced[attack]
                        || tell(MERGED, attack, active.windowPackets[attack], active.windowBytes[attack]);
                if (told) {
                    active.end(attack);
                }
            }
        }
        return earliestNs;
    }

    /** How many addresses of a network are under attack. */
    @HotPath
    int membersOf(int network) {
        int members = 0;
        for (int attack = 0; attack < ActiveAttacks.CAPACITY; attack++) {
            members += isMember(attack, network) ? 1 : 0;
        }
        return members;
    }

    /** The network with most addresses under attack, if it has two. */
    @HotPath
    int mostCrowded(long window) {
        int crowded = TargetTable.NONE;
        int most = 1;
        for (int attack = 0; attack < ActiveAttacks.CAPACITY; attack++) {
            int network = networkOf(attack, window);
            int members = network == TargetTable.NONE ? 0 : membersOf(network);
            if (members > most) {
                most = members;
                crowded = network;
            }
        }
        return crowded;
    }

    @HotPath
    private int networkOf(int attack, long window) {
        if (!active.isUsed(attack) || active.table(attack) == networks) {
            return TargetTable.NONE;
        }
        TargetTable table = active.table(attack);
        int entry = active.entry[attack];
        long tag = table.tag(entry);
        boolean ipv4 = isIpv4(tag);
        int bits = networkBits(ipv4);
        return networks.findOrMake(
                tag, table.hi(entry) & Prefix.maskHi(ipv4, bits), table.lo(entry) & Prefix.maskLo(ipv4, bits), window);
    }

    @HotPath
    private boolean isMember(int attack, int network) {
        if (!active.isUsed(attack) || active.table(attack) == networks) {
            return false;
        }
        TargetTable table = active.table(attack);
        int entry = active.entry[attack];
        long tag = networks.tag(network);
        boolean ipv4 = isIpv4(tag);
        int bits = networkBits(ipv4);
        return table.tag(entry) == tag
                && (table.hi(entry) & Prefix.maskHi(ipv4, bits)) == networks.hi(network)
                && (table.lo(entry) & Prefix.maskLo(ipv4, bits)) == networks.lo(network);
    }

    @HotPath
    static boolean isIpv4(long tag) {
        return (tag & 1) != 0;
    }

    @HotPath
    static int networkBits(boolean ipv4) {
        return ipv4 ? 24 : 64;
    }

    @HotPath
    private boolean tell(int kind, int attack, long windowPackets, long windowBytes) {
        int at = queue.tryClaim();
        if (at == RecordQueue.NONE) {
            lost.add(0, 1);
            return false;
        }
        long[] words = queue.words();
        TargetTable table = active.table(attack);
        int entry = active.entry[attack];
        boolean ipv4 = isIpv4(table.tag(entry));
        int whole = ipv4 ? 32 : 128;
        words[at + KIND] = kind;
        words[at + TAG] = table.tag(entry);
        words[at + LENGTH] = table == networks ? networkBits(ipv4) : whole;
        words[at + HI] = table.hi(entry);
        words[at + LO] = table.lo(entry);
        words[at + STARTED_NS] = active.startedNs[attack];
        words[at + LAST_NS] = active.lastNs[attack];
        words[at + WINDOW_PACKETS] = windowPackets;
        words[at + WINDOW_BYTES] = windowBytes;
        words[at + PEAK_PACKETS] = Math.max(windowPackets, active.peakPackets[attack]);
        words[at + PEAK_BYTES] = Math.max(windowBytes, active.peakBytes[attack]);
        words[at + PACKETS] = Math.max(windowPackets, active.packets[attack]);
        words[at + BYTES] = Math.max(windowBytes, active.bytes[attack]);
        words[at + SOURCES] = table.sources(entry);
        words[at + REFLECTORS] = table.writeTop(entry, AttackEvent.TOP, words, at + FIRST_REFLECTOR);
        queue.publish();
        return true;
    }

    void drainTo(Consumer<AttackEvent> consumer) {
        for (int at = queue.peek(); at != RecordQueue.NONE; at = queue.peek()) {
            AttackEvent event = read(at);
            queue.release();
            consumer.accept(event);
        }
    }

    private AttackEvent read(int at) {
        long[] words = queue.words();
        boolean ipv4 = isIpv4(words[at + TAG]);
        List<AttackEvent.Reflector> reflectors = new ArrayList<>();
        for (int i = 0; i < words[at + REFLECTORS]; i++) {
            int reflector = at + FIRST_REFLECTOR + i * REFLECTOR_WORDS;
            Prefix address = new Prefix(ipv4, words[reflector], words[reflector + 1], ipv4 ? 32 : 128);
            reflectors.add(new AttackEvent.Reflector(address, words[reflector + 2], words[reflector + 3]));
        }
        return new AttackEvent(
                KINDS[(int) words[at + KIND]],
                names.name(AttackDetector.vectorOf(words[at + TAG])),
                new Prefix(ipv4, words[at + HI], words[at + LO], (int) words[at + LENGTH]),
                words[at + STARTED_NS],
                words[at + LAST_NS],
                words[at + WINDOW_PACKETS] * AttackDetector.WINDOWS_PER_SECOND,
                words[at + WINDOW_BYTES] * Byte.SIZE * AttackDetector.WINDOWS_PER_SECOND,
                words[at + PEAK_PACKETS] * AttackDetector.WINDOWS_PER_SECOND,
                words[at + PEAK_BYTES] * Byte.SIZE * AttackDetector.WINDOWS_PER_SECOND,
                words[at + PACKETS],
                words[at + BYTES],
                words[at + SOURCES],
                reflectors);
    }

    /** Events that found no room; never goes back. */
    long lost() {
        return lost.get(0);
    }

    long memoryBytes() {
        return queue.memoryBytes();
    }
}
