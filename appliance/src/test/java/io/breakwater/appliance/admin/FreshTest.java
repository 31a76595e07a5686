package io.breakwater.appliance.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class FreshTest {
    private final AtomicLong nanoTime = new AtomicLong();
    private final AtomicBoolean crowd = new AtomicBoolean();
    private final AtomicInteger made = new AtomicInteger();
    private final Fresh fresh = new Fresh(nanoTime::get, crowd::get);

    private String ask() {
        byte[] body = fresh.get("a", () -> ("answer " + made.incrementAndGet()).getBytes(StandardCharsets.UTF_8))
                .body();
        return new String(body, StandardCharsets.UTF_8);
    }

    private void passMs(long ms) {
        nanoTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    @Test
    void shouldMakeAnAnswerAnewAfterAFifthOfASecond() {
        assertThat(ask()).isEqualTo("answer 1");
        passMs(199);
        assertThat(ask()).isEqualTo("answer 1");
        passMs(1);
        assertThat(ask()).isEqualTo("answer 2");
    }

    @Test
    void shouldGiveACrowdAnswersOfUpToASecond() {
        crowd.set(true);
        ask();
        passMs(999);
        assertThat(ask()).isEqualTo("answer 1");
        crowd.set(false);
        assertThat(ask()).isEqualTo("answer 2");
        crowd.set(true);
        passMs(1_000);
        assertThat(ask()).isEqualTo("answer 3");
    }

    @Test
    void shouldForgetWhatAChangeHasMadeUntrue() {
        ask();
        fresh.clear();

        assertThat(ask()).isEqualTo("answer 2");
    }

    @Test
    void shouldCompressWhatItAnswers() throws IOException {
        Fresh.Answer answer = fresh.get("a", () -> "frames ".repeat(1_000).getBytes(StandardCharsets.UTF_8));

        assertThat(answer.compressed()).hasSizeLessThan(200);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.compressed())).readAllBytes())
                .isEqualTo(answer.body());
    }
}
