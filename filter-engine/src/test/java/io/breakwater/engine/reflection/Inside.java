package io.breakwater.engine.reflection;

import io.breakwater.engine.classify.DestinationLimit;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A protected host behind the reflection step: frames in and out, and what became of them. */
final class Inside {
    static final long SECOND_NS = 1_000_000_000L;

    final Reasons reasons = new Reasons();
    final Map<String, Integer> wouldDrop = new TreeMap<>();
    final SolicitedTable table;
    final ReflectionFilter filter;
    private final QuestionRecorder inbound;
    private final QuestionRecorder outbound;
    private final QuestionRing ring = new QuestionRing(1_024);
    long nowNs;

    Inside(List<Vector> vectors, boolean isProtected, boolean threads, long graceNs) {
        Policy policy = policy(vectors, isProtected);
        table = new SolicitedTable(4_096, graceNs, 7);
        filter = ReflectionFilter.compile(
                policy,
                reasons,
                (reason, frame) -> wouldDrop.merge(reasons.name(reason), 1, Integer::sum),
                table,
                Inside::limit);
        inbound = QuestionRecorder.direct(policy, table);
        outbound = threads ? QuestionRecorder.publishing(policy, ring) : QuestionRecorder.direct(policy, table);
    }

    static Inside with(List<Vector> vectors) {
        return new Inside(vectors, true, false, 0);
    }

    static Policy policy(List<Vector> vectors, boolean isProtected) {
        List<Prefix> inside =
                isProtected ? List.of(Prefix.parse("203.0.113.0/24"), Prefix.parse("2001:db8:100::/48")) : List.of();
        return new Policy(
                inside,
                RuleMode.ENFORCE,
                List.of(),
                List.of(),
                vectors,
                List.of(),
                AntiSpoof.OFF,
                Fragments.OFF,
                List.of(),
                AttackDetection.OFF);
    }

    /** Lets the vector's burst through, and never more. */
    private static DestinationLimit limit(Vector vector) {
        Bucket bucket = Objects.requireNonNull(vector.limit());
        long burst = bucket.burst() == Bucket.SECONDS_WORTH ? bucket.rate().perSecond() : bucket.burst();
        int[] used = {0};
        return (frame, now) -> ++used[0] <= burst;
    }

    /** Sends a frame out; it is forwarded. */
    Inside out(FrameSlot frame) {
        frame.lane(Lane.OUTBOUND);
        outbound.onForwarded(frame, nowNs);
        return this;
    }

    /** The name of the reason that a frame from the outside is dropped for; {@code -} if it goes on. */
    String in(FrameSlot frame) {
        frame.lane(Lane.INBOUND);
        ring.drainTo(table, nowNs);
        int verdict = filter.classify(frame, nowNs);
        if (verdict == Verdict.UNSETTLED) {
            inbound.onForwarded(frame, nowNs);
            return "-";
        }
        return reasons.name(verdict);
    }

    Inside after(long seconds) {
        nowNs += seconds * SECOND_NS;
        return this;
    }

    static FrameSlot fromOutside(int sourcePort, int destinationPort, byte... payload) {
        return udp(Payloads.OUTSIDE, Payloads.INSIDE, sourcePort, destinationPort, payload);
    }

    static FrameSlot fromInside(int sourcePort, int destinationPort, byte... payload) {
        return udp(Payloads.INSIDE, Payloads.OUTSIDE, sourcePort, destinationPort, payload);
    }

    static FrameSlot udp(String source, String destination, int sourcePort, int destinationPort, byte... payload) {
        return PacketBuilder.ethernet()
                .ip(source, destination)
                .udp(sourcePort, destinationPort)
                .payload(payload)
                .decoded();
    }
}
