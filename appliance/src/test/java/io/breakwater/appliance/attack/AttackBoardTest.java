package io.breakwater.appliance.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.attack.AttackEvent;
import io.breakwater.engine.attack.AttackEvent.Kind;
import io.breakwater.engine.policy.Prefix;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class AttackBoardTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Prefix VICTIM = ipv4(0xc6120a01L, 32);

    private final Clock clock = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
    private long nowNs;
    private final Queue<AttackEvent> told = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();
    private final AttackBoard board = new AttackBoard(
            clock,
            () -> nowNs,
            attack -> heard.add(attack.pair() + " " + attack.newest().kind()));

    AttackBoardTest() {
        board.add("uplink", consumer -> {
            while (!told.isEmpty()) {
                consumer.accept(told.remove());
            }
        });
    }

    @Test
    void shouldShowAnAttackFromItsStartToAMinuteAfterItsEnd() {
        tell(Kind.START, "memcached", VICTIM, 1_000);
        assertThat(board.series()).containsExactly(new AttackBoard.Series("memcached", "198.18.10.1", true));

        tell(Kind.UPDATE, "memcached", VICTIM, 2_000);
        assertThat(board.active())
                .extracting(attack -> attack.newest().bitsPerSecond())
                .containsExactly(2_000L);

        tell(Kind.END, "memcached", VICTIM, 0);
        assertThat(board.series()).containsExactly(new AttackBoard.Series("memcached", "198.18.10.1", false));
        assertThat(board.active()).isEmpty();

        nowNs += 59 * SECOND_NS;
        assertThat(board.series()).hasSize(1);
        nowNs += SECOND_NS;
        assertThat(board.series()).isEmpty();
        assertThat(heard).containsExactly("uplink START", "uplink UPDATE", "uplink END");
    }

    @Test
    void shouldTellWhenAnAttackBeganAndKeepToItWhateverTheWallClockDoes() {
        nowNs = 5 * SECOND_NS;
        tell(Kind.START, "memcached", VICTIM, 1_000);
        nowNs += 3 * SECOND_NS;
        tell(Kind.UPDATE, "memcached", VICTIM, 2_000);

        assertThat(board.active())
                .extracting(OngoingAttack::started)
                .containsExactly(Instant.parse("2026-11-22T11:59:55Z"));
        assertThat(board.active().getFirst().toMap())
                .containsEntry("pair", "uplink")
                .containsEntry("target", "198.18.10.1");
    }

    @Test
    void shouldShowAnAttackThatComesBackAsActive() {
        tell(Kind.START, "dns", VICTIM, 1);
        tell(Kind.END, "dns", VICTIM, 0);
        nowNs += 30 * SECOND_NS;
        tell(Kind.START, "dns", VICTIM, 1);
        nowNs += 40 * SECOND_NS;

        assertThat(board.series()).containsExactly(new AttackBoard.Series("dns", "198.18.10.1", true));
    }

    @Test
    void shouldNoLongerShowAnAttackAsActiveThatWentIntoOneOnItsNetwork() {
        tell(Kind.START, "ntp", VICTIM, 1);
        tell(Kind.MERGED, "ntp", VICTIM, 1);
        tell(Kind.START, "ntp", ipv4(0xc6120a00L, 24), 5);

        assertThat(board.series())
                .containsExactly(
                        new AttackBoard.Series("ntp", "198.18.10.0/24", true),
                        new AttackBoard.Series("ntp", "198.18.10.1", false));
    }

    @Test
    void shouldListTheHeaviestAttackFirst() {
        tell(Kind.START, "dns", VICTIM, 10);
        tell(Kind.START, "ssdp", VICTIM, 30);
        tell(Kind.START, "ntp", VICTIM, 20);

        assertThat(board.active())
                .extracting(attack -> attack.newest().vector())
                .containsExactly("ssdp", "ntp", "dns");
    }

    /** Two pairs can have 64 attacks each, and those that ended count too. */
    @Test
    void shouldNeverShowMoreSeriesThanThereMayBeAndPreferThoseThatGoOn() {
        for (int i = 0; i < 64; i++) {
            tell(Kind.START, "ssdp", ipv4(0xc6120000L + i, 32), 1);
            tell(Kind.END, "ssdp", ipv4(0xc6120000L + i, 32), 0);
        }
        for (int i = 0; i < 10; i++) {
            tell(Kind.START, "dns", ipv4(0xc6120000L + i, 32), 1);
        }

        List<AttackBoard.Series> series = board.series();
        assertThat(series).hasSize(AttackBoard.MAX_SERIES);
        assertThat(series.subList(0, 10)).allMatch(AttackBoard.Series::active);
        assertThat(series.subList(10, 64)).noneMatch(AttackBoard.Series::active);
    }

    @Test
    void shouldShowOneSeriesForAVictimThatTwoPairsSee() {
        Queue<AttackEvent> other = new ArrayDeque<>(List.of(event(Kind.START, "dns", VICTIM, 1)));
        board.add("second", consumer -> {
            while (!other.isEmpty()) {
                consumer.accept(other.remove());
            }
        });
        tell(Kind.START, "dns", VICTIM, 1);
        tell(Kind.END, "dns", VICTIM, 0);

        assertThat(board.series()).containsExactly(new AttackBoard.Series("dns", "198.18.10.1", true));
    }

    private void tell(Kind kind, String vector, Prefix target, long bitsPerSecond) {
        told.add(event(kind, vector, target, bitsPerSecond));
        board.poll();
    }

    private static AttackEvent event(Kind kind, String vector, Prefix target, long bitsPerSecond) {
        return new AttackEvent(kind, vector, target, 0, 1, 1, bitsPerSecond, 1, bitsPerSecond, 1, 1, 1, List.of());
    }

    private static Prefix ipv4(long address, int length) {
        return new Prefix(true, 0, address, length);
    }
}
