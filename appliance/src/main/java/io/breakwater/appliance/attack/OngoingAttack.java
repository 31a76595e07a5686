package io.breakwater.appliance.attack;

import io.breakwater.engine.attack.AttackEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An attack as it was last told of.
 *
 * @param pair the pair's name whose inbound lane it comes by
 * @param started its first frame, by the wall clock; the same for all that is told of this attack
 * @param newest the last thing told of it
 */
public record OngoingAttack(String pair, Instant started, AttackEvent newest) {
    /** As API and events tell it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("pair", pair);
        map.put("vector", newest.vector());
        map.put("target", newest.targetText());
        map.put("started", started.toString());
        map.put("seconds", (newest.lastNs() - newest.startedNs()) / 1e9);
        map.put("packets_per_s", newest.packetsPerSecond());
        map.put("bits_per_s", newest.bitsPerSecond());
        map.put("peak_packets_per_s", newest.peakPacketsPerSecond());
        map.put("peak_bits_per_s", newest.peakBitsPerSecond());
        map.put("packets", newest.packets());
        map.put("bytes", newest.bytes());
        map.put("sources", newest.sources());
        map.put("reflectors", reflectors());
        return map;
    }

    private List<Map<String, Object>> reflectors() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (AttackEvent.Reflector reflector : newest.topReflectors()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("address", AttackEvent.text(reflector.address()));
            map.put("packets", reflector.packets());
            map.put("packets_at_most", reflector.packetsAtMost());
            list.add(map);
        }
        return list;
    }
}
