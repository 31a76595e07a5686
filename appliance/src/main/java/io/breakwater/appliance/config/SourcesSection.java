package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Prefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sources}: who is always, and who is never, let through. */
record SourcesSection(Prefixes trusted, Prefixes blocked) {
    static final List<Key> KEYS = List.of(
            new Key(
                    "sources",
                    "mapping",
                    "no lists",
                    "Sources that are settled before anything else looks. The longest prefix wins between the two lists;"
                            + " the same prefix in both is an error.",
                    "sources:\n  trusted: [192.0.2.0/24]\n  blocked: [198.51.100.66/32]"),
            new Key(
                    "sources.trusted",
                    Prefixes.TYPE,
                    "none",
                    "Skip everything but `malformed`, on both lanes.",
                    "sources: {trusted: [192.0.2.0/24, \"2001:db8:1::/48\"]}"),
            new Key(
                    "sources.blocked",
                    Prefixes.TYPE,
                    "none",
                    "Dropped as `blocked-source`, on both lanes.",
                    "sources: {blocked: [198.51.100.66/32]}"));

    static SourcesSection read(@Nullable Field field) {
        Section section = field == null ? null : field.section();
        Prefixes trusted = Prefixes.read(section == null ? null : section.get("trusted"));
        Prefixes blocked = Prefixes.read(section == null ? null : section.get("blocked"));
        for (Prefixes.Item item : blocked.items()) {
            Prefixes.Item other = trusted.holding(item.prefix());
            if (other != null && other.prefix().equals(item.prefix())) {
                item.at()
                        .error(item.prefix() + " is trusted too, on line "
                                + other.at().at().line() + "; remove it from one list");
            }
        }
        return new SourcesSection(trusted, blocked);
    }

    /** Whether every frame from the prefix is settled by these lists. */
    boolean settle(Prefix source) {
        return trusted.holding(source) != null || blocked.holding(source) != null;
    }

    /** Blocking one's own hosts is rarely meant. */
    void warnOf(Prefixes inside) {
        for (Prefix prefix : inside.list()) {
            Prefixes.Item item = blocked.holding(prefix);
            if (item != null && trusted.holding(prefix) == null) {
                item.at().warning("blocks " + prefix + ", which is protected");
            }
        }
    }
}
