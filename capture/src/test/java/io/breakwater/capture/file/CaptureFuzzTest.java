package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes a capture has: frames that lie inside it, or a CaptureException, and always an end. */
@Timeout(120)
class CaptureFuzzTest {
    private static final int PARSER_MUTATIONS = 100_000;
    private static final int SOURCE_MUTATIONS = 1_500;
    private static final byte[] A = CaptureBytes.frame(40, 1);

    @TempDir
    Path folder = Path.of("");

    private static List<byte[]> corpus() {
        CaptureBytes big = CaptureBytes.of(ByteOrder.BIG_ENDIAN);
        CaptureBytes little = CaptureBytes.littleEndian();
        return List.of(
                little.body()
                        .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                        .pcapRecord(1, 2, A, 60)
                        .pcapRecord(3, 4, A, 40)
                        .bytes(),
                big.body()
                        .pcapHeader(PcapParser.NANOSECOND_MAGIC, 101)
                        .pcapRecord(1, 2, A, 60)
                        .pcapRecord(3, 4, A, 40)
                        .bytes(),
                little.body()
                        .pcapHeader(PcapParser.MODIFIED_MAGIC, 1)
                        .modifiedRecord(1, 2, A, 60)
                        .bytes(),
                pcapng(little),
                pcapng(big));
    }

    private static byte[] pcapng(CaptureBytes order) {
        return order.body()
                .section()
                .interfaceBlock(1, 0x80 | 20, 5, 4)
                .enhanced(0, 77, A, 60)
                .block(99, order.body().i64(1))
                .simple(A, 40)
                .obsolete(0, 5, A, 40)
                .section()
                .interfaceBlock(101, 9, -5, 0)
                .enhanced(0, 77, A, 60)
                .bytes();
    }

    private static final int[] INTERESTING = {
        0, 1, 2, 3, 4, 7, 8, 12, 16, 28, 32, 0x7fffffff, 0x80000000, -1, -4, 262_144, 262_145
    };

    private static byte[] mutate(byte[] from, SplittableRandom random) {
        byte[] bytes = from.clone();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length + 8));
                default -> {
                    int value = INTERESTING[random.nextInt(INTERESTING.length)];
                    for (int k = 0; k < 4 && (at & ~3) + k < bytes.length; k++) {
                        bytes[(at & ~3) + k] = (byte) (value >> 8 * k);
                    }
                }
            }
        }
        return bytes;
    }

    @Test
    void shouldOnlyFailWithCaptureExceptions() throws IOException {
        long seed = 1_911;
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> corpus = corpus();
        int whole = 0;
        for (int i = 0; i < PARSER_MUTATIONS; i++) {
            byte[] bytes = mutate(corpus.get(i % corpus.size()), random);
            try {
                parse(bytes);
                whole++;
            } catch (CaptureException e) {
                assertThat(e.problems()).hasSize(1);
                assertThat(e.getMessage())
                        .as(seed + "/" + i)
                        .doesNotContain("\n")
                        .startsWith("fuzz: ");
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed %d, mutation %d: %s"
                                .formatted(seed, i, HexFormat.of().formatHex(bytes)),
                        e);
            }
        }
        assertThat(whole).isBetween(PARSER_MUTATIONS / 100, PARSER_MUTATIONS);
    }

    private static void parse(byte[] bytes) throws IOException {
        MappedWindow window = new MappedWindow(MemorySegment.ofArray(bytes));
        RecordParser parser = CaptureInput.detect("fuzz", window);
        assertThat(parser).isNotNull();
        int found = RecordParser.OTHER;
        for (int steps = 0; parser != null && found != RecordParser.END; steps++) {
            found = parser.next();
            assertThat(steps).isLessThan(bytes.length);
            assertThat(found).isNotEqualTo(RecordParser.WAIT);
            if (found == RecordParser.FRAME) {
                assertThat(parser.captured()).isBetween(0, RecordParser.MAX_CAPTURED_BYTES);
                assertThat(parser.frameOffset()).isBetween(0L, (long) bytes.length - parser.captured());
            }
        }
    }

    @Test
    void shouldReadDamagedFilesAsItReadsDamagedStreams() throws IOException {
        long seed = 1_912;
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> corpus = corpus();
        Path file = folder.resolve("in");
        for (int i = 0; i < SOURCE_MUTATIONS; i++) {
            byte[] bytes = mutate(corpus.get(i % corpus.size()), random);
            Files.write(file, bytes);
            String which = "seed %d, mutation %d".formatted(seed, i);
            Replay streamed = Replay.ofStream(bytes);
            try {
                Replay mapped = Replay.ofFile(file);
                assertThat(streamed.frames()).as(which).isEqualTo(mapped.frames());
                assertThat(streamed.problems()).as(which).hasSameSizeAs(mapped.problems());
            } catch (CaptureException e) {
                assertThat(streamed.problems()).as(which).hasSize(1);
                assertThat(streamed.frames()).as(which).isEmpty();
            }
        }
    }
}
