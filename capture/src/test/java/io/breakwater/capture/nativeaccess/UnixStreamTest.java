package io.breakwater.capture.nativeaccess;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.capture.nativeaccess.UnixStream.Received;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnixStreamTest {
    private final String name = "@breakwater/test/" + ProcessHandle.current().pid() + "/" + System.nanoTime();
    private UnixListener listener;
    private UnixStream here;
    private UnixStream there;

    @BeforeEach
    void connect() throws IOException {
        listener = new UnixListener(name);
        here = UnixStream.connect(name);
        there = listener.accept();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
        listener.close();
    }

    @Test
    void shouldCarryAMessageThatIsLongerThanTheKernelsBuffer() throws Exception {
        byte[] message = new byte[3 << 20];
        new Random(1).nextBytes(message);

        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(message));
        Received received = there.receive();
        sent.join();

        assertThat(received.bytes()).isEqualTo(message);
        assertThat(received.descriptors()).isEmpty();
    }

    private void send(byte[] message) {
        try {
            here.send(message);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldCarryDescriptorsOfWhatIsOpen() throws IOException {
        Path file = Files.createTempFile("descriptor", "");
        try (Open one = Open.of(file)) {
            here.send("two of them".getBytes(UTF_8), one.fd(), one.fd());
            Received received = there.receive();

            assertThat(received.bytes()).asString(UTF_8).isEqualTo("two of them");
            assertThat(received.descriptors())
                    .hasSize(2)
                    .doesNotContain(one.fd())
                    .doesNotHaveDuplicates();
            for (int descriptor : received.descriptors()) {
                assertThat(Path.of("/proc/self/fd/" + descriptor).toRealPath()).isEqualTo(file.toRealPath());
                new Libc().close(descriptor);
            }
        } finally {
            Files.delete(file);
        }
    }

    /** A file that is open, and by which descriptor. */
    private record Open(java.io.FileInputStream stream, int fd) implements AutoCloseable {
        static Open of(Path file) throws IOException {
            java.io.FileInputStream stream = new java.io.FileInputStream(file.toFile());
            try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
                Path real = file.toRealPath();
                int fd = descriptors
                        .filter(each -> leadsTo(each, real))
                        .mapToInt(each -> Integer.parseInt(each.getFileName().toString()))
                        .findFirst()
                        .orElseThrow();
                return new Open(stream, fd);
            }
        }

        private static boolean leadsTo(Path descriptor, Path file) {
            try {
                return Files.readSymbolicLink(descriptor).equals(file);
            } catch (IOException closedMeanwhile) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    @Test
    void shouldTellWhoIsAtTheOtherSide() throws IOException {
        assertThat(here.peerPid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(there.peerPid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(there.peerUid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    void shouldTellThatTheOtherSideIsGone() {
        here.close();

        assertThatThrownBy(there::receive).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> {
                    there.send(new byte[1]);
                    there.send(new byte[1]);
                })
                .isInstanceOf(ErrnoException.class);
    }

    @Test
    void shouldRefuseALengthThatNobodyMeans() throws IOException {
        // What the JDK's own channel writes is no message of ours.
        Path path = Path.of(System.getProperty("java.io.tmpdir"), "bw" + System.nanoTime());
        try (UnixListener onDisk = new UnixListener(path.toString());
                SocketChannel stranger = SocketChannel.open(java.net.UnixDomainSocketAddress.of(path));
                UnixStream end = onDisk.accept()) {
            stranger.write(java.nio.ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 1}));

            assertThatThrownBy(end::receive).hasMessage("a message of 4294967295 bytes is more than 16777216");
        } finally {
            Files.delete(path);
        }
    }

    @Test
    void shouldRefuseANameThatIsTakenAndOneThatNobodyListensAt() {
        assertThatThrownBy(() -> new UnixListener(name)).isInstanceOf(ErrnoException.class);
        assertThatThrownBy(() -> UnixStream.connect(name + "/no"))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.isRefused()).isTrue());
    }
}
