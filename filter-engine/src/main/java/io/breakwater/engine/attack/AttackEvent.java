package io.breakwater.engine.attack;

import io.breakwater.engine.policy.Prefix;
import java.util.List;

/**
 * What is known of one attack at one moment.
 *
 * @param kind what happened
 * @param vector the vector's name; {@code fragment} or {@code limit} for frames that were dropped for these reasons and
 *     belong to no vector
 * @param target one address; or a /24 or /64, whose addresses are counted together
 * @param startedNs the first frame of the window in which it was noticed, by the lane's clock
 * @param lastNs its newest frame; of {@code END} the last one before it fell below half of its thresholds
 * @param packetsPerSecond in the last whole window; of {@code START} so far in its first one
 * @param bitsPerSecond likewise
 * @param peakPacketsPerSecond highest of all windows
 * @param peakBitsPerSecond highest of all windows
 * @param packets all of them, those before it was noticed excepted
 * @param bytes layer-2 bytes of them
 * @param sources distinct source addresses since the start, with a standard error of 6.5 %; of frames that the shield
 *     dropped, those of a sample
 * @param topReflectors sources that sent most, the heaviest first, at most {@link #TOP}
 */
public record AttackEvent(
        Kind kind,
        String vector,
        Prefix target,
        long startedNs,
        long lastNs,
        long packetsPerSecond,
        long bitsPerSecond,
        long peakPacketsPerSecond,
        long peakBitsPerSecond,
        long packets,
        long bytes,
        long sources,
        List<Reflector> topReflectors) {
    /** Reflectors that an event names at most. */
    public static final int TOP = 8;

    /** What happened to an attack. */
    public enum Kind {
        START,
        /** Goes on; about once a second. */
        UPDATE,
        END,
        /** Goes on as part of an attack on its network, because there are too many to tell one by one. */
        MERGED
    }

    /**
     * One source of an attack.
     *
     * @param address a /32 or /128
     * @param packets at least so many since the start; about so many where the shield dropped most of them, because of
     *     those only a sample is looked at
     * @param packetsAtMost likewise; the same while there were no more than 16 sources, far more in an even flood from many
     */
    public record Reflector(Prefix address, long packets, long packetsAtMost) {}

    public AttackEvent {
        topReflectors = List.copyOf(topReflectors);
    }

    /** The target for labels and people: an address, or a prefix with its length. */
    public String targetText() {
        return text(target);
    }

    /** An address without its length if it is one, else the prefix. */
    public static String text(Prefix prefix) {
        String text = prefix.toString();
        return prefix.length() == (prefix.ipv4() ? 32 : 128) ? text.substring(0, text.indexOf('/')) : text;
    }
}
