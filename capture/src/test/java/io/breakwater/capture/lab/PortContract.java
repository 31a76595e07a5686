package io.breakwater.capture.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every live port must do: two of them between two hosts, with real frames. */
public abstract class PortContract {
    /** Ethernet addresses of both hosts, outside sending. */
    protected static final String MACS = "02000000000b" + "02000000000a";

    private static final String IPV4_UDP =
            "0800" + "4500002c000000004011f0bbc6120001c6120102" + "2bcb00350018000068656c6c6f20776f726c642121212121";
    private static final long SEED = 20_260_101;

    private final String backend;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    protected Path state;

    protected Lab lab;
    protected Child outside;
    protected Child inside;
    protected Child box;

    /** With the ports of a backend, see {@link Box}. */
    protected PortContract(String backend) {
        this.backend = backend;
    }

    @BeforeEach
    void start() throws Exception {
        lab = Lab.open();
        outside = lab.java("out", RawPeer.class, "o1");
        inside = lab.java("in", RawPeer.class, "i1");
        box = lab.java("box", Box.class, state.toString(), "o0", "i0", backend);
        outside.await("READY");
        inside.await("READY");
        box.await("READY");
    }

    @AfterEach
    void stop() {
        for (AutoCloseable child : closeables()) {
            try {
                child.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private List<AutoCloseable> closeables() {
        List<AutoCloseable> all = new ArrayList<>(Collections.singletonList(box));
        all.add(outside);
        all.add(inside);
        all.add(lab);
        all.removeIf(one -> one == null);
        return all;
    }

    @Test
    void shouldForwardEveryKindOfFrameUnalteredBothWaysAndNoneTwice() throws Exception {
        List<String> frames = everyKindOfFrame();
        for (String frame : frames) {
            outside.say("1 " + frame);
        }
        inside.await("frames", lines -> received(inside).size() >= frames.size());
        for (String frame : frames) {
            inside.say("1 " + frame);
        }
        outside.await("frames", lines -> received(outside).size() >= frames.size());

        Thread.sleep(300); // A loop would send some of them again.
        assertThat(received(inside)).isEqualTo(frames);
        assertThat(received(outside)).isEqualTo(frames);
        box.say("");
        assertThat(box.await("STATS ")).startsWith(frames.size() + "/0 " + frames.size() + "/0 up=true,true");
    }

    @Test
    void shouldNotForwardWhatTheBoxItselfSends() throws Exception {
        try (Child self = lab.java("box", RawPeer.class, "o0")) {
            self.await("READY");
            self.say("3 " + MACS + IPV4_UDP);
            self.await("SENT");
        }
        outside.await("the box's own frames", lines -> received(outside).size() == 3);
        assertPasses(outside, inside);
        box.say("");
        assertThat(box.await("STATS ")).as("what came in by each port").contains("/0 0/0 ");
    }

    @Test
    void shouldForwardABurstInOrder() {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String frame = MACS + "88b5" + HexFormat.of().toHexDigits(i) + "00".repeat(42);
            frames.add(frame);
            outside.say("1 " + frame);
        }
        inside.await("burst", lines -> received(inside).size() >= frames.size());
        assertThat(received(inside)).isEqualTo(frames);
    }

    @Test
    void shouldAllocateNothingPerFrame() {
        inside.close(); // it need not hear them all
        String burst = "100000 " + MACS + "88b5" + "00".repeat(46);
        allocatedAfter(burst, 100_000);
        long warm = allocatedAfter(burst, 200_000);
        // The smallest object takes 16 bytes; the longer a busy machine takes, the more often the test asks.
        assertThat(allocatedAfter(burst, 300_000) - warm)
                .as("bytes allocated for 100,000 frames: polls, waiting and the test's own loop included")
                .isLessThan(800_000);
    }

    /** Frames that found no room count too: what is asked is whether the others cost memory. */
    private long allocatedAfter(String burst, int total) {
        outside.say(burst);
        box.await("burst", lines -> {
            box.forget();
            box.say("");
            box.await("STATS ");
            return received() + stat("drops") >= total;
        });
        return stat("allocated");
    }

    private long received() {
        String stats = box.heard("STATS ").getLast();
        return Long.parseLong(stats.substring(0, stats.indexOf('/')));
    }

    private long stat(String name) {
        String stats = box.heard("STATS ").getLast() + " ";
        int at = stats.indexOf(name + "=") + name.length() + 1;
        return Long.parseLong(stats.substring(at, stats.indexOf(' ', at)));
    }

    @Test
    void shouldWaitForALinkThatIsDownWithoutSpinningAndGoOn() throws Exception {
        lab.in("out", "ip", "link", "set", "o1", "down");
        box.await("DOWN o0");
        Thread.sleep(100); // the transmit half looks every 20 ms by itself
        inside.say("1 " + MACS + IPV4_UDP);
        inside.await("SENT");
        long before = box.cpuMs();
        Thread.sleep(1_000);
        assertThat(box.cpuMs() - before).as("CPU ms in 1 s without a link").isLessThan(500);
        box.say("");
        assertThat(box.await("STATS ")).startsWith("0/0 1/1 up=false,true");

        lab.in("out", "ip", "link", "set", "o1", "up");
        box.await("UP o0");
        assertPasses(inside, outside);
    }

    @Test
    void shouldOpenAnInterfaceAgainThatWasSwitchedOffOrDeleted() throws Exception {
        lab.in("box", "ip", "link", "set", "i0", "down");
        box.await("DOWN i0");
        lab.in("box", "ip", "link", "set", "i0", "up");
        box.await("UP i0");
        assertPasses(outside, inside);

        box.forget();
        lab.in("in", "ip", "link", "del", "i1");
        box.await("DOWN i0");
        long before = box.cpuMs();
        Thread.sleep(1_000);
        assertThat(box.cpuMs() - before)
                .as("CPU ms in 1 s without an interface")
                .isLessThan(500);
        lab.join("in", "i1", "i0");
        box.await("UP i0");
        assertThat(lab.in("box", "ethtool", "-k", "i0")).contains("generic-receive-offload: off");
        inside.close();
        inside = lab.java("in", RawPeer.class, "i1");
        inside.await("READY");
        assertPasses(outside, inside);
        assertPasses(inside, outside);
    }

    protected static void assertPasses(Child from, Child to) {
        String frame = MACS + IPV4_UDP;
        to.forget();
        // Several, because the two halves of a port notice a link's return some milliseconds apart.
        to.await("frame", lines -> {
            from.say("1 " + frame);
            return !received(to).isEmpty();
        });
        assertThat(received(to)).containsOnly(frame);
    }

    protected static List<String> received(Child peer) {
        return peer.heard("RX ");
    }

    private static List<String> everyKindOfFrame() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> frames = new ArrayList<>();
        frames.add(MACS + IPV4_UDP);
        frames.add("ffffffffffff02000000000a" + "0806" + "000108000604000102000000000ac6120001000000000000c6120002"
                + "00".repeat(18));
        frames.add("3333ff00000202000000000a" + "86dd" + "6000000000203aff" + "20010db8000000000000000000000001"
                + "ff0200000000000000000001ff000002" + "8700" + random(random, 30));
        frames.add("0180c200000e02000000000a" + "88cc" + random(random, 60)); // LLDP
        frames.add("0180c200000002000000000a" + "0026" + "424203" + random(random, 43)); // STP: a length, no EtherType
        frames.add(MACS + "8100" + "b064" + IPV4_UDP); // priority 5, DEI, VLAN 100
        frames.add(MACS + "8100" + "e000" + IPV4_UDP); // a priority tag: VLAN 0
        frames.add(MACS + "88a8" + "f064" + "8100" + "20c8" + IPV4_UDP); // QinQ
        frames.add(MACS + "88a8" + "0fff" + IPV4_UDP);
        frames.add(MACS + "8100" + "0064" + "8100" + "00c8" + IPV4_UDP);
        frames.add(MACS + "9100" + "0064" + "8100" + "00c8" + IPV4_UDP);
        frames.add(MACS + "8847" + random(random, 80)); // MPLS
        frames.add(MACS + "88b5" + random(random, 1_500));
        frames.add(MACS + "8100" + "6064" + "88b5" + random(random, 1_500));
        frames.add(MACS + "88a8" + "6064" + "8100" + "2001" + "88b5" + random(random, 1_492));
        return frames;
    }

    private static String random(SplittableRandom random, int bytes) {
        byte[] filled = new byte[bytes];
        random.nextBytes(filled);
        return HexFormat.of().formatHex(filled);
    }
}
