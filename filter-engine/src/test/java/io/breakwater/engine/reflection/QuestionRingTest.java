package io.breakwater.engine.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class QuestionRingTest {
    private static final long DNS = 1L << 48;
    private static final long IPV4 = 1L << 49;
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldBringQuestionsInOrder() {
        QuestionRing ring = new QuestionRing(4);
        SolicitedTable table = new SolicitedTable(1_024, 0, 1);
        ring.publish(1, 2, 3, 4, DNS | 53, 0);
        ring.publish(1, 2, 3, 5, DNS | 53, 0);

        assertThat(ring.drainTo(table, 0)).isEqualTo(2);
        assertThat(ring.drainTo(table, 0)).isZero();
        assertThat(table.admits(1, 2, 3, 4, DNS | 53, 1)).isTrue();
        assertThat(table.admits(1, 2, 3, 5, DNS | 53, 1)).isTrue();
        assertThat(table.admits(1, 2, 3, 6, DNS | 53, 1)).isFalse();
    }

    @Test
    void shouldKeepTheTimeOfTheQuestion() {
        QuestionRing ring = new QuestionRing(4);
        SolicitedTable table = new SolicitedTable(1_024, 0, 1);
        ring.publish(0, 2, 0, 4, IPV4 | DNS | 53, 0);
        ring.drainTo(table, 9 * SECOND_NS);

        assertThat(table.admits(0, 2, 0, 4, IPV4 | DNS | 53, 10 * SECOND_NS + 1))
                .isFalse();
    }

    @Test
    void shouldSuspendEnforcementWhenItWasFull() {
        QuestionRing ring = new QuestionRing(4);
        SolicitedTable table = new SolicitedTable(1_024, 0, 1);
        assertThat(table.enforces(0, 1, IPV4, 0)).isTrue();
        for (int i = 0; i < 7; i++) {
            ring.publish(0, 1, 0, i, IPV4 | 123, 0);
        }

        assertThat(ring.lost()).isEqualTo(3);
        assertThat(ring.drainTo(table, 5)).isEqualTo(4);
        assertThat(table.overflows()).isEqualTo(3);
        assertThat(table.enforces(0, 1, IPV4, 5 + 10 * SECOND_NS - 1)).isFalse();
        assertThat(table.enforces(0, 1, IPV4, 5 + 10 * SECOND_NS)).isTrue();
        ring.publish(0, 1, 0, 9, IPV4 | 123, 0);
        assertThat(ring.drainTo(table, 20 * SECOND_NS)).isEqualTo(1);
        assertThat(table.overflows()).as("counted once").isEqualTo(3);
    }

    /** The outbound thread publishes a question and then "sends" it; the inbound one must find what was sent. */
    @Test
    @Timeout(60)
    void shouldKnowEachQuestionBeforeItsAnswerCanCome() throws InterruptedException {
        int questions = 500_000;
        QuestionRing ring = new QuestionRing(1_024);
        SolicitedTable table = new SolicitedTable(65_536, 0, 1);
        AtomicLong sent = new AtomicLong();
        AtomicLong judged = new AtomicLong();
        Thread outbound = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= questions; i++) {
                while (i - judged.get() > 1_000) {
                    Thread.onSpinWait();
                }
                ring.publish(0, i & 0xff, 0, i, IPV4 | DNS | 53, 0);
                sent.setRelease(i);
            }
        });
        long missing = 0;
        long answered = 0;
        while (answered < questions) {
            long polled = sent.getAcquire();
            ring.drainTo(table, 0);
            for (; answered < polled; answered++) {
                long i = answered + 1;
                missing += table.admits(0, i & 0xff, 0, i, IPV4 | DNS | 53, 0) ? 0 : 1;
            }
            judged.set(answered);
            Thread.onSpinWait();
        }
        outbound.join();

        assertThat(missing).isZero();
        assertThat(ring.lost()).isZero();
        assertThat(table.entries()).isZero();
    }
}
