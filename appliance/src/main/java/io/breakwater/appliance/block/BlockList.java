package io.breakwater.appliance.block;

import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.engine.classify.TemporaryBlocks;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sources blocked for a while, on all pairs: at most {@value #MAX}. They outlive reloads, not the process.
 *
 * <p>What the policy trusts is forwarded before it gets here; blocking a prefix that is trusted as a whole is refused, so
 * that nobody believes in a block that does nothing. A block that only overlaps trusted prefixes holds for the rest.
 *
 * <p><b>Thread:</b> control threads; synchronized. Filters get a new table at each change.
 */
public final class BlockList {
    /** Blocks at a time. */
    public static final int MAX = 4_096;

    /** A week; longer ones belong into the policy. */
    public static final Duration LONGEST = Duration.ofDays(7);

    /** How long a block lasts that nobody said it of. */
    public static final Duration DEFAULT = Duration.ofMinutes(10);

    private static final int LONGEST_COMMENT = 200;

    private final Map<Prefix, Block> blocks = new LinkedHashMap<>();
    private final List<TemporaryBlocks> filters = new ArrayList<>();
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Supplier<Policy> policy;
    private final Events events;

    /**
     * Blocks nothing.
     *
     * @param policy the one in force
     */
    public BlockList(Clock clock, LongSupplier nanoTime, Supplier<Policy> policy, Events events) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.policy = policy;
        this.events = events;
    }

    /** Lets a pair know of blocks from now on. */
    public synchronized void add(TemporaryBlocks filter) {
        filters.add(filter);
        filter.replace(List.copyOf(blocks.keySet()));
    }

    /**
     * Blocks a source, or gives one that is blocked already a new end.
     *
     * @param lasts from a second to {@link #LONGEST}
     * @throws BlockRefused if it cannot be
     */
    public synchronized Block block(Prefix prefix, Duration lasts, String comment) throws BlockRefused {
        check(prefix, lasts, comment);
        Instant now = clock.instant();
        Block known = blocks.get(prefix);
        Block block = new Block(
                prefix,
                known == null ? now : known.since(),
                now.plus(lasts),
                nanoTime.getAsLong() + lasts.toNanos(),
                comment);
        blocks.put(prefix, block);
        publish();
        events.tell(
                EventKind.BLOCK,
                prefix + " is blocked for " + seconds(lasts) + (comment.isEmpty() ? "" : ": " + comment),
                Map.of("prefix", prefix.toString(), "seconds", lasts.toSeconds(), "comment", comment));
        return block;
    }

    private void check(Prefix prefix, Duration lasts, String comment) throws BlockRefused {
        if (lasts.compareTo(Duration.ofSeconds(1)) < 0 || lasts.compareTo(LONGEST) > 0) {
            throw new BlockRefused("a block lasts from 1s to 7day; for longer, add it to sources.blocked", false);
        }
        if (comment.length() > LONGEST_COMMENT || comment.chars().anyMatch(Character::isISOControl)) {
            throw new BlockRefused("the comment must be one line of at most " + LONGEST_COMMENT + " characters", false);
        }
        if (prefix.length() == 0) {
            throw new BlockRefused(
                    prefix + " is everybody; block the sources that attack, or a part of the net", false);
        }
        Prefix trusted = trustedBy(prefix);
        if (trusted != null) {
            throw new BlockRefused(
                    prefix + " is trusted by " + trusted
                            + " in sources.trusted, which wins; remove it there and reload",
                    false);
        }
        if (blocks.size() >= MAX && !blocks.containsKey(prefix)) {
            throw new BlockRefused(
                    "there are " + MAX + " blocks already; unblock some, or block larger prefixes", true);
        }
    }

    /** The trusted prefix that holds all of this one with no blocked one in between, or null. */
    private @Nullable Prefix trustedBy(Prefix prefix) {
        Prefix longest = null;
        Policy current = policy.get();
        for (Prefix trusted : current.trusted()) {
            longest = holds(trusted, prefix) && isLonger(trusted, longest) ? trusted : longest;
        }
        for (Prefix blocked : current.blocked()) {
            if (longest != null && holds(blocked, prefix) && isLonger(blocked, longest)) {
                return null;
            }
        }
        return longest;
    }

    private static boolean holds(Prefix outer, Prefix inner) {
        return outer.length() <= inner.length() && outer.contains(inner.ipv4(), inner.hi(), inner.lo());
    }

    private static boolean isLonger(Prefix prefix, @Nullable Prefix than) {
        return than == null || prefix.length() > than.length();
    }

    /** Ends a block; false if there was none of exactly this prefix. */
    public synchronized boolean unblock(Prefix prefix) {
        if (blocks.remove(prefix) == null) {
            return false;
        }
        publish();
        events.tell(
                EventKind.UNBLOCK,
                prefix + " is no longer blocked",
                Map.of("prefix", prefix.toString(), "because", "asked"));
        return true;
    }

    /** Ends blocks whose time has come. */
    public synchronized void tick() {
        long nowNs = nanoTime.getAsLong();
        List<Prefix> over = blocks.values().stream()
                .filter(block -> block.endNs() - nowNs <= 0)
                .map(Block::prefix)
                .toList();
        if (over.isEmpty()) {
            return;
        }
        over.forEach(blocks::remove);
        publish();
        for (Prefix prefix : over) {
            events.tell(
                    EventKind.UNBLOCK,
                    prefix + " is no longer blocked: its time is over",
                    Map.of("prefix", prefix.toString(), "because", "expired"));
        }
    }

    private void publish() {
        List<Prefix> prefixes = List.copyOf(blocks.keySet());
        filters.forEach(filter -> filter.replace(prefixes));
    }

    /** Those in force, the oldest first. */
    public synchronized List<Block> list() {
        return List.copyOf(blocks.values());
    }

    /** How long a block has still to go, rounded up to seconds. */
    public long secondsLeft(Block block) {
        long leftNs = block.endNs() - nanoTime.getAsLong();
        return Math.max(0, (leftNs + 999_999_999L) / 1_000_000_000L);
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
