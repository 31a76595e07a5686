package io.breakwater.appliance.audit;

import io.breakwater.appliance.audit.FirewallRules.Chain;
import io.breakwater.appliance.audit.FirewallRules.Match;
import io.breakwater.appliance.audit.FirewallRules.Outcome;
import io.breakwater.appliance.audit.FirewallRules.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads what {@code iptables-save} and {@code ip6tables-save} print (iptables-save(8)); ufw's rules are among them. */
final class IptablesRules {
    /** Targets that look at a packet, or mark it, and let it go on to the next rule (iptables-extensions(8)). */
    private static final Set<String> PASSED_BY =
            Set.of("LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "AUDIT", "TRACE", "SET");

    private static final Pattern WORD = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|\\S+");

    private final ProbeDatagram datagram;
    private final Map<String, Outcome> policies = new LinkedHashMap<>();
    private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
    private String table = "";

    private IptablesRules(ProbeDatagram datagram) {
        this.datagram = datagram;
    }

    /** Lines that it does not know leave their rule undecided, or are passed over. */
    static FirewallRules parse(String saved, ProbeDatagram datagram) {
        IptablesRules reader = new IptablesRules(datagram);
        saved.lines().forEach(line -> reader.readLine(line.strip()));
        FirewallRules firewall = new FirewallRules();
        reader.rules.forEach((name, rules) -> {
            // The nat table drops nothing; OUTPUT and FORWARD do not lead in.
            boolean base = !name.startsWith("nat ") && (name.endsWith(" INPUT") || name.endsWith(" PREROUTING"));
            firewall.add(name, new Chain(base, reader.policies.getOrDefault(name, Outcome.ACCEPT), rules));
        });
        return firewall;
    }

    private void readLine(String line) {
        List<String> words = words(line);
        if (line.startsWith("*")) {
            table = line.substring(1) + " ";
        } else if (line.startsWith(":") && words.size() >= 2) {
            String chain = table + words.get(0).substring(1);
            rules.putIfAbsent(chain, new ArrayList<>());
            policies.put(chain, words.get(1).equals("DROP") ? Outcome.DROP : Outcome.ACCEPT);
        } else if (words.size() >= 2 && words.get(0).equals("-A")) {
            rules.computeIfAbsent(table + words.get(1), chain -> new ArrayList<>())
                    .add(rule(words.subList(2, words.size())));
        }
    }

    /** Words as they were quoted: a comment may hold anything. */
    private static List<String> words(String line) {
        return WORD.matcher(line).results().map(MatchResult::group).toList();
    }

    private Rule rule(List<String> words) {
        Match match = Match.YES;
        boolean negated = false;
        for (int i = 0; i < words.size(); i++) {
            String option = words.get(i);
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            if (option.equals("!")) {
                negated = true;
                continue;
            }
            if (option.equals("-j") || option.equals("-g")) {
                return target(match, value, option.equals("-g"));
            }
            if (option.startsWith("-")) {
                Match one = option(option, value);
                match = match.and(negated ? one.negated() : one);
                negated = false;
            }
        }
        return Rule.NOTHING;
    }

    private Match option(String option, String value) {
        return switch (option) {
            case "-p" -> datagram.protocol(value);
            case "--dport", "--dports", "--destination-port", "--destination-ports" -> ports(value);
            case "-s" -> ProbeDatagram.anyone(value);
            case "-i" -> ProbeDatagram.inboundInterface(value);
            case "--ctstate", "--state" -> states(value);
            case "-m" ->
                switch (value) {
                    case "udp", "tcp", "multiport", "conntrack", "state", "comment" -> Match.YES;
                    default -> Match.PERHAPS;
                };
            case "--comment" -> Match.YES;
            default -> Match.PERHAPS;
        };
    }

    private static Match states(String list) {
        return Match.of(Arrays.stream(list.split(",")).anyMatch(name -> ProbeDatagram.state(name) == Match.YES));
    }

    private Match ports(String list) {
        for (String item : list.split(",")) {
            String[] ends = item.split(":", -1);
            try {
                int first = ends[0].isEmpty() ? 0 : Integer.parseInt(ends[0]);
                int last = ends.length == 1 ? first : ends[1].isEmpty() ? 65_535 : Integer.parseInt(ends[1]);
                if (first <= datagram.port() && datagram.port() <= last) {
                    return Match.YES;
                }
            } catch (NumberFormatException name) {
                return Match.PERHAPS;
            }
        }
        return Match.NO;
    }

    private Rule target(Match match, String name, boolean isGoto) {
        return switch (name) {
            case "ACCEPT" -> new Rule(match, Outcome.ACCEPT, null);
            case "DROP", "REJECT" -> new Rule(match, Outcome.DROP, null);
            case "RETURN" -> new Rule(match, Outcome.RETURN, null);
            default -> {
                if (PASSED_BY.contains(name)) {
                    yield Rule.NOTHING;
                }
                // A goto does not come back, and a queue's program may let it in: undecided, because a wrong "dropped"
                // would be worse than a wrong "open".
                yield isGoto || !rules.containsKey(table + name)
                        ? Rule.undecided(match)
                        : new Rule(match, null, table + name);
            }
        };
    }
}
