package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random captures in every format read as they were built, and read the same after being written. */
class CaptureRoundTripTest {
    private static final int CAPTURES = 600;
    private static final int[] LINK_TYPES = {1, 12, 14, 101, 113, 228, 229, 276, 0, 127, 65_535};
    private static final long SECOND = TickScale.NS_PER_SECOND;

    @TempDir
    Path folder = Path.of("");

    /** A capture, and its frames as the builder knows them. */
    private record Built(CaptureBytes capture, List<ReadFrame> frames) {}

    @Test
    void shouldReadAndRewriteWhatWasBuilt() throws IOException {
        long seed = 7_511;
        SplittableRandom random = new SplittableRandom(seed);
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        for (int i = 0; i < CAPTURES; i++) {
            Built built = random.nextBoolean() ? pcap(random) : pcapng(random);
            Files.write(in, built.capture().bytes());
            String which = "seed %d, capture %d".formatted(seed, i);
            Replay read = Replay.ofFile(in);
            assertThat(read.problems()).as(which).isEmpty();
            assertThat(read.frames()).as(which).isEqualTo(built.frames());
            try (CaptureSource source = CaptureSource.open(List.of(in.toString()), Replay.noInput());
                    CaptureWriter writer = CaptureWriter.create(out.toString(), source)) {
                Replay.drain(
                        source,
                        1 + random.nextInt(9),
                        slot -> assertThat(writer.send(slot)).isTrue());
            }
            assertThat(Replay.ofFile(out).frames()).as(which).isEqualTo(built.frames());
        }
    }

    private static Built pcap(SplittableRandom random) {
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int[] magics = {PcapParser.MICROSECOND_MAGIC, PcapParser.NANOSECOND_MAGIC, PcapParser.MODIFIED_MAGIC};
        int magic = magics[random.nextInt(3)];
        int linkType = linkType(random);
        int words = random.nextInt(3) == 0 ? random.nextInt(16) : 0;
        int fcsBits = words == 0 ? 0 : words << PcapParser.FCS_LENGTH_SHIFT | PcapParser.FCS_LENGTH_GIVEN;
        CaptureBytes out = CaptureBytes.of(order).pcapHeader(magic, fcsBits | linkType);
        List<ReadFrame> frames = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            long seconds = random.nextLong(1L << 32);
            long fraction = random.nextInt(1_000_000);
            byte[] frame = frame(random);
            long original = original(random, frame.length);
            if (magic == PcapParser.MODIFIED_MAGIC) {
                out.modifiedRecord(seconds, fraction, frame, original);
            } else {
                out.pcapRecord(seconds, fraction, frame, original);
            }
            long ns = seconds * SECOND + fraction * (magic == PcapParser.NANOSECOND_MAGIC ? 1 : 1_000);
            frames.add(expected(linkType, 2 * words, frame, original, ns));
        }
        return new Built(out, frames);
    }

    private static Built pcapng(SplittableRandom random) {
        CaptureBytes out = CaptureBytes.littleEndian();
        List<ReadFrame> frames = new ArrayList<>();
        for (int sections = 1 + random.nextInt(2); sections > 0; sections--) {
            section(random, out, frames);
        }
        return new Built(out, frames);
    }

    private static void section(SplittableRandom random, CaptureBytes out, List<ReadFrame> frames) {
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        CaptureBytes section = CaptureBytes.of(order).section();
        int interfaces = 1 + random.nextInt(3);
        int[] linkTypes = new int[interfaces];
        int[] fcs = new int[interfaces];
        long[] offsets = new long[interfaces];
        for (int i = 0; i < interfaces; i++) {
            linkTypes[i] = linkType(random);
            fcs[i] = random.nextInt(3) == 0 ? random.nextInt(16) : 0;
            offsets[i] = random.nextInt(3) == 0 ? random.nextLong(-9_000_000_000L, 9_000_000_000L) : 0;
            section.interfaceBlock(linkTypes[i], 9, offsets[i], fcs[i]);
        }
        for (int i = random.nextInt(12); i > 0; i--) {
            int from = random.nextInt(interfaces);
            byte[] frame = frame(random);
            long original = original(random, frame.length);
            long ticks = random.nextLong(100_000_000_000_000_000L);
            section.block(5, section.body().i32(from).i64(ticks));
            if (random.nextBoolean()) {
                section.obsolete(from, ticks, frame, original);
            } else {
                section.enhanced(from, ticks, frame, original);
            }
            frames.add(expected(linkTypes[from], fcs[from], frame, original, ticks + offsets[from] * SECOND));
        }
        out.raw(section.bytes());
    }

    private static int linkType(SplittableRandom random) {
        return LINK_TYPES[random.nextInt(LINK_TYPES.length)];
    }

    private static byte[] frame(SplittableRandom random) {
        int length = random.nextInt(20) == 0 ? random.nextInt(262_145) : random.nextInt(100);
        return CaptureBytes.frame(length, random.nextInt());
    }

    private static long original(SplittableRandom random, int captured) {
        return switch (random.nextInt(4)) {
            case 0 -> captured + random.nextInt(2_000);
            case 1 -> random.nextLong(1L << 32);
            default -> captured;
        };
    }

    private static ReadFrame expected(int linkType, int fcs, byte[] frame, long original, long ns) {
        long body = Math.max(0, Math.max(original, frame.length) - fcs);
        int kept = (int) Math.min(frame.length, body);
        HexFormat hex = HexFormat.of();
        return new ReadFrame(
                linkType,
                LinkTypes.linkLayer(linkType),
                fcs,
                hex.formatHex(frame, 0, kept),
                hex.formatHex(frame, kept, frame.length),
                (int) Math.min(body, Integer.MAX_VALUE),
                original,
                ns);
    }
}
