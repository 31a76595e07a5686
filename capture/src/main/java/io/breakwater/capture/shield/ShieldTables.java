package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.BpfMap;
import io.breakwater.engine.measure.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the programs of a card counted, whichever of them did: the tables outlive every swap, so totals never go back.
 *
 * <p><b>Thread:</b> any. <b>Cost:</b> a system call per number that is asked for.
 */
final class ShieldTables implements AutoCloseable {
    /** Addresses under attack that are counted at a time; 200 KiB and as much per processor. Unmeasured. */
    private static final int VICTIMS = 2_048;

    private static final int COUNT_BYTES = 16; // packets, bytes
    private static final int VICTIM_KEY_BYTES = 24; // Stack.VICTIM_KEY

    private final BpfMap counters;
    private final BpfMap victims;
    private final BpfMap sampled;
    private final AtomicLongArray last = new AtomicLongArray(2 * Reasons.CAPACITY);

    /** Takes what was dropped to one address since the last time. False: it may be told again. */
    @FunctionalInterface
    interface VictimReader {
        boolean read(int vector, boolean ipv4, long hi, long lo, long packets, long bytes);
    }

    ShieldTables() throws IOException {
        counters = BpfMap.perCpuArray("bw_dropped", Reasons.CAPACITY, COUNT_BYTES);
        try {
            victims = BpfMap.lruPerCpuHash("bw_victims", VICTIMS, VICTIM_KEY_BYTES, COUNT_BYTES);
        } catch (IOException | RuntimeException e) {
            counters.close();
            throw e;
        }
        try {
            sampled = BpfMap.perCpuArray("bw_sampled", 1, Long.BYTES);
        } catch (IOException | RuntimeException e) {
            counters.close();
            victims.close();
            throw e;
        }
    }

    BpfMap counters() {
        return counters;
    }

    BpfMap victims() {
        return victims;
    }

    /** When each processor's last sample went on to Java: CLOCK_MONOTONIC, nanoseconds. */
    BpfMap sampled() {
        return sampled;
    }

    long frames(int reason) {
        return read(reason, 0);
    }

    long bytes(int reason) {
        return read(reason, 1);
    }

    /** After the end, or should the kernel not answer: what was read last. */
    private long read(int reason, int which) {
        int at = 2 * reason + which;
        try {
            ByteBuffer value = counters.get(BpfMap.number(reason));
            if (value != null) {
                long sum = 0;
                for (int i = which * Long.BYTES; i < value.limit(); i += COUNT_BYTES) {
                    sum += value.getLong(i);
                }
                last.accumulateAndGet(at, sum, Math::max);
            }
        } catch (IOException closed) {
            // What was read last stands.
        }
        return last.get(at);
    }

    /** Tells what was dropped to each address since the last call, and forgets it. One thread at a time. */
    void takeVictims(VictimReader reader) throws IOException {
        byte[] key = victims.nextKey(null, VICTIM_KEY_BYTES);
        while (key != null) {
            byte[] next = victims.nextKey(key, VICTIM_KEY_BYTES);
            take(key, reader);
            key = next;
        }
    }

    private void take(byte[] key, VictimReader reader) throws IOException {
        ByteBuffer value = victims.get(key);
        if (value == null) {
            return;
        }
        long packets = 0;
        long bytes = 0;
        for (int i = 0; i < value.limit(); i += COUNT_BYTES) {
            packets += value.getLong(i);
            bytes += value.getLong(i + Long.BYTES);
        }
        ByteBuffer fields = ByteBuffer.wrap(key).order(ByteOrder.nativeOrder());
        int vector = fields.getInt(0);
        boolean ipv4 = fields.getInt(4) == 4;
        fields.order(ByteOrder.BIG_ENDIAN);
        long hi = ipv4 ? 0 : fields.getLong(8);
        long lo = ipv4 ? fields.getInt(8) & 0xffff_ffffL : fields.getLong(16);
        if (packets == 0 || reader.read(vector, ipv4, hi, lo, packets, bytes)) {
            victims.remove(key);
        }
    }

    @Override
    public synchronized void close() {
        for (int reason = 0; reason < Reasons.CAPACITY; reason++) {
            read(reason, 0);
            read(reason, 1);
        }
        counters.close();
        victims.close();
        sampled.close();
    }
}
