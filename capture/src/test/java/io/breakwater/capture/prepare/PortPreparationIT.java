package io.breakwater.capture.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.capture.lab.Box;
import io.breakwater.capture.lab.Child;
import io.breakwater.capture.lab.Lab;
import io.breakwater.capture.lab.RawPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real interfaces, changed and given back. */
class PortPreparationIT {
    private static final String ARP_FOR_198_18_0_1 = "ffffffffffff" + "02000000000a" + "0806" + "0001080006040001"
            + "02000000000a" + "c6120002" + "000000000000" + "c6120001" + "00".repeat(18);
    private static final String ARP_REPLY = "0806" + "0001080006040002";

    @TempDir
    private Path state;

    private Lab lab;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.open();
        lab.sysctl("box", "net/ipv6/conf/o0/disable_ipv6", "0");
        lab.in("box", "ip", "addr", "add", "2001:db8::1/64", "dev", "o0");
        lab.in("box", "ethtool", "-K", "o0", "gro", "on");
        lab.in("box", "ip", "link", "set", "i0", "down");
    }

    @AfterEach
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void shouldGiveEverythingBackAtClose() throws Exception {
        String before = settings();
        try (Child box = box()) {
            box.await("READY");
            assertThat(lab.in("box", "ethtool", "-k", "o0"))
                    .contains(
                            "generic-receive-offload: off", "tx-checksum-ip-generic: off", "tx-tcp-segmentation: off");
            assertThat(lab.in("box", "cat", "/proc/sys/net/ipv6/conf/o0/disable_ipv6"))
                    .isEqualTo("1\n");
            assertThat(lab.in("box", "ip", "link", "show", "i0")).contains("state UP");
        }
        assertThat(settings()).isEqualTo(before);
        assertThat(state).isDirectoryNotContaining("glob:**.settings");
    }

    @Test
    void shouldKnowTheTrueOriginalsAfterACrashAndAnotherRun() throws Exception {
        String before = settings();
        crash();
        try (Child box = box()) {
            box.await("READY");
        }
        assertThat(settings())
                .as("what was left changed is not given back unasked")
                .isNotEqualTo(before);
        release();
        assertThat(settings()).isEqualTo(before);
    }

    @Test
    void shouldGiveTheOriginalsBackByReleaseAfterACrash() throws Exception {
        String before = settings();
        crash();
        release();
        assertThat(settings()).isEqualTo(before);
        assertThat(state).isDirectoryNotContaining("glob:**.settings");
    }

    @Test
    void shouldKeepTheKernelFromAnsweringOnAPort() throws Exception {
        lab.in("box", "ip", "link", "set", "lo", "up");
        lab.in("box", "ip", "addr", "add", "198.18.0.1/24", "dev", "o0");
        try (Child outside = lab.java("out", RawPeer.class, "o1")) {
            outside.await("READY");
            outside.say("1 " + ARP_FOR_198_18_0_1);
            outside.await("answer of the unprepared kernel", lines -> answers(outside) == 1);
            try (Child box = box();
                    Child inside = lab.java("in", RawPeer.class, "i1")) {
                assertThat(box.await("WARNING ")).contains("198.18.0.1/24");
                box.await("READY");
                inside.await("READY");
                outside.say("1 " + ARP_FOR_198_18_0_1);
                inside.await(
                        "the question, forwarded", lines -> inside.heard("RX ").contains(ARP_FOR_198_18_0_1));
                Thread.sleep(200);
                assertThat(answers(outside)).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldRefuseASecondRunOnTheSamePort() throws Exception {
        try (Child first = box();
                Child second = second(first)) {
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.await("ERROR ")).startsWith("port o0 is in use by another Breakwater");
            assertThat(lab.in("box", "ethtool", "-k", "o0")).contains("generic-receive-offload: off");
        }
    }

    @Test
    void shouldRefuseASecondRunThatKeepsItsStateElsewhere(@TempDir Path elsewhere) throws Exception {
        try (Child first = box()) {
            first.await("READY");
            String joined = lab.in("box", "tc", "filter", "show", "dev", "o0", "ingress");
            try (Child second = lab.java("box", Box.class, elsewhere.toString(), "o0", "i0")) {
                assertThat(second.exit()).isEqualTo(1);
                assertThat(second.await("ERROR ")).startsWith("port o0 is in use by another Breakwater");
            }
            assertThat(lab.in("box", "tc", "filter", "show", "dev", "o0", "ingress"))
                    .contains("pref 6400")
                    .isEqualTo(joined);
        }
    }

    @Test
    void shouldGiveEverythingBackWhereProcSysIsReadOnly() throws Exception {
        String before = settings();
        try (Child box = readOnly()) {
            assertThat(box.exit()).isEqualTo(1);
            assertThat(box.await("ERROR "))
                    .startsWith("port o0: cannot write /proc/sys/net/ipv6/conf/o0/disable_ipv6: ")
                    .contains("unmask=/proc/sys");
        }
        assertThat(settings()).isEqualTo(before);
        assertThat(lab.in("box", "tc", "qdisc", "show", "dev", "o0")).doesNotContain("clsact");
        assertThat(state).isDirectoryNotContaining("glob:**.settings");
    }

    @Test
    void shouldNotNeedProcSysWhereItSaysWhatIsWanted() throws Exception {
        lab.sysctl("box", "net/ipv6/conf/o0/disable_ipv6", "1");
        lab.sysctl("box", "net/ipv6/conf/i0/disable_ipv6", "1");
        try (Child box = readOnly()) {
            box.await("READY");
        }
    }

    /** As a container sees it. */
    private Child readOnly() throws IOException {
        List<String> container = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec \"$@\"",
                "sh");
        return lab.java("box", container, Box.class, state.toString(), "o0", "i0");
    }

    @Test
    void shouldSayWhichCapabilitiesAreMissing() throws Exception {
        try (Child box = lab.javaWithoutCapabilities("box", Box.class, state.toString(), "o0", "i0")) {
            assertThat(box.exit()).isEqualTo(1);
            assertThat(box.await("ERROR "))
                    .isEqualTo(
                            "no permission to use network cards: lacks CAP_NET_RAW, CAP_NET_ADMIN: run with sudo (or in a"
                                    + " systemd unit, AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN)");
        }
        try (Child box = lab.javaWithoutCapabilities("box", Box.class, "open", "o0")) {
            assertThat(box.exit()).isEqualTo(1);
            assertThat(box.await("ERROR "))
                    .isEqualTo("port o0: no permission: needs CAP_NET_RAW and CAP_NET_ADMIN: run with sudo");
        }
        try (Child box = lab.java("box", Box.class, "open", "i0")) {
            assertThat(box.exit()).isEqualTo(1);
            assertThat(box.await("ERROR ")).isEqualTo("port i0: interface is down: ip link set dev i0 up");
        }
    }

    @Test
    void shouldSayHowToMendWhatItRefuses() throws Exception {
        assertThat(refused("o0", "nic9")).isEqualTo("port nic9: no such interface; there are: i0, lo, o0");
        assertThat(refused("o0", "o0")).startsWith("port o0 is used twice");
        assertThat(refused("lo", "o0")).startsWith("port lo is the loopback interface");

        lab.in("box", "ip", "addr", "add", "198.18.0.1/24", "dev", "i0");
        lab.sysctl("box", "net/ipv4/ip_forward", "1");
        assertThat(refused("o0", "i0"))
                .startsWith("port i0 has address 198.18.0.1/24 and the box routes ipv4")
                .contains("ip addr del 198.18.0.1/24 dev i0");
        lab.sysctl("box", "net/ipv4/ip_forward", "0");

        lab.in("box", "ip", "link", "add", "br9", "type", "bridge");
        lab.in("box", "ip", "link", "set", "i0", "master", "br9");
        assertThat(refused("o0", "i0")).startsWith("port i0 belongs to br9").contains("ip link set dev i0 nomaster");
        assertThat(lab.in("box", "ethtool", "-k", "o0")).contains("generic-receive-offload: on");
    }

    private Child second(Child first) throws IOException {
        first.await("READY");
        return box();
    }

    private Child box() throws IOException {
        return lab.java("box", Box.class, state.toString(), "o0", "i0");
    }

    private void release() throws Exception {
        try (Child release = lab.java("box", Box.class, "release", state.toString())) {
            assertThat(release.await("RELEASED ")).isEqualTo("[i0, o0]");
        }
    }

    private void crash() throws Exception {
        try (Child box = box()) {
            box.await("READY");
            box.kill();
        }
    }

    private String refused(String outside, String inside) throws Exception {
        try (Child box = lab.java("box", Box.class, state.toString(), outside, inside)) {
            assertThat(box.exit()).isEqualTo(1);
            assertThat(box.heard("\tat ")).as("stack trace").isEmpty();
            return box.await("ERROR ");
        }
    }

    private static long answers(Child peer) {
        return peer.heard("RX ").stream()
                .filter(frame -> frame.startsWith(ARP_REPLY, 24))
                .count();
    }

    /** Addresses alone: whether one is still tentative is a matter of time. */
    private String addresses(String port) throws IOException {
        return PortAddress.parse(lab.in("box", "ip", "addr", "show", "dev", port, "scope", "global"))
                .toString();
    }

    /** All that a preparation may change. */
    private String settings() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String port : new String[] {"o0", "i0"}) {
            all.append(lab.in("box", "tc", "qdisc", "show", "dev", port, "ingress"))
                    .append(lab.in("box", "ethtool", "-k", port))
                    .append(lab.in("box", "cat", "/proc/sys/net/ipv6/conf/" + port + "/disable_ipv6"))
                    .append(addresses(port))
                    .append(lab.in("box", "cat", "/sys/class/net/" + port + "/flags"));
        }
        return all.toString();
    }
}
