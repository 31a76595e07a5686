package io.breakwater.bench.live;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Progress;
import io.breakwater.engine.measure.LatencyRecorder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * Measures what devices forward between two namespaces, in turn, A B A B: each run starts the device anew.
 *
 * @param devices in the order in which they take their turns
 * @param sizesBytes of frames
 * @param rounds turns of each
 * @param seconds of each measurement
 * @param framesPerSecond offered at most; 0: as many as the sender can
 */
record LiveBench(List<Device> devices, List<Integer> sizesBytes, int rounds, double seconds, long framesPerSecond) {
    /** Before the measurement: compilers and queues settle. */
    private static final double RAMP_SECONDS = 2;

    private static final double NS_PER_SECOND = 1e9;

    LiveBench {
        devices = List.copyOf(devices);
        sizesBytes = List.copyOf(sizesBytes);
    }

    /** Measures; namespaces and scratch files are removed whatever happens. */
    List<LiveRun> run(Progress progress) throws InterruptedException {
        List<LiveRun> runs = new ArrayList<>();
        try (Wire wire = Wire.build()) {
            Path scratch = Files.createTempDirectory("breakwater-bench");
            try {
                for (int round = 1; round <= rounds; round++) {
                    for (int sizeBytes : sizesBytes) {
                        for (Device device : devices) {
                            String what = String.format(Locale.ROOT, "round %d/%d, %d bytes", round, rounds, sizeBytes);
                            progress.step(what, device.label(), () -> 0);
                            runs.add(measure(wire, scratch, device, sizeBytes));
                        }
                    }
                }
            } finally {
                delete(scratch);
            }
        } catch (IOException e) {
            throw CommandFailure.atRunTime("the measurement failed: " + e.getMessage());
        }
        progress.clear();
        return runs;
    }

    private LiveRun measure(Wire wire, Path scratch, Device device, int sizeBytes)
            throws IOException, InterruptedException {
        double goodput;
        try (AutoCloseable running = device.start(wire, scratch);
                JavaChild sender = JavaChild.start(
                        wire,
                        Wire.SENDER,
                        FloodSender.READY,
                        FloodSender.class,
                        Wire.SENDER_CARD,
                        String.valueOf(sizeBytes),
                        String.valueOf(RAMP_SECONDS + seconds + 1),
                        String.valueOf(framesPerSecond))) {
            sleep(RAMP_SECONDS);
            long before = wire.received();
            long startNs = System.nanoTime();
            sleep(seconds);
            sender.requireAlive();
            long frames = wire.received() - before;
            goodput = frames * NS_PER_SECOND / (System.nanoTime() - startNs);
            if (running instanceof JavaChild child) {
                child.requireAlive();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(device.label() + " cannot be ended: " + e.getMessage(), e);
        }
        return new LiveRun(device, sizeBytes, goodput, latency(Device.histogramLog(scratch)));
    }

    private static void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * NS_PER_SECOND));
    }

    /** Of the inbound lane; takes the log away, so that the next device's is its own. */
    private static Histogram latency(Path log) throws IOException {
        Histogram total = LatencyRecorder.emptyHistogram();
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                if (next instanceof Histogram interval
                        && String.valueOf(interval.getTag()).endsWith("-inbound")) {
                    total.add(interval);
                }
            }
        } catch (FileNotFoundException notBreakwater) {
            return total;
        }
        Files.delete(log);
        return total;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
