package io.breakwater.appliance.attack;

import io.breakwater.engine.attack.AttackEvent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Attacks in words. */
public final class AttackText {
    private static final int SHOWN_REFLECTORS = 3;

    private AttackText() {}

    /** {@code 12,345 packets/s, 98.7 Mbit/s}. */
    public static String rate(long packetsPerSecond, long bitsPerSecond) {
        return String.format(Locale.ROOT, "%,d packets/s, %,.1f Mbit/s", packetsPerSecond, bitsPerSecond / 1e6);
    }

    /** The heaviest reflectors with what they sent; empty if none is known. */
    public static String reflectors(AttackEvent event) {
        return event.topReflectors().stream()
                .limit(SHOWN_REFLECTORS)
                .map(reflector -> AttackEvent.text(reflector.address()) + " (" + sent(reflector) + ")")
                .collect(Collectors.joining(", "));
    }

    /** {@code 1,234}; {@code 1 to 656} where it could not be counted. */
    private static String sent(AttackEvent.Reflector reflector) {
        return reflector.packets() == reflector.packetsAtMost()
                ? String.format(Locale.ROOT, "%,d", reflector.packets())
                : String.format(Locale.ROOT, "%,d to %,d", reflector.packets(), reflector.packetsAtMost());
    }

    /** The line that is logged; empty for an event that is not. */
    public static String line(String pair, AttackEvent event) {
        String who = "pair " + pair + ": attack by " + event.vector() + " on " + event.targetText();
        double seconds = (event.lastNs() - event.startedNs()) / 1e9;
        return switch (event.kind()) {
            case START ->
                who + " has started: " + rate(event.packetsPerSecond(), event.bitsPerSecond()) + ", about "
                        + event.sources() + " sources, most from " + reflectors(event);
            case END ->
                who
                        + String.format(Locale.ROOT, " is over after %.1f s: peak ", seconds)
                        + rate(event.peakPacketsPerSecond(), event.peakBitsPerSecond())
                        + String.format(Locale.ROOT, ", %,d packets, about ", event.packets())
                        + event.sources() + " sources, most from " + reflectors(event);
            case MERGED -> who + " goes on as part of an attack on its network: too many to tell one by one";
            case UPDATE -> "";
        };
    }

    /** The report's lines of attacks seen. */
    public static String report(List<SeenAttack> attacks) {
        StringBuilder text = new StringBuilder();
        for (SeenAttack attack : attacks) {
            AttackEvent event = attack.newest();
            text.append(String.format(
                            Locale.ROOT,
                            "attack                      %s on %s: from %.3f s for %.3f s%s",
                            event.vector(),
                            event.targetText(),
                            attack.startSeconds(),
                            attack.seconds(),
                            attack.over() ? "" : " (goes on at the end)"))
                    .append('\n');
            text.append(String.format(
                            Locale.ROOT,
                            "%28speak %s; about %,d sources; most from %s",
                            "",
                            rate(event.peakPacketsPerSecond(), event.peakBitsPerSecond()),
                            event.sources(),
                            reflectors(event)))
                    .append('\n');
        }
        return text.toString();
    }
}
