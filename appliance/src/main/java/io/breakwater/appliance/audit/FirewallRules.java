package io.breakwater.appliance.audit;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chains of a host firewall, reduced to one question: can a first datagram from anywhere on the internet get in?
 *
 * <p>What cannot be judged (a rate limit, a mark, an interface) counts as "perhaps", so that only a datagram that is
 * dropped whatever that means is called dropped.
 */
final class FirewallRules {
    private static final int DEEPEST = 32;

    private final Map<String, Chain> chains = new HashMap<>();
    private final Map<String, Set<Outcome>> walked = new HashMap<>();

    /** Whether a rule applies to the datagram. */
    enum Match {
        NO,
        PERHAPS,
        YES;

        Match and(Match other) {
            return compareTo(other) < 0 ? this : other;
        }

        Match negated() {
            return switch (this) {
                case NO -> YES;
                case PERHAPS -> PERHAPS;
                case YES -> NO;
            };
        }

        static Match of(boolean matches) {
            return matches ? YES : NO;
        }
    }

    /** How a walk through a chain may end. */
    enum Outcome {
        ACCEPT,
        DROP,
        /** The chain ends, or says so: its caller goes on. */
        RETURN
    }

    /**
     * One rule.
     *
     * @param outcome what it does itself; null if it goes to another chain, or does nothing to the datagram
     * @param jump the chain it goes to; null if none
     */
    record Rule(
            Match match,
            @Nullable Outcome outcome,
            @Nullable String jump) {
        static final Rule NOTHING = new Rule(Match.NO, null, null);

        /** What may let the datagram in, or not. */
        static Rule undecided(Match match) {
            return new Rule(match.and(Match.PERHAPS), Outcome.ACCEPT, null);
        }
    }

    /**
     * One chain.
     *
     * @param base whether every inbound datagram passes it
     * @param policy what happens at the end of a base chain
     */
    record Chain(boolean base, Outcome policy, List<Rule> rules) {
        Chain {
            rules = List.copyOf(rules);
        }
    }

    void add(String name, Chain chain) {
        chains.put(name, chain);
    }

    /** Whether one of the base chains drops it in any case. */
    boolean surelyDrops() {
        return chains.values().stream()
                .filter(Chain::base)
                .anyMatch(chain -> walk(chain, 0).equals(EnumSet.of(Outcome.DROP)));
    }

    private Set<Outcome> walk(Chain chain, int depth) {
        Set<Outcome> possible = EnumSet.noneOf(Outcome.class);
        boolean goesOn = depth < DEEPEST;
        if (!goesOn) {
            return EnumSet.allOf(Outcome.class);
        }
        for (Rule rule : chain.rules) {
            if (rule.match != Match.NO && goesOn) {
                goesOn = apply(rule, possible, depth) || rule.match == Match.PERHAPS;
            }
        }
        if (goesOn) {
            possible.add(chain.base ? chain.policy : Outcome.RETURN);
        }
        if (chain.base && possible.remove(Outcome.RETURN)) {
            possible.add(chain.policy);
        }
        return possible;
    }

    /** Chains do not loop, so each is walked once, however many rules lead there. */
    private Set<Outcome> outcomes(String name, Chain chain, int depth) {
        Set<Outcome> known = walked.get(name);
        if (known == null) {
            known = walk(chain, depth);
            walked.put(name, known);
        }
        return known;
    }

    /** Adds what the rule may do; whether the datagram may go on behind it although it matches. */
    private boolean apply(Rule rule, Set<Outcome> possible, int depth) {
        if (rule.outcome != null) {
            possible.add(rule.outcome);
            return false;
        }
        Chain target = rule.jump == null ? null : chains.get(rule.jump);
        if (rule.jump == null || target == null) {
            return true;
        }
        Set<Outcome> inside = EnumSet.copyOf(outcomes(rule.jump, target, depth + 1));
        boolean comesBack = inside.remove(Outcome.RETURN);
        possible.addAll(inside);
        return comesBack;
    }
}
