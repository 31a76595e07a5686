package io.breakwater.bench.live;

import io.breakwater.bench.Progress;
import java.util.List;

/** The live ratio that must hold, measured shortly. */
public final class LiveGate {
    /** What the pcap port must reach of a bare pcap4j loop. */
    public static final double LEAST_RATIO = 0.8;

    private static final int SIZE_BYTES = 60;
    private static final int ROUNDS = 2;
    private static final double SECONDS = 1.5;

    private LiveGate() {}

    /** Whether this process may make network namespaces. */
    public static boolean isPossible() {
        return Wire.isPossible();
    }

    /** Frames per second that reach the sink through Breakwater, as a multiple of those through a bare pcap4j loop. */
    public static double ratioToBareLoop(Progress progress) throws InterruptedException {
        List<Device> devices = List.of(Device.BARE_LOOP, Device.BREAKWATER_MEMCACHED);
        LiveBench bench = new LiveBench(devices, List.of(SIZE_BYTES), ROUNDS, SECONDS, 0);
        return new LiveFigures(bench, bench.run(progress))
                .ratioToBareLoop(Device.BREAKWATER_MEMCACHED, SIZE_BYTES)
                .median();
    }
}
