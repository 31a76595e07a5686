package io.breakwater.appliance.doctor;

import io.breakwater.capture.prepare.Finding;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Whether this process's Java was started as {@code deploy/jvm.options} says, and has room for the tables. */
final class JavaChecks {
    /** Flags without which a gateway pauses or limps; why each is there stands in that file. */
    private static final List<String> NEEDED = List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private static final double MIB = 1 << 20;

    private JavaChecks() {}

    /** @param tableBytes of all pairs; a reload holds them twice */
    static List<Finding> findings(long tableBytes) {
        return findings(
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                Runtime.getRuntime().maxMemory(),
                tableBytes);
    }

    static List<Finding> findings(List<String> arguments, long heapBytes, long tableBytes) {
        List<Finding> findings = new ArrayList<>();
        List<String> missing =
                NEEDED.stream().filter(flag -> !arguments.contains(flag)).toList();
        if (!missing.isEmpty()) {
            findings.add(Finding.warning(
                    "java",
                    "Java was started without " + String.join(" ", missing),
                    "start Breakwater by its launcher, which reads jvm.options"));
        }
        if (2 * tableBytes > heapBytes) {
            findings.add(Finding.warning(
                    "memory",
                    String.format(
                            java.util.Locale.ROOT,
                            "the policy's tables take %.0f MiB, and twice that during a reload, of a heap of %.0f MiB",
                            tableBytes / MIB,
                            heapBytes / MIB),
                    "give the box more memory, or make the tables smaller"));
        }
        return findings;
    }
}
