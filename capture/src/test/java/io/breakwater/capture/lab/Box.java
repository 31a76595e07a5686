package io.breakwater.capture.lab;

import com.sun.management.ThreadMXBean;
import io.breakwater.capture.live.PcapPort;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.live.PortOptions;
import io.breakwater.capture.prepare.PortPair;
import io.breakwater.capture.prepare.PortPreparation;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.SlotWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A gateway that forwards everything between two prepared ports; says {@code STATS} lines when asked by a line. */
public final class Box {
    private static final int BATCH = 64;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static volatile boolean running = true;

    private Box() {}

    public static void main(String[] arguments) throws Exception {
        try {
            if (arguments[0].equals("restore")) {
                System.out.println("RESTORED " + PortPreparation.restore(Path.of(arguments[1])));
            } else if (arguments[0].equals("open")) {
                PcapPort.open(arguments[1], BATCH, PortOptions.DEFAULT, PortListener.NONE)
                        .close();
            } else {
                run(Path.of(arguments[0]), arguments[1], arguments[2]);
            }
        } catch (IOException e) {
            System.out.println("ERROR " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Path directory, String outside, String inside) throws Exception {
        try (PortPreparation preparation =
                PortPreparation.prepare(List.of(new PortPair(outside, inside, false)), directory)) {
            preparation.warnings().forEach(warning -> System.out.println("WARNING " + warning));
            PortListener listener = new PortListener() {
                @Override
                public void onUp(String name) {
                    System.out.println("UP " + name);
                }

                @Override
                public void onDown(String name) {
                    System.out.println("DOWN " + name);
                }

                @Override
                public void onRecreated(String name) throws IOException {
                    preparation.again(name);
                }
            };
            try (PcapPort out = PcapPort.open(outside, BATCH, PortOptions.DEFAULT, listener);
                    PcapPort in = PcapPort.open(inside, BATCH, PortOptions.DEFAULT, listener)) {
                forward(out, in);
            }
        }
        System.out.println("CLOSED");
    }

    private static void forward(PcapPort out, PcapPort in) throws Exception {
        Forwarder inbound = new Forwarder(out, in);
        Forwarder outbound = new Forwarder(in, out);
        Thread first = Thread.ofPlatform().start(inbound);
        Thread second = Thread.ofPlatform().start(outbound);
        System.out.println("READY");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            System.out.println("STATS " + inbound + " " + outbound + " up=" + out.isUp() + "," + in.isUp() + " retries="
                    + in.sendRetries() + " drops=" + out.kernelDrops() + " allocated=" + inbound.allocatedBytes);
        }
        running = false;
        first.join();
        second.join();
    }

    /** One lane on one thread. */
    private static final class Forwarder implements Runnable, SlotWriter {
        private final PcapPort from;
        private final PcapPort to;
        private final FrameSlot[] slots = new FrameSlot[BATCH];
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private volatile long allocatedBytes;
        private int claimed;

        Forwarder(PcapPort from, PcapPort to) {
            this.from = from;
            this.to = to;
            for (int i = 0; i < BATCH; i++) {
                slots[i] = new FrameSlot(i);
            }
        }

        @Override
        public int free() {
            return BATCH - claimed;
        }

        @Override
        public @Nullable FrameSlot tryClaim() {
            return claimed < BATCH ? slots[claimed++] : null;
        }

        @Override
        public void run() {
            while (running) {
                claimed = 0;
                int read = from.poll(this, BATCH);
                for (int i = 0; i < read; i++) {
                    if (!to.send(slots[i])) {
                        refused.incrementAndGet();
                    }
                }
                to.flush();
                received.addAndGet(read);
                allocatedBytes = THREADS.getCurrentThreadAllocatedBytes();
            }
        }

        @Override
        public String toString() {
            return received.get() + "/" + refused.get();
        }
    }
}
