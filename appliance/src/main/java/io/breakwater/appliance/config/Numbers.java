package io.breakwater.appliance.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people write them: {@code 262144}, {@code 1_000_000}, {@code 1.5}. */
final class Numbers {
    private static final Pattern INTEGER = Pattern.compile("[0-9]+(_[0-9]+)*");
    private static final Pattern WITH_UNIT = Pattern.compile("([0-9]+(?:_[0-9]+)*(?:\\.[0-9]+)?)\\s*([^0-9_.\\s].*)");
    private static final int SHORT = 60;

    private Numbers() {}

    /** A number and what follows it. */
    record WithUnit(BigDecimal number, String unit) {}

    static long integer(String text, long min, long max) {
        if (INTEGER.matcher(text).matches()) {
            String digits = text.replace("_", "");
            if (digits.length() <= 18) {
                long value = Long.parseLong(digits);
                if (value >= min && value <= max) {
                    return value;
                }
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a whole number from " + min + " to " + max);
    }

    /**
     * Splits {@code 1_500.5 unit}.
     *
     * @throws IllegalArgumentException if it has not that form; {@code example} is shown
     */
    static WithUnit withUnit(String text, String what, String example) {
        Matcher matcher = WITH_UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            boolean bare = !text.isBlank() && text.strip().chars().allMatch(c -> Character.isDigit(c) || c == '_');
            throw new IllegalArgumentException(
                    bare
                            ? "'" + text + "' needs a unit, such as " + example
                            : "'" + text + "' is not " + what + ", such as " + example);
        }
        return new WithUnit(new BigDecimal(matcher.group(1).replace("_", "")), matcher.group(2));
    }

    /** Digits in groups of three: {@code 1_000_000}. */
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '_');
    }

    /** Enough of a text to recognise it in a message. */
    static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= SHORT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHORT)) + "…";
    }
}
