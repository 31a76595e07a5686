package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which an input can be wrong gives one clear line, after everything before it was read. */
class DamagedCaptureTest {
    private static final byte[] A = CaptureBytes.frame(60, 1);

    @TempDir
    Path folder = Path.of("");

    /** A capture whose first {@code frames} frames are whole, and what is said of the rest. */
    record Broken(String what, CaptureBytes capture, int frames, String message) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static CaptureBytes pcap() {
        return CaptureBytes.littleEndian()
                .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                .pcapRecord(1, 0, A, 60);
    }

    private static CaptureBytes pcapng() {
        return CaptureBytes.littleEndian().section().interfaceBlock(1, 6, 0, 0).enhanced(0, 1, A, 60);
    }

    private static Broken pcap(String what, Function<CaptureBytes, CaptureBytes> more, String message) {
        return new Broken(what, more.apply(pcap()), 1, message);
    }

    private static Broken pcapng(String what, Function<CaptureBytes, CaptureBytes> more, String message) {
        return new Broken(what, more.apply(pcapng()), 1, message);
    }

    private static CaptureBytes mismatch(CaptureBytes b, int type) {
        return b.i32(type).i32(16).i32(0).i32(20);
    }

    static List<Broken> damagedOnTheWay() {
        return List.of(
                new Broken(
                        "file header cut",
                        raw(Arrays.copyOf(pcap().bytes(), 23)),
                        0,
                        "the file header needs 24 bytes and has 23"),
                new Broken("section cut", raw(Arrays.copyOf(pcapng().bytes(), 20)), 0, "needs 28 bytes and has 20"),
                pcap("record header cut", b -> b.i32(1).i32(2), "record 2 needs 16 bytes and has 8"),
                pcap(
                        "frame cut",
                        b -> b.i32(1).i32(2).i32(60).i32(60).raw(new byte[20]),
                        "record 2 needs 76 bytes and has 36"),
                pcap(
                        "huge record",
                        b -> b.i32(1).i32(2).i32(262_145).i32(60),
                        "record 2 claims 262,145 captured bytes"),
                pcap(
                        "negative record",
                        b -> b.i32(1).i32(2).i32(-1).i32(60),
                        "record 2 claims 4,294,967,295 captured bytes"),
                pcapng("block header cut", b -> b.i32(6), "needs 12 bytes and has 4"),
                pcapng("block cut", b -> b.i32(6).i32(100).raw(new byte[30]), "needs 100 bytes and has 38"),
                pcapng("unknown block cut", b -> b.i32(99).i32(100).raw(new byte[30]), "needs 100 bytes and has"),
                pcapng("length 0", b -> b.i32(6).i32(0).i32(0), "claims 0 bytes"),
                pcapng("length 14", b -> b.i32(6).i32(14).i32(0), "claims 14 bytes"),
                pcapng("negative length", b -> b.i32(6).i32(-4).i32(0), "claims 4,294,967,292 bytes"),
                pcapng("packet block of 2 MiB", b -> b.i32(6).i32(2 << 20).i32(0), "a block of 2,097,152 bytes"),
                pcapng("ends differ", b -> mismatch(b, 6), "says 16 bytes at its start and 20 at its end"),
                pcapng(
                        "ends of unknown block differ",
                        b -> mismatch(b, 99),
                        "says 16 bytes at its start and 20 at its end"),
                pcapng(
                        "ends of description differ",
                        b -> mismatch(b, 1),
                        "says 16 bytes at its start and 20 at its end"),
                pcapng(
                        "packet block too short",
                        b -> b.block(6, b.body().i32(0)),
                        "a packet block of 16 bytes, at least 32"),
                pcapng("simple block too short", b -> b.block(3, b.body()), "a packet block of 12 bytes, at least 16"),
                pcapng(
                        "captured beyond block",
                        b -> b.block(6, b.body().i32(0).i64(0).i32(9).i32(9)),
                        "claims 9 captured bytes"),
                pcapng(
                        "captured negative",
                        b -> b.block(6, b.body().i32(0).i64(0).i32(-1).i32(9)),
                        "claims 4,294,967,295 captured bytes"),
                pcapng("simple beyond block", b -> b.simple(A, 61 + 4), "a packet of 65 bytes in a block of 76"),
                pcapng("interface 1", b -> b.enhanced(1, 0, A, 60), "interface 1, but 1 are described"),
                pcapng("interface -1", b -> b.enhanced(-1, 0, A, 60), "interface 4294967295, but 1 are described"),
                pcapng("obsolete interface 5", b -> b.obsolete(5, 0, A, 60), "interface 5, but 1 are described"),
                pcapng("no interface", b -> b.section().simple(A, 60), "before any interface was described"),
                pcapng("interfaces end with section", b -> b.section().enhanced(0, 0, A, 60), "but 0 are described"),
                pcapng(
                        "description too short",
                        b -> b.block(1, b.body().i32(1)),
                        "an interface description of 16 bytes"),
                pcapng(
                        "option past block",
                        b -> b.interfaceBlock(1, 0, b.body().u16(9).u16(400)),
                        "options are not true to their lengths"),
                pcapng(
                        "resolution of 4 bytes",
                        b -> b.interfaceBlock(1, 0, b.body().option(9, (byte) 6, (byte) 0, (byte) 0, (byte) 0)),
                        "options are not true to their lengths"),
                pcapng(
                        "byte order",
                        b -> b.block(
                                PcapngParser.SECTION_HEADER,
                                b.body().i32(7).i64(0).i64(0)),
                        "byte-order magic 0x00000007"),
                pcapng(
                        "section too short",
                        b -> b.block(PcapngParser.SECTION_HEADER, b.body().i32(PcapngParser.BYTE_ORDER_MAGIC)),
                        "a section header that claims 16 bytes"),
                pcapng(
                        "later section of version 2",
                        b -> b.block(
                                PcapngParser.SECTION_HEADER,
                                b.body()
                                        .i32(PcapngParser.BYTE_ORDER_MAGIC)
                                        .u16(2)
                                        .u16(0)
                                        .i64(-1)),
                        "pcapng version 2.0"));
    }

    @ParameterizedTest
    @MethodSource("damagedOnTheWay")
    void shouldReadUpToTheDamage(Broken broken) throws IOException {
        Path file = folder.resolve("in.pcap");
        Files.write(file, broken.capture().bytes());
        Replay mapped = Replay.ofFile(file);
        assertThat(mapped.frames()).hasSize(broken.frames());
        assertThat(mapped.problems())
                .singleElement()
                .asString()
                .startsWith(file + ": ")
                .contains(broken.message())
                .doesNotContain("\n");
        Replay streamed = Replay.ofStream(broken.capture().bytes());
        assertThat(streamed.frames()).hasSize(broken.frames());
        assertThat(streamed.problems())
                .singleElement()
                .asString()
                .startsWith("standard input: ")
                .contains(broken.message());
    }

    private static CaptureBytes raw(byte[] bytes) {
        return CaptureBytes.littleEndian().raw(bytes);
    }

    static List<Broken> refusedAtOnce() {
        CaptureBytes le = CaptureBytes.littleEndian();
        return List.of(
                new Broken("no byte", raw(new byte[0]), 0, "empty, not even a capture's header"),
                new Broken("three bytes", raw(new byte[3]), 0, "no capture: 3 bytes are less than any header"),
                new Broken(
                        "text",
                        raw("hello world".getBytes(StandardCharsets.UTF_8)),
                        0,
                        "no pcap or pcapng capture (begins with 68 65 6c 6c 6f 20)"),
                new Broken("gzip", raw(new byte[] {0x1f, (byte) 0x8b, 8, 0}), 0, "gzip -dc"),
                new Broken("zstd", raw(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}), 0, "zstd -dc"),
                new Broken("xz", raw(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}), 0, "xz -dc"),
                new Broken("bzip2", raw(new byte[] {'B', 'Z', 'h', '9'}), 0, "bzip2 -dc"),
                new Broken("lz4", raw(new byte[] {4, 0x22, 0x4d, 0x18}), 0, "lz4 -dc"),
                new Broken(
                        "old pcap",
                        raw(le.body()
                                .i32(PcapParser.MICROSECOND_MAGIC)
                                .u16(2)
                                .u16(3)
                                .raw(new byte[16])
                                .bytes()),
                        0,
                        "pcap version 2.3 is not supported, only 2.4"),
                new Broken(
                        "reserved bits",
                        raw(le.body()
                                .pcapHeader(PcapParser.MICROSECOND_MAGIC, 0x0030_0000)
                                .bytes()),
                        0,
                        "reserved bits of the link-type word are set (0x00300000)"));
    }

    @ParameterizedTest
    @MethodSource("refusedAtOnce")
    void shouldRefuseBeforeReading(Broken broken) throws IOException {
        Path file = folder.resolve("in.pcap");
        Files.write(file, broken.capture().bytes());
        assertThatThrownBy(() -> Replay.ofFile(file))
                .isInstanceOf(CaptureException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(broken.message());
        assertThat(Replay.ofStream(broken.capture().bytes()).problems())
                .singleElement()
                .asString()
                .contains(broken.message());
    }

    @Test
    void shouldNameEveryBadInputAtOnce() throws IOException {
        Path good = folder.resolve("good");
        Files.write(good, pcap().bytes());
        Path text = folder.resolve("text");
        Files.writeString(text, "no capture");
        List<String> inputs = List.of(
                folder.resolve("missing").toString(),
                good.toString(),
                folder.toString(),
                text.toString(),
                "a\0b",
                "-",
                "-");
        assertThatThrownBy(() -> CaptureSource.open(inputs, Replay.noInput()))
                .isInstanceOfSatisfying(
                        CaptureException.class,
                        e -> assertThat(e.problems())
                                .satisfiesExactlyInAnyOrder(
                                        p -> assertThat(p)
                                                .contains(
                                                        "missing: there is no such file; check the path given with -i"),
                                        p -> assertThat(p).contains(folder + ": a directory"),
                                        p -> assertThat(p).contains("text: no pcap or pcapng capture"),
                                        p -> assertThat(p).contains("cannot be read: Nul character not allowed"),
                                        p -> assertThat(p).contains("standard input (-i -) can be read only once")));
    }

    @Test
    void shouldAskForAnInput() {
        assertThatThrownBy(() -> CaptureSource.open(List.of(), Replay.noInput()))
                .isInstanceOf(CaptureException.class)
                .hasMessage("no capture was given; give one with -i");
    }

    @Test
    void shouldSayWhatToDoWithoutPermission() {
        assertThat(OpenProblem.reason(new AccessDeniedException("x")))
                .isEqualTo("no permission; run as its owner, or change its mode with chmod");
    }

    @Test
    void shouldReadTheInputsBehindADamagedOne() throws IOException {
        Path cut = folder.resolve("cut");
        Files.write(cut, Arrays.copyOf(pcap().pcapRecord(2, 0, A, 60).bytes(), 24 + 76 + 30));
        Path whole = folder.resolve("whole");
        Files.write(whole, pcapng().bytes());
        Replay replay = Replay.ofFile(cut, whole, cut);
        assertThat(replay.frames()).hasSize(3);
        assertThat(replay.problems())
                .hasSize(2)
                .allSatisfy(p -> assertThat(p)
                        .isEqualTo(cut
                                + ": cut short at byte 130: record 2 needs 76 bytes and has 30; 1 frame was read before it;"
                                + " copy the file again, or repair it with: editcap " + cut + " REPAIRED"));
    }

    @Test
    void shouldEndAfterItsFailure() throws IOException {
        Path cut = folder.resolve("cut");
        Files.write(cut, Arrays.copyOf(pcap().bytes(), 60));
        try (CaptureSource source = CaptureSource.open(List.of(cut.toString()), Replay.noInput())) {
            assertThatThrownBy(() -> source.poll(new Slots(1), 1)).isInstanceOf(CaptureException.class);
            assertThat(source.poll(new Slots(1), 1)).isEqualTo(CaptureSource.END);
        }
    }

    @Test
    void shouldSayThatAMappedFileShrank() throws IOException {
        Path file = folder.resolve("shrinking");
        CaptureBytes bytes = pcap();
        for (int i = 0; i < 1_000; i++) {
            bytes.pcapRecord(2, 0, A, 60);
        }
        Files.write(file, bytes.bytes());
        try (CaptureSource source = CaptureSource.open(List.of(file.toString()), Replay.noInput())) {
            assertThat(source.poll(new Slots(4), 4)).isEqualTo(4);
            try (RandomAccessFile shrunk = new RandomAccessFile(file.toFile(), "rw")) {
                shrunk.setLength(0);
            }
            Slots slots = new Slots(10_000);
            assertThatThrownBy(() -> {
                        while (source.poll(slots, 10_000) > 0) {
                            assertThat(slots.claimed()).isLessThan(1_001);
                        }
                    })
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining("became shorter (or unreadable) while it was read");
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldLimitTheInterfacesOfASection(boolean bigEndian) throws IOException {
        CaptureBytes bytes = CaptureBytes.of(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .section();
        for (int i = 0; i <= 65_536; i++) {
            bytes.i32(1).i32(20).i32(0).i32(0).i32(20);
        }
        assertThat(Replay.ofStream(bytes.bytes()).problems())
                .singleElement()
                .asString()
                .contains("more than 65,536 interfaces in a section");
    }

    @Test
    void shouldReportADeviceThatIsNoCapture() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/zero")), "/dev/zero is not there");
        assertThat(Replay.ofFile(Path.of("/dev/zero")).problems())
                .singleElement()
                .asString()
                .contains("/dev/zero: no pcap or pcapng capture (begins with 00 00 00 00 00 00)");
    }
}
