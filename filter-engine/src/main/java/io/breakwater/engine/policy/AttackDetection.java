package io.breakwater.engine.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From when on frames of one vector to one victim are an attack, and when it is over.
 *
 * @param enabled whether attacks are looked for
 * @param endAfterNs an attack is over once it has stayed below half of both thresholds for so long, nanoseconds, above 0
 * @param otherwise threshold of what {@code vectors} does not name
 * @param vectors thresholds by the vector's name
 */
public record AttackDetection(boolean enabled, long endAfterNs, Threshold otherwise, Map<String, Threshold> vectors) {
    /** Reflectors pulse: real floods pause for seconds. Unmeasured. */
    public static final long DEFAULT_END_AFTER_NS = 10 * Rate.SECOND_NS;

    /**
     * Of vectors that are dropped whole, and of solicited ones once it is known what is inside, for then only answers that
     * nobody asked for count: nothing of them is wanted, so what is left is the noise of scanners, a few packets a second
     * per address. A real pulsed DNS attack peaked at 272 packets/s and 2.7 Mbit/s; otherwise unmeasured.
     */
    public static final Threshold UNWANTED = new Threshold(Rate.packetsPerSecond(100), Rate.bitsPerSecond(1_000_000));

    /**
     * Of all others, whose answers may be wanted: the packets are what a vector with action {@code limit} lets through;
     * the bits are as many packets of 1,250 bytes. Unmeasured.
     */
    public static final Threshold WANTED = new Threshold(VectorTable.BUILT_IN_LIMIT, Rate.bitsPerSecond(10_000_000));

    /** {@code attack: off}. */
    public static final AttackDetection OFF = new AttackDetection(false, DEFAULT_END_AFTER_NS, WANTED, Map.of());

    /**
     * Reaching either of them is an attack.
     *
     * @param packets a rate of packets
     * @param bits a rate of bits; a frame's size is its layer-2 length without frame check sequence
     */
    public record Threshold(Rate packets, Rate bits) {
        /** Checks the units. */
        public Threshold {
            if (packets.unit() != Rate.Unit.PACKETS || bits.unit() != Rate.Unit.BITS) {
                throw new IllegalArgumentException("a threshold is a rate of packets and a rate of bits");
            }
        }
    }

    public AttackDetection {
        vectors = Map.copyOf(vectors);
        if (endAfterNs < 1) {
            throw new IllegalArgumentException("an attack is over after some time");
        }
    }

    /**
     * What holds where a policy says nothing of attacks.
     *
     * @param insideKnown whether the policy gives {@code protected}
     */
    public static AttackDetection builtIn(List<Vector> vectors, boolean insideKnown) {
        Map<String, Threshold> thresholds = new LinkedHashMap<>();
        vectors.forEach(vector -> thresholds.put(vector.name(), builtIn(vector, insideKnown)));
        return new AttackDetection(true, DEFAULT_END_AFTER_NS, WANTED, thresholds);
    }

    /** A vector's threshold where a policy does not give it. */
    public static Threshold builtIn(Vector vector, boolean insideKnown) {
        boolean unwanted =
                vector.action() == Vector.Action.DROP || (vector.action() == Vector.Action.SOLICITED && insideKnown);
        return unwanted ? UNWANTED : WANTED;
    }

    /** The threshold of a vector, or of whatever else is counted by name. */
    public Threshold threshold(String name) {
        return vectors.getOrDefault(name, otherwise);
    }
}
