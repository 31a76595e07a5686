package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.policy.Prefix;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

/**
 * The address space of one family, cut into ranges that each have one value. Range {@code i} runs from its start to the
 * address before the start of range {@code i + 1}; the first starts at address 0, so that every address has a range.
 *
 * <p>An index over an address's first bits (8 to 16, at least as many slots as there are ranges) gives the value of all
 * addresses of a slot, or, where they have several, says which few ranges a binary search has left to tell apart.
 */
final class AddressRanges {
    private static final Comparator<PrefixTable.Entry> BY_START_THEN_LENGTH = (a, b) -> {
        int start = compare(
                a.prefix().hi(), a.prefix().lo(), b.prefix().hi(), b.prefix().lo());
        return start != 0
                ? start
                : Integer.compare(a.prefix().length(), b.prefix().length());
    };

    private static final int MAX_INDEX_BITS = 16;

    /** Slots even for few ranges: 1 KiB, so that most addresses need no search. */
    private static final int MIN_INDEX_BITS = 8;

    /** No value of a prefix: the slot's addresses have different ones. */
    private static final int SEVERAL = Integer.MIN_VALUE;

    private final boolean ipv4;
    private long[] startHi;
    private long[] startLo;
    private int[] values;
    private int count = 1;
    private int indexBits;
    // What is behind an address's first bits: of 32 for IPv4, of the upper 64 for IPv6.
    private int indexShift;
    // Slot -> the range that the slot's first address is in; one more slot behind the last.
    private int[] firstRange = {0, 0};
    // Slot -> the value of all its addresses, or SEVERAL.
    private int[] valueOfSlot = {0};

    /** One range of value 0, with room for more. */
    private AddressRanges(boolean ipv4, int maxCuts) {
        this.ipv4 = ipv4;
        startHi = new long[maxCuts + 1];
        startLo = new long[maxCuts + 1];
        values = new int[maxCuts + 1];
    }

    /** Cuts the family's space wherever one of the others is cut; the function says the value from there on. */
    static AddressRanges of(List<AddressRanges> others, boolean ipv4, PrefixTable.Function function) {
        record Start(long hi, long lo) {}
        TreeSet<Start> starts = new TreeSet<>((a, b) -> compare(a.hi, a.lo, b.hi, b.lo));
        for (AddressRanges other : others) {
            for (int range = 0; range < other.count; range++) {
                starts.add(new Start(other.startHi[range], other.startLo[range]));
            }
        }
        AddressRanges ranges = new AddressRanges(ipv4, starts.size());
        for (Start start : starts) {
            int value = function.valueOf(ipv4, start.hi, start.lo);
            if (value != ranges.values[ranges.count - 1]) {
                ranges.cut(start.hi, start.lo, value);
            }
        }
        return ranges.indexed();
    }

    private static int compare(long hi, long lo, long otherHi, long otherLo) {
        int order = Long.compareUnsigned(hi, otherHi);
        return order != 0 ? order : Long.compareUnsigned(lo, otherLo);
    }

    /** Cuts the family's space at each prefix's two ends; where prefixes nest, the inner one's value counts. */
    static AddressRanges of(List<PrefixTable.Entry> entries, boolean ipv4) {
        // The sort is stable: of equal prefixes the one given last comes last, and counts.
        List<PrefixTable.Entry> sorted = entries.stream()
                .filter(entry -> entry.prefix().ipv4() == ipv4)
                .sorted(BY_START_THEN_LENGTH)
                .toList();
        AddressRanges ranges = new AddressRanges(ipv4, 2 * sorted.size());
        Deque<PrefixTable.Entry> open = new ArrayDeque<>();
        for (PrefixTable.Entry entry : sorted) {
            ranges.closeBefore(entry.prefix(), open);
            ranges.cut(entry.prefix().hi(), entry.prefix().lo(), entry.value());
            open.push(entry);
        }
        while (!open.isEmpty()) {
            ranges.close(open);
        }
        return ranges.indexed();
    }

    private void closeBefore(Prefix next, Deque<PrefixTable.Entry> open) {
        while (!open.isEmpty() && !open.peek().prefix().contains(next.ipv4(), next.hi(), next.lo())) {
            close(open);
        }
    }

    /** Behind the innermost open prefix, the value of the one around it counts again. */
    private void close(Deque<PrefixTable.Entry> open) {
        Prefix inner = open.pop().prefix();
        int outerValue = open.isEmpty() ? PrefixTable.MISS : open.peek().value();
        long familyMask = inner.ipv4() ? 0xffff_ffffL : -1L;
        long lastHi = inner.ipv4() ? 0 : inner.hi() | ~Prefix.maskHi(false, inner.length());
        long lastLo = inner.lo() | ~Prefix.maskLo(inner.ipv4(), inner.length()) & familyMask;
        boolean isLast = lastLo == familyMask && (inner.ipv4() || lastHi == -1L);
        if (!isLast) {
            cut(lastLo == -1L ? lastHi + 1 : lastHi, lastLo + 1, outerValue);
        }
    }

    /** From this address on the value counts. Cuts come in ascending order; a second one at an address replaces. */
    private void cut(long hi, long lo, int value) {
        if (startHi[count - 1] == hi && startLo[count - 1] == lo) {
            values[count - 1] = value;
        } else {
            startHi[count] = hi;
            startLo[count] = lo;
            values[count] = value;
            count++;
        }
    }

    private AddressRanges indexed() {
        startHi = Arrays.copyOf(startHi, count);
        startLo = Arrays.copyOf(startLo, count);
        values = Arrays.copyOf(values, count);
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
        indexBits = Math.clamp(bits, MIN_INDEX_BITS, MAX_INDEX_BITS);
        indexShift = (ipv4 ? Integer.SIZE : Long.SIZE) - indexBits;
        int slots = 1 << indexBits;
        firstRange = new int[slots + 1];
        for (int slot = 1; slot < slots; slot++) {
            long firstBits = (long) slot << Long.SIZE - indexBits;
            firstRange[slot] = search(0, count, ipv4 ? 0 : firstBits, ipv4 ? firstBits >>> 32 : 0);
        }
        firstRange[slots] = count - 1;
        valueOfSlot = new int[slots];
        for (int slot = 0; slot < slots; slot++) {
            valueOfSlot[slot] = isOfOneRange(slot) ? values[firstRange[slot]] : SEVERAL;
        }
        return this;
    }

    /** Whether no range begins behind the slot's first address; the next slot's may begin with that slot. */
    private boolean isOfOneRange(int slot) {
        int next = firstRange[slot + 1];
        return next == firstRange[slot] || (next == firstRange[slot] + 1 && beginsBehind(slot, next));
    }

    private boolean beginsBehind(int slot, int range) {
        long firstBits = ipv4 ? startLo[range] << 32 : startHi[range];
        return (int) (firstBits >>> Long.SIZE - indexBits) > slot;
    }

    /** The value of the range that an IPv4 address is in; of the ranges of that family. */
    @HotPath
    int lookupIpv4(long lo) {
        int slot = (int) (lo >>> indexShift);
        int value = valueOfSlot[slot];
        return value == SEVERAL ? values[searchIpv4(firstRange[slot], rangesOf(slot), lo)] : value;
    }

    /** The value of the range that an IPv6 address is in; of the ranges of that family. */
    @HotPath
    int lookupIpv6(long hi, long lo) {
        int slot = (int) (hi >>> indexShift);
        int value = valueOfSlot[slot];
        return value == SEVERAL ? values[search(firstRange[slot], rangesOf(slot), hi, lo)] : value;
    }

    /** Ranges that addresses of the slot may be in. */
    @HotPath
    private int rangesOf(int slot) {
        return firstRange[slot + 1] - firstRange[slot] + 1;
    }

    /** As {@link #search}, of addresses of 32 bits: one comparison a step, and no branch to guess. */
    @HotPath
    private int searchIpv4(int first, int ranges, long lo) {
        int low = first;
        int left = ranges;
        while (left > 1) {
            int half = left >>> 1;
            low = startLo[low + half] > lo ? low : low + half;
            left -= half;
        }
        return low;
    }

    /** The last of {@code ranges} ranges from {@code first} on that does not start behind the address. */
    @HotPath
    private int search(int first, int ranges, long hi, long lo) {
        int low = first;
        int left = ranges;
        while (left > 1) {
            int half = left >>> 1;
            low = startsBehind(low + half, hi, lo) ? low : low + half;
            left -= half;
        }
        return low;
    }

    @HotPath
    private boolean startsBehind(int range, long hi, long lo) {
        return compare(startHi[range], startLo[range], hi, lo) > 0;
    }
}
