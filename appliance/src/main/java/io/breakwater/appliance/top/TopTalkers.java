package io.breakwater.appliance.top;

import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.tap.FrameSample;
import io.breakwater.engine.tap.TrafficTap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Who sent and who received most of the inbound frames in the last seconds, up to {@value #SECONDS}, in a fixed amount of
 * memory: {@value #SECONDS} slices of a second, each with a {@link TopTable} per question.
 *
 * <p>What it tells is an estimate from {@link TrafficTap}'s samples, with its error for 95 of 100 cases; exact while every
 * frame is sampled and no more than {@value TopTable#COUNTERS} keys were seen in a second.
 *
 * <p><b>Thread:</b> {@link #drain} by one control thread; questions by any; synchronized.
 */
public final class TopTalkers {
    /** Seconds looked back at most. */
    public static final int SECONDS = 60;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long IPV4 = 4;
    private static final long IPV6 = 6;
    private static final long REASON = 1;

    private final LongSupplier nanoTime;
    private final Reasons reasons;
    private final List<TrafficTap> taps = new ArrayList<>();
    private final Slice[] slices = new Slice[SECONDS + 1];
    private final long startedNs;

    /** What is asked for. */
    public enum Question {
        /** Addresses that inbound frames come from. */
        SOURCES,
        /** Addresses that frames of a vector, or dropped ones, go to. */
        VICTIMS,
        /** Vectors, by what was dropped or met their rule. */
        VECTORS,
        /** Addresses that frames of a vector come from. */
        REFLECTORS
    }

    /** What talkers are ranked by. */
    public enum By {
        PACKETS,
        BYTES
    }

    /**
     * One line of an answer.
     *
     * @param name address, or reason such as {@code reflection:memcached}
     * @param packets in the whole time asked for
     * @param bytes layer-2, likewise
     * @param error of the amount it is ranked by, 95 % confidence; 0 = exact
     */
    public record Talker(String name, long packets, long bytes, long error) {}

    /** All answers of one moment. */
    public record Top(double seconds, By by, long frames, long samples, Map<Question, List<Talker>> answers) {}

    private static final class Slice {
        private final Map<Question, TopTable> byPackets = tables();
        private final Map<Question, TopTable> byBytes = tables();
        private long second = -1;
        private double frames;
        private long samples;

        private static Map<Question, TopTable> tables() {
            Map<Question, TopTable> tables = new EnumMap<>(Question.class);
            for (Question question : Question.values()) {
                tables.put(question, new TopTable());
            }
            return tables;
        }

        private void start(long newSecond) {
            byPackets.values().forEach(TopTable::clear);
            byBytes.values().forEach(TopTable::clear);
            second = newSecond;
            frames = 0;
            samples = 0;
        }

        private void add(Question question, long tag, long hi, long lo, FrameSample sample) {
            double every = sample.every();
            double bytes = every * sample.length();
            double spread = every * (every - 1);
            table(byPackets, question).add(tag, hi, lo, every, bytes, spread);
            table(byBytes, question).add(tag, hi, lo, bytes, every, spread * sample.length() * sample.length());
        }
    }

    /** Nothing was seen yet. */
    public TopTalkers(LongSupplier nanoTime, Reasons reasons) {
        this.nanoTime = nanoTime;
        this.reasons = reasons;
        this.startedNs = nanoTime.getAsLong();
        for (int i = 0; i < slices.length; i++) {
            slices[i] = new Slice();
        }
    }

    private static TopTable table(Map<Question, TopTable> tables, Question question) {
        return Objects.requireNonNull(tables.get(question));
    }

    /** Looks at a lane's frames from now on. */
    public synchronized void add(TrafficTap tap) {
        taps.add(tap);
    }

    /** Takes in what was sampled since. */
    public synchronized void drain() {
        Slice slice = current();
        for (TrafficTap tap : taps) {
            tap.drain(sample -> take(slice, sample));
        }
    }

    private Slice current() {
        long second = second();
        Slice slice = slices[(int) (second % slices.length)];
        if (slice.second != second) {
            slice.start(second);
        }
        return slice;
    }

    private long second() {
        return (nanoTime.getAsLong() - startedNs) / SECOND_NS;
    }

    private static void take(Slice slice, FrameSample sample) {
        slice.frames += sample.every();
        slice.samples++;
        long family = sample.ipv4() ? IPV4 : IPV6;
        slice.add(Question.SOURCES, family, sample.sourceHi(), sample.sourceLo(), sample);
        int matched = sample.matchedReason();
        int reason = matched != 0 ? matched : sample.reason();
        if (reason != 0) {
            slice.add(Question.VICTIMS, family, sample.destinationHi(), sample.destinationLo(), sample);
            slice.add(Question.VECTORS, REASON, 0, reason, sample);
        }
        if (matched != 0) {
            slice.add(Question.REFLECTORS, family, sample.sourceHi(), sample.sourceLo(), sample);
        }
    }

    /**
     * The heaviest of the last seconds.
     *
     * @param seconds from 1 to {@link #SECONDS}
     * @param most talkers of each kind
     */
    public synchronized Top top(By by, int seconds, int most) {
        drain();
        long now = second();
        double frames = 0;
        long samples = 0;
        Map<Question, TopSums> sums = new EnumMap<>(Question.class);
        for (Question question : Question.values()) {
            sums.put(question, new TopSums());
        }
        for (Slice slice : slices) {
            if (slice.second >= 0 && slice.second > now - seconds - 1 && slice.second <= now) {
                frames += slice.frames;
                samples += slice.samples;
                Map<Question, TopTable> tables = by == By.PACKETS ? slice.byPackets : slice.byBytes;
                sums.forEach((question, sum) -> table(tables, question).addTo(sum));
            }
        }
        Map<Question, List<Talker>> answers = new EnumMap<>(Question.class);
        sums.forEach((question, sum) -> answers.put(
                question,
                sum.heaviest(most).stream().map(entry -> talker(entry, by)).toList()));
        double partly = (nanoTime.getAsLong() - startedNs) / (double) SECOND_NS - now;
        return new Top(Math.min(now, seconds) + partly, by, Math.round(frames), samples, answers);
    }

    private Talker talker(TopSums.Entry entry, By by) {
        long amount = Math.round(entry.amount());
        long other = Math.round(entry.other());
        return new Talker(
                name(entry.key()), by == By.PACKETS ? amount : other, by == By.PACKETS ? other : amount, (long)
                        Math.ceil(entry.error()));
    }

    private String name(TopSums.Key key) {
        if (key.tag() == REASON) {
            return reasons.name((int) key.lo());
        }
        boolean ipv4 = key.tag() == IPV4;
        String text = new Prefix(ipv4, key.hi(), key.lo(), ipv4 ? 32 : 128).toString();
        return text.substring(0, text.indexOf('/'));
    }

    /** Frames whose samples found no room, so that sums are too low by them; never goes back. */
    public synchronized long lostFrames() {
        return taps.stream().mapToLong(TrafficTap::lostFrames).sum();
    }
}
