package io.breakwater.capture.privilege;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.UnixListener;
import io.breakwater.capture.nativeaccess.UnixStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the keeper refuses, and how that comes to the run; what it does is tried in the lab, with every run. */
class PrivilegeKeeperTest {
    private static final int KPROBE = 2; // BPF_PROG_TYPE_KPROBE, linux/bpf.h
    private static final int XDP = 6;
    private static final long PID = ProcessHandle.current().pid();

    private final String name = "@breakwater/test/keeper/" + PID + "/" + System.nanoTime();
    private final KeptPrivileges kept = new KeptPrivileges(name);
    private UnixListener listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new UnixListener(name);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    /** Answers as many questions of that process. */
    private Thread keeper(int questions, long run) {
        PrivilegeKeeper keeper = new PrivilegeKeeper(new OwnPrivileges(), run);
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < questions; i++) {
                try {
                    keeper.serve(listener.accept());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    @Test
    void shouldSayWhatItMayDo() throws IOException {
        keeper(1, PID);

        assertThat(kept.capabilities()).isEqualTo(new OwnPrivileges().capabilities());
    }

    @Test
    void shouldChangeNoPortThatWasNotNamed() throws IOException {
        keeper(5, PID);

        assertThatThrownBy(() -> kept.setAdminUp("eth0", false)).hasMessage("interface eth0 is no port of this run");
        kept.confineTo(List.of("bw-none0", "bw-none1"));
        assertThatThrownBy(() -> kept.redirect("bw-none0", "eth0")).hasMessage("interface eth0 is no port of this run");
        assertThatThrownBy(() -> kept.drop("lo")).hasMessage("interface lo is no port of this run");
        assertThatThrownBy(() -> kept.confineTo(List.of("eth0"))).hasMessage("the ports are named already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a b", "a/b", "sixteen-letters0", "a\nb"})
    void shouldTakeNoNameThatIsNone(String port) {
        keeper(1, PID);

        assertThatThrownBy(() -> kept.confineTo(List.of(port)))
                .hasMessage("the keeper of rights does not take " + port);
    }

    @Test
    void shouldTakeNothingThatAProgramOfTheSystemCouldReadOtherwise() throws IOException {
        keeper(5, PID);
        kept.confineTo(List.of("bw-none0"));

        assertRefused(() -> kept.setOffloads("bw-none0", new TreeMap<>(java.util.Map.of("--help", "off"))));
        assertRefused(() -> kept.setOffloads("bw-none0", new TreeMap<>(java.util.Map.of("gro", "of"))));
        assertRefused(() -> kept.setIpv6Disabled("bw-none0", "2"));
        assertRefused(() -> kept.addAddress("bw-none0", "2001:db8::1/64 dev eth0"));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the keeper of rights does not take ");
    }

    @Test
    void shouldLoadProgramsForXdpAndTcOnly() {
        keeper(3, PID);

        assertThatThrownBy(() -> kept.loadProgram(KPROBE, 0, "bw", new long[] {0xb7, 0x95}))
                .hasMessage("the keeper of rights loads no programs of type 2");
        assertThatThrownBy(() -> kept.verifierLog(KPROBE, 0, "bw", new long[] {0xb7, 0x95}))
                .hasMessage("the keeper of rights loads no programs of type 2");
        assertThatThrownBy(() -> kept.loadProgram(XDP, 0, "bw", new long[0]))
                .hasMessage("LOAD_PROGRAM has no instructions");
    }

    @Test
    void shouldHandTheKernelsOwnRefusalOn() throws IOException {
        keeper(2, PID);
        kept.confineTo(List.of("bw-none0"));

        assertThatThrownBy(() -> kept.setAdminUp("bw-none0", true))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.isNoDevice()).isTrue())
                .hasMessage("SIOCGIFFLAGS: no such interface");
    }

    @Test
    void shouldAnswerNobodyElse() throws IOException {
        keeper(1, PID + 1);

        try (UnixStream stranger = UnixStream.connect(name)) {
            assertThatThrownBy(() -> {
                        stranger.send(Message.of(Request.CAPABILITIES.name()).encode());
                        stranger.receive();
                    })
                    .isInstanceOfAny(EOFException.class, ErrnoException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"REBOOT", "", "redirect"})
    void shouldRefuseWhatItDoesNotKnow(String word) throws IOException {
        keeper(1, PID);

        try (UnixStream run = UnixStream.connect(name)) {
            run.send(Message.of(word).encode());
            assertThat(Message.decode(run.receive().bytes()).word()).isEqualTo(Message.FAILED);
        }
    }

    @Test
    void shouldAnswerBytesThatAreNoMessage() throws IOException {
        keeper(1, PID);

        try (UnixStream run = UnixStream.connect(name)) {
            run.send(new byte[] {0, 50, 1});
            assertThat(Message.decode(run.receive().bytes()).word()).isEqualTo(Message.FAILED);
        }
    }

    @Test
    void shouldNotBeginForARunThatHasEnded() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThatThrownBy(() -> PrivilegeKeeper.serve(name + "/late", ended.pid()))
                .hasMessage("the run has ended already");
    }

    @Test
    void shouldSayWhatToDoWhenItIsGone() throws IOException {
        keeper(1, PID);
        kept.capabilities();
        listener.close();

        assertThatThrownBy(kept::capabilities)
                .hasMessageStartingWith("the process that keeps the rights over the network does not answer")
                .hasMessageEndingWith("restart Breakwater (systemctl restart breakwater)");
        kept.awaitEnd(); // comes back
    }
}
