package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamReadingTest {
    private static final byte[] A = CaptureBytes.frame(60, 1);

    @TempDir
    Path folder = Path.of("");

    /** As slow and fragmented as a stream may be: gives up to {@code most} bytes at a time. */
    private static InputStream dribble(byte[] bytes, int most) {
        return new InputStream() {
            private int at;

            @Override
            public int read() {
                return at < bytes.length ? bytes[at++] & 0xff : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                int n = Math.min(Math.min(length, most), bytes.length - at);
                if (n == 0) {
                    return -1;
                }
                System.arraycopy(bytes, at, target, offset, n);
                at += n;
                return n;
            }
        };
    }

    @Test
    void shouldReadByteByByte() throws IOException {
        CaptureBytes capture = CaptureBytes.littleEndian();
        capture.section()
                .interfaceBlock(1, 9, 0, 0)
                .enhanced(0, 5, A, 60)
                .block(99, capture.body().raw(new byte[400]))
                .enhanced(0, 6, A, 60);
        try (CaptureSource source = CaptureSource.open(List.of("-"), dribble(capture.bytes(), 1))) {
            assertThat(source.bytesTotal()).isEqualTo(CaptureSource.UNKNOWN);
            Replay replay = Replay.of(source, 16);
            assertThat(replay.problems()).isEmpty();
            assertThat(replay.frames()).extracting(ReadFrame::timestampNs).containsExactly(5L, 6L);
            assertThat(source.bytesRead()).isEqualTo(capture.size());
        }
    }

    @Test
    void shouldGiveFramesOfALivePipeAsTheyCome() throws IOException {
        try (PipedOutputStream sender = new PipedOutputStream();
                PipedInputStream receiver = new PipedInputStream(sender);
                CaptureSource source = CaptureSource.open(List.of("-"), receiver)) {
            Slots slots = new Slots(8);
            assertThat(source.poll(slots, 8)).isZero();
            sender.write(CaptureBytes.littleEndian()
                    .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                    .bytes());
            for (int i = 1; i <= 3; i++) {
                sender.write(CaptureBytes.littleEndian().pcapRecord(i, 0, A, 60).bytes());
                sender.flush();
                int read = 0;
                while (read == 0) {
                    read = source.poll(slots, 8);
                }
                assertThat(slots.claimed()).isEqualTo(i);
                assertThat(slots.get(i - 1).timestampNs()).isEqualTo(i * TickScale.NS_PER_SECOND);
            }
            assertThat(source.poll(slots, 8)).isZero();
        }
    }

    @Test
    void shouldReadFifosBetweenFiles() throws IOException, InterruptedException {
        Path file = folder.resolve("file");
        byte[] capture = CaptureBytes.littleEndian()
                .pcapHeader(PcapParser.MICROSECOND_MAGIC, 1)
                .pcapRecord(7, 0, A, 60)
                .bytes();
        Files.write(file, capture);
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Thread sender = Thread.ofPlatform().daemon().start(() -> {
            try {
                Files.write(fifo, capture);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        List<String> inputs = List.of(file.toString(), fifo.toString(), file.toString(), "-");
        try (CaptureSource source = CaptureSource.open(inputs, dribble(capture, 7))) {
            Replay replay = Replay.of(source, 1);
            assertThat(replay.problems()).isEmpty();
            assertThat(replay.frames()).hasSize(4).allMatch(f -> f.timestampNs() == 7 * TickScale.NS_PER_SECOND);
            assertThat(source.bytesRead()).isEqualTo(4L * capture.length);
        }
        sender.join();
    }

    @Test
    void shouldSayWhyAStreamFailed() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };
        try (CaptureSource source = CaptureSource.open(List.of("-"), broken)) {
            assertThat(Replay.of(source, 1).problems())
                    .containsExactly("standard input: cannot be read: Input/output error");
        }
    }

    /**
     * Far more than the ring holds, in random sizes, while up to a random number of slots stay lent: no byte of a lent
     * frame may change, and reading may stop only for lent memory.
     */
    @Test
    void shouldNotOverwriteWhatIsLent() throws IOException {
        long seed = 42;
        SplittableRandom random = new SplittableRandom(seed);
        int count = 3_000;
        CaptureBytes capture = CaptureBytes.littleEndian().section().interfaceBlock(1, 9, 0, 0);
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(10) == 0 ? random.nextInt(262_145) : random.nextInt(9_000);
            lengths.add(length);
            capture.enhanced(0, i, CaptureBytes.frame(length, i), length);
            if (random.nextInt(50) == 0) {
                capture.block(99, capture.body().raw(new byte[random.nextInt(2 << 20)]));
            }
        }
        int slotCount = 512;
        ArrayDeque<FrameSlot> lent = new ArrayDeque<>();
        Slots slots = new Slots(slotCount);
        int checked = 0;
        try (CaptureSource source = CaptureSource.open(List.of("-"), dribble(capture.bytes(), 50_000))) {
            while (true) {
                int before = slots.claimed();
                int read = source.poll(slots, 1 + random.nextInt(64));
                for (int i = before; i < slots.claimed(); i++) {
                    lent.add(slots.get(i));
                }
                int keep = read == 0 || slots.free() == 0 ? 0 : random.nextInt(slotCount);
                while (lent.size() > keep) {
                    FrameSlot slot = lent.remove();
                    assertThat(ReadFrame.of(slot).bytes())
                            .as("seed %d, frame %d", seed, checked)
                            .isEqualTo(hex(CaptureBytes.frame(lengths.get(checked), checked)));
                    source.release(slot);
                    checked++;
                }
                if (slots.free() == 0) {
                    slots.clear();
                }
                if (read == CaptureSource.END) {
                    break;
                }
            }
            while (!lent.isEmpty()) {
                source.release(lent.remove());
                checked++;
            }
        }
        assertThat(checked).isEqualTo(count);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
