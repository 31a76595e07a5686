package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list of prefixes whose places in the file are known. */
final class Prefixes {
    static final String TYPE = "list of prefixes; IPv6 in quotes";

    /** A container sorts right before what it holds. */
    private static final Comparator<Item> BY_ADDRESS = Comparator.<Item>comparingInt(item -> item.prefix.ipv4() ? 0 : 1)
            .thenComparing(item -> item.prefix.hi(), Long::compareUnsigned)
            .thenComparing(item -> item.prefix.lo(), Long::compareUnsigned)
            .thenComparingInt(item -> item.prefix.length());

    private static final int LONGEST = 64;

    private final List<Item> items;
    private final Map<Prefix, Item> byPrefix = new HashMap<>();

    private Prefixes(List<Item> items) {
        this.items = items;
        items.forEach(item -> byPrefix.putIfAbsent(item.prefix, item));
    }

    /** A prefix and where it stands. */
    record Item(Prefix prefix, Field at) {}

    /** Empty if the file does not give the key. What is not a prefix is reported; so is what another one holds. */
    static Prefixes read(@Nullable Field field) {
        List<Item> items = new ArrayList<>();
        if (field != null) {
            for (Field item : field.itemsOrSelf()) {
                Prefix prefix = prefix(item);
                if (prefix != null) {
                    items.add(new Item(prefix, item));
                }
            }
        }
        Prefixes prefixes = new Prefixes(items);
        prefixes.warnOfNesting();
        return prefixes;
    }

    private static @Nullable Prefix prefix(Field item) {
        if (item.isMapping()) {
            item.error("expected a prefix, not a mapping; put IPv6 addresses in quotes");
            return null;
        }
        return item.read("a prefix such as 192.0.2.0/24 or \"2001:db8::/32\"", text -> {
            if (text.length() > LONGEST) {
                throw new IllegalArgumentException("'" + Numbers.shortened(text) + "' is not an IPv4 or IPv6 prefix");
            }
            return Prefix.parse(text);
        });
    }

    List<Prefix> list() {
        return items.stream().map(Item::prefix).toList();
    }

    List<Item> items() {
        return items;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** The narrowest item of this list that holds {@code prefix}; null if none does. Cost: one look-up per bit. */
    @Nullable
    Item holding(Prefix prefix) {
        for (int length = prefix.length(); length >= 0; length--) {
            Item item = byPrefix.get(cut(prefix, length));
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    private static Prefix cut(Prefix prefix, int length) {
        boolean ipv4 = prefix.ipv4();
        long hi = prefix.hi() & Prefix.maskHi(ipv4, length);
        return new Prefix(ipv4, hi, prefix.lo() & Prefix.maskLo(ipv4, length), length);
    }

    static boolean holds(Prefix outer, Prefix inner) {
        return outer.length() <= inner.length() && outer.contains(inner.ipv4(), inner.hi(), inner.lo());
    }

    private void warnOfNesting() {
        Deque<Prefix> containers = new ArrayDeque<>();
        for (Item item : items.stream().sorted(BY_ADDRESS).toList()) {
            while (!containers.isEmpty() && !holds(containers.element(), item.prefix)) {
                containers.pop();
            }
            if (!containers.isEmpty()) {
                Prefix outer = containers.element();
                item.at.warning(
                        outer.equals(item.prefix)
                                ? item.prefix + " is listed twice"
                                : item.prefix + " is already inside " + outer + ", which is in the same list");
            }
            containers.push(item.prefix);
        }
    }
}
