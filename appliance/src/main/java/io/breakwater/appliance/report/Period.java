package io.breakwater.appliance.report;

import io.breakwater.appliance.config.DurationText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The time that a report is about.
 *
 * @param from its first moment; null = as far back as the log goes
 * @param to the moment after its last; null = as far as the log goes
 */
public record Period(@Nullable Instant from, @Nullable Instant to) {
    /** @throws IllegalArgumentException with one line, if it would be empty */
    public Period {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("the period from " + from + " to " + to + " is empty");
        }
    }

    boolean contains(Instant time) {
        return (from == null || !time.isBefore(from)) && isBeforeEnd(time);
    }

    boolean isBeforeEnd(Instant time) {
        return to == null || time.isBefore(to);
    }

    /**
     * The moment that a text names: {@code 2026-11-22} (a day begins, or ends, at midnight UTC), {@code 2026-11-22T18:00},
     * {@code 2026-11-22T18:00:00+01:00}, or so long ago: {@code 24h}, {@code 7day}.
     *
     * @param end whether a day means its end
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static Instant moment(String text, boolean end, Instant now) {
        try {
            if (text.indexOf('-') < 0) {
                return now.minusNanos(DurationText.parseNs(text));
            }
            if (text.indexOf('T') < 0) {
                LocalDate day = LocalDate.parse(text);
                return (end ? day.plusDays(1) : day).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            boolean hasZone =
                    text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > text.indexOf('T');
            return hasZone
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time; write 2026-11-22, 2026-11-22T18:00 (UTC), or how long ago: 24h, 7day",
                    e);
        }
    }
}
