package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.policy.Prefix;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The address space of one family, cut into ranges that each have one value. Range {@code i} runs from its start to the
 * address before the start of range {@code i + 1}; the first starts at address 0, so that every address has a range.
 */
final class AddressRanges {
    private static final Comparator<PrefixTable.Entry> BY_START_THEN_LENGTH = (a, b) -> {
        int hi = Long.compareUnsigned(a.prefix().hi(), b.prefix().hi());
        int lo = hi != 0 ? hi : Long.compareUnsigned(a.prefix().lo(), b.prefix().lo());
        return lo != 0 ? lo : Integer.compare(a.prefix().length(), b.prefix().length());
    };

    private long[] startHi;
    private long[] startLo;
    private int[] values;
    private int count = 1;

    private AddressRanges(int prefixes) {
        startHi = new long[2 * prefixes + 1];
        startLo = new long[2 * prefixes + 1];
        values = new int[2 * prefixes + 1];
    }

    /** Cuts the family's space at each prefix's two ends; where prefixes nest, the inner one's value counts. */
    static AddressRanges of(List<PrefixTable.Entry> entries, boolean ipv4) {
        // The sort is stable: of equal prefixes the one given last comes last, and counts.
        List<PrefixTable.Entry> sorted = entries.stream()
                .filter(entry -> entry.prefix().ipv4() == ipv4)
                .sorted(BY_START_THEN_LENGTH)
                .toList();
        AddressRanges ranges = new AddressRanges(sorted.size());
        Deque<PrefixTable.Entry> open = new ArrayDeque<>();
        for (PrefixTable.Entry entry : sorted) {
            ranges.closeBefore(entry.prefix(), open);
            ranges.cut(entry.prefix().hi(), entry.prefix().lo(), entry.value());
            open.push(entry);
        }
        while (!open.isEmpty()) {
            ranges.close(open);
        }
        return ranges.trimmed();
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
        boolean carries = lastLo == -1L;
        if (!carries || lastHi != -1L) {
            cut(carries ? lastHi + 1 : lastHi, lastLo + 1, outerValue);
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

    private AddressRanges trimmed() {
        startHi = Arrays.copyOf(startHi, count);
        startLo = Arrays.copyOf(startLo, count);
        values = Arrays.copyOf(values, count);
        return this;
    }

    /** The value of the range that the address is in. */
    @HotPath
    int lookup(long hi, long lo) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (startsBehind(middle, hi, lo)) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return values[low];
    }

    private boolean startsBehind(int range, long hi, long lo) {
        int order = Long.compareUnsigned(startHi[range], hi);
        return order > 0 || (order == 0 && Long.compareUnsigned(startLo[range], lo) > 0);
    }
}
