package io.breakwater.engine.classify;

import io.breakwater.engine.policy.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sources that no one has on the internet: the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890, RFC 8190), as
 * far as they are not globally reachable, and multicast (RFC 5771, RFC 4291). Teredo and 6to4, for which the registries
 * leave it open, belong to them: nobody runs their relays any more (RFC 7526).
 *
 * <p>Not in here, though registered: what is globally reachable (the anycast addresses of PCP, TURN and AMT, AS112,
 * 64:ff9b::/96, ORCHIDv2, drone remote identification).
 */
final class Bogons {
    private static final int BOGON = 1;
    private static final int REACHABLE = 2;

    private static final List<Prefix> UNREACHABLE_PREFIXES = prefixes(
            "0.0.0.0/8", // this network, RFC 791
            "10.0.0.0/8", // private use, RFC 1918
            "100.64.0.0/10", // shared address space, RFC 6598
            "127.0.0.0/8", // loopback, RFC 1122
            "169.254.0.0/16", // link local, RFC 3927
            "172.16.0.0/12", // private use, RFC 1918
            "192.0.0.0/24", // IETF protocol assignments, RFC 6890
            "192.0.2.0/24", // documentation, RFC 5737
            "192.88.99.0/24", // 6to4 relay anycast, RFC 3068, given up by RFC 7526
            "192.168.0.0/16", // private use, RFC 1918
            "198.18.0.0/15", // benchmarking, RFC 2544
            "198.51.100.0/24", // documentation, RFC 5737
            "203.0.113.0/24", // documentation, RFC 5737
            "224.0.0.0/4", // multicast, RFC 5771
            "240.0.0.0/4", // reserved, RFC 1112; holds limited broadcast, RFC 919
            "::1/128", // loopback, RFC 4291
            "::ffff:0:0/96", // IPv4-mapped, RFC 4291
            "64:ff9b:1::/48", // local-use IPv4/IPv6 translation, RFC 8215
            "100::/64", // discard only, RFC 6666
            "100:0:0:1::/64", // dummy prefix, RFC 9780
            "2001::/23", // IETF protocol assignments, RFC 2928; holds Teredo (RFC 4380), benchmarking (RFC 5180),
            // ORCHID (RFC 4843)
            "2001:db8::/32", // documentation, RFC 3849
            "2002::/16", // 6to4, RFC 3056
            "3fff::/20", // documentation, RFC 9637
            "5f00::/16", // segment routing identifiers, RFC 9602
            "fc00::/7", // unique local, RFC 4193
            "ff00::/8"); // multicast, RFC 4291

    /** What lies inside those and is reachable all the same. */
    private static final List<Prefix> REACHABLE_PREFIXES = prefixes(
            "192.0.0.9/32", // PCP anycast, RFC 7723
            "192.0.0.10/32", // TURN anycast, RFC 8155
            "2001:1::1/128", // PCP anycast, RFC 7723
            "2001:1::2/128", // TURN anycast, RFC 8155
            "2001:1::3/128", // DNS-SD service registration anycast, RFC 9665
            "2001:3::/32", // AMT, RFC 7450
            "2001:4:112::/48", // AS112, RFC 7535
            "2001:20::/28", // ORCHIDv2, RFC 7343
            "2001:30::/28"); // drone remote identification, RFC 9374

    /** Where {@link #contain} may change. */
    static final PrefixTable TABLE = PrefixTable.builder()
            .put(UNREACHABLE_PREFIXES, BOGON)
            .put(REACHABLE_PREFIXES, REACHABLE)
            .build();

    private Bogons() {}

    /** Where the answer may change: every prefix that is named here. */
    static List<Prefix> named() {
        return Stream.concat(UNREACHABLE_PREFIXES.stream(), REACHABLE_PREFIXES.stream())
                .toList();
    }

    /** Whether nobody on the internet can have the address. Allocates nothing. */
    static boolean contain(boolean ipv4, long hi, long lo) {
        return TABLE.lookup(ipv4, hi, lo) == BOGON;
    }

    private static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Prefix::parse).toList();
    }
}
