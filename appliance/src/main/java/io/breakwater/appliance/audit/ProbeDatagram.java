package io.breakwater.appliance.audit;

import io.breakwater.appliance.audit.FirewallRules.Match;

/**
 * What a firewall is asked about: the first packet that anyone on the internet sends to a port of this host.
 *
 * @param udp UDP, otherwise TCP
 */
record ProbeDatagram(boolean ipv4, boolean udp, int port) {
    /** By name or number (IANA). */
    Match protocol(String text) {
        return switch (text) {
            case "all", "ip", "0" -> Match.YES;
            case "udp", "17" -> Match.of(udp);
            case "tcp", "6" -> Match.of(!udp);
            // Both firewalls say UDP and TCP by these words alone, so that any other word or number is another
            // protocol.
            default -> text.matches("[0-9A-Za-z][0-9A-Za-z.+/-]*") ? Match.NO : Match.PERHAPS;
        };
    }

    /** A prefix holds anyone's address only if it holds all. */
    static Match anyone(String prefix) {
        return Match.of(prefix.endsWith("/0"));
    }

    /** A new connection: neither established, nor related, nor invalid. */
    static Match state(String name) {
        return Match.of(name.equalsIgnoreCase("new"));
    }

    static Match inboundInterface(String name) {
        return name.equals("lo") ? Match.NO : Match.PERHAPS;
    }
}
