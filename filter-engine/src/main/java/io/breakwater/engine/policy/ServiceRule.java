package io.breakwater.engine.policy;

import java.util.List;

/**
 * Who may reach a service on the inside. Inbound frames to {@code port} from anyone else are dropped as {@code
 * service:<name>}.
 *
 * @param name stable name, part of the reason
 * @param port destination port, 1–65535
 * @param udp whether UDP is guarded
 * @param tcp whether TCP is guarded
 * @param allow sources that may reach it
 * @param mode monitor: counts {@code would_drop}, settles nothing
 */
public record ServiceRule(String name, int port, boolean udp, boolean tcp, List<Prefix> allow, RuleMode mode) {
    public ServiceRule {
        allow = List.copyOf(allow);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not in 1–65535");
        }
    }
}
