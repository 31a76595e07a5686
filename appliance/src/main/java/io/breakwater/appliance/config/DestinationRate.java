package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Bucket;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A budget of each destination: {@code 500 packets/s per destination}. The last two words may be left out. */
final class DestinationRate {
    private static final Pattern PER = Pattern.compile("\\s+per\\s+(\\S+)\\s*$");

    private DestinationRate() {}

    /** Null, and reported, if the value is none. */
    static @Nullable Bucket read(Field field) {
        return field.read("a rate such as 500 packets/s per destination", text -> {
            var per = PER.matcher(text);
            boolean said = per.find();
            if (said && !per.group(1).equals("destination")) {
                throw new IllegalArgumentException("'per " + per.group(1)
                        + "' is not known; this rate is per destination," + " and others are made with 'limits'");
            }
            return Bucket.of(RateText.parse(said ? text.substring(0, per.start()) : text));
        });
    }
}
