package io.breakwater.engine.policy;

import io.breakwater.engine.frame.Lane;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code limits}.
 *
 * @param name unique among limits; the reason is {@code limit:<name>}
 * @param match which frames it looks at
 * @param track what shares one bucket
 * @param buckets one of packets, one of bits, or both; empty if {@code window} is given
 * @param window the counting form, instead of buckets
 * @param then drop, or only count and report ({@code alert})
 * @param holdNs once tripped, drop all from the key until this long after its last frame that found no token; 0 = only
 *     the excess
 * @param table where keys live
 * @param mode monitor: counts {@code would_drop}, settles nothing
 */
public record LimitRule(
        String name,
        Match match,
        Track track,
        List<Bucket> buckets,
        @Nullable Window window,
        Then then,
        long holdNs,
        Table table,
        RuleMode mode) {

    public LimitRule {
        buckets = List.copyOf(buckets);
        if (buckets.isEmpty() == (window == null)) {
            throw new IllegalArgumentException("a limit needs either a rate or a window");
        }
    }

    /** What happens to a frame over the limit. */
    public enum Then {
        DROP,
        ALERT
    }

    /**
     * Which frames a limit looks at; every given condition must hold.
     *
     * @param lane only this lane; null = both
     * @param protocol IP protocol number, or -1 for any
     * @param icmp with {@code protocol} ignored: ICMP (1) of IPv4 and ICMPv6 (58) of IPv6
     * @param sources any of these prefixes; empty = any
     * @param destinations any of these prefixes; empty = any
     * @param sourcePorts any of these ranges; empty = any
     * @param destinationPorts any of these ranges; empty = any
     * @param vectors UDP source port of any of these vectors; empty with {@code anyVector} false = not looked at
     * @param anyVector UDP source port of any vector that the policy knows
     * @param unsolicitedOnly not if a solicited entry matched the frame
     * @param fragment only IP fragments (true), only whole datagrams (false), null = both
     * @param size frame length on the wire in bytes; null = any
     */
    public record Match(
            @Nullable Lane lane,
            int protocol,
            boolean icmp,
            List<Prefix> sources,
            List<Prefix> destinations,
            List<Range> sourcePorts,
            List<Range> destinationPorts,
            Set<String> vectors,
            boolean anyVector,
            boolean unsolicitedOnly,
            @Nullable Boolean fragment,
            @Nullable Range size) {
        public static final int ANY_PROTOCOL = -1;

        /** Every frame of both lanes. */
        public static final Match ANY = new Match(
                null,
                ANY_PROTOCOL,
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Set.of(),
                false,
                false,
                null,
                null);

        public Match {
            sources = List.copyOf(sources);
            destinations = List.copyOf(destinations);
            sourcePorts = List.copyOf(sourcePorts);
            destinationPorts = List.copyOf(destinationPorts);
            vectors = Set.copyOf(vectors);
        }

        /** Inbound UDP: what both built-in limits start from. */
        public static Match inboundUdp() {
            return new Match(
                    Lane.INBOUND,
                    17,
                    false,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Set.of(),
                    false,
                    false,
                    null,
                    null);
        }
    }

    /** A closed range of numbers. */
    public record Range(int low, int high) {
        public Range {
            if (low < 0 || low > high) {
                throw new IllegalArgumentException(low + "-" + high + " is not a range");
            }
        }

        public boolean contains(int value) {
            return value >= low && value <= high;
        }
    }

    /** The parts of a frame that make a key. */
    public enum Key {
        SOURCE("source"),
        DESTINATION("destination"),
        PAIR("pair"),
        SOURCE_PORT("source-port"),
        DESTINATION_AND_SOURCE_PORT("destination+source-port"),
        RULE("rule");

        private final String label;

        Key(String label) {
            this.label = label;
        }

        /** As written in policies. */
        public String label() {
            return label;
        }
    }

    /**
     * What shares one bucket.
     *
     * @param key the parts of the frame
     * @param ipv4Length addresses are cut to this many bits, 0–32
     * @param ipv6Length and IPv6 ones to this many, 0–128
     */
    public record Track(Key key, int ipv4Length, int ipv6Length) {
        public Track {
            if (ipv4Length < 0 || ipv4Length > 32 || ipv6Length < 0 || ipv6Length > 128) {
                throw new IllegalArgumentException("prefix lengths are 0–32 and 0–128");
            }
        }

        /** Whole addresses. */
        public static Track of(Key key) {
            return new Track(key, 32, 128);
        }

        /** Whether a key names a source, so that {@code hold} punishes the sender and not the victim. */
        public boolean hasSource() {
            return key == Key.SOURCE || key == Key.PAIR;
        }
    }

    /**
     * Snort's and Suricata's {@code rate_filter} count: acts from {@code count + 1} frames within a window on.
     *
     * @param count frames let through per window, at least 1
     * @param seconds length of a window, at least 1
     */
    public record Window(long count, long seconds) {
        public Window {
            if (count < 1 || seconds < 1) {
                throw new IllegalArgumentException("a window counts at least 1 frame in at least 1 second");
            }
        }
    }

    /** What a full table does with a new key. */
    public enum WhenFull {
        /** The stalest light entry makes room; heavy ones stay. */
        EVICT,
        /** The new key is not limited. */
        PASS,
        /** The new key's frames are dropped. */
        DROP
    }

    /**
     * Where keys live.
     *
     * @param max keys held; may be rounded up
     * @param idleNs a key not seen for this long is forgotten
     * @param whenFull what happens to a new key when there is no room
     */
    public record Table(int max, long idleNs, WhenFull whenFull) {
        public static final Table DEFAULT = new Table(262_144, 60_000_000_000L, WhenFull.EVICT);
    }
}
