package io.breakwater.appliance.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What one event tells of an attack. */
record Told(
        String pair,
        String vector,
        String target,
        Instant started,
        Instant time,
        double seconds,
        long packetsPerSecond,
        long bitsPerSecond,
        long peakPacketsPerSecond,
        long peakBitsPerSecond,
        long packets,
        long bytes,
        long sources,
        List<Attack.Reflector> reflectors) {
    /** An event names eight. */
    private static final int MAX_REFLECTORS = 64;

    /** @throws IllegalArgumentException if it is no such event */
    static Told of(Instant time, Fields event) {
        List<Attack.Reflector> reflectors = new ArrayList<>();
        for (Fields reflector : event.objects("reflectors")) {
            String address = reflector.text("address");
            Networks.of(address);
            reflectors.add(new Attack.Reflector(address, reflector.number("packets")));
        }
        if (reflectors.size() > MAX_REFLECTORS) {
            throw new IllegalArgumentException("more than " + MAX_REFLECTORS + " reflectors");
        }
        return new Told(
                event.text("pair"),
                event.text("vector"),
                event.text("target"),
                event.time("started"),
                time,
                event.decimal("seconds"),
                event.number("packets_per_s"),
                event.number("bits_per_s"),
                event.number("peak_packets_per_s"),
                event.number("peak_bits_per_s"),
                event.number("packets"),
                event.number("bytes"),
                event.number("sources"),
                List.copyOf(reflectors));
    }
}
