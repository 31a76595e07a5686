package io.breakwater.appliance.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options of memcached(1) that decide who reaches it; all others are passed over, with their values.
 *
 * <p>Source: the getopt string and the long options of memcached 1.6.18; what each option does was tried with that
 * version.
 */
final class MemcachedOptions {
    /** Short options that are followed by a value. */
    private static final String WITH_VALUE = "apsUmcluPfntDRbBIYeoN";

    /** Long options and the short ones that they stand for. */
    private static final Map<String, Character> LONG = Arrays.stream("""
                    auth-file=Y conn-limit=c daemon=d disable-cas=C disable-dumping=X disable-evictions=M
                    disable-flush-all=F disable-watch=W enable-coredumps=r enable-largepages=L enable-sasl=S
                    enable-shutdown=A enable-ssl=Z extended=o help=h license=i listen=l listen-backlog=b lock-memory=k
                    max-item-size=I max-reqs-per-event=R memory-file=e memory-limit=m napi-ids=N pidfile=P port=p
                    protocol=B slab-growth-factor=f slab-min-size=n threads=t udp-port=U unix-mask=a unix-socket=s
                    user=u verbose=v version=V""".split("\\s+"))
            .collect(Collectors.toUnmodifiableMap(
                    entry -> entry.substring(0, entry.length() - 2), entry -> entry.charAt(entry.length() - 1)));

    private final List<MemcachedListen> listens = new ArrayList<>();
    private boolean isListenGiven;
    private @Nullable Integer tcpPort;
    private @Nullable Integer udpPort;
    private boolean onlyUnixSocket;

    /** What {@code -l} names; every address if it is not there. */
    List<MemcachedListen> listens() {
        return isListenGiven ? listens : List.of(MemcachedListen.EVERYWHERE);
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
            if (word.equals("--")) {
                return;
            } else if (word.startsWith("--")) {
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
        char option = longOption(equals < 0 ? word : word.substring(0, equals), problems);
        if (WITH_VALUE.indexOf(option) >= 0) {
            String next = equals < 0 && rest.hasNext() ? rest.next() : "";
            set(option, equals < 0 ? next : word.substring(equals + 1), problems);
        }
    }

    /** The short option that a long one, or a beginning that only one has (getopt_long(3)), stands for; else '?'. */
    private static char longOption(String name, Consumer<String> problems) {
        Character exact = LONG.get(name);
        if (exact != null) {
            return exact;
        }
        List<String> possible = LONG.keySet().stream()
                .filter(one -> one.startsWith(name))
                .sorted()
                .toList();
        if (possible.size() > 1) {
            problems.accept("--" + Printable.shortened(name) + ": may be any of --" + String.join(", --", possible));
        }
        return possible.size() == 1 ? LONG.getOrDefault(possible.getFirst(), '?') : '?';
    }

    private void set(char option, String value, Consumer<String> problems) {
        if (option == 'l') {
            isListenGiven = true;
            Arrays.stream(value.split("[,;]")).map(String::strip).forEach(item -> addListen(item, problems));
            return;
        }
        try {
            switch (option) {
                case 'p' -> tcpPort = port(value);
                case 'U' -> udpPort = port(value);
                case 's' -> onlyUnixSocket = true;
                default -> {}
            }
        } catch (IllegalArgumentException e) {
            problems.accept("-" + option + ": " + e.getMessage());
        }
    }

    private void addListen(String item, Consumer<String> problems) {
        try {
            if (!item.isEmpty()) {
                listens.add(MemcachedListen.parse(item));
            }
        } catch (IllegalArgumentException e) {
            problems.accept("-l: " + e.getMessage());
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
