package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.LinkLayer;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureReadingTest {
    private static final byte[] A = CaptureBytes.frame(60, 1);
    private static final byte[] B = CaptureBytes.frame(61, 2);
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder = Path.of("");

    private static ReadFrame frame(int linkType, byte[] bytes, long original, long timestampNs) {
        int length = (int) Math.min(Math.max(original, bytes.length), Integer.MAX_VALUE);
        return new ReadFrame(
                linkType,
                LinkTypes.linkLayer(linkType),
                0,
                HexFormat.of().formatHex(bytes),
                "",
                length,
                original,
                timestampNs);
    }

    /** Reads the bytes as a file and as a stream, and insists that both say the same. */
    private Replay read(byte[] bytes) throws IOException {
        Path file = folder.resolve("in.pcap");
        Files.write(file, bytes);
        Replay mapped = Replay.ofFile(file);
        Replay streamed = Replay.ofStream(bytes);
        assertThat(streamed.frames()).isEqualTo(mapped.frames());
        assertThat(streamed.problems()).hasSameSizeAs(mapped.problems());
        return mapped;
    }

    @ParameterizedTest
    @CsvSource({"a1b2c3d4, 1000, true", "a1b2c3d4, 1000, false", "a1b23c4d, 1, true", "a1b23c4d, 1, false"})
    void shouldReadClassicPcapInBothByteOrders(String magic, long nsPerFraction, boolean bigEndian) throws IOException {
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        byte[] bytes = CaptureBytes.of(order)
                .pcapHeader(Integer.parseUnsignedInt(magic, 16), 1)
                .pcapRecord(1, 2, A, A.length)
                .pcapRecord(0xffff_ffffL, 0xffff_ffffL, B, 1500)
                .pcapRecord(0, 0, new byte[0], 0)
                .bytes();
        Replay replay = read(bytes);
        assertThat(replay.problems()).isEmpty();
        assertThat(replay.frames())
                .containsExactly(
                        frame(1, A, A.length, SECOND + 2 * nsPerFraction),
                        frame(1, B, 1500, 0xffff_ffffL * SECOND + 0xffff_ffffL * nsPerFraction),
                        frame(1, new byte[0], 0, 0));
    }

    @Test
    void shouldReadModifiedPcapWithItsLongerRecords() throws IOException {
        byte[] bytes = CaptureBytes.littleEndian()
                .pcapHeader(PcapParser.MODIFIED_MAGIC, 1)
                .modifiedRecord(1, 2, A, A.length)
                .modifiedRecord(3, 4, B, B.length)
                .bytes();
        assertThat(read(bytes).frames())
                .containsExactly(frame(1, A, A.length, SECOND + 2_000), frame(1, B, B.length, 3 * SECOND + 4_000));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "101, 1", "12, 1", "14, 1", "228, 2", "229, 3", "113, 4", "276, 5", "0, 6", "127, 6", "65535, 6"
    })
    void shouldNameTheLinkLayer(int linkType, int linkLayer) throws IOException {
        byte[] bytes = CaptureBytes.littleEndian()
                .pcapHeader(PcapParser.MICROSECOND_MAGIC, linkType)
                .pcapRecord(1, 2, A, A.length)
                .pcapRecord(1, 2, A, A.length)
                .bytes();
        Replay replay = read(bytes);
        assertThat(replay.frames()).extracting(ReadFrame::linkLayer).containsOnly(linkLayer);
        assertThat(replay.warnings()).hasSize(linkLayer == LinkLayer.UNSUPPORTED ? 1 : 0);
        assertThat(replay.warnings()).allSatisfy(w -> assertThat(w).contains("link type " + linkType));
    }

    @Test
    void shouldLeaveFrameCheckSequencesOutOfLengths() throws IOException {
        int fcsOfTwoWords = 2 << PcapParser.FCS_LENGTH_SHIFT | PcapParser.FCS_LENGTH_GIVEN | 1;
        byte[] bytes = CaptureBytes.littleEndian()
                .pcapHeader(PcapParser.MICROSECOND_MAGIC, fcsOfTwoWords)
                .pcapRecord(1, 0, A, 60)
                .pcapRecord(1, 0, A, 62)
                .pcapRecord(1, 0, A, 1518)
                .pcapRecord(1, 0, new byte[2], 2)
                .bytes();
        List<ReadFrame> frames = read(bytes).frames();
        assertThat(frames).extracting(ReadFrame::length).containsExactly(56, 58, 1514, 0);
        assertThat(frames).extracting(f -> f.bytes().length() / 2).containsExactly(56, 58, 60, 0);
        assertThat(frames).extracting(f -> f.fcs().length() / 2).containsExactly(4, 2, 0, 2);
        assertThat(frames).extracting(ReadFrame::original).containsExactly(60L, 62L, 1518L, 2L);
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "32, 4", "2, 2", "16, 2", "255, 31"})
    void shouldTakeFrameCheckSequencesOfPcapngInBytesOrBits(int option, int bytes) throws IOException {
        byte[] capture = CaptureBytes.littleEndian()
                .section()
                .interfaceBlock(1, 6, 0, option)
                .enhanced(0, 0, A, 60)
                .bytes();
        assertThat(read(capture).frames()).extracting(ReadFrame::length).containsExactly(60 - bytes);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldReadEveryKindOfBlock(boolean bigEndian) throws IOException {
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteOrder other = bigEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        CaptureBytes first = CaptureBytes.of(order);
        first.section()
                .interfaceBlock(1, 9, 0, 0)
                .interfaceBlock(101, 0x80 | 10, 100, 0)
                .block(0xbad, first.body().i32(1).i32(2))
                .block(0x40000bad, first.body().i32(1))
                .block(5, first.body().i32(0).i64(9))
                .block(0x77777777, first.body())
                .enhanced(0, 7, A, 1000)
                .enhanced(1, 1536, B, B.length)
                .obsolete(1, 512, A, A.length)
                .simple(B, B.length);
        CaptureBytes second = CaptureBytes.of(other);
        second.section()
                .interfaceBlock(113, 40, second.body())
                .simple(Arrays.copyOf(A, 40), 60)
                .enhanced(0, 5, B, B.length);
        Replay replay = read(first.raw(second.bytes()).bytes());
        assertThat(replay.problems()).isEmpty();
        assertThat(replay.warnings()).isEmpty();
        assertThat(replay.frames())
                .containsExactly(
                        frame(1, A, 1000, 7),
                        frame(101, B, B.length, 101 * SECOND + SECOND / 2),
                        frame(101, A, A.length, 100 * SECOND + SECOND / 2),
                        frame(1, B, B.length, 0),
                        frame(113, Arrays.copyOf(A, 40), 60, 0),
                        frame(113, B, B.length, 5_000));
    }

    @Test
    void shouldKeepLyingOriginalLengths() throws IOException {
        byte[] bytes = CaptureBytes.littleEndian()
                .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                .pcapRecord(1, 0, A, 10)
                .pcapRecord(1, 0, A, 0xffff_fff0L)
                .bytes();
        List<ReadFrame> frames = read(bytes).frames();
        assertThat(frames).extracting(ReadFrame::length).containsExactly(60, Integer.MAX_VALUE);
        assertThat(frames).extracting(ReadFrame::original).containsExactly(10L, 0xffff_fff0L);
    }

    @Test
    void shouldPassOverHugeUnknownBlocks() throws IOException {
        CaptureBytes bytes = CaptureBytes.littleEndian();
        bytes.section()
                .interfaceBlock(1, 6, 0, 0)
                .block(0x0a, bytes.body().raw(new byte[40 << 20]))
                .enhanced(0, 1, A, A.length);
        Replay replay = read(bytes.bytes());
        assertThat(replay.problems()).isEmpty();
        assertThat(replay.frames()).containsExactly(frame(1, A, A.length, 1_000));
    }

    @Test
    void shouldWarnOnceOfStampsThatDoNotFit() throws IOException {
        byte[] bytes = CaptureBytes.littleEndian()
                .section()
                .interfaceBlock(1, 0, 0, 0)
                .enhanced(0, -1, A, 60)
                .enhanced(0, -2, A, 60)
                .bytes();
        Replay replay = read(bytes);
        assertThat(replay.frames()).extracting(ReadFrame::timestampNs).containsOnly(Long.MAX_VALUE);
        assertThat(replay.warnings()).singleElement().asString().contains("before 1677 or after 2262");
    }

    @Test
    void shouldReadInputsInOrderAsOneStream() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Files.write(
                first,
                CaptureBytes.littleEndian()
                        .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                        .pcapRecord(9, 0, A, 60)
                        .bytes());
        Files.write(
                second,
                CaptureBytes.littleEndian()
                        .pcapHeader(PcapParser.NANOSECOND_MAGIC, 101)
                        .pcapRecord(8, 5, B, 61)
                        .bytes());
        assertThat(Replay.ofFile(first, second, first).frames())
                .containsExactly(
                        frame(1, A, 60, 9 * SECOND), frame(101, B, 61, 8 * SECOND + 5), frame(1, A, 60, 9 * SECOND));
    }

    @Test
    void shouldSayHowMuchThereIsAndHowMuchIsRead() throws IOException {
        Path file = folder.resolve("in");
        byte[] bytes = CaptureBytes.littleEndian()
                .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                .pcapRecord(9, 0, A, 60)
                .bytes();
        Files.write(file, bytes);
        try (CaptureSource source = CaptureSource.open(List.of(file.toString(), file.toString()), Replay.noInput())) {
            assertThat(source.name()).isEqualTo(file + " and 1 more");
            assertThat(source.bytesTotal()).isEqualTo(2L * bytes.length);
            assertThat(source.bytesRead()).isZero();
            Replay.of(source, 1);
            assertThat(source.bytesRead()).isEqualTo(2L * bytes.length);
        }
    }

    @Test
    void shouldLendMappedMemoryWithoutCopying() throws IOException {
        Path file = folder.resolve("in");
        Files.write(
                file,
                CaptureBytes.littleEndian()
                        .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                        .pcapRecord(9, 0, A, 60)
                        .bytes());
        try (CaptureSource source = CaptureSource.open(List.of(file.toString()), Replay.noInput())) {
            List<Boolean> mapped = new ArrayList<>();
            Replay.drain(source, 8, slot -> mapped.add(slot.region().isMapped()));
            assertThat(mapped).containsExactly(true);
        }
    }

    @Test
    void shouldNeverReadMoreThanItMay() throws IOException {
        Path file = folder.resolve("in");
        Files.write(
                file,
                CaptureBytes.littleEndian()
                        .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                        .pcapRecord(1, 0, A, 60)
                        .pcapRecord(2, 0, B, 61)
                        .bytes());
        try (CaptureSource source = CaptureSource.open(List.of(file.toString()), Replay.noInput())) {
            Slots slots = new Slots(4);
            assertThat(source.poll(slots, 0)).isZero();
            assertThat(source.poll(slots, 1)).isEqualTo(1);
            assertThat(slots.get(0).timestampNs()).isEqualTo(SECOND);
            assertThat(source.poll(slots, 9)).isEqualTo(1);
            assertThat(source.poll(slots, 9)).isEqualTo(CaptureSource.END);
            assertThat(source.poll(slots, 9)).isEqualTo(CaptureSource.END);
            assertThat(slots.claimed()).isEqualTo(2);
        }
    }
}
