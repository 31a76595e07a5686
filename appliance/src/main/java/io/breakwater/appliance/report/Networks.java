package io.breakwater.appliance.report;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The networks of addresses: /24 of IPv4, /48 of IPv6, which is what one site has. */
final class Networks {
    private static final int IPV4_BYTES = 3;
    private static final int IPV6_BYTES = 6;

    private Networks() {}

    /**
     * The network of an address.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String of(String address) {
        InetAddress parsed;
        try {
            parsed = InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a reflector is no IP address", e);
        }
        int kept = parsed instanceof Inet4Address ? IPV4_BYTES : IPV6_BYTES;
        byte[] bytes = parsed.getAddress();
        for (int i = kept; i < bytes.length; i++) {
            bytes[i] = 0;
        }
        try {
            String text = InetAddress.getByAddress(bytes).getHostAddress();
            return parsed instanceof Inet4Address ? text + "/24" : shortened(text) + "/48";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address keeps its length", e);
        }
    }

    /** {@code 2001:db8:66:0:0:0:0:0} as {@code 2001:db8:66::}. */
    private static String shortened(String text) {
        return text.replaceFirst("(:0)+$", "::").replaceFirst("^0::$", "::");
    }
}
