package io.breakwater.appliance.audit;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of memcached(1) that decide who reaches it; all others are passed over.
 *
 * <p>Source: the getopt string of memcached 1.6.18; what each option does was tried with that version.
 */
final class MemcachedOptions {
    /** Short options that are followed by a value. */
    private static final String WITH_VALUE = "apsUmMclufntDLRCbBIYeoNP";

    private final List<MemcachedListen> listens = new ArrayList<>();
    private @Nullable Integer tcpPort;
    private @Nullable Integer udpPort;
    private boolean onlyUnixSocket;

    List<MemcachedListen> listens() {
        return listens;
    }

    /** What {@code -p} says; null if it is not there. */
    @Nullable
    Integer tcpPort() {
        return tcpPort;
    }

    /** What {@code -U} says, 0 for off; null if it is not there. */
    @Nullable
    Integer udpPort() {
        return udpPort;
    }

    boolean onlyUnixSocket() {
        return onlyUnixSocket;
    }

    /** Reads words as a command line; a later option replaces an earlier one, except {@code -l}, which adds. */
    void read(List<String> words, Consumer<String> problems) {
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.startsWith("--")) {
                readLong(word.substring(2), rest, problems);
            } else if (word.length() > 1 && word.startsWith("-")) {
                readShort(word, rest, problems);
            }
        }
    }

    private void readShort(String word, Iterator<String> rest, Consumer<String> problems) {
        for (int i = 1; i < word.length(); i++) {
            if (WITH_VALUE.indexOf(word.charAt(i)) >= 0) {
                String value = word.substring(i + 1);
                set(word.charAt(i), value.isEmpty() && rest.hasNext() ? rest.next() : value, problems);
                return;
            }
        }
    }

    private void readLong(String word, Iterator<String> rest, Consumer<String> problems) {
        int equals = word.indexOf('=');
        char option = switch (equals < 0 ? word : word.substring(0, equals)) {
            case "listen" -> 'l';
            case "port" -> 'p';
            case "udp-port" -> 'U';
            case "unix-socket" -> 's';
            default -> '?';
        };
        if (option != '?') {
            String next = equals < 0 && rest.hasNext() ? rest.next() : "";
            set(option, equals < 0 ? next : word.substring(equals + 1), problems);
        }
    }

    private void set(char option, String value, Consumer<String> problems) {
        try {
            switch (option) {
                case 'l' -> addListens(value);
                case 'p' -> tcpPort = port(value);
                case 'U' -> udpPort = port(value);
                case 's' -> onlyUnixSocket = true;
                default -> {}
            }
        } catch (IllegalArgumentException e) {
            problems.accept("-" + option + ": " + e.getMessage());
        }
    }

    private void addListens(String value) {
        for (String item : value.split(",")) {
            if (!item.isBlank()) {
                listens.add(MemcachedListen.parse(item.strip()));
            }
        }
    }

    /** @throws IllegalArgumentException unless it is a number from 0 to 65535 */
    static int port(String text) {
        if (text.length() <= 5 && text.matches("[0-9]+")) {
            int port = Integer.parseInt(text);
            if (port <= 65_535) {
                return port;
            }
        }
        throw new IllegalArgumentException("'" + Printable.shortened(text) + "' is no port; it takes 0 to 65535");
    }
}
