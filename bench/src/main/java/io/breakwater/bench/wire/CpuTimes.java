package io.breakwater.bench.wire;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Processor time used until now, in seconds.
 *
 * @param machine all cores, by whatever, interrupts included (proc_stat(5)); the hypervisor's share left out
 * @param device the device's process; 0 if the kernel alone does the work
 */
record CpuTimes(double machine, double device) {
    /** USER_HZ, which every Linux has reported as 100 for decades. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int IDLE = 4;
    private static final int IO_WAIT = 5;
    private static final int STEAL = 8;
    private static final int PROCESS_USER = 11;
    /** What HotSpot calls them, cut to the 15 characters that the kernel keeps. */
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] CompilerThre\\)");

    static CpuTimes now(Running device) throws IOException {
        return new CpuTimes(ofMachine(), device.pid() == Running.NO_PROCESS ? 0 : ofProcess(device.pid()));
    }

    CpuTimes since(CpuTimes earlier) {
        return new CpuTimes(machine - earlier.machine, device - earlier.device);
    }

    private static double ofMachine() throws IOException {
        List<String> fields =
                List.of(Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +"));
        long ticks = 0;
        for (int field = 1; field < STEAL; field++) {
            ticks += field == IDLE || field == IO_WAIT ? 0 : Long.parseLong(fields.get(field));
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static double ofProcess(long pid) throws IOException {
        return of(Files.readString(Path.of("/proc", String.valueOf(pid), "stat")));
    }

    /** Processor time of a Java program's compilers, in seconds; 0 of what is none. */
    static double ofCompilers(Running device) throws IOException {
        if (device.pid() == Running.NO_PROCESS) {
            return 0;
        }
        double seconds = 0;
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", String.valueOf(device.pid()), "task"))) {
            for (Path thread : threads) {
                seconds += ofCompiler(thread.resolve("stat"));
            }
        }
        return seconds;
    }

    private static double ofCompiler(Path stat) throws IOException {
        try {
            String line = Files.readString(stat);
            return COMPILER.matcher(line).find() ? of(line) : 0;
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    private static double of(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[PROCESS_USER]) + Long.parseLong(fields[PROCESS_USER + 1])) / TICKS_PER_SECOND;
    }
}
