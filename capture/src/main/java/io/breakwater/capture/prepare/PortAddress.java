package io.breakwater.capture.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An IP address of a port.
 *
 * @param isIpv6 IPv6, otherwise IPv4
 * @param prefix the address with its prefix length
 * @param isTransient made by the kernel or an advertisement: comes back by itself
 */
record PortAddress(boolean isIpv6, String prefix, boolean isTransient) {

    static List<PortAddress> of(String port) throws IOException {
        Command.Result result = Command.run("ip", "-o", "addr", "show", "dev", port);
        return result.isOk() ? parse(result.output()) : List.of();
    }

    /** Reads {@code ip -o addr show}: {@code 2: eth0 inet6 2001:db8::1/64 scope global dynamic …}. */
    static List<PortAddress> parse(String output) {
        List<PortAddress> addresses = new ArrayList<>();
        for (String line : output.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 4 && (words[2].equals("inet") || words[2].equals("inet6"))) {
                List<String> flags = List.of(words).subList(4, words.length);
                boolean linkLocal = flags.contains("link");
                addresses.add(new PortAddress(
                        words[2].equals("inet6"),
                        words[3],
                        linkLocal || flags.contains("dynamic") || flags.contains("temporary")));
            }
        }
        return addresses;
    }
}
