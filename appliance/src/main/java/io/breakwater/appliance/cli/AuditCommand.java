package io.breakwater.appliance.cli;

import io.breakwater.appliance.audit.Audit;
import io.breakwater.appliance.audit.AuditJson;
import io.breakwater.appliance.audit.AuditReport;
import io.breakwater.appliance.audit.AuditText;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code breakwater audit}: is anything that is protected here a reflector? */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Look whether this host, or an address that you name, would serve attackers as a reflector: memcached's"
                    + " settings, listening sockets, the host firewall, and one harmless probe per vector. Changes nothing.",
            "Exit code 0: nothing found, 1: findings, or settings that could not be read, 2: usage."
        })
final class AuditCommand implements Callable<Integer> {
    private static final int MOST_TARGETS = 64;

    @Option(
            names = "--memcached-conf",
            paramLabel = "FILE",
            description = "Memcached's settings, in Debian's or Red Hat's form. Without it, /etc/memcached.conf and"
                    + " /etc/sysconfig/memcached where they exist.")
    private List<Path> memcachedFiles = List.of();

    @Option(
            names = "--target",
            paramLabel = "ADDRESS",
            description = "Send probes to this address, which must be in the policy's protected. May be repeated.")
    private List<String> targets = List.of();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "POLICY",
            description = "The policy file; needed with --target.")
    private @Nullable Path policyFile;

    @Option(
            names = "--dns-name",
            paramLabel = "NAME",
            defaultValue = ".",
            description =
                    "The name that DNS servers are asked for (default: the root). Name a zone of yours to see what"
                            + " attackers get from its own servers.")
    private String dnsName = ".";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        List<String> addresses = addresses(command.commandLine().getErr());
        AuditReport report = audit(addresses);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            AuditJson.write(report, out);
        } else {
            AuditText.lines(report).forEach(out::println);
        }
        out.flush();
        if (!report.unread().isEmpty()) {
            throw CommandFailure.atRunTime(String.join("\n", report.unread()));
        }
        return report.hasFindings() ? 1 : 0;
    }

    private AuditReport audit(List<String> addresses) {
        try {
            return Audit.run(memcachedFiles, addresses, dnsName);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Strangers' hosts are never asked anything: each address must be one that the policy says is protected. */
    private List<String> addresses(PrintWriter err) {
        Path file = policyFile;
        if (file == null) {
            if (!targets.isEmpty()) {
                throw CommandFailure.usage("--target needs -c POLICY, whose protected must hold the address");
            }
            return List.of();
        }
        if (targets.size() > MOST_TARGETS) {
            throw CommandFailure.usage("at most " + MOST_TARGETS + " targets at a time; call it again for the others");
        }
        Policy policy = PolicyLoading.load(file, LoadOptions.replay(), err).policy();
        List<String> addresses = new ArrayList<>();
        for (String target : targets) {
            Prefix address = address(target);
            if (!policy.isProtected(address.ipv4(), address.hi(), address.lo())) {
                throw CommandFailure.usage("--target " + target + " is not in the protected of " + file
                        + ": only addresses that you protect may be probed");
            }
            addresses.add(target);
        }
        return addresses;
    }

    private static Prefix address(String target) {
        try {
            Prefix address = Prefix.parse(target);
            if (target.indexOf('/') < 0 && !isMulticast(address)) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Told below, with every other thing that is no single host.
        }
        throw CommandFailure.usage("--target takes the address of one host, such as 192.0.2.10, not '"
                + target.replaceAll("\\p{Cntrl}", "?") + "'");
    }

    private static boolean isMulticast(Prefix address) {
        return address.ipv4() ? address.lo() >>> 28 >= 0xe : address.hi() >>> 56 == 0xff;
    }
}
