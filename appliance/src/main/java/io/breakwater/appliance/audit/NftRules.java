package io.breakwater.appliance.audit;

import io.breakwater.appliance.audit.FirewallRules.Chain;
import io.breakwater.appliance.audit.FirewallRules.Match;
import io.breakwater.appliance.audit.FirewallRules.Outcome;
import io.breakwater.appliance.audit.FirewallRules.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@code nft -j list ruleset} prints (libnftables-json(5)). */
final class NftRules {
    private static final Set<String> INBOUND_HOOKS = Set.of("input", "prerouting");

    private final ProbeDatagram datagram;
    private final Map<String, Object> chains = new LinkedHashMap<>();
    private final Map<String, List<Rule>> rules = new HashMap<>();
    private final Map<String, List<?>> sets = new HashMap<>();
    private final Set<String> dormant = new HashSet<>();

    private NftRules(ProbeDatagram datagram) {
        this.datagram = datagram;
    }

    /** @throws IOException if it is not JSON */
    static FirewallRules parse(String ruleset, ProbeDatagram datagram) throws IOException {
        NftRules reader = new NftRules(datagram);
        List<?> items = JsonTree.items(JsonTree.member(JsonTree.parse(ruleset), "nftables"));
        items.forEach(reader::readTable);
        items.forEach(reader::readSet);
        items.forEach(reader::readChain);
        items.forEach(reader::readRules);
        FirewallRules firewall = new FirewallRules();
        reader.chains.forEach((name, chain) -> firewall.add(name, reader.chain(name, chain)));
        return firewall;
    }

    private void readSet(@Nullable Object item) {
        Object set = JsonTree.member(item, "set");
        sets.put(table(set) + " @" + JsonTree.text(set, "name"), JsonTree.items(JsonTree.member(set, "elem")));
    }

    /** Of the flags of a table only those that name its owner leave its chains in force for sure. */
    private void readTable(@Nullable Object item) {
        Object table = JsonTree.member(item, "table");
        String flags = JsonTree.text(table, "flags").replaceAll("owner|persist|\\W", "");
        if (!flags.isEmpty()) {
            dormant.add(JsonTree.text(table, "family") + " " + JsonTree.text(table, "name"));
        }
    }

    private void readChain(@Nullable Object item) {
        Object chain = JsonTree.member(item, "chain");
        String family = JsonTree.text(chain, "family");
        if (chain != null
                && !dormant.contains(table(chain))
                && (family.equals("inet") || family.equals(datagram.ipv4() ? "ip" : "ip6"))) {
            chains.put(table(chain) + " " + JsonTree.text(chain, "name"), chain);
        }
    }

    private void readRules(@Nullable Object item) {
        Object rule = JsonTree.member(item, "rule");
        String chain = table(rule) + " " + JsonTree.text(rule, "chain");
        if (rule != null && chains.containsKey(chain)) {
            addRule(
                    table(rule),
                    JsonTree.items(JsonTree.member(rule, "expr")),
                    rules.computeIfAbsent(chain, name -> new ArrayList<>()));
        }
    }

    private static String table(@Nullable Object item) {
        return JsonTree.text(item, "family") + " " + JsonTree.text(item, "table");
    }

    private Chain chain(String name, Object chain) {
        boolean base = INBOUND_HOOKS.contains(JsonTree.text(chain, "hook"))
                && !JsonTree.text(chain, "type").equals("nat");
        Outcome policy = JsonTree.text(chain, "policy").equals("drop") ? Outcome.DROP : Outcome.ACCEPT;
        return new Chain(base, policy, rules.getOrDefault(name, List.of()));
    }

    /** A rule is a list of conditions with a verdict; a verdict map stands for one rule an element. */
    private void addRule(String table, List<?> expressions, List<Rule> into) {
        Match match = Match.YES;
        for (Object expression : expressions) {
            if (!(expression instanceof Map<?, ?> one) || one.isEmpty()) {
                continue;
            }
            String kind = String.valueOf(one.keySet().iterator().next());
            Object value = one.get(kind);
            switch (kind) {
                case "match" -> match = match.and(match(table, value));
                case "counter", "log", "comment", "notrack" -> {}
                case "limit", "quota", "meter", "set", "ct count" -> match = match.and(Match.PERHAPS);
                case "vmap" -> addVerdictMap(table, match, value, into);
                case "accept", "drop", "reject", "return", "jump", "goto" ->
                    into.add(verdict(table, match, kind, value));
                case "mangle" -> {
                    // Behind a rule that gives it another port, what is said of its port does not hold.
                    if (JsonTree.member(JsonTree.member(value, "key"), "payload") != null) {
                        into.add(Rule.undecided(match));
                    }
                }
                // What iptables put there, or a queue: it may hold or not, and the datagram may get in by it.
                default -> {
                    match = match.and(Match.PERHAPS);
                    into.add(Rule.undecided(match));
                }
            }
        }
    }

    private static Rule verdict(String table, Match match, String kind, @Nullable Object value) {
        return switch (kind) {
            case "accept" -> new Rule(match, Outcome.ACCEPT, null);
            case "drop", "reject" -> new Rule(match, Outcome.DROP, null);
            case "return" -> new Rule(match, Outcome.RETURN, null);
            case "jump" -> new Rule(match, null, table + " " + JsonTree.text(value, "target"));
            // Undecided, not followed: a wrong "dropped" would be worse than a wrong "open".
            default -> Rule.undecided(match);
        };
    }

    private void addVerdictMap(String table, Match match, @Nullable Object map, List<Rule> into) {
        Object data = JsonTree.member(map, "data");
        if (!(JsonTree.member(data, "set") instanceof List<?> elements)) {
            into.add(Rule.undecided(match));
            return;
        }
        Object key = JsonTree.member(map, "key");
        for (Object element : elements) {
            if (JsonTree.items(element).size() == 2
                    && JsonTree.items(element).getLast() instanceof Map<?, ?> verdict
                    && !verdict.isEmpty()) {
                String kind = String.valueOf(verdict.keySet().iterator().next());
                Match one =
                        match.and(compare(table, key, JsonTree.items(element).getFirst()));
                into.add(verdict(table, one, kind, verdict.get(kind)));
            }
        }
    }

    private Match match(String table, @Nullable Object match) {
        Object left = JsonTree.member(match, "left");
        if (!isAbout(JsonTree.text(JsonTree.member(left, "payload"), "protocol"))) {
            return Match.NO;
        }
        Match compared = compare(table, left, JsonTree.member(match, "right"));
        return switch (JsonTree.text(match, "op")) {
            case "==", "in" -> compared;
            case "!=" -> compared.negated();
            default -> Match.PERHAPS;
        };
    }

    /** Whether the datagram has this header at all: without it neither {@code ==} nor {@code !=} holds. */
    private boolean isAbout(String header) {
        return switch (header) {
            case "ip" -> datagram.ipv4();
            case "ip6" -> !datagram.ipv4();
            case "udp" -> datagram.udp();
            case "tcp" -> !datagram.udp();
            case "icmp", "icmpv6", "igmp", "sctp", "dccp", "udplite", "esp", "ah", "comp", "gre", "arp" -> false;
            default -> true;
        };
    }

    /** Whether the field {@code left} of the datagram is {@code right}: a value, a range, a prefix, or a set of them. */
    private Match compare(String table, @Nullable Object left, @Nullable Object right) {
        List<?> elements = elements(table, right);
        if (elements == null) {
            return one(left, right);
        }
        Match match = Match.NO;
        for (Object element : elements) {
            Match other = one(left, JsonTree.member(element, "elem") == null ? element : value(element));
            match = other.compareTo(match) > 0 ? other : match;
        }
        return match;
    }

    /** An element with a time-out or a counter wraps its value. */
    private static @Nullable Object value(@Nullable Object element) {
        return JsonTree.member(JsonTree.member(element, "elem"), "val");
    }

    private @Nullable List<?> elements(String table, @Nullable Object right) {
        if (right instanceof List<?> list) {
            return list;
        }
        if (JsonTree.member(right, "set") instanceof List<?> list) {
            return list;
        }
        return right instanceof String name && name.startsWith("@") ? sets.get(table + " " + name) : null;
    }

    private Match one(@Nullable Object left, @Nullable Object right) {
        Object payload = JsonTree.member(left, "payload");
        Object meta = JsonTree.member(left, "meta");
        String field = JsonTree.text(payload, "field");
        String key = JsonTree.text(meta, "key");
        if (!isAbout(JsonTree.text(payload, "protocol"))) {
            return Match.NO;
        }
        if ("*".equals(right)) {
            // What no other element of a set holds.
            return Match.PERHAPS;
        }
        if (field.equals("dport")) {
            return port(right);
        }
        if (field.equals("saddr")) {
            return source(right);
        }
        if (key.equals("l4proto") || field.equals("protocol") || field.equals("nexthdr")) {
            // The name of protocol 0, hop-by-hop options; iptables calls all protocols so.
            return "ip".equals(right) ? Match.NO : datagram.protocol(String.valueOf(right));
        }
        if (key.equals("nfproto")) {
            return Match.of(String.valueOf(right).equals(datagram.ipv4() ? "ipv4" : "ipv6"));
        }
        if (key.equals("iif") || key.equals("iifname")) {
            return ProbeDatagram.inboundInterface(String.valueOf(right));
        }
        boolean state = JsonTree.text(JsonTree.member(left, "ct"), "key").equals("state");
        return state ? ProbeDatagram.state(String.valueOf(right)) : Match.PERHAPS;
    }

    private Match port(@Nullable Object right) {
        if (right instanceof Number number) {
            return Match.of(number.intValue() == datagram.port());
        }
        List<?> range = JsonTree.items(JsonTree.member(right, "range"));
        if (range.size() == 2 && range.getFirst() instanceof Number from && range.getLast() instanceof Number to) {
            return Match.of(from.intValue() <= datagram.port() && datagram.port() <= to.intValue());
        }
        return Match.PERHAPS;
    }

    /** A rule about some addresses is not about anyone's. */
    private static Match source(@Nullable Object right) {
        Object prefix = JsonTree.member(right, "prefix");
        boolean known = prefix != null || right instanceof String || JsonTree.member(right, "range") != null;
        boolean everyone = JsonTree.text(prefix, "len").equals("0");
        return known && !String.valueOf(right).startsWith("@") ? Match.of(everyone) : Match.PERHAPS;
    }
}
