package io.breakwater.appliance.gateway;

import io.breakwater.appliance.config.PairConfig;
import io.breakwater.capture.bpf.XdpCard;
import io.breakwater.capture.bpf.XdpMode;
import io.breakwater.capture.shield.Shield;
import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shields of a pair: the inbound lane's on the outside card, the outbound lane's on the inside card.
 *
 * <p><b>Thread:</b> control threads; one of its own, {@code shield-<pair>}, tells the attack detector ten times a second.
 */
final class PairShield implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PairShield.class);
    private static final long TICK_MS = 100;

    private final String pair;
    private final Map<Lane, Shield> shields = new EnumMap<>(Lane.class);
    /** Cards that only the shield uses. */
    private final List<XdpCard> cards = new ArrayList<>();

    private final Thread ticker;
    private boolean troubled;

    /** Nothing is shielded. */
    private PairShield(String pair) {
        this.pair = pair;
        this.ticker = new Thread(this::tick, "shield-" + pair);
    }

    /**
     * Puts the policy of a pair on its cards, as the pair is configured to.
     *
     * @param programs of the outside and the inside card, where the ports have some; else empty
     * @throws IOException if the configured mode does not work; {@code auto} goes on without a shield instead
     */
    static PairShield attach(PairConfig config, List<XdpCard> programs, PairEngine engine) throws IOException {
        PairShield shield = new PairShield(config.name());
        if (config.shield() != PairConfig.Shield.OFF) {
            try {
                List<XdpCard> cards = programs.isEmpty() ? shield.cardsOf(config) : programs;
                shield.shields.put(Lane.INBOUND, shield(cards.getFirst(), Lane.INBOUND, engine));
                shield.shields.put(Lane.OUTBOUND, shield(cards.getLast(), Lane.OUTBOUND, engine));
                shield.apply(engine.policy());
            } catch (IOException e) {
                shield.close();
                if (config.shield() != PairConfig.Shield.AUTO) {
                    throw new IOException("pair " + config.name() + ": shield: " + e.getMessage(), e);
                }
                LOG.warn("pair {}: no shield, Java alone drops: {}", config.name(), e.getMessage());
                return new PairShield(config.name());
            }
            shield.say();
            shield.ticker.setDaemon(true);
            shield.ticker.start();
        }
        return shield;
    }

    private List<XdpCard> cardsOf(PairConfig config) {
        cards.add(XdpCard.passing(config.outside(), modes(config.shield())));
        cards.add(XdpCard.passing(config.inside(), modes(config.shield())));
        return cards;
    }

    private static Shield shield(XdpCard card, Lane lane, PairEngine engine) throws IOException {
        return new Shield(card, lane, engine.reasons(), engine.attacks());
    }

    static List<XdpMode> modes(PairConfig.Shield wanted) {
        return switch (wanted) {
            case NATIVE -> List.of(XdpMode.NATIVE);
            case GENERIC -> List.of(XdpMode.GENERIC);
            case AUTO, OFF -> List.of(XdpMode.NATIVE, XdpMode.GENERIC);
        };
    }

    private void say() {
        for (Shield shield : shields.values()) {
            LOG.info("pair {}: {}", pair, shield.describe());
            shield.fallback().ifPresent(line -> LOG.warn("pair {}: {}", pair, line));
        }
    }

    private void apply(Policy policy) throws IOException {
        for (Shield shield : shields.values()) {
            shield.apply(policy);
        }
    }

    /** Puts another policy in force; what the kernel does not take is left to Java. */
    void reload(Policy policy) {
        shields.forEach((lane, shield) -> {
            try {
                shield.apply(policy);
            } catch (IOException e) {
                LOG.warn(
                        "pair {}: no {} shield for the new policy, Java alone drops: {}",
                        pair,
                        lane.label(),
                        e.getMessage());
            }
        });
    }

    /** What a lane's shield dropped. */
    ShieldCounters counters(Lane lane) {
        Shield shield = shields.get(lane);
        return shield == null ? ShieldCounters.NONE : shield;
    }

    private void tick() {
        while (!Thread.currentThread().isInterrupted()) {
            shields.forEach(this::tick);
            try {
                Thread.sleep(TICK_MS);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /** A card that is gone for a while is no reason to end; it is told once. */
    private void tick(Lane lane, Shield shield) {
        try {
            shield.tick();
            troubled = false;
        } catch (IOException e) {
            if (!troubled) {
                LOG.warn("pair {}: {} shield: {}; trying again", pair, lane.label(), e.getMessage());
            }
            troubled = true;
        }
    }

    /** Takes the programs off the cards, so that every frame comes to Java; the counters stay. */
    @Override
    public void close() {
        ticker.interrupt();
        try {
            ticker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        shields.values().forEach(Shield::close);
        cards.forEach(XdpCard::close);
    }
}
