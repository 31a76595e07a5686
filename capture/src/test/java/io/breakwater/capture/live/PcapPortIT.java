package io.breakwater.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.capture.lab.PortContract;
import org.junit.jupiter.api.Test;

/** Two ports of backend pcap between two hosts. */
class PcapPortIT extends PortContract {
    PcapPortIT() {
        super("pcap");
    }

    @Test
    void shouldCountFramesThatAShapedLinkRefusesAndGoOn() throws Exception {
        lab.in(
                "box", "tc", "qdisc", "add", "dev", "i0", "root", "tbf", "rate", "4mbit", "burst", "3000", "limit",
                "6000");
        outside.say("3000 " + MACS + "88b5" + "55".repeat(986));
        outside.await("SENT");
        box.await("all frames", lines -> {
            box.say("");
            return lines.stream().anyMatch(line -> line.startsWith("STATS 3000/"));
        });
        String stats = box.heard("STATS 3000/").getFirst();
        int refused = Integer.parseInt(stats.substring(0, stats.indexOf(' ')));
        assertThat(refused).as("refused by the shaper").isBetween(1, 2_999);
        assertThat(stats).doesNotContain("retries=0 ");

        inside.await("the rest", lines -> received(inside).size() == 3_000 - refused);
        lab.in("box", "tc", "qdisc", "del", "dev", "i0", "root");
        assertPasses(outside, inside);
    }
}
