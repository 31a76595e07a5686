package io.breakwater.appliance.gateway;

import io.breakwater.appliance.attack.AttackText;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.engine.attack.AttackEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<String, Long> toldNs = new HashMap<>();

    AttackNews(Events events, Clock clock, LongSupplier nanoTime) {
        this.events = events;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void onEvent(String pair, AttackEvent event) {
        log(pair, event);
        String attack = pair + " " + event.vector() + " " + event.targetText();
        long nowNs = nanoTime.getAsLong();
        switch (event.kind()) {
            case START -> {
                toldNs.put(attack, nowNs);
                tell(EventKind.ATTACK_START, pair, event);
            }
            case UPDATE -> {
                Long told = toldNs.get(attack);
                if (told == null || nowNs - told >= UPDATE_SECONDS * 1_000_000_000L) {
                    toldNs.put(attack, nowNs);
                    tell(EventKind.ATTACK_UPDATE, pair, event);
                }
            }
            case END, MERGED -> {
                toldNs.remove(attack);
                tell(EventKind.ATTACK_END, pair, event);
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

    private void tell(EventKind kind, String pair, AttackEvent event) {
        String line = AttackText.line(pair, event);
        String message = line.isEmpty()
                ? "pair " + pair + ": attack by " + event.vector() + " on " + event.targetText() + " goes on: "
                        + AttackText.rate(event.packetsPerSecond(), event.bitsPerSecond())
                : line;
        events.tell(kind, message, fields(pair, event));
    }

    private Map<String, Object> fields(String pair, AttackEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        long sinceStartNs = nanoTime.getAsLong() - event.startedNs();
        fields.put("pair", pair);
        fields.put("vector", event.vector());
        fields.put("target", event.targetText());
        fields.put("started", clock.instant().minusNanos(sinceStartNs).toString());
        fields.put("seconds", (event.lastNs() - event.startedNs()) / 1e9);
        fields.put("packets_per_s", event.packetsPerSecond());
        fields.put("bits_per_s", event.bitsPerSecond());
        fields.put("peak_packets_per_s", event.peakPacketsPerSecond());
        fields.put("peak_bits_per_s", event.peakBitsPerSecond());
        fields.put("packets", event.packets());
        fields.put("bytes", event.bytes());
        fields.put("sources", event.sources());
        fields.put("reflectors", reflectors(event));
        if (event.kind() == AttackEvent.Kind.MERGED) {
            fields.put("merged", true);
        }
        return fields;
    }

    private static List<Map<String, Object>> reflectors(AttackEvent event) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (AttackEvent.Reflector reflector : event.topReflectors()) {
            list.add(Map.of("address", AttackEvent.text(reflector.address()), "packets", reflector.packets()));
        }
        return list;
    }
}
