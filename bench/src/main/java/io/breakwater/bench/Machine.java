package io.breakwater.bench;

/**
 * What figures were measured on: enough to compare them, nothing that says whose machine it is.
 *
 * @param cores that the JVM may use
 * @param kernel release of the operating system
 * @param jdk version of the virtual machine
 * @param loadAverage processes that wanted to run in the last minute: above 1 a core, others disturbed; negative if unknown
 */
public record Machine(int cores, String kernel, String jdk, double loadAverage) {
    /** This machine, now. */
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.version"),
                java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage());
    }
}
