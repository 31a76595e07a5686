package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.FramePart;
import io.breakwater.capture.bpf.Reg;
import io.breakwater.capture.bpf.Size;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.ServiceRule;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.reflection.ReflectionFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * Writes the classifiers that need no state, in the policy's order: sources, anti-spoofing, services, reflection drops. A
 * frame that one of them does not settle for sure is passed to Java; so is one that a rule in monitor mode would count.
 */
final class RuleCode {
    private static final int UDP_NUMBER = 17;
    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;

    private final Assembler code;
    private final Policy policy;
    private final Lane lane;
    private final Reasons reasons;
    private final SourceRules sources;
    private final ToIntFunction<String> vectorNumber;
    private final SignatureCode signatures;

    /** @param vectorNumber by which drops of a vector are told to the attack detector; 0 = not told */
    RuleCode(
            Assembler code,
            Policy policy,
            Lane lane,
            Reasons reasons,
            SourceRules sources,
            ToIntFunction<String> vectorNumber) {
        this.code = code;
        this.policy = policy;
        this.lane = lane;
        this.reasons = reasons;
        this.sources = sources;
        this.vectorNumber = vectorNumber;
        this.signatures = new SignatureCode(code);
    }

    /** Begins at the labels of {@link ParseCode}. */
    void write() {
        code.label(ParseCode.UDP);
        judgeSource("udp-");
        judgeService(UDP_NUMBER, "reflection");
        reflection();
        code.label(ParseCode.TCP);
        judgeSource("");
        judgeService(6, FramePart.PASS);
        code.jump(FramePart.PASS);
        code.label(ParseCode.OTHER);
        code.label(ParseCode.LATER_FRAGMENT);
        judgeSource("");
        code.jump(FramePart.PASS);
        sourceDrops();
    }

    private void judgeSource(String kind) {
        if (sources.hasAny(SourceRules.BLOCKED | SourceRules.SPOOFED)) {
            code.load(Size.WORD, Reg.R1, Reg.R10, Stack.SOURCE_FLAGS);
            code.jumpIf(Condition.ANY_BIT, Reg.R1, SourceRules.BLOCKED, kind + "blocked");
            code.jumpIf(Condition.ANY_BIT, Reg.R1, SourceRules.SPOOFED, kind + "spoofed");
        }
    }

    /** Where {@link #judgeSource} jumps to. Attacks are told by the vector of the source port, if there is one. */
    private void sourceDrops() {
        code.label("udp-blocked");
        code.store(Size.WORD, Reg.R10, Stack.REASON, Reasons.BLOCKED_SOURCE);
        code.jump("by-port");
        code.label("udp-spoofed");
        code.store(Size.WORD, Reg.R10, Stack.REASON, Reasons.ANTISPOOF);
        code.label("by-port");
        Map<Integer, String> ports = new HashMap<>();
        for (Vector vector : policy.vectors()) {
            if (vector.match() == Vector.Match.PORT && numberOf(vector) != 0) {
                ports.put(vector.port(), "of-" + vector.port());
            }
        }
        loadBe16(Reg.R2, SOURCE_PORT);
        new PortSwitch(ports).write(code, Reg.R2, "of-none");
        for (Vector vector : policy.vectors()) {
            if (ports.containsKey(vector.port()) && vector.match() == Vector.Match.PORT) {
                code.label("of-" + vector.port());
                drop(numberOf(vector));
            }
        }
        code.label("of-none");
        drop(0);
        code.label("blocked");
        drop(Reasons.BLOCKED_SOURCE, 0);
        code.label("spoofed");
        drop(Reasons.ANTISPOOF, 0);
    }

    /** Drops what strangers send to a guarded port; R7 is at the ports. */
    private void judgeService(int protocol, String otherwise) {
        Map<Integer, String> ports = new HashMap<>();
        List<ServiceRule> services = lane == Lane.INBOUND ? policy.services() : List.of();
        for (ServiceRule service : services) {
            if (protocol == UDP_NUMBER ? service.udp() : service.tcp()) {
                ports.put(service.port(), label(protocol, service));
            }
        }
        if (ports.isEmpty()) {
            return;
        }
        loadBe16(Reg.R2, DESTINATION_PORT);
        new PortSwitch(ports).write(code, Reg.R2, otherwise);
        for (ServiceRule service : services) {
            if (ports.containsValue(label(protocol, service))) {
                code.label(label(protocol, service));
                stranger(service, services.indexOf(service), otherwise);
            }
        }
        if (!otherwise.equals(FramePart.PASS)) {
            code.label(otherwise);
        }
    }

    private static String label(int protocol, ServiceRule service) {
        return "service-" + protocol + "-" + service.port();
    }

    private void stranger(ServiceRule service, int index, String otherwise) {
        if (index >= SourceRules.SERVICES) {
            code.jump(FramePart.PASS);
            return;
        }
        if (sources.hasAny(SourceRules.allowedBit(index))) {
            code.load(Size.WORD, Reg.R1, Reg.R10, Stack.SOURCE_FLAGS);
            code.jumpIf(Condition.ANY_BIT, Reg.R1, SourceRules.allowedBit(index), otherwise);
        }
        if (service.mode() == RuleMode.MONITOR) {
            code.jump(FramePart.PASS);
        } else {
            passIfMonitored();
            drop(reasons.service(service.name()), 0);
        }
    }

    private void reflection() {
        Map<Integer, String> ports = new HashMap<>();
        Map<String, Vector> vectors = new HashMap<>();
        for (Vector vector : lane == Lane.INBOUND ? policy.vectors() : List.<Vector>of()) {
            if (vector.match() != Vector.Match.SIGNATURE) {
                ports.put(vector.port(), "vector-" + vector.port());
                vectors.put("vector-" + vector.port(), vector);
            }
        }
        vectors.values().removeIf(vector -> !drops(vector));
        ports.values().retainAll(vectors.keySet());
        if (ports.isEmpty()) {
            code.jump(FramePart.PASS);
            return;
        }
        loadBe16(Reg.R2, SOURCE_PORT);
        new PortSwitch(ports).write(code, Reg.R2, FramePart.PASS);
        vectors.forEach(this::vector);
    }

    /** Whether frames of a vector can be dropped without state; one from any port might be met first by Java. */
    private boolean drops(Vector vector) {
        if (vector.mode() == RuleMode.MONITOR) {
            return false;
        }
        if (vector.action() == Vector.Action.DROP) {
            return vector.match() == Vector.Match.PORT
                    || SignatureCode.knows(Objects.requireNonNull(vector.signature()));
        }
        boolean anyPortFirst = policy.vectors().stream()
                .anyMatch(other -> other.match() == Vector.Match.SIGNATURE && other.action() == Vector.Action.DROP);
        return ReflectionFilter.dropsNtpModes(vector) && vector.match() == Vector.Match.PORT && !anyPortFirst;
    }

    private void vector(String label, Vector vector) {
        code.label(label);
        String match = label + "-match";
        if (vector.action() != Vector.Action.DROP) {
            signatures.ntpModes(match);
            code.label(match);
        } else if (vector.match() == Vector.Match.BOTH) {
            signatures.write(Objects.requireNonNull(vector.signature()), match);
            code.label(match);
        }
        passIfMonitored();
        drop(reasons.reflection(vector.name()), numberOf(vector));
    }

    private int numberOf(Vector vector) {
        return policy.attack().enabled() && lane == Lane.INBOUND ? vectorNumber.applyAsInt(vector.name()) : 0;
    }

    private void passIfMonitored() {
        if (sources.hasAny(SourceRules.MONITORED)) {
            code.load(Size.WORD, Reg.R1, Reg.R10, Stack.SOURCE_FLAGS);
            code.jumpIf(Condition.ANY_BIT, Reg.R1, SourceRules.MONITORED, FramePart.PASS);
        }
    }

    private void drop(int reason, int tag) {
        code.store(Size.WORD, Reg.R10, Stack.REASON, reason);
        drop(tag);
    }

    private void drop(int tag) {
        code.store(Size.WORD, Reg.R10, Stack.TAG, tag);
        code.jump(DropCode.START);
    }

    private void loadBe16(Reg to, int offset) {
        code.load(Size.HALF, to, Reg.R7, offset);
        code.fromNetwork(to, 16);
    }
}
