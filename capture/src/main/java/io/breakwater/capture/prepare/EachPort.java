package io.breakwater.capture.prepare;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same step for several ports at once: most of each is waiting for {@code ip}, {@code tc} and {@code ethtool}.
 *
 * <p><b>Thread:</b> one a port, all ended when a step is done.
 */
final class EachPort {
    private EachPort() {}

    /** What is done to one port; must leave the others alone. */
    @FunctionalInterface
    interface Step<A, T> {
        T take(String port, A known) throws IOException;
    }

    /**
     * Takes the step for all ports, also when it fails for one.
     *
     * @param ports each with what the step knows of it
     * @return results by port, in the order of the ports
     * @throws IOException the first failure in that order, with the others suppressed in it
     */
    static <A, T> Map<String, T> take(Map<String, A> ports, Step<A, T> step) throws IOException {
        Map<String, Future<T>> steps = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("port-", 0).factory())) {
            ports.forEach((port, known) -> steps.put(port, threads.submit(() -> step.take(port, known))));
        }
        Map<String, T> results = new LinkedHashMap<>();
        Throwable failure = null;
        for (Map.Entry<String, Future<T>> each : steps.entrySet()) {
            Future<T> done = each.getValue();
            if (done.state() == Future.State.SUCCESS) {
                results.put(each.getKey(), done.resultNow());
            } else if (failure == null) {
                failure = done.exceptionNow();
            } else {
                failure.addSuppressed(done.exceptionNow());
            }
        }
        return switch (failure) {
            case null -> results;
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        };
    }
}
