package io.breakwater.bench.traffic;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Frames made up for a measurement. Each source sends once per loop, in scattered order, so that neither caches nor
 * branch predictors learn it.
 *
 * <p>Outside addresses come from 16.0.0.0/5 and 2a00::/16, inside ones are {@link #INSIDE_IPV4} and {@link
 * #INSIDE_IPV6}; they never leave memory. Stamps are those of a 10 Gbit/s line that is full.
 *
 * @param mix what it consists of
 * @param sizeBytes of each frame, without frame check sequence
 * @param sources different outside addresses
 * @param vectors whose answers the attack consists of
 */
public record GeneratedTraffic(TrafficMix mix, int sizeBytes, int sources, List<Vector> vectors) {
    /** What is protected, as policies write it. */
    public static final String INSIDE_IPV4 = "203.0.113.0/24";

    public static final String INSIDE_IPV6 = "2001:db8:100::/48";

    /** Which of eight legitimate frames is TLS, and which is IPv6. */
    private static final int TLS = 4;

    private static final int IPV6 = 5;

    private static final int MIN_BYTES = 60;
    private static final int MAX_BYTES = 1_514;
    private static final int MAX_SOURCES = 1 << 24;
    /** Enough that a loop does not fit the nearest caches. */
    private static final int LEAST_FRAMES = 65_536;
    /** Preamble, frame check sequence and gap of Ethernet (IEEE 802.3), in bytes. */
    private static final int WIRE_OVERHEAD_BYTES = 24;

    private static final double BITS_PER_NS = 10;

    public GeneratedTraffic {
        vectors = List.copyOf(vectors);
        require(sizeBytes >= MIN_BYTES && sizeBytes <= MAX_BYTES, "--size must be 60 to 1514 bytes, not " + sizeBytes);
        require(sources >= 1 && sources <= MAX_SOURCES, "--sources must be 1 to 16777216, not " + sources);
        long bytes = (long) frames(sources) * sizeBytes;
        require(
                bytes <= FrameSet.MAX_BYTES,
                "frames of " + sizeBytes + " bytes from " + sources
                        + " sources take more than 1 GiB; give a smaller --size or --sources");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw CommandFailure.usage(otherwise);
        }
    }

    private static int frames(int sources) {
        return Math.max(sources, LEAST_FRAMES);
    }

    /** The built-in vectors of these names. */
    public static List<Vector> vectors(List<String> names) {
        return names.stream().map(GeneratedTraffic::vector).toList();
    }

    private static Vector vector(String name) {
        return VectorTable.builtIn().stream()
                .filter(vector -> vector.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage("--vectors: no vector '" + name + "'; there are: "
                        + VectorTable.builtIn().stream().map(Vector::name).collect(Collectors.joining(", "))));
    }

    /** Makes the frames. */
    public FrameSet generate() {
        int frames = frames(sources);
        int largestBytes = FrameWriter.ipv6Bytes(sizeBytes);
        FrameSet set = new FrameSet(frames, (long) frames * largestBytes);
        FrameWriter writer = new FrameWriter(set.memory, sizeBytes);
        double stepNs = (sizeBytes + WIRE_OVERHEAD_BYTES) * Byte.SIZE / BITS_PER_NS;
        for (int frame = 0; frame < frames; frame++) {
            boolean attack = mix.isAttack(frame);
            int number = mix == TrafficMix.MIX ? frame >>> 1 : frame;
            int bytes = !attack && (number & 7) == IPV6 ? largestBytes : sizeBytes;
            long at = set.add(bytes, bytes, LinkLayer.ETHERNET, Math.round(frame * stepNs));
            if (attack) {
                writer.answer(at, source(frame), vectors.get(number % vectors.size()));
            } else {
                legitimate(writer, at, number, source(frame));
            }
        }
        set.loopNs(Math.round(frames * stepNs));
        return set;
    }

    /** One DNS question from inside and its answer in 64 frames; of eight others one TLS, one IPv6, the rest QUIC. */
    private void legitimate(FrameWriter writer, long at, int number, int source) {
        switch (number & 63) {
            case 0 -> writer.dnsQuestion(at, source(number), number);
            case 1 -> writer.dnsAnswer(at, source(number - 1), number - 1);
            default -> {
                switch (number & 7) {
                    case TLS -> writer.tls(at, source);
                    case IPV6 -> writer.quicIpv6(at, source);
                    default -> writer.quic(at, source);
                }
            }
        }
    }

    /** Scattered: an odd factor permutes the numbers below 2^24. */
    private int source(int frame) {
        return (frame * 0x9E3779B1 & MAX_SOURCES - 1) % sources;
    }
}
