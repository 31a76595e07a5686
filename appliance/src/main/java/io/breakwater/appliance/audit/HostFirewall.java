package io.breakwater.appliance.audit;

import io.breakwater.capture.privilege.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The firewall of this host: nft, and iptables in both of its forms, which is where ufw and firewalld put their rules.
 * Read once; nothing is changed.
 */
final class HostFirewall {
    private final String nft;
    private final List<String> iptables4;
    private final List<String> iptables6;
    private final List<String> notes;

    private HostFirewall(String nft, List<String> iptables4, List<String> iptables6, List<String> notes) {
        this.nft = nft;
        this.iptables4 = iptables4;
        this.iptables6 = iptables6;
        this.notes = notes;
    }

    static HostFirewall read() {
        List<String> notes = new ArrayList<>();
        // Warnings may stand before the object, which is one line.
        String nft = output(notes, "nft", "-j", "list", "ruleset")
                .lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElse("");
        List<String> iptables4 = List.of(output(notes, "iptables-save"), output(notes, "iptables-legacy-save"));
        List<String> iptables6 = List.of(output(notes, "ip6tables-save"), output(notes, "ip6tables-legacy-save"));
        return new HostFirewall(nft, iptables4, iptables6, notes);
    }

    private static String output(List<String> notes, String... command) {
        if (!Command.isInstalled(command[0])) {
            return "";
        }
        try {
            Command.Result result = Command.run(command);
            if (result.isOk()) {
                return result.output();
            }
            notes.add(command[0] + " could not be asked, so its rules are not known: run with sudo");
        } catch (IOException e) {
            notes.add(command[0] + " could not be asked, so its rules are not known: run with sudo");
        }
        return "";
    }

    /** What could not be looked at, one line each. */
    List<String> notes() {
        return notes;
    }

    /** Whether anyone's first packet to a port is dropped for certain. */
    boolean surelyDrops(ProbeDatagram datagram) {
        List<String> tables = datagram.ipv4() ? iptables4 : iptables6;
        return tables.stream()
                        .anyMatch(saved -> IptablesRules.parse(saved, datagram).surelyDrops())
                || nftDrops(datagram);
    }

    /** Whether it does so for both families. */
    boolean surelyDrops(boolean udp, int port) {
        return surelyDrops(new ProbeDatagram(true, udp, port)) && surelyDrops(new ProbeDatagram(false, udp, port));
    }

    private boolean nftDrops(ProbeDatagram datagram) {
        try {
            return !nft.isBlank() && NftRules.parse(nft, datagram).surelyDrops();
        } catch (IOException notJson) {
            return false;
        }
    }
}
