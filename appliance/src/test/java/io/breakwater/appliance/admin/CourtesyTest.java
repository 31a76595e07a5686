package io.breakwater.appliance.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CourtesyTest {
    /** Of the fields behind the name in proc_pid_stat(5). */
    private static final int NICE_FIELD = 16;

    private final AtomicLong nanoTime = new AtomicLong();
    private final Courtesy courtesy = new Courtesy(nanoTime::get);

    /** The nice value of a new thread once it has answered so often, and then the one it began with. */
    private int[] niceAfter(int answers, long apartMs) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            int before = nice();
                            for (int i = 0; i < answers; i++) {
                                courtesy.onAnswer();
                                nanoTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(apartMs));
                            }
                            return new int[] {nice(), before};
                        },
                        task -> Thread.ofPlatform().start(task))
                .join();
    }

    private static int nice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_FIELD]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldMakeACrowdGiveWay() {
        assertThat(niceAfter(Courtesy.CROWD, 10)[0]).isEqualTo(Courtesy.NICE);
    }

    @Test
    void shouldLeaveThoseWhoAskNowAndThenTheirPriority() {
        int[] nice = niceAfter(10 * Courtesy.CROWD, 25);

        assertThat(nice[0]).isEqualTo(nice[1]);
    }

    @Test
    void shouldNoticeTheCarrierThatComesAfter() {
        niceAfter(Courtesy.CROWD, 10);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(4));

        assertThat(niceAfter(2, 10)[0]).isEqualTo(Courtesy.NICE);
    }

    @Test
    void shouldForgetACrowdThatHasGone() {
        niceAfter(Courtesy.CROWD, 10);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(20));
        int[] nice = niceAfter(1, 10);

        assertThat(nice[0]).isEqualTo(nice[1]);
    }
}
