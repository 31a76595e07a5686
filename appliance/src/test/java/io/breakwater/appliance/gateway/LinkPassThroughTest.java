package io.breakwater.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.gateway.LinkPassThrough.Change;
import org.junit.jupiter.api.Test;

class LinkPassThroughTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Port outside = new Port("eth0");
    private final Port inside = new Port("eth1");
    private long nowNs;
    private final LinkPassThrough links = new LinkPassThrough(outside, inside, () -> nowNs);

    /** A card whose cable can be pulled. */
    private static final class Port implements LinkPassThrough.Card {
        private final String name;
        private boolean plugged = true;
        private boolean up = true;

        Port(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isRunning() {
            return plugged && up;
        }

        @Override
        public void setUp(boolean wanted) {
            up = wanted;
        }
    }

    @Test
    void shouldTakeTheOtherLinkDownAtOnceAndGiveItBack() {
        assertThat(links.look()).isNull();
        inside.plugged = false;
        assertThat(links.look()).isEqualTo(new Change("eth1", "eth0", true));
        assertThat(outside.up).isFalse();
        assertThat(links.look()).isNull();
        inside.plugged = true;
        assertThat(links.look()).isEqualTo(new Change("eth1", "eth0", false));
        assertThat(outside.up).isTrue();
        assertThat(links.look()).isNull();
    }

    @Test
    void shouldWaitForTheLinkOfACardThatWasJustSwitchedOn() {
        links.look();
        inside.plugged = false;
        links.look();
        outside.plugged = false;
        inside.plugged = true;
        links.look();
        nowNs += 9 * SECOND_NS;
        assertThat(links.look()).isNull();
        assertThat(inside.up).isTrue();
        nowNs += 2 * SECOND_NS;
        assertThat(links.look()).isEqualTo(new Change("eth0", "eth1", true));
        outside.plugged = true;
        links.look();
        assertThat(outside.up && inside.up).isTrue();
    }

    @Test
    void shouldLeaveBothAloneWhileNeitherHasALink() {
        outside.plugged = false;
        inside.plugged = false;
        nowNs += 60 * SECOND_NS;
        assertThat(links.look()).isNull();
        outside.plugged = true;
        assertThat(links.look()).isNull();
        inside.plugged = true;
        assertThat(links.look()).isNull();
        assertThat(outside.up && inside.up).isTrue();
    }

    @Test
    void shouldWaitForLinksAtTheStart() {
        inside.plugged = false;
        assertThat(links.look()).isNull();
        nowNs += 11 * SECOND_NS;
        assertThat(links.look()).isEqualTo(new Change("eth1", "eth0", true));
    }

    /** Two cards that a cable joins: each of two boxes holds its end down for a loss on its far side. */
    @Test
    void shouldComeBackWhereTwoBoxesInARowHoldTheirEndsDown() {
        Port farOutside = new Port("far0");
        Port farInside = new Port("far1");
        LinkPassThrough farLinks = new LinkPassThrough(farOutside, farInside, () -> nowNs);
        look(links, farLinks, farOutside);
        outside.plugged = false;
        farInside.plugged = false;
        look(links, farLinks, farOutside);
        assertThat(inside.up || farOutside.up).isFalse();
        outside.plugged = true;
        farInside.plugged = true;
        for (int second = 0; second < 30; second++) {
            nowNs += SECOND_NS;
            look(links, farLinks, farOutside);
        }
        assertThat(outside.isRunning() && inside.isRunning()).isTrue();
        assertThat(farOutside.isRunning() && farInside.isRunning()).isTrue();
    }

    private void look(LinkPassThrough near, LinkPassThrough far, Port farOutside) {
        near.look();
        far.look();
        boolean joined = inside.up && farOutside.up;
        inside.plugged = joined;
        farOutside.plugged = joined;
    }

    @Test
    void shouldGiveTheOtherLinkBackWhenItEnds() {
        links.look();
        inside.plugged = false;
        links.look();
        links.release();
        assertThat(outside.up).isTrue();
    }
}
