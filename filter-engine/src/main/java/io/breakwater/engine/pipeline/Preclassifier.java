package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.Classifier;
import io.breakwater.engine.classify.PrefixTable;
import io.breakwater.engine.classify.SourceClassifier;
import io.breakwater.engine.classify.StatelessClassifier;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.limit.LimitedFrames;
import io.breakwater.engine.reflection.QuestionRecorder;
import io.breakwater.engine.reflection.ReflectionFilter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a chain can say of a decoded frame without its tables: whether it is <i>plain</i>, so that of all classifiers only blocks
 * and limits have to look at it; which limits will; and what names its key in the table of the first of these. It settles
 * nothing.
 *
 * <p>What the policy says of sources, ports and protocols is put together when it is compiled, so that a frame needs one
 * look-up of each.
 *
 * <p><b>Thread:</b> immutable, any: rx asks it while it has time, else the filter does.
 */
final class Preclassifier {
    /** Of a source: it is protected. */
    private static final int INSIDE = 1;
    /** Of a source: a classifier has something to say of it. */
    private static final int LISTED = 2;

    /** Of a port: reflection or questions have something to say of it. */
    private static final int WATCHED = 1;
    /** Of a port: reflection will probably drop frames from it. */
    private static final int DROPPED = 2;
    /** Of a port: a limit of vectors may match frames from it. */
    private static final int VECTOR = 4;

    private static final int PORTS = 1 << 16;
    private static final int UDP = 17;
    // Protocol numbers, and one for what was not captured, of each family.
    private static final int PROTOCOLS = 1 << 9;
    private static final int NOT_CAPTURED = -1;

    private static final AtomicInteger NUMBERS = new AtomicInteger(FrameSlot.NOT_PRECLASSIFIED);

    private final int number = NUMBERS.incrementAndGet();
    private final PrefixTable sources;
    private final StatelessClassifier[] classifiers;
    // By the port that matters: that from which inbound frames come, that to which outbound ones go. Of UDP frames.
    private final byte[] ports = new byte[PORTS];
    private final boolean inbound;
    private final LimitedFrames[] limits;
    // By family and protocol: those that can match; which of these look at more; and which of those at vectors.
    private final int[] limitsOfProtocol;
    private final int lookingFurther;
    private final int lookingAtVectors;

    /**
     * @param lane that the chain is of
     * @param inside what {@code protected} says
     * @param classifiers of the chain, those that are stateless among them matter
     * @param reflection of the inbound lane's chain
     * @param questions who remembers what the lane's forwarded frames ask
     * @param all limits of the chain, in order; the first {@link FrameSlot#LIMITS_KNOWN} matter
     */
    Preclassifier(
            Lane lane,
            PrefixTable inside,
            List<Classifier> classifiers,
            @Nullable ReflectionFilter reflection,
            QuestionRecorder questions,
            List<LimitedFrames> all) {
        this.inbound = lane == Lane.INBOUND;
        this.sources = sources(inside, classifiers);
        this.classifiers = classifiers.stream()
                .filter(StatelessClassifier.class::isInstance)
                .filter(classifier -> !(classifier instanceof SourceClassifier))
                .toArray(StatelessClassifier[]::new);
        List<LimitedFrames> known = all.subList(0, Math.min(all.size(), FrameSlot.LIMITS_KNOWN));
        this.limits = known.toArray(LimitedFrames[]::new);
        this.limitsOfProtocol = limitsOfProtocol(known);
        this.lookingFurther = ~which(known, LimitedFrames::isOfProtocolOnly);
        // Only where the port that matters is the source's, which is the vector's.
        this.lookingAtVectors = inbound ? which(known, limit -> limit.vectorPorts() != null) : 0;
        mark(questions.ports(), WATCHED);
        if (reflection != null) {
            mark(reflection.ports(), WATCHED);
            mark(reflection.droppedPorts(), DROPPED);
        }
        known.stream()
                .map(LimitedFrames::vectorPorts)
                .filter(Objects::nonNull)
                .forEach(vectors -> mark(vectors, VECTOR));
    }

    private static PrefixTable sources(PrefixTable inside, List<Classifier> classifiers) {
        List<PrefixTable> listed = classifiers.stream()
                .filter(SourceClassifier.class::isInstance)
                .map(classifier -> ((SourceClassifier) classifier).sources())
                .toList();
        List<PrefixTable> all = new ArrayList<>(listed);
        all.add(inside);
        return PrefixTable.of(all, (ipv4, hi, lo) -> {
            boolean isListed = listed.stream().anyMatch(table -> table.contains(ipv4, hi, lo));
            return (inside.contains(ipv4, hi, lo) ? INSIDE : 0) | (isListed ? LISTED : 0);
        });
    }

    private static int which(List<LimitedFrames> limits, Predicate<LimitedFrames> test) {
        int which = 0;
        for (int i = 0; i < limits.size(); i++) {
            which |= test.test(limits.get(i)) ? 1 << i : 0;
        }
        return which;
    }

    private static int[] limitsOfProtocol(List<LimitedFrames> limits) {
        int[] of = new int[2 * PROTOCOLS];
        for (int protocol = NOT_CAPTURED; protocol < PROTOCOLS - 1; protocol++) {
            int asked = protocol;
            of[protocolIndex(true, protocol)] = which(limits, limit -> limit.mayMatch(true, asked));
            of[protocolIndex(false, protocol)] = which(limits, limit -> limit.mayMatch(false, asked));
        }
        return of;
    }

    private static int protocolIndex(boolean ipv4, int protocol) {
        return (ipv4 ? PROTOCOLS : 0) | protocol & PROTOCOLS - 1;
    }

    private void mark(BitSet which, int mark) {
        for (int port = which.nextSetBit(0); port >= 0; port = which.nextSetBit(port + 1)) {
            ports[port] |= (byte) mark;
        }
    }

    /** Says in a slot who preclassified it: none other of the process has it. */
    int number() {
        return number;
    }

    /** What there is to say of the source of a decoded frame: for {@link #isInside} and {@link #preclassify(FrameSlot, int)}. */
    @HotPath
    int source(FrameSlot slot) {
        return slot.hasAddresses() ? sources.lookup(slot.isIpv4(), slot.sourceHi(), slot.sourceLo()) : 0;
    }

    /** Whether that source is protected. */
    @HotPath
    static boolean isInside(int source) {
        return (source & INSIDE) != 0;
    }

    /** Notes in the slot what there is to say. */
    @HotPath
    void preclassify(FrameSlot slot) {
        preclassify(slot, source(slot));
    }

    /** The same where what {@link #source} says is known. */
    @HotPath
    void preclassify(FrameSlot slot, int source) {
        if (slot.status() != FrameSlot.IP) {
            slot.preclassify(number, false, FrameSlot.LIMITS_UNKNOWN);
            return;
        }
        int port = ports(slot);
        boolean plain = (source & LISTED) == 0 && (port & WATCHED) == 0 && !slot.isFragment() && passes(slot);
        int matching = (port & DROPPED) != 0 ? FrameSlot.LIMITS_UNKNOWN : matchingLimits(slot, port);
        slot.preclassify(number, plain, matching);
        if (matching != 0 && matching != FrameSlot.LIMITS_UNKNOWN) {
            limits[Integer.numberOfTrailingZeros(matching)].name(slot);
        }
    }

    /** What there is to say of the frame's port that matters. */
    @HotPath
    private int ports(FrameSlot slot) {
        int port = inbound ? slot.sourcePort() : slot.destinationPort();
        return slot.protocol() == UDP && port >= 0 ? ports[port] : 0;
    }

    @HotPath
    private int matchingLimits(FrameSlot slot, int port) {
        int matching = limitsOfProtocol[protocolIndex(slot.isIpv4(), slot.protocol())];
        if ((port & VECTOR) == 0) {
            matching &= ~lookingAtVectors;
        }
        for (int left = matching & lookingFurther; left != 0; left &= left - 1) {
            int place = Integer.numberOfTrailingZeros(left);
            if (!limits[place].matches(slot)) {
                matching &= ~(1 << place);
            }
        }
        return matching;
    }

    /** Whether the stateless classifiers leave the frame alone that look at more than its source. */
    @HotPath
    private boolean passes(FrameSlot slot) {
        for (int i = 0; i < classifiers.length; i++) {
            if (!classifiers[i].passes(slot)) {
                return false;
            }
        }
        return true;
    }
}
