package io.breakwater.appliance.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code protected}: what lives inside. */
final class ProtectedSection {
    static final List<Key> KEYS = List.of(new Key(
            "protected",
            Prefixes.TYPE,
            "not given",
            "What lives inside. Without it nothing is known of the inside: solicited vectors are not enforced,"
                    + " anti-spoofing has nothing to compare with, and in `replay` every frame is inbound.",
            "protected: [203.0.113.0/24, \"2001:db8:100::/48\"]"));

    private ProtectedSection() {}

    static Prefixes read(@Nullable Field field) {
        return Prefixes.read(field);
    }
}
