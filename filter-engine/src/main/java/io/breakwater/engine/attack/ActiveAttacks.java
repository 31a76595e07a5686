package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;

/**
 * The attacks that go on, at most {@value #CAPACITY}: where each one's target stands and what it has done so far.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone.
 */
final class ActiveAttacks {
    static final int CAPACITY = 64;
    static final int NONE = -1;

    private final TargetTable[] tables = new TargetTable[CAPACITY];
    final int[] entry = new int[CAPACITY];
    final long[] startedNs = new long[CAPACITY];
    final long[] lastNs = new long[CAPACITY];
    /** The last frame of the newest window that was at half of its threshold. */
    final long[] highNs = new long[CAPACITY];

    final long[] packets = new long[CAPACITY];
    final long[] bytes = new long[CAPACITY];
    final long[] windowPackets = new long[CAPACITY];
    final long[] windowBytes = new long[CAPACITY];
    final long[] peakPackets = new long[CAPACITY];
    final long[] peakBytes = new long[CAPACITY];
    /** Whether its start has found room among the events. */
    final boolean[] announced = new boolean[CAPACITY];
    /** Windows since something was told of it. */
    final int[] untold = new int[CAPACITY];

    private final boolean[] used = new boolean[CAPACITY];

    /** A free number, or {@link #NONE}. */
    @HotPath
    int free() {
        for (int i = 0; i < CAPACITY; i++) {
            if (!used[i]) {
                return i;
            }
        }
        return NONE;
    }

    @HotPath
    boolean isUsed(int attack) {
        return used[attack];
    }

    @HotPath
    TargetTable table(int attack) {
        return tables[attack];
    }

    @HotPath
    void start(int attack, TargetTable table, int target, long nowNs) {
        used[attack] = true;
        tables[attack] = table;
        entry[attack] = target;
        startedNs[attack] = table.firstNs(target);
        lastNs[attack] = nowNs;
        highNs[attack] = nowNs;
        packets[attack] = 0;
        bytes[attack] = 0;
        windowPackets[attack] = 0;
        windowBytes[attack] = 0;
        peakPackets[attack] = 0;
        peakBytes[attack] = 0;
        announced[attack] = false;
        untold[attack] = 0;
        table.attack(target, attack);
    }

    /** What the window brought is added up. */
    @HotPath
    void onWindowEnd(int attack, long packetsOfWindow, long bytesOfWindow) {
        windowPackets[attack] = packetsOfWindow;
        windowBytes[attack] = bytesOfWindow;
        packets[attack] += packetsOfWindow;
        bytes[attack] += bytesOfWindow;
        peakPackets[attack] = Math.max(peakPackets[attack], packetsOfWindow);
        peakBytes[attack] = Math.max(peakBytes[attack], bytesOfWindow);
        untold[attack]++;
    }

    @HotPath
    void end(int attack) {
        used[attack] = false;
        tables[attack].attack(entry[attack], TargetTable.NO_ATTACK);
    }

    @HotPath
    long tag(int attack) {
        return tables[attack].tag(entry[attack]);
    }
}
