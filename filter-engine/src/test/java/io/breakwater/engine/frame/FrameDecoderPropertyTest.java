package io.breakwater.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder against {@link ReferenceDecoder}, over frames that were good before they were damaged. */
class FrameDecoderPropertyTest {
    private static final int FRAMES_PER_SEED = 150_000;
    // Protocol numbers, first bytes, EtherTypes and lengths at which the decoder turns.
    private static final int[] TURNING_BYTES = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 20, 43, 44, 51, 58, 59, 60, 0x40, 0x45, 0x46, 0x60, 0x81, 0x86, 0x88, 0x91, 0x92,
        0xa8, 0xdd, 135, 139, 140, 0x20, 0x1f, 0x3f, 0xff
    };
    private static final int LINK_LAYERS = 7;

    private final FrameSlot slot = new FrameSlot(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAgreeWithTheReferenceOnDamagedFrames(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Sample> samples = samples();
        int[] seen = new int[4];
        for (int i = 0; i < FRAMES_PER_SEED; i++) {
            Sample sample = samples.get(random.nextInt(samples.size()));
            byte[] frame = damaged(sample.frame, random);
            int captured = random.nextInt(3) == 0 ? random.nextInt(frame.length + 1) : frame.length;
            int linkLayer = random.nextInt(20) == 0 ? random.nextInt(LINK_LAYERS) : sample.linkLayer;
            seen[compare(frame, captured, linkLayer, seed)]++;
        }
        // The damage reached every outcome, the malformed ones often.
        assertThat(seen[FrameSlot.IP]).isGreaterThan(FRAMES_PER_SEED / 4);
        assertThat(seen[FrameSlot.MALFORMED]).isGreaterThan(FRAMES_PER_SEED / 20);
        assertThat(seen[FrameSlot.NON_IP]).isGreaterThan(FRAMES_PER_SEED / 100);
        assertThat(seen[FrameSlot.MAC_PAUSE]).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void shouldAgreeWithTheReferenceOnRandomBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < FRAMES_PER_SEED; i++) {
            byte[] frame = new byte[random.nextInt(120)];
            random.nextBytes(frame);
            int linkLayer = random.nextInt(LINK_LAYERS);
            if (linkLayer == LinkLayer.ETHERNET && frame.length > 14) {
                frame[12] = (byte) (random.nextBoolean() ? 0x08 : 0x86);
                frame[13] = (byte) (frame[12] == 8 ? 0 : 0xdd);
                frame[14] = (byte) (frame[12] == 8 ? 0x45 : 0x60);
            }
            compare(frame, random.nextInt(frame.length + 1), linkLayer, seed);
        }
    }

    /** Decodes a frame whose memory ends where its capture ends, so that one byte read too many would throw. */
    private int compare(byte[] frame, int captured, int linkLayer, long seed) {
        byte[] memory = Arrays.copyOf(frame, captured);
        slot.wrap(MemorySegment.ofArray(memory), 0, captured, frame.length, linkLayer, 0);
        FrameDecoder.decode(slot);
        ReferenceDecoder reference = new ReferenceDecoder(memory, captured, frame.length, linkLayer);
        long[] found = findings(slot);
        long[] expected = findings(reference);
        if (!Arrays.equals(found, expected)) {
            assertThat(found)
                    .as(
                            "seed %d, link layer %d, %d of %d bytes: %s",
                            seed,
                            linkLayer,
                            captured,
                            frame.length,
                            HexFormat.of().formatHex(frame))
                    .isEqualTo(expected);
        }
        return reference.status;
    }

    private static long[] findings(FrameSlot slot) {
        return new long[] {
            slot.status(),
            slot.networkOffset(),
            slot.hasAddresses() ? 1 : 0,
            slot.isIpv4() ? 1 : 0,
            slot.hasAddresses() ? slot.sourceHi() : 0,
            slot.hasAddresses() ? slot.sourceLo() : 0,
            slot.hasAddresses() ? slot.destinationHi() : 0,
            slot.hasAddresses() ? slot.destinationLo() : 0,
            slot.fragment(),
            slot.isFragment() ? 1 : 0,
            slot.fragmentId() & 0xffff_ffffL,
            slot.fragmentProtocol(),
            slot.protocol(),
            slot.transportOffset(),
            slot.sourcePort(),
            slot.destinationPort(),
            slot.payloadOffset(),
            slot.payloadLength(),
            slot.payloadCaptured()
        };
    }

    private static long[] findings(ReferenceDecoder found) {
        return new long[] {
            found.status,
            found.networkOffset,
            found.addresses ? 1 : 0,
            found.ipv4 ? 1 : 0,
            found.source[0],
            found.source[1],
            found.destination[0],
            found.destination[1],
            found.fragment,
            found.anyFragmentHeader ? 1 : 0,
            found.fragmentId,
            found.fragmentProtocol,
            found.protocol,
            found.transportOffset,
            found.sourcePort,
            found.destinationPort,
            found.payloadOffset,
            found.payloadLength,
            found.payloadCaptured
        };
    }

    private static byte[] damaged(byte[] good, SplittableRandom random) {
        byte[] frame = good.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && frame.length > 0; i++) {
            int at = random.nextInt(Math.min(frame.length, 110));
            int kind = random.nextInt(3);
            frame[at] = (byte)
                    (kind == 0
                            ? TURNING_BYTES[random.nextInt(TURNING_BYTES.length)]
                            : kind == 1 ? frame[at] + random.nextInt(-2, 3) : random.nextInt(256));
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length + 12)) : frame;
    }

    private static final class Sample {
        final int linkLayer;
        final byte[] frame;

        Sample(int linkLayer, byte[] frame) {
            this.linkLayer = linkLayer;
            this.frame = frame;
        }
    }

    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (PacketBuilder builder : GoodFrames.all()) {
            samples.add(new Sample(LinkLayer.ETHERNET, builder.build()));
        }
        for (byte[] packet : GoodFrames.rawPackets()) {
            int version = packet[0] >>> 4;
            samples.add(new Sample(LinkLayer.RAW_IP, packet));
            samples.add(new Sample(version == 4 ? LinkLayer.RAW_IPV4 : LinkLayer.RAW_IPV6, packet));
            samples.add(new Sample(LinkLayer.LINUX_SLL, GoodFrames.cooked(packet)));
            samples.add(new Sample(LinkLayer.LINUX_SLL2, GoodFrames.cooked2(packet)));
        }
        samples.add(new Sample(LinkLayer.ETHERNET, GoodFrames.pause()));
        return samples;
    }
}
