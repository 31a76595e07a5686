package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.ServiceRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code services}: who may reach services on the inside. */
final class ServicesSection {
    static final List<Key> KEYS = List.of(
            new Key(
                    "services",
                    "mapping of names to guards, or `off`",
                    "none",
                    "Do not become a reflector: who may reach these services on the inside. Inbound frames from anyone"
                            + " else are dropped as `service:<name>`. An allowed client skips only its guard.",
                    example("")),
            new Key("services.<service>", "mapping", "none", "One guard; its name is part of the reason.", example("")),
            new Key("services.<service>.port", "1–65535", "required", "Destination port of the service.", example("")),
            new Key(
                    "services.<service>.protocols",
                    "list of `udp` and `tcp`",
                    "`[udp, tcp]`",
                    "Which protocols are guarded.",
                    "services:\n  memcached: {port: 11211, protocols: [udp], allow: [192.0.2.10/32]}"),
            new Key(
                    "services.<service>.allow",
                    Prefixes.TYPE,
                    "required",
                    "Sources that may reach it; `[]` lets nobody.",
                    "services:\n  memcached: {port: 11211, allow: []}"),
            new Key(
                    "services.<service>.mode",
                    Modes.TYPE,
                    "`enforce`",
                    "`monitor` counts what this guard would drop, and settles nothing.",
                    example(", mode: monitor")));

    private static final Prefix ALL_IPV4 = new Prefix(true, 0, 0, 0);
    private static final Prefix ALL_IPV6 = new Prefix(false, 0, 0, 0);

    private enum Protocol {
        UDP,
        TCP
    }

    private ServicesSection() {}

    static List<ServiceRule> read(@Nullable Field field) {
        if (field == null || field.isOff()) {
            return List.of();
        }
        Map<String, Field.Entry> entries = field.entries("a mapping of names to {port, allow}");
        List<ServiceRule> services = new ArrayList<>();
        Map<String, String> guardOf = new HashMap<>();
        boolean few = entries != null && Names.areFew(entries.size(), field, "guards");
        (entries == null || !few ? Map.<String, Field.Entry>of() : entries).forEach((name, entry) -> {
            ServiceRule service = Names.isName(name, entry) ? service(name, entry.value()) : null;
            if (service != null) {
                services.add(service);
                checkUse(service, entry.value(), guardOf);
            }
        });
        return services;
    }

    private static @Nullable ServiceRule service(String name, Field field) {
        Section section = field.section();
        if (section == null) {
            return null;
        }
        Field port = section.require("port");
        Long number = port == null ? null : port.integer(1, 65_535);
        List<Protocol> protocols = protocols(section.get("protocols"));
        Prefixes allow = Prefixes.read(section.require("allow"));
        return number == null
                ? null
                : new ServiceRule(
                        name,
                        number.intValue(),
                        protocols.contains(Protocol.UDP),
                        protocols.contains(Protocol.TCP),
                        allow.list(),
                        Modes.read(section.get("mode")));
    }

    private static List<Protocol> protocols(@Nullable Field field) {
        if (field == null) {
            return List.of(Protocol.values());
        }
        List<Protocol> protocols = new ArrayList<>();
        for (Field item : field.itemsOrSelf()) {
            Protocol protocol = item.choice(Protocol.class);
            if (protocol != null) {
                protocols.add(protocol);
            }
        }
        if (field.isList() && field.itemsOrSelf().isEmpty()) {
            field.error("is empty, so the guard would do nothing; name udp, tcp or both");
        }
        return protocols;
    }

    private static void checkUse(ServiceRule service, Field field, Map<String, String> guardOf) {
        if (service.allow().contains(ALL_IPV4) && service.allow().contains(ALL_IPV6)) {
            field.warning("allows everyone, so it never drops anything");
        }
        for (Protocol protocol : Protocol.values()) {
            boolean guarded = protocol == Protocol.UDP ? service.udp() : service.tcp();
            String other = guarded ? guardOf.putIfAbsent(protocol + ":" + service.port(), service.name()) : null;
            if (other != null) {
                field.error("guards the same port as '" + other + "'; join the two");
                return;
            }
        }
    }

    private static String example(String more) {
        return "services:\n  memcached: {port: 11211, protocols: [udp, tcp], allow: [192.0.2.10/32]" + more + "}";
    }
}
