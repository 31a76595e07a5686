package io.breakwater.capture.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.capture.lab.Child;
import io.breakwater.capture.lab.Lab;
import io.breakwater.capture.lab.RawPeer;
import io.breakwater.capture.lab.XdpBox;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A card's program in a real kernel, with real frames. */
class XdpCardIT {
    private static final String MACS = "02000000000b" + "02000000000a";
    private static final String SHORT = MACS + "88b5" + "55".repeat(46);
    private static final String LONG = MACS + "88b5" + "77".repeat(200);

    private Lab lab;
    private Child outside;
    private Child tap;
    private Child box;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.open();
        outside = lab.java("out", RawPeer.class, "o1");
        tap = lab.java("box", RawPeer.class, "o0");
        box = lab.java("box", XdpBox.class, "o0");
        outside.await("READY");
        tap.await("READY");
        box.await("READY");
    }

    @AfterEach
    void stop() {
        outside.close();
        tap.close();
        box.close();
        lab.close();
    }

    @Test
    void shouldDropInTheDriverWhatTheProgramDropsAndSwapIt() throws Exception {
        assertThat(tell("attach")).startsWith("attach native");
        send(SHORT, 1);
        assertThat(shortFrames()).hasSize(1);
        tell("drop");
        send(SHORT, 3);
        assertThat(shortFrames()).as("short frames").hasSize(1);
        tell("pass");
        send(SHORT, 1);
        assertThat(shortFrames()).hasSize(2);
    }

    @Test
    void shouldLeaveNothingOnTheCardWhenKilled() throws Exception {
        tell("drop");
        tell("attach");
        assertThat(link()).contains("xdp");
        box.kill();
        assertThat(link()).doesNotContain("xdp");
        send(SHORT, 1);
        assertThat(shortFrames()).hasSize(1);
    }

    @Test
    void shouldAttachAnewToACardThatWasRecreated() throws Exception {
        tell("drop");
        tell("attach");
        lab.in("box", "ip", "link", "del", "o0");
        lab.join("out", "o1", "o0");
        assertThat(link()).doesNotContain("xdp");
        tell("attach");
        assertThat(link()).contains("xdp");
        tell("detach");
        assertThat(link()).doesNotContain("xdp");
    }

    @Test
    void shouldRunInGenericModeWhereTheDriverCannot() throws Exception {
        lab.in("out", "ip", "link", "set", "o1", "mtu", "9000"); // veth: no page holds such a frame and its head room
        lab.in("box", "ip", "link", "set", "o0", "mtu", "9000");
        assertThat(tell("attach")).startsWith("attach generic no native XDP on o0 (");
        tell("drop");
        send(SHORT, 1);
        assertThat(shortFrames()).isEmpty();
    }

    @Test
    void shouldSayWhoElseHoldsTheCard() throws Exception {
        tell("attach");
        try (Child second = lab.java("box", XdpBox.class, "o0")) {
            second.say("attach");
            assertThat(second.await("ERROR ")).contains("another XDP program is on o0", "ip link set dev o0 xdp off");
        }
    }

    @Test
    void shouldNameTheCapabilitiesThatAreMissing() throws Exception {
        try (Child weak = lab.javaWithoutCapabilities("box", XdpBox.class, "o0")) {
            weak.say("attach");
            assertThat(weak.await("ERROR ")).contains("CAP_BPF", "CAP_NET_ADMIN");
        }
    }

    @Test
    void shouldNameTheFlagWhereJavaMayNotCallTheKernel() throws Exception {
        try (Child denied = lab.javaWithoutNativeAccess("box", XdpBox.class, "o0")) {
            denied.say("attach");
            assertThat(denied.await("ERROR ")).contains("--enable-native-access=ALL-UNNAMED");
            denied.say("lie");
            denied.await("both refusals", lines -> denied.heard("ERROR ").size() == 2);
            assertThat(denied.heard("ERROR ").getLast()).contains("--enable-native-access=ALL-UNNAMED");
        }
    }

    @Test
    void shouldShowWhatTheVerifierSays() {
        box.say("lie");
        assertThat(box.await("ERROR ")).contains("verifier refused", "invalid access to packet");
    }

    @Test
    void shouldSayThatThereIsNoSuchInterface() throws Exception {
        try (Child lost = lab.java("box", XdpBox.class, "nope0")) {
            lost.say("attach");
            assertThat(lost.await("ERROR ")).isEqualTo("no such interface: nope0");
        }
    }

    private String tell(String word) {
        box.forget();
        box.say(word);
        return box.await("OK ");
    }

    /** Sends frames, then a long one, and waits until that has arrived: then the others have too, or never will. */
    private void send(String frame, int times) {
        int before = longFrames();
        outside.say(times + " " + frame);
        outside.say("1 " + LONG);
        tap.await("the long frame", lines -> longFrames() > before);
    }

    private int longFrames() {
        return tap.heard("RX " + LONG).size();
    }

    private List<String> shortFrames() {
        return tap.heard("RX " + SHORT);
    }

    private String link() throws IOException {
        return lab.in("box", "ip", "-d", "link", "show", "dev", "o0");
    }
}
