package io.breakwater.appliance.gateway;

import io.breakwater.capture.nativeaccess.CpuAffinity;
import io.breakwater.capture.nativeaccess.ErrnoException;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes threads that stay on the cores of a list, in turn. */
final class PinnedThreads implements ThreadFactory {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedThreads.class);

    private final List<Integer> cpus;
    private final AtomicInteger made = new AtomicInteger();

    /** With an empty list, plain threads. */
    PinnedThreads(List<Integer> cpus) {
        this.cpus = cpus;
    }

    @Override
    public Thread newThread(Runnable work) {
        if (cpus.isEmpty()) {
            return new Thread(work);
        }
        int cpu = cpus.get(made.getAndIncrement() % cpus.size());
        return new Thread(() -> {
            pin(cpu);
            work.run();
        });
    }

    /** A core that is not there slows the box down at worst; it does not keep frames from flowing. */
    private static void pin(int cpu) {
        try {
            CpuAffinity.pin(cpu);
        } catch (ErrnoException e) {
            LOG.warn("thread {} is not kept on core {}: {}; see cpus in the policy", name(), cpu, e.getMessage());
        }
    }

    private static String name() {
        return Thread.currentThread().getName();
    }
}
