package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.BpfMap;
import io.breakwater.engine.classify.PrefixTable;
import io.breakwater.engine.classify.SpoofGuard;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.AntiSpoof.Level;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.ServiceRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * All that a policy says of a source address, as bits that one lookup finds.
 *
 * <p><b>Why one table</b> for all lists: every prefix of every list is an entry, and its bits are what the lists say
 * of an address for which it is the longest entry; they say the same of every such address, so the longest of them tells
 * what each list would.
 */
final class SourceRules {
    /** Forwarded at once: Java's. */
    static final int TRUSTED = 1;
    /** Dropped as {@code blocked-source}. */
    static final int BLOCKED = 1 << 1;
    /** Dropped as {@code antispoof}, unless the frame is of the link. */
    static final int SPOOFED = 1 << 2;
    /** A rule in monitor mode counts it, which is Java's to do. */
    static final int MONITORED = 1 << 3;
    /** The address does not tell: Java's. */
    static final int UNCLEAR = 1 << 4;

    private static final int FIRST_SERVICE = 1 << 5;
    /** Services whose allow lists have a bit; frames to those beyond are Java's. */
    static final int SERVICES = 24;

    private static final int IS_TRUSTED = 1;
    private static final int IS_BLOCKED = 2;

    // RFC 4291 sections 2.5.2 and 2.5.6, RFC 791: judged with more than the address.
    private static final Prefix NO_IPV4_SOURCE = Prefix.parse("0.0.0.0/32");
    private static final Prefix NO_IPV6_SOURCE = Prefix.parse("::/128");
    private static final Prefix LINK_LOCAL = Prefix.parse("fe80::/10");

    private final PrefixTable lists;
    private final SpoofGuard spoofGuard;
    private final List<PrefixTable> allowed = new ArrayList<>();
    private final Map<Prefix, Integer> flags = new LinkedHashMap<>();

    SourceRules(Policy policy, Lane lane) {
        lists = PrefixTable.builder()
                .put(policy.trusted(), IS_TRUSTED)
                .put(policy.blocked(), IS_BLOCKED)
                .build();
        Set<Prefix> named = new LinkedHashSet<>(policy.trusted());
        named.addAll(policy.blocked());
        spoofGuard = new SpoofGuard(policy, lane, (reason, frame) -> {});
        if (spoofGuard.judges()) {
            named.addAll(policy.protectedPrefixes());
            named.addAll(policy.antiSpoof().exempt());
            named.addAll(List.of(NO_IPV4_SOURCE, NO_IPV6_SOURCE, LINK_LOCAL));
        }
        if (policy.antiSpoof().bogons() != Level.OFF && lane == Lane.INBOUND) {
            named.addAll(SpoofGuard.bogonPrefixes());
        }
        if (lane == Lane.INBOUND) {
            for (ServiceRule service : policy.services()
                    .subList(0, Math.min(SERVICES, policy.services().size()))) {
                allowed.add(PrefixTable.of(service.allow()));
                named.addAll(service.allow());
            }
        }
        if (!named.isEmpty()) {
            named.add(new Prefix(true, 0, 0, 0));
            named.add(new Prefix(false, 0, 0, 0));
        }
        judge(List.copyOf(named));
    }

    /**
     * Finds for each entry an address for which it is the longest, and what is said of that. Such addresses begin where the
     * entry begins, or where a longer one in it ends; an entry that has none is never found and left out.
     */
    private void judge(List<Prefix> entries) {
        PrefixTable.Builder builder = PrefixTable.builder();
        for (int i = 0; i < entries.size(); i++) {
            builder.put(List.of(entries.get(i)), i + 1);
        }
        PrefixTable longest = builder.build();
        for (Prefix entry : entries) {
            judge(entries, longest, entry.ipv4(), entry.hi(), entry.lo());
            boolean ipv4 = entry.ipv4();
            long lastHi = ipv4 ? 0 : entry.hi() | ~Prefix.maskHi(false, entry.length());
            long lastLo = entry.lo() | ~Prefix.maskLo(ipv4, entry.length()) & (ipv4 ? 0xffff_ffffL : -1L);
            boolean carries = !ipv4 && lastLo == -1L;
            boolean isVeryLast = ipv4 ? lastLo == 0xffff_ffffL : carries && lastHi == -1L;
            if (!isVeryLast) {
                judge(entries, longest, ipv4, carries ? lastHi + 1 : lastHi, lastLo + 1);
            }
        }
    }

    private void judge(List<Prefix> entries, PrefixTable longest, boolean ipv4, long hi, long lo) {
        int entry = longest.lookup(ipv4, hi, lo);
        if (entry != PrefixTable.MISS) {
            flags.putIfAbsent(entries.get(entry - 1), flags(ipv4, hi, lo));
        }
    }

    /** The bit of a service's allow list; {@code service} below {@link #SERVICES}. */
    static int allowedBit(int service) {
        return FIRST_SERVICE << service;
    }

    /** Whether sources matter at all. */
    boolean isEmpty() {
        return flags.isEmpty();
    }

    /** Whether any source has one of these bits. */
    boolean hasAny(int bits) {
        return flags.values().stream().anyMatch(each -> (each & bits) != 0);
    }

    /** A table of one family's entries, in the layout of {@link Stack#SOURCE_KEY}; the caller closes it. */
    BpfMap table(boolean ipv4) throws IOException {
        List<Prefix> family =
                flags.keySet().stream().filter(p -> p.ipv4() == ipv4).toList();
        int addressBytes = ipv4 ? 4 : 16;
        BpfMap table = BpfMap.lpmTrie(
                ipv4 ? "bw_sources4" : "bw_sources6", Math.max(1, family.size()), addressBytes, Integer.BYTES);
        for (Prefix prefix : family) {
            table.put(key(prefix, addressBytes), BpfMap.number(Objects.requireNonNull(flags.get(prefix))));
        }
        return table;
    }

    private static byte[] key(Prefix prefix, int addressBytes) {
        ByteBuffer key = ByteBuffer.allocate(Integer.BYTES + addressBytes);
        key.order(ByteOrder.nativeOrder()).putInt(prefix.length()).order(ByteOrder.BIG_ENDIAN);
        return prefix.ipv4()
                ? key.putInt((int) prefix.lo()).array()
                : key.putLong(prefix.hi()).putLong(prefix.lo()).array();
    }

    private int flags(boolean ipv4, long hi, long lo) {
        return switch (lists.lookup(ipv4, hi, lo)) {
            case IS_TRUSTED -> TRUSTED;
            case IS_BLOCKED -> BLOCKED;
            default -> spoofed(ipv4, hi, lo) | services(ipv4, hi, lo);
        };
    }

    private int spoofed(boolean ipv4, long hi, long lo) {
        boolean unclear = NO_IPV4_SOURCE.contains(ipv4, hi, lo)
                || NO_IPV6_SOURCE.contains(ipv4, hi, lo)
                || LINK_LOCAL.contains(ipv4, hi, lo);
        return switch (spoofGuard.levelOf(ipv4, hi, lo)) {
            case OFF -> 0;
            case MONITOR -> unclear ? UNCLEAR : MONITORED;
            case STRICT -> unclear ? UNCLEAR : SPOOFED;
        };
    }

    private int services(boolean ipv4, long hi, long lo) {
        int bits = 0;
        for (int service = 0; service < allowed.size(); service++) {
            bits |= allowed.get(service).contains(ipv4, hi, lo) ? allowedBit(service) : 0;
        }
        return bits;
    }
}
