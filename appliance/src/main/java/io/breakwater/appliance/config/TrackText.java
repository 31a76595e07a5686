package io.breakwater.appliance.config;

import io.breakwater.engine.policy.LimitRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What shares a bucket, as policies write it: {@code source}, {@code source/24,/56}, {@code destination+source-port}. */
final class TrackText {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z+_-]+?)\\s*(?:/([0-9]{1,3})\\s*(?:,\\s*/([0-9]{1,3}))?)?");
    private static final Map<String, LimitRule.Key> KEYS = keys();

    private TrackText() {}

    static LimitRule.Track parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + Numbers.shortened(text)
                    + "' is not what a limit tracks, such as source, source/24,/56 or destination+source-port");
        }
        LimitRule.Key key = KEYS.get(form.group(1));
        if (key == null) {
            String near = Suggestion.didYouMean(form.group(1), KEYS.keySet());
            throw new IllegalArgumentException("'" + form.group(1) + "' is not known"
                    + (near.isEmpty() ? "; expected one of " + String.join(", ", KEYS.keySet()) : near));
        }
        if (form.group(2) != null && (key == LimitRule.Key.RULE || key == LimitRule.Key.SOURCE_PORT)) {
            throw new IllegalArgumentException(key.label() + " has no address, so it takes no prefix length");
        }
        int ipv4 = length(form.group(2), 32);
        return new LimitRule.Track(key, ipv4, length(form.group(3), 128));
    }

    private static int length(@Nullable String digits, int bits) {
        int length = digits == null ? bits : Integer.parseInt(digits);
        if (length > bits) {
            throw new IllegalArgumentException("/" + length + " is not a prefix length from 0 to " + bits
                    + "; give IPv4 first, then IPv6, such as source/24,/56");
        }
        return length;
    }

    private static Map<String, LimitRule.Key> keys() {
        Map<String, LimitRule.Key> keys = new LinkedHashMap<>();
        for (LimitRule.Key key : LimitRule.Key.values()) {
            keys.put(key.label(), key);
        }
        return keys;
    }
}
