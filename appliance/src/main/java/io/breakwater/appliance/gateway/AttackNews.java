package io.breakwater.appliance.gateway;

import io.breakwater.appliance.attack.AttackText;
import io.breakwater.appliance.attack.OngoingAttack;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.engine.attack.AttackEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what becomes of attacks, in the log and as events: starts and ends always, how it goes on every {@value
 * #UPDATE_SECONDS} s.
 *
 * <p><b>Thread:</b> whoever polls the attack board, one at a time.
 */
final class AttackNews {
    private static final Logger LOG = LoggerFactory.getLogger(AttackNews.class);
    private static final long UPDATE_SECONDS = 10;

    private final Events events;
    private final LongSupplier nanoTime;
    private final Map<String, Long> toldNs = new HashMap<>();
    private volatile boolean ending;

    AttackNews(Events events, LongSupplier nanoTime) {
        this.events = events;
        this.nanoTime = nanoTime;
    }

    /** The box ends: how attacks stand is told once more, however lately it was told. */
    void onEnding() {
        ending = true;
    }

    void onEvent(OngoingAttack told) {
        AttackEvent event = told.newest();
        String pair = told.pair();
        log(pair, event);
        String attack = pair + " " + event.vector() + " " + event.targetText();
        long nowNs = nanoTime.getAsLong();
        switch (event.kind()) {
            case START -> {
                toldNs.put(attack, nowNs);
                tell(EventKind.ATTACK_START, told);
            }
            case UPDATE -> {
                Long lastNs = toldNs.get(attack);
                if (ending || lastNs == null || nowNs - lastNs >= UPDATE_SECONDS * 1_000_000_000L) {
                    toldNs.put(attack, nowNs);
                    tell(EventKind.ATTACK_UPDATE, told);
                }
            }
            case END, MERGED -> {
                toldNs.remove(attack);
                tell(EventKind.ATTACK_END, told);
            }
        }
    }

    private static void log(String pair, AttackEvent event) {
        String line = AttackText.line(pair, event);
        if (event.kind() == AttackEvent.Kind.START) {
            LOG.warn("{}", line);
        } else if (!line.isEmpty()) {
            LOG.info("{}", line);
        }
    }

    private void tell(EventKind kind, OngoingAttack told) {
        AttackEvent event = told.newest();
        String line = AttackText.line(told.pair(), event);
        String message = line.isEmpty()
                ? "pair " + told.pair() + ": attack by " + event.vector() + " on " + event.targetText() + " goes on: "
                        + AttackText.rate(event.packetsPerSecond(), event.bitsPerSecond())
                : line;
        Map<String, Object> fields = told.toMap();
        if (event.kind() == AttackEvent.Kind.MERGED) {
            fields.put("merged", true);
        }
        events.tell(kind, message, fields);
    }
}
