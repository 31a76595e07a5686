package io.breakwater.appliance.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.appliance.events.Event;
import io.breakwater.appliance.events.Events;
import io.breakwater.engine.classify.TemporaryBlocks;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Prefix;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BlockListTest {
    private static final String POLICY = "sources: {trusted: [192.0.2.0/24, 198.18.0.0/16], blocked: [198.18.7.0/24]}";

    private static final Configuration PARSED = configuration();

    private final TemporaryBlocks filter = new TemporaryBlocks();
    private long nowNs;
    private final Events events = new Events(Clock.systemUTC(), () -> nowNs, event -> {});
    private final BlockList blocks = new BlockList(Clock.systemUTC(), () -> nowNs, () -> PARSED.policy(), events);

    BlockListTest() {
        blocks.add(filter);
    }

    private static Configuration configuration() {
        return ((PolicyResult.Accepted) PolicyFile.parse("p", POLICY, LoadOptions.swap())).configuration();
    }

    private void block(String prefix, int seconds) throws BlockRefused {
        blocks.block(Prefix.parse(prefix), Duration.ofSeconds(seconds), "");
    }

    private boolean drops(String source) {
        return filter.classify(
                        PacketBuilder.ethernet()
                                .ipv4(source, "203.0.113.5")
                                .udp(1, 2)
                                .decoded(),
                        0)
                != Verdict.UNSETTLED;
    }

    @Test
    void shouldEndABlockWhenItsTimeIsOver() throws BlockRefused {
        block("203.0.113.7", 10);
        block("203.0.113.8", 20);
        nowNs += Duration.ofSeconds(10).toNanos() - 1;
        blocks.tick();
        assertThat(drops("203.0.113.7")).isTrue();

        nowNs++;
        blocks.tick();
        assertThat(drops("203.0.113.7")).isFalse();
        assertThat(drops("203.0.113.8")).isTrue();
        assertThat(events.after(0, 10))
                .extracting(Event::message)
                .last()
                .isEqualTo("203.0.113.7/32 is no longer blocked: its time is over");
    }

    @Test
    void shouldGiveABlockANewEnd() throws BlockRefused {
        block("203.0.113.7", 10);
        block("203.0.113.7", 100);
        nowNs += Duration.ofSeconds(50).toNanos();
        blocks.tick();

        assertThat(drops("203.0.113.7")).isTrue();
        assertThat(blocks.list())
                .singleElement()
                .satisfies(one -> assertThat(blocks.secondsLeft(one)).isEqualTo(50));
    }

    @Test
    void shouldNotCutEverybodyOff() {
        for (String everybody : new String[] {"0.0.0.0/0", "::/0"}) {
            assertThatThrownBy(() -> block(everybody, 10))
                    .isInstanceOf(BlockRefused.class)
                    .hasMessageContaining("is everybody");
        }
        assertThat(blocks.list()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsTrustedAsAWhole() throws BlockRefused {
        assertThatThrownBy(() -> block("192.0.2.7", 10))
                .isInstanceOf(BlockRefused.class)
                .hasMessageContaining("192.0.2.7/32 is trusted by 192.0.2.0/24");
        assertThatThrownBy(() -> block("198.18.0.0/16", 10)).isInstanceOf(BlockRefused.class);
        assertThat(blocks.list()).isEmpty();

        block("192.0.0.0/16", 10);
        block("198.18.7.9", 10);
        assertThat(blocks.list()).hasSize(2);
    }

    @Test
    void shouldHoldSoManyAndNoMore() throws BlockRefused {
        for (int i = 0; i < BlockList.MAX; i++) {
            block("203.0." + i / 256 + "." + i % 256, 10);
        }
        assertThatThrownBy(() -> block("198.51.100.1", 10))
                .isInstanceOf(BlockRefused.class)
                .hasMessageContaining("4096 blocks already");
        block("203.0.0.1", 20);
        assertThat(blocks.unblock(Prefix.parse("203.0.0.0"))).isTrue();
        assertThat(blocks.unblock(Prefix.parse("203.0.0.0"))).isFalse();
        assertThat(drops("203.0.0.0")).isFalse();
    }
}
