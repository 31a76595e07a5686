package io.breakwater.engine.limit;

import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds limits for tests; begins with inbound UDP per source, 10 packets/s, burst 3. */
final class LimitBuilder {
    static final int REASON = 42;
    static final int MAX_FRAME_BYTES = 1514;
    static final long SECOND = Rate.SECOND_NS;
    static final long MILLISECOND = SECOND / 1_000;

    String name = "test";
    LimitRule.Match match = LimitRule.Match.inboundUdp();
    LimitRule.Track track = LimitRule.Track.of(LimitRule.Key.SOURCE);
    List<Bucket> buckets = List.of(new Bucket(Rate.packetsPerSecond(10), 3));
    LimitRule.@Nullable Window window;
    LimitRule.Then then = LimitRule.Then.DROP;
    long holdNs;
    LimitRule.Table table = new LimitRule.Table(1_000, 60 * SECOND, LimitRule.WhenFull.EVICT);
    RuleMode mode = RuleMode.ENFORCE;
    Lane lane = Lane.INBOUND;
    List<Vector> vectors = VectorTable.builtIn();
    long seed = 1;
    int wouldDrop;

    LimitBuilder name(String name) {
        this.name = name;
        return this;
    }

    LimitBuilder match(LimitRule.Match match) {
        this.match = match;
        return this;
    }

    LimitBuilder track(LimitRule.Key key) {
        return track(LimitRule.Track.of(key));
    }

    LimitBuilder track(LimitRule.Track track) {
        this.track = track;
        return this;
    }

    LimitBuilder packets(long perSecond, long burst) {
        return buckets(new Bucket(Rate.packetsPerSecond(perSecond), burst));
    }

    LimitBuilder buckets(Bucket... buckets) {
        this.buckets = List.of(buckets);
        this.window = null;
        return this;
    }

    LimitBuilder window(long count, long seconds) {
        this.buckets = List.of();
        this.window = new LimitRule.Window(count, seconds);
        return this;
    }

    LimitBuilder holdNs(long holdNs) {
        this.holdNs = holdNs;
        return this;
    }

    LimitBuilder table(int max, long idleNs, LimitRule.WhenFull whenFull) {
        this.table = new LimitRule.Table(max, idleNs, whenFull);
        return this;
    }

    LimitBuilder then(LimitRule.Then then) {
        this.then = then;
        return this;
    }

    LimitBuilder mode(RuleMode mode) {
        this.mode = mode;
        return this;
    }

    LimitBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    LimitRule rule() {
        return new LimitRule(name, match, track, buckets, window, then, holdNs, table, mode);
    }

    RateLimiter build() {
        return after(null);
    }

    RateLimiter after(@Nullable RateLimiter previous) {
        return RateLimiter.compile(
                rule(), lane, REASON, vectors, MAX_FRAME_BYTES, (reason, frame) -> wouldDrop++, previous, seed);
    }

    static boolean drops(RateLimiter limiter, io.breakwater.engine.frame.FrameSlot frame, long nowNs) {
        int verdict = limiter.classify(frame, nowNs);
        if (verdict != Verdict.UNSETTLED && verdict != REASON) {
            throw new AssertionError("a limit answered " + verdict);
        }
        return verdict == REASON;
    }
}
