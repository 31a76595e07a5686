package io.breakwater.capture.prepare;

import io.breakwater.capture.privilege.Command;
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
        return parse(describe(port));
    }

    /** What {@code ip} says of the port, its flags and master first: one program for all of it, because a start waits for each. */
    static String describe(String port) throws IOException {
        Command.Result result = Command.run("ip", "addr", "show", "dev", port);
        return result.isOk() ? result.output() : "";
    }

    /** Reads {@code ip addr show}: {@code inet6 2001:db8::1/64 scope global dynamic …}. */
    static List<PortAddress> parse(String output) {
        List<PortAddress> addresses = new ArrayList<>();
        for (String line : output.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && (words[0].equals("inet") || words[0].equals("inet6"))) {
                List<String> flags = List.of(words).subList(2, words.length);
                boolean linkLocal = flags.contains("link");
                addresses.add(new PortAddress(
                        words[0].equals("inet6"),
                        words[1],
                        linkLocal || flags.contains("dynamic") || flags.contains("temporary")));
            }
        }
        return addresses;
    }
}
