package io.breakwater.appliance.audit;

import io.breakwater.capture.privilege.Command;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memcached that is installed here. Before 1.5.6 (February 2018) UDP was on unless {@code -U 0} switched it off.
 *
 * @param text such as {@code 1.6.18}; empty if it is not known
 */
record MemcachedVersion(String text) {
    static final MemcachedVersion UNKNOWN = new MemcachedVersion("");

    private static final Pattern NUMBERS = Pattern.compile("(?<!\\d)(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?");

    /** Asks the installed program. */
    static MemcachedVersion installed() {
        try {
            return Command.isInstalled("memcached")
                    ? parse(Command.run("memcached", "-V").output())
                    : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    static MemcachedVersion parse(String output) {
        Matcher numbers = NUMBERS.matcher(output);
        return numbers.find() ? new MemcachedVersion(numbers.group()) : UNKNOWN;
    }

    /** True for an unknown version, too: then only {@code -U 0} is sure to keep UDP off. */
    boolean opensUdpByDefault() {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            return true;
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = Integer.parseInt(numbers.group(2));
        int patch = numbers.group(3) == null ? 0 : Integer.parseInt(numbers.group(3));
        return major < 1 || major == 1 && (minor < 5 || minor == 5 && patch < 6);
    }
}
