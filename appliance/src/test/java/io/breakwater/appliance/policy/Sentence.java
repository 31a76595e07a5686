package io.breakwater.appliance.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * One sentence of what a policy means, with a policy, frames at their times, and the verdict that each must get: {@code
 * forward} or the reason. Frames go through the pipeline that also serves cards.
 */
final class Sentence {
    static final String FORWARD = "forward";

    private final String text;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Long> wouldDrop = new LinkedHashMap<>();
    private String policy = "";
    private @Nullable Lane lane;
    private boolean wouldDropGiven;

    /** Frames that are alike, one after the other, and what becomes of them. */
    private record Step(List<CapturedFrame> frames, String expected, int line) {}

    private Sentence(String text) {
        this.text = text;
    }

    static Sentence sentence(String text) {
        return new Sentence(text);
    }

    /** The policy's text; without it the built-in policy holds. */
    Sentence policy(String... lines) {
        this.policy = String.join("\n", lines) + "\n";
        return this;
    }

    /** As {@code --lane}: every frame belongs to it. */
    Sentence lane(Lane forced) {
        this.lane = forced;
        return this;
    }

    /** One frame. */
    Sentence at(double seconds, PacketBuilder packet, String expected) {
        return many(1, seconds, packet, expected);
    }

    /** So many equal frames with one stamp. */
    Sentence many(int count, double seconds, PacketBuilder packet, String expected) {
        byte[] bytes = packet.build();
        return raw(count, seconds, bytes, bytes.length, LinkLayer.ETHERNET, expected);
    }

    /** One frame of which the capture kept so many bytes. */
    Sentence snapped(double seconds, PacketBuilder packet, int captured, String expected) {
        return raw(1, seconds, packet.build(), captured, LinkLayer.ETHERNET, expected);
    }

    Sentence raw(int count, double seconds, byte[] bytes, int captured, int linkLayer, String expected) {
        CapturedFrame frame =
                new CapturedFrame(Math.round(seconds * 1e9), MemorySegment.ofArray(bytes), captured, linkLayer);
        steps.add(new Step(Collections.nCopies(count, frame), expected, steps.size() + 1));
        return this;
    }

    /** Such frames are counted as {@code would_drop}; nothing else may be. */
    Sentence wouldDrop(String reason, long count) {
        wouldDropGiven = true;
        wouldDrop.put(reason, count);
        return this;
    }

    /** Nothing may be counted as {@code would_drop}. */
    Sentence wouldDropNothing() {
        wouldDropGiven = true;
        return this;
    }

    DynamicTest test() {
        return DynamicTest.dynamicTest(text, this::check);
    }

    private void check() throws Exception {
        List<CapturedFrame> frames = new ArrayList<>();
        steps.forEach(step -> frames.addAll(step.frames));
        PolicyRun run = PolicyRun.of(policy, lane, frames);
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        int at = 0;
        for (Step step : steps) {
            String name = "step " + step.line + ": " + step.frames.size() + " × ";
            expected.add(name + "{" + step.expected + "=" + step.frames.size() + "}");
            actual.add(name + counted(run.verdicts().subList(at, at + step.frames.size())));
            at += step.frames.size();
        }
        assertThat(actual).as("%s%nunder%n%s", text, policy).isEqualTo(expected);
        if (wouldDropGiven) {
            assertThat(run.wouldDrop()).as("would_drop").isEqualTo(wouldDrop);
        }
        assertThat(run.verdicts()).doesNotContain(new Reasons().name(Reasons.INTERNAL));
    }

    private static Map<String, Integer> counted(List<String> verdicts) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        verdicts.forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
        return counts;
    }
}
