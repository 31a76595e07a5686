package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CaptureWriterTest {
    private static final byte[] A = CaptureBytes.frame(60, 1);
    private static final byte[] B = CaptureBytes.frame(61, 2);

    @TempDir
    Path folder = Path.of("");

    private static CaptureSource source(byte[] capture) throws IOException {
        return CaptureSource.open(List.of("-"), new ByteArrayInputStream(capture));
    }

    private static CaptureBytes pcap(int linkWord) {
        return CaptureBytes.littleEndian().pcapHeader(PcapParser.NANOSECOND_MAGIC, linkWord);
    }

    /** Writes every frame of the capture. */
    private static void copy(byte[] capture, Path to) throws IOException {
        try (CaptureSource source = source(capture);
                CaptureWriter writer = CaptureWriter.create(to.toString(), source)) {
            Replay.drain(source, 3, slot -> assertThat(writer.send(slot)).isTrue());
            writer.flush();
        }
    }

    @Test
    void shouldWriteNanosecondPcap() throws IOException {
        Path out = folder.resolve("out");
        copy(
                pcap(101)
                        .pcapRecord(1, 999_999_999, A, 1500)
                        .pcapRecord(0xffff_ffffL, 1, B, 61)
                        .bytes(),
                out);
        byte[] expected = CaptureBytes.littleEndian()
                .i32(PcapParser.NANOSECOND_MAGIC)
                .u16(2)
                .u16(4)
                .i64(0)
                .i32(262_144)
                .i32(101)
                .pcapRecord(1, 999_999_999, A, 1500)
                .pcapRecord(0xffff_ffffL, 1, B, 61)
                .bytes();
        assertThat(Files.readAllBytes(out)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "113, 113", "603979777, 603979777"})
    void shouldWriteAnEmptyCaptureOfTheInputsLinkType(int linkWord, int written) throws IOException {
        Path out = folder.resolve("out");
        try (CaptureSource source =
                        source(pcap(linkWord).pcapRecord(1, 1, A, 60).bytes());
                CaptureWriter writer = CaptureWriter.create(out.toString(), source)) {
            Replay.drain(source, 1, slot -> assertThat(writer.failure()).isNull());
        }
        byte[] file = Files.readAllBytes(out);
        assertThat(file)
                .hasSize(24)
                .endsWith(CaptureBytes.littleEndian().i32(written).bytes());
    }

    @Test
    void shouldWriteAnEmptyEthernetCaptureWhenNothingIsKnown() throws IOException {
        Path out = folder.resolve("out");
        try (CaptureSource source = source(new byte[0]);
                CaptureWriter writer = CaptureWriter.create(out.toString(), source)) {
            assertThat(writer.name()).isEqualTo(out.toString());
        }
        assertThat(Files.readAllBytes(out)).hasSize(24).endsWith(1, 0, 0, 0);
    }

    @Test
    void shouldBecomePcapngWhenLinkTypesDiffer() throws IOException {
        CaptureBytes capture =
                CaptureBytes.littleEndian().section().interfaceBlock(1, 9, 0, 0).interfaceBlock(101, 9, 0, 0);
        // More than the buffer holds before the second link type comes.
        for (int i = 0; i < 20_000; i++) {
            capture.enhanced(0, i, A, 1500);
        }
        capture.enhanced(1, 20_000, B, 61).enhanced(0, 20_001, A, 60);
        Path out = folder.resolve("out");
        copy(capture.bytes(), out);
        assertThat(Files.readAllBytes(out)).startsWith(0x0a, 0x0d, 0x0d, 0x0a);
        assertThat(Replay.ofFile(out).frames())
                .isEqualTo(Replay.ofStream(capture.bytes()).frames());
        assertThat(folder.toFile().list()).containsExactly("out");
    }

    @ParameterizedTest
    @CsvSource({"-1", "-9223372037", "4294967296", "9223372036"})
    void shouldBecomePcapngForStampsThatPcapCannotHold(long second) throws IOException {
        byte[] capture = CaptureBytes.littleEndian()
                .section()
                .interfaceBlock(1, 9, 0, 0)
                .interfaceBlock(1, 9, second, 0)
                .enhanced(0, 17, A, 60)
                .enhanced(1, 854_775_807, B, 61)
                .bytes();
        Path out = folder.resolve("out");
        copy(capture, out);
        Replay replay = Replay.ofFile(out);
        assertThat(replay.frames()).isEqualTo(Replay.ofStream(capture).frames());
        // For -9223372037 s the product wraps, and the sum wraps back.
        assertThat(replay.frames().getLast().timestampNs()).isEqualTo(second * TickScale.NS_PER_SECOND + 854_775_807);
    }

    @Test
    void shouldKeepFrameCheckSequences() throws IOException {
        int fcs = 2 << PcapParser.FCS_LENGTH_SHIFT | PcapParser.FCS_LENGTH_GIVEN | 1;
        byte[] capture =
                pcap(fcs).pcapRecord(1, 2, A, 60).pcapRecord(1, 2, A, 62).bytes();
        Path out = folder.resolve("out");
        copy(capture, out);
        assertThat(Replay.ofFile(out).frames())
                .isEqualTo(Replay.ofStream(capture).frames());
        assertThat(Replay.ofFile(out).frames()).extracting(ReadFrame::fcsEach).containsOnly(4);
    }

    @Test
    void shouldKeepWhatALinkNames() throws IOException {
        Path target = folder.resolve("target");
        Files.writeString(target, "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        copy(
                CaptureBytes.littleEndian()
                        .section()
                        .interfaceBlock(1, 9, 0, 0)
                        .interfaceBlock(101, 9, 0, 0)
                        .enhanced(0, 1, A, 60)
                        .enhanced(1, 1, A, 60)
                        .bytes(),
                link);
        assertThat(link).isSymbolicLink();
        assertThat(Replay.ofFile(target).frames()).hasSize(2);
    }

    @Test
    void shouldReportAFullDisk() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")), "/dev/full is not there");
        CaptureBytes capture = pcap(1);
        for (int i = 0; i < 20_000; i++) {
            capture.pcapRecord(i, 0, A, 60);
        }
        try (CaptureSource source = source(capture.bytes())) {
            CaptureWriter writer = CaptureWriter.create("/dev/full", source);
            int[] refused = new int[1];
            Replay.drain(source, 64, slot -> refused[0] += writer.send(slot) ? 0 : 1);
            writer.flush();
            assertThat(refused[0]).isPositive();
            assertThat(writer.failure())
                    .isInstanceOf(CaptureException.class)
                    .hasMessageStartingWith("/dev/full: cannot be written beyond byte 0: No space left on device;");
            assertThatThrownBy(writer::close).isEqualTo(writer.failure());
            writer.close();
        }
    }

    @Test
    void shouldReportAFullDiskAlsoAtTheEnd() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")), "/dev/full is not there");
        try (CaptureSource source = source(pcap(1).bytes())) {
            CaptureWriter writer = CaptureWriter.create("/dev/full", source);
            assertThatThrownBy(writer::close).hasMessageContaining("No space left on device");
        }
    }

    @Test
    void shouldWritePipesBatchByBatchButNotRewriteThem() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        byte[][] received = new byte[1][];
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            try {
                received[0] = Files.readAllBytes(fifo);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        byte[] capture = CaptureBytes.littleEndian()
                .section()
                .interfaceBlock(1, 9, 0, 0)
                .interfaceBlock(101, 9, 0, 0)
                .enhanced(0, 1, A, 60)
                .enhanced(1, 1, A, 60)
                .bytes();
        try (CaptureSource source = source(capture)) {
            CaptureWriter writer = CaptureWriter.create(fifo.toString(), source);
            boolean[] sent = new boolean[2];
            Replay.drain(source, 1, slot -> {
                sent[(int) source.bytesRead() == capture.length ? 1 : 0] = writer.send(slot);
                writer.flush();
            });
            assertThat(sent).containsExactly(true, false);
            assertThatThrownBy(writer::close)
                    .hasMessageContaining("a pipe cannot be rewritten; write to a regular file");
        }
        reader.join();
        assertThat(received[0]).hasSize(24 + 16 + 60);
    }

    @Test
    void shouldRefuseToWriteOverAnInput() throws IOException {
        Path in = folder.resolve("in");
        byte[] capture = pcap(1).pcapRecord(1, 1, A, 60).bytes();
        Files.write(in, capture);
        Path soft = Files.createSymbolicLink(folder.resolve("soft"), in);
        Path hard = Files.createLink(folder.resolve("hard"), in);
        Path roundabout = folder.resolve("x/../in");
        Files.createDirectory(folder.resolve("x"));
        List<String> inputs = List.of(folder.resolve("other").toString(), in.toString());
        for (Path out : List.of(in, soft, hard, roundabout)) {
            assertThat(CaptureWriter.clash(out.toString(), inputs))
                    .isEqualTo(out + ": the same file as " + in + "; write to another file");
            try (CaptureSource source = CaptureSource.open(List.of(in.toString()), Replay.noInput())) {
                assertThatThrownBy(() -> CaptureWriter.create(out.toString(), source))
                        .isInstanceOf(CaptureException.class);
            }
        }
        assertThat(Files.readAllBytes(in)).isEqualTo(capture);
    }

    @Test
    void shouldSeeTwoOutputsOfOneNameBeforeTheyExist() {
        String out = folder.resolve("out").toString();
        assertThat(CaptureWriter.clash(out, List.of(folder.resolve("./out").toString())))
                .contains("the same file");
        assertThat(CaptureWriter.clash(out, List.of(folder.resolve("in").toString(), "-")))
                .isNull();
        assertThat(CaptureWriter.clash("/dev/null", List.of("/dev/null"))).isNull();
        assertThat(CaptureWriter.clash("a\0b", List.of("x"))).isNull();
    }

    @Test
    void shouldSayWhyAFileCannotBeCreated() throws IOException {
        String missing = folder.resolve("no/such/out").toString();
        try (CaptureSource source = source(new byte[0])) {
            assertThatThrownBy(() -> CaptureWriter.create(missing, source))
                    .hasMessage(missing + ": cannot be written: its folder does not exist; make it, or name another");
            assertThatThrownBy(() -> CaptureWriter.create(folder.toString(), source))
                    .hasMessageStartingWith(folder + ": cannot be written: Is a directory");
        }
    }
}
