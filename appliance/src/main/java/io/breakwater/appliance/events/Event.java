package io.breakwater.appliance.events;

import io.breakwater.appliance.json.JsonText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that happened.
 *
 * @param id from 1, without gaps in the log, since the box started
 * @param time by the wall clock
 * @param kind what
 * @param message one line for people
 * @param fields the same for programs, by kind
 */
public record Event(long id, Instant time, EventKind kind, String message, Map<String, Object> fields) {
    public Event {
        time = time.truncatedTo(ChronoUnit.MILLIS);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** As API and file tell it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("time", time.toString());
        map.put("event", kind.label());
        map.put("severity", kind.severity().label());
        map.put("message", message);
        map.putAll(fields);
        return map;
    }

    /** One line of JSON. */
    public String toJson() {
        return JsonText.write(toMap());
    }
}
