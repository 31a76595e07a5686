package io.breakwater.capture.xdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.capture.lab.Box;
import io.breakwater.capture.lab.Child;
import io.breakwater.capture.lab.Lab;
import io.breakwater.capture.lab.RawPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is AF_XDP's own: chunks, modes, limits, and what it needs of the box. */
class XdpPairIT {
    private static final String MACS = "02000000000b" + "02000000000a";
    private static final String FORWARDED = MACS + "88b5" + "11".repeat(46);
    /** What {@link Box} drops. */
    private static final String DROPPED = MACS + "88b6" + "22".repeat(46);

    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path state;

    private Lab lab;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.open();
        open.add(lab);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp,native", "xdp,generic", "xdp,native,shared", "xdp,generic,few,shared"})
    void shouldKnowWhereEveryChunkIsUnderLoadAndAfterFaults(String backend) throws Exception {
        Child outside = peer("out", "o1");
        Child inside = peer("in", "i1");
        Child box = box(backend);
        load(outside, inside);
        assertWhole(box);

        lab.in("in", "ip", "link", "set", "i1", "down");
        box.await("DOWN i0");
        load(outside, outside);
        assertWhole(box);
        lab.in("in", "ip", "link", "set", "i1", "up");
        box.await("UP i0");
        // libpcap tells a listener of a link that was down, so it listens anew.
        inside.close();
        Child again = peer("in", "i1");
        load(outside, again);
        assertWhole(box);

        box.forget();
        lab.in("out", "ip", "link", "del", "o1");
        box.await("DOWN o0");
        load(again, again);
        lab.join("out", "o1", "o0");
        box.await("UP o0");
        Child back = peer("out", "o1");
        load(back, again);
        assertWhole(box);
        assertPasses(back, again, FORWARDED);
        assertPasses(again, back, FORWARDED);
    }

    private void load(Child one, Child other) {
        one.forget();
        other.forget();
        one.say("20000 " + FORWARDED);
        one.say("5000 " + DROPPED);
        if (other != one) {
            other.say("20000 " + FORWARDED);
        }
        one.await("end of load", lines -> one.heard("SENT").size() == 2);
        other.await("end of load", lines -> !other.heard("SENT").isEmpty());
    }

    /** At rest every chunk of both lanes is in exactly one place. */
    private static void assertWhole(Child box) {
        box.await("whole census of both lanes", lines -> {
            box.forget();
            box.say("");
            // Never two questions at once: a later answer might ask rings that a fault has closed by then.
            box.await("answer", all -> box.heard("CENSUS ").size() == 2);
            return box.heard("CENSUS ").stream().allMatch(line -> line.startsWith("whole"));
        });
    }

    @Test
    void shouldCountWhatFoundNoChunkAndForwardAgainBehindIt() throws Exception {
        Child outside = peer("out", "o1");
        Child inside = peer("in", "i1");
        Child box = box("xdp,native,few");
        outside.say("100000 " + FORWARDED);
        outside.await("SENT");
        box.await("every frame read or counted", lines -> {
            box.forget();
            box.say("");
            String stats = box.await("STATS ");
            long received = Long.parseLong(stats.substring(0, stats.indexOf('/')));
            int drops = stats.indexOf("drops=") + 6;
            return received + Long.parseLong(stats.substring(drops, stats.indexOf(' ', drops))) == 100_000;
        });
        // The chunks that were held back meanwhile go round again.
        assertPasses(outside, inside, FORWARDED);
    }

    @Test
    void shouldForwardAFrameWhoseBatchBeginsWithADroppedOne() throws Exception {
        Child outside = peer("out", "o1");
        Child box = box("xdp,native");
        // The lane finds the link down, and has to look again in the batch that follows.
        lab.in("in", "ip", "link", "set", "i1", "down");
        box.await("DOWN i0");
        send(outside, FORWARDED);
        lab.in("in", "ip", "link", "set", "i1", "up");
        box.await("UP i0");
        Child inside = peer("in", "i1");
        box.suspend();
        send(outside, DROPPED);
        send(outside, FORWARDED);
        box.resume();
        assertThat(inside.await("RX ")).isEqualTo(FORWARDED);
    }

    private static void send(Child from, String frame) {
        from.forget();
        from.say("1 " + frame);
        from.await("SENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp,native", "xdp,generic"})
    void shouldCarryTheLargestMtuAndRefuseALargerOne(String backend) throws Exception {
        mtu(3_498);
        Child outside = peer("out", "o1");
        Child inside = peer("in", "i1");
        Child box = box(backend);
        assertThat(box.heard("DESCRIBED ")).allMatch(line -> line.contains(backend.substring(4) + " mode"));
        byte[] payload = new byte[3_498];
        new SplittableRandom(3_498).nextBytes(payload);
        assertPasses(outside, inside, MACS + "88b5" + HexFormat.of().formatHex(payload));
        assertPasses(
                inside,
                outside,
                MACS + "8100" + "b064" + "88b5" + HexFormat.of().formatHex(payload));
        box.close();

        mtu(3_499);
        Child refused = run(List.of(), backend);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.await("ERROR "))
                .isEqualTo("port o0: AF_XDP carries an MTU of at most 3498 bytes, not 3499: ip link set dev o0 mtu 3498"
                        + " (or set backend: pcap)");
    }

    private void mtu(int bytes) throws Exception {
        for (String port : List.of("o0", "i0")) {
            lab.in("box", "ip", "link", "set", port, "mtu", Integer.toString(bytes));
        }
        lab.in("out", "ip", "link", "set", "o1", "mtu", Integer.toString(bytes));
        lab.in("in", "ip", "link", "set", "i1", "mtu", Integer.toString(bytes));
    }

    @Test
    void shouldFallBackToGenericModeAndSayWhy() throws Exception {
        // The driver refuses programs while the other end could send larger frames than a page holds.
        lab.in("out", "ip", "link", "set", "o1", "mtu", "9000");
        Child outside = peer("out", "o1");
        Child inside = peer("in", "i1");
        Child box = box("xdp,native");
        assertThat(box.heard("DESCRIBED "))
                .anyMatch(line -> line.startsWith("port o0: AF_XDP in generic mode"))
                .anyMatch(line -> line.startsWith("no native XDP on o0"))
                .anyMatch(line -> line.startsWith("port i0: AF_XDP in native mode"));
        assertPasses(outside, inside, FORWARDED);
        assertPasses(inside, outside, FORWARDED);
    }

    @Test
    void shouldLeaveNothingOnTheCardsWhenKilled() throws Exception {
        Child box = box("xdp,native");
        assertThat(lab.in("box", "ip", "-d", "link", "show", "o0"))
                .contains("xdp")
                .contains("promiscuity 1");
        box.kill();
        assertThat(lab.in("box", "ip", "-d", "link", "show", "o0"))
                .doesNotContain("xdp")
                .contains("promiscuity 0");
        assertThat(lab.in("box", "ip", "-d", "link", "show", "i0")).doesNotContain("xdp");
        Child outside = peer("out", "o1");
        Child inside = peer("in", "i1");
        box("xdp,native");
        assertPasses(outside, inside, FORWARDED);
    }

    @Test
    void shouldGiveTheCardsBackAsTheyWere() throws Exception {
        String before = features();
        Child box = box("xdp,native");
        assertThat(features()).contains("rx-vlan-offload: off").contains("rx-vlan-stag-hw-parse: off");
        box.close();
        assertThat(box.exit()).isZero();
        assertThat(features()).isEqualTo(before);
    }

    private String features() throws Exception {
        return lab.in("box", "ethtool", "-k", "o0");
    }

    @Test
    void shouldPrepareCardsThatARunOfAnotherBackendLeftChanged() throws Exception {
        String before = features();
        box("pcap").kill();
        Child box = box("xdp,native");
        assertThat(features()).contains("rx-vlan-offload: off");
        box.close();
        assertThat(box.exit()).isZero();
        assertThat(features()).isEqualTo(before);
    }

    @Test
    void shouldRefuseSeveralReceiveQueues() throws Exception {
        lab.in("box", "ethtool", "-L", "o0", "rx", "2");
        assertThat(refusal(List.of(), "xdp,native"))
                .isEqualTo("port o0: AF_XDP reads one receive queue, and the card has 2: ethtool -L o0 rx 1"
                        + " (or set backend: pcap)");
        lab.in("box", "ethtool", "-L", "o0", "rx", "1");
        box("xdp,native");
    }

    @Test
    void shouldSayThatADriverCannotDoWithoutACopy() throws Exception {
        assertThat(refusal(List.of(), "xdp,native,zero-copy"))
                .isEqualTo("ports o0 and i0: no zero-copy with this driver: use zero-copy: auto");
    }

    @Test
    void shouldSayWhichPrivilegeIsMissing() throws Exception {
        assertThat(refusal(List.of("setpriv", "--bounding-set=-bpf,-sys_admin"), "xdp,native"))
                .startsWith("no permission to use network cards: lacks CAP_BPF: run with sudo");
        assertThat(refusal(List.of("setpriv", "--bounding-set=-ipc_lock,-net_raw"), "xdp,native"))
                .startsWith("no permission to use network cards: lacks CAP_NET_RAW, CAP_IPC_LOCK: run with sudo");
    }

    @Test
    void shouldNotTakeAQueueFromAnotherProgram() throws Exception {
        box("xdp,native");
        Path other = state.resolve("other");
        Child refused = lab.java("box", Box.class, other.toString(), "o0", "i0", "xdp,native");
        open.add(refused);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.await("ERROR ")).contains("o0");
    }

    private String refusal(List<String> through, String backend) throws Exception {
        Child refused = run(through, backend);
        assertThat(refused.exit()).isEqualTo(1);
        return refused.await("ERROR ");
    }

    private Child run(List<String> through, String backend) throws Exception {
        Child child = lab.java("box", through, Box.class, state.toString(), "o0", "i0", backend);
        open.add(child);
        return child;
    }

    private Child box(String backend) throws Exception {
        Child box = run(List.of(), backend);
        box.await("READY");
        return box;
    }

    private Child peer(String side, String card) throws Exception {
        Child peer = lab.java(side, RawPeer.class, card);
        open.add(peer);
        peer.await("READY");
        return peer;
    }

    private static void assertPasses(Child from, Child to, String frame) {
        to.forget();
        to.await("frame", lines -> {
            from.say("1 " + frame);
            return !to.heard("RX ").isEmpty();
        });
        assertThat(to.heard("RX ")).containsOnly(frame);
    }
}
