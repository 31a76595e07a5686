package io.breakwater.bench.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the process of a device takes of the machine's memory.
 *
 * @param residentBytes pages that are there, shared ones included (VmRSS, proc_pid_status(5))
 * @param heapBytes of a Java program: objects that are left behind a full collection; else 0
 */
record Memory(long residentBytes, long heapBytes) {
    static final Memory NONE = new Memory(0, 0);

    private static final long KIB = 1_024;
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);
    /** Of each generation of the serial collector, as {@code jcmd GC.heap_info} says it. */
    private static final Pattern GENERATION =
            Pattern.compile("^\\s*(?:DefNew|Tenured)\\s.*used (\\d+)K", Pattern.MULTILINE);

    /** Of this device now; a Java program collects its garbage first, so ask only while nothing is measured. */
    static Memory now(Running device, boolean java) throws IOException {
        long pid = device.pid();
        if (pid == Running.NO_PROCESS) {
            return NONE;
        }
        long heapBytes = java ? heapBytes(pid) : 0;
        String status = Files.readString(Path.of("/proc", String.valueOf(pid), "status"));
        return new Memory(sum(RESIDENT, status), heapBytes);
    }

    private static long heapBytes(long pid) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Testbed.run(jcmd, String.valueOf(pid), "GC.run");
        return heapBytes(Testbed.run(jcmd, String.valueOf(pid), "GC.heap_info"));
    }

    /** What is used of all generations that {@code jcmd} told of. */
    static long heapBytes(String heapInfo) throws IOException {
        return sum(GENERATION, heapInfo);
    }

    private static long sum(Pattern kibibytes, String text) throws IOException {
        Matcher found = kibibytes.matcher(text);
        long sum = 0;
        int times = 0;
        while (found.find()) {
            sum += Long.parseLong(found.group(1)) * KIB;
            times++;
        }
        if (times == 0) {
            throw new IOException("no memory figures in: " + text.strip());
        }
        return sum;
    }
}
