package io.breakwater.engine.attack;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A detector under real frames on packet time, and what it tells. */
final class Flood {
    static final long SECOND_NS = 1_000_000_000L;
    static final long MILLI_NS = 1_000_000L;

    final Reasons reasons = new Reasons();
    final AttackDetector detector = new AttackDetector(7);
    final List<AttackEvent> events = new ArrayList<>();
    private AttackRules rules;

    /** 100 packets/s or 1 Mbit/s of anything, over after 10 s. */
    Flood() {
        rules = detector.compile(policy(AttackDetection.UNWANTED), reasons);
        detector.onBatchStart(rules, 0);
    }

    static Policy policy(AttackDetection.Threshold threshold) {
        return policy(VectorTable.builtIn(), new AttackDetection(true, 10 * SECOND_NS, threshold, Map.of()));
    }

    static Policy policy(List<Vector> vectors, AttackDetection attack) {
        return new Policy(
                List.of(),
                RuleMode.ENFORCE,
                List.of(),
                List.of(),
                vectors,
                List.of(),
                AntiSpoof.OFF,
                Fragments.OFF,
                List.<LimitRule>of(),
                attack);
    }

    static AttackDetection.Threshold threshold(long packetsPerSecond, long bitsPerSecond) {
        return new AttackDetection.Threshold(
                Rate.packetsPerSecond(packetsPerSecond), Rate.bitsPerSecond(bitsPerSecond));
    }

    void reload(Policy policy) {
        rules = detector.compile(policy, reasons);
    }

    static FrameSlot answer(int sourcePort, String source, String destination) {
        return PacketBuilder.ethernet()
                .ip(source, destination)
                .udp(sourcePort, 40_000)
                .payload("x")
                .decoded();
    }

    /** One frame that a vector's rule drops. */
    void drop(String vector, FrameSlot frame, long nowNs) {
        detector.onFrame(frame, reasons.reflection(vector), rules, nowNs);
    }

    void judge(FrameSlot frame, int verdict, long nowNs) {
        detector.onFrame(frame, verdict, rules, nowNs);
    }

    /** So many memcached answers a second to one victim, evenly, from {@code sources} reflectors. */
    void memcached(String victim, int packetsPerSecond, int sources, long fromNs, long toNs) {
        FrameSlot[] frames = new FrameSlot[sources];
        for (int i = 0; i < sources; i++) {
            String source = victim.contains(":") ? "2001:db8:5::" + Integer.toHexString(i) : "198.18.1." + (i + 1);
            frames[i] = PacketBuilder.ethernet()
                    .ip(source, victim)
                    .udp(11211, 40_000)
                    .payload("VALUE a")
                    .decoded();
        }
        long count = Math.multiplyExact(toNs - fromNs, (long) packetsPerSecond) / SECOND_NS;
        for (long i = 0; i < count; i++) {
            drop("memcached", frames[(int) (i % sources)], fromNs + i * SECOND_NS / packetsPerSecond);
        }
    }

    /** The shield says that it dropped memcached answers, at a rate and for a time, ten times a second. */
    void shielded(String victim, int packetsPerSecond, int bytesEach, long fromNs, long toNs) {
        Prefix address = Prefix.parse(victim);
        for (long now = fromNs; now < toNs; now += 100 * MILLI_NS) {
            long packets = packetsPerSecond / 10;
            detector.tryReportShielded(
                    detector.vector("memcached"),
                    address.ipv4(),
                    address.hi(),
                    address.lo(),
                    packets,
                    packets * bytesEach);
            idleUntil(now);
            detector.takeShielded(rules, now);
        }
    }

    /** Time goes on without frames that count. */
    void idleUntil(long nowNs) {
        detector.onBatchStart(rules, nowNs);
    }

    void finish() {
        detector.finish(rules);
    }

    List<AttackEvent> told(AttackEvent.Kind kind) {
        detector.poll(events::add);
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    /** {@code START memcached 203.0.113.5} and so on, updates left out. */
    List<String> story() {
        detector.poll(events::add);
        return events.stream()
                .filter(event -> event.kind() != AttackEvent.Kind.UPDATE)
                .map(event -> event.kind() + " " + event.vector() + " " + event.targetText())
                .toList();
    }
}
