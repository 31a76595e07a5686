package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Progress;
import io.breakwater.bench.nativeaccess.BpfProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Carries a plan out: in each round every device is started, measured and ended, in turn.
 *
 * <p><b>Thread:</b> one control thread.
 */
final class WireBench implements AutoCloseable {
    private static final double NS_PER_SECOND = 1e9;
    private static final double RAMP_SECONDS = 0.25;

    /** Of one load that a Java program is warmed up with. */
    private static final double WARM_UP_SECONDS = 0.5;

    /** It is warm when its compilers take less than this of a core meanwhile; or after so many loads. */
    private static final double COMPILERS_CORES = 0.05;

    private static final int MOST_WARM_UPS = 10;

    /** How long compilers may go on after a load, and how long they must have rested. */
    private static final double COMPILERS_PATIENCE_SECONDS = 5;

    private static final double COMPILERS_REST_SECONDS = 0.1;

    /** Halvings of the search: to a thirtieth of the greatest rate. */
    private static final int HALVINGS = 5;

    /** A calm measurement is longer: 500 probes/s must suffice for a 99.9th percentile. */
    private static final double CALM_FACTOR = 3;

    private final WirePlan plan;
    private final Progress progress;
    private final Testbed bed;
    private final Line gatewayLine;
    private final Line directLine;
    private final List<Measured> measured = new ArrayList<>();
    private final Map<Device, String> leftOut = new EnumMap<>(Device.class);

    private WireBench(WirePlan plan, Progress progress) throws IOException, InterruptedException {
        this.plan = plan;
        this.progress = progress;
        bed = Testbed.build();
        gatewayLine = Line.lay(bed, Testbed.SENDER_CARD, Testbed.SINK_CARD, plan.senderCore());
        directLine = Line.lay(bed, Testbed.DIRECT_SENDER_CARD, Testbed.DIRECT_SINK_CARD, plan.senderCore());
    }

    /** Measures; namespaces and scratch files are removed whatever happens. */
    static WireFigures run(WirePlan plan, Progress progress) throws InterruptedException {
        try (WireBench bench = new WireBench(plan, progress)) {
            for (int round = 1; round <= plan.rounds(); round++) {
                List<Device> turn = new ArrayList<>(plan.devices());
                if (round % 2 == 0) {
                    Collections.reverse(turn);
                }
                for (Device device : turn) {
                    bench.measure(device, round);
                }
            }
            return new WireFigures(plan, bench.measured, bench.leftOut);
        } catch (IOException e) {
            throw CommandFailure.atRunTime("the measurement failed: " + e.getMessage());
        } finally {
            progress.clear();
        }
    }

    private void measure(Device device, int round) throws IOException, InterruptedException {
        if (leftOut.containsKey(device)) {
            return;
        }
        if (device.missing().isPresent()) {
            leftOut.put(device, device.missing().get());
            return;
        }
        step(device, round, "starting", () -> 0);
        try (Running running = device.start(bed, plan.deviceCore(), bed.scratch())) {
            BpfProgram card = openForBatches(device);
            try {
                ask(device, round, running);
            } finally {
                card.close();
            }
        } catch (IOException e) {
            leftOut.put(device, String.valueOf(e.getMessage()));
        }
    }

    private BpfProgram openForBatches(Device device) throws IOException, InterruptedException {
        return device == Device.DIRECT
                ? Line.openForBatches(bed.netns(Testbed.SINK), Testbed.DIRECT_SINK_CARD)
                : Line.openForBatches(bed.netns(Testbed.GATEWAY), Testbed.OUTSIDE);
    }

    private void ask(Device device, int round, Running running) throws IOException, InterruptedException {
        Line line = device == Device.DIRECT ? directLine : gatewayLine;
        Questions questions = new Questions(device, round, running, line);
        questions.warmUp(WirePlan.CALM);
        if (plan.measures().contains(Measure.GOODPUT)) {
            questions.goodput();
        }
        if (plan.measures().contains(Measure.CALM)) {
            questions.calm();
        }
        // These take long: every second round must do.
        if (round % 2 == 1 && plan.measures().contains(Measure.HIGHEST)) {
            questions.highest();
        }
        if (round % 2 == 1 && plan.measures().contains(Measure.CURVE)) {
            questions.curve();
        }
    }

    private static LoadShape unlimited(Workload workload) {
        return new LoadShape(workload, Load.UNLIMITED);
    }

    /** A workload at a rate, with probes beside. */
    private record LoadShape(Workload workload, long framesPerSecond, long probesPerSecond) {
        LoadShape(Workload workload, long framesPerSecond) {
            this(workload, framesPerSecond, WirePlan.PROBES);
        }
    }

    private void step(Device device, int round, String what, LongSupplier frames) {
        progress.step(String.format(Locale.ROOT, "round %d/%d, %s", round, plan.rounds(), device.id()), what, frames);
    }

    /** What one device is asked in one round. */
    private final class Questions {
        private final Device device;
        private final int round;
        private final Running running;
        private final Line line;

        Questions(Device device, int round, Running running, Line line) {
            this.device = device;
            this.round = round;
            this.running = running;
            this.line = line;
        }

        private void keep(Measure measure, Workload workload, Observation observation) {
            measured.add(new Measured(measure, device, workload, round, observation));
        }

        /**
         * Sends a load again and again until the compilers of a Java program have nothing left to do: they share its core,
         * and would be what is measured. Other programs need none.
         */
        void warmUp(Workload workload) throws IOException, InterruptedException {
            for (int load = 0; device.isJava() && load < MOST_WARM_UPS; load++) {
                double before = CpuTimes.ofCompilers(running);
                observe("warm-up", unlimited(workload), WARM_UP_SECONDS);
                double cores = (CpuTimes.ofCompilers(running) - before) / (RAMP_SECONDS + WARM_UP_SECONDS);
                letCompilersFinish();
                if (cores < COMPILERS_CORES) {
                    return;
                }
            }
        }

        private void letCompilersFinish() throws IOException, InterruptedException {
            double before = -1;
            double now = CpuTimes.ofCompilers(running);
            for (double waited = 0; now != before && waited < COMPILERS_PATIENCE_SECONDS; ) {
                sleep(COMPILERS_REST_SECONDS);
                waited += COMPILERS_REST_SECONDS;
                before = now;
                now = CpuTimes.ofCompilers(running);
            }
        }

        void goodput() throws IOException, InterruptedException {
            for (Workload workload : plan.workloads()) {
                warmUp(workload);
                Memory before = memory();
                LoadShape shape = new LoadShape(workload, plan.framesPerSecond(), plan.probesPerSecond());
                Observation seen = observe(workload.label(), shape, plan.seconds());
                keep(Measure.GOODPUT, workload, seen.withMemory(before, memory()));
            }
        }

        private Memory memory() throws IOException {
            return plan.memory() ? Memory.now(running, device.isJava()) : Memory.NONE;
        }

        void calm() throws IOException, InterruptedException {
            keep(
                    Measure.CALM,
                    WirePlan.CALM,
                    observe("calm", new LoadShape(WirePlan.CALM, 0), plan.seconds() * CALM_FACTOR));
        }

        void curve() throws IOException, InterruptedException {
            for (long attack : WirePlan.CURVE_ATTACKS) {
                Mix mix = Mix.of(attack, WirePlan.CURVE_LEGITIMATE);
                Workload workload = new Workload(mix, WirePlan.CALM.sizeBytes(), WirePlan.CALM.sources());
                LoadShape shape = new LoadShape(workload, attack + WirePlan.CURVE_LEGITIMATE);
                keep(Measure.CURVE, workload, observe("curve, " + attack + "/s of attack", shape, plan.seconds()));
            }
        }

        void highest() throws IOException, InterruptedException {
            for (Workload workload : WirePlan.SEARCHED) {
                keep(Measure.HIGHEST, workload, highest(workload));
            }
        }

        /** Everything at once first; else by halving the distance between a rate that passed and one that did not. */
        private Observation highest(Workload workload) throws IOException, InterruptedException {
            String what = "highest rate without loss, " + workload.mix().label();
            Observation all = observe(what, unlimited(workload), plan.seconds());
            if (all.lostShare() < WirePlan.ALLOWED_LOSS) {
                return all;
            }
            Observation best = observe(what, new LoadShape(workload, 1_000), RAMP_SECONDS);
            double passed = 0;
            double failed = all.offeredPerSecond();
            for (int halving = 0; halving < HALVINGS; halving++) {
                double rate = (passed + failed) / 2;
                Observation tried = observe(what, new LoadShape(workload, Math.round(rate)), plan.seconds());
                if (tried.lostShare() < WirePlan.ALLOWED_LOSS) {
                    passed = rate;
                    best = tried;
                } else {
                    failed = rate;
                }
            }
            return best;
        }

        Observation observe(String what, LoadShape shape, double seconds) throws IOException, InterruptedException {
            step(device, round, what, () -> line.sink().frames(Mark.LEGITIMATE));
            line.settle();
            line.reset();
            Generator generator = line.generator();
            double bound = RAMP_SECONDS + seconds + 1;
            generator.start(Load.of(
                    shape.workload(),
                    shape.framesPerSecond(),
                    shape.probesPerSecond(),
                    Math.round(bound * NS_PER_SECOND)));
            sleep(RAMP_SECONDS);
            Counts before = Counts.now(line, running);
            sleep(seconds);
            Counts after = Counts.now(line, running);
            generator.stop();
            running.requireAlive();
            line.settle();
            return after.since(before, line);
        }
    }

    private static void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * NS_PER_SECOND));
    }

    /** What was counted at one moment. */
    private record Counts(
            long ns, long offeredLegitimate, long offeredAttack, long legitimate, long attack, CpuTimes cpu) {
        static Counts now(Line line, Running running) throws IOException {
            return new Counts(
                    System.nanoTime(),
                    line.generator().frames(Mark.LEGITIMATE),
                    line.generator().frames(Mark.ATTACK),
                    line.sink().frames(Mark.LEGITIMATE),
                    line.sink().frames(Mark.ATTACK),
                    CpuTimes.now(running));
        }

        /** Behind the end of the load, when all has arrived that ever will. */
        Observation since(Counts earlier, Line line) {
            return new Observation(
                    (ns - earlier.ns) / NS_PER_SECOND,
                    offeredLegitimate - earlier.offeredLegitimate,
                    offeredAttack - earlier.offeredAttack,
                    legitimate - earlier.legitimate,
                    attack - earlier.attack,
                    line.generator().frames(Mark.LEGITIMATE),
                    line.sink().frames(Mark.LEGITIMATE),
                    line.sink().duplicates(Mark.LEGITIMATE),
                    line.sink().late(Mark.LEGITIMATE),
                    line.generator().frames(Mark.PROBE),
                    cpu.since(earlier.cpu),
                    line.roundTrips().times(),
                    Memory.NONE,
                    Memory.NONE);
        }
    }

    @Override
    public void close() {
        gatewayLine.close();
        directLine.close();
        bed.close();
    }
}
