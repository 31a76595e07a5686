package io.breakwater.appliance.admin;

import io.breakwater.capture.nativeaccess.CpuPriority;
import io.breakwater.capture.nativeaccess.ErrnoException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a crowd of askers wait rather than frames: once there are {@value #CROWD} answers within {@value #WINDOW_SECONDS} s,
 * the thread that carries the admin side's virtual threads gets nice value {@value #NICE}, which beside one busy thread of
 * the data path leaves it a 69th of a core (15 of 1,039 in kernel/sched/core.c), and answers may be older ({@link Fresh}).
 *
 * <p><b>Why</b> not always: on a core that is full an answer then takes up to a second, and the first ones, whose code has
 * not been compiled, many. Whoever asks now and then, a person with a console above all, is answered at once.
 *
 * <p>It cannot be taken back without privileges; but a carrier that had nothing to do for 30 s ends, and the next one begins
 * at the usual priority (java.lang.VirtualThread).
 *
 * <p><b>Thread:</b> any virtual thread that answers; synchronized. <b>Cost:</b> a system call ten times a second at most.
 */
final class Courtesy {
    private static final Logger LOG = LoggerFactory.getLogger(Courtesy.class);

    /** Measured on a full core beside 0, 10 and 15 (ADR 12). */
    static final int NICE = CpuPriority.LEAST;

    /** 50 answers a second: twenty consoles, which ask five times in two seconds. */
    static final int CROWD = 250;

    private static final long WINDOW_SECONDS = 5;
    private static final long WINDOW_NS = WINDOW_SECONDS * 1_000_000_000L;

    /** How soon a carrier that has replaced another is noticed. */
    private static final long AGAIN_NS = 100_000_000L;

    private final LongSupplier nanoTime;
    private long windowNs;
    private int answers;
    private int answersBefore;
    private long loweredNs;
    private boolean isRefused;
    private boolean crowd;

    Courtesy(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.windowNs = nanoTime.getAsLong();
        this.loweredNs = windowNs - AGAIN_NS;
    }

    /** To be called before each answer, by the thread that gives it. */
    synchronized void onAnswer() {
        long nowNs = nanoTime.getAsLong();
        if (nowNs - windowNs >= WINDOW_NS) {
            answersBefore = nowNs - windowNs < 2 * WINDOW_NS ? answers : 0;
            answers = 0;
            windowNs = nowNs;
        }
        answers++;
        crowd = Math.max(answers, answersBefore) >= CROWD;
        if (crowd && nowNs - loweredNs >= AGAIN_NS && !isRefused) {
            loweredNs = nowNs;
            lower();
        }
    }

    /** Whether there was a crowd at the last answer. */
    synchronized boolean isCrowd() {
        return crowd;
    }

    private void lower() {
        try {
            CpuPriority.lower(NICE);
        } catch (ErrnoException e) {
            isRefused = true;
            LOG.warn("{}: the admin side keeps its priority; being asked very often may cost frames", e.getMessage());
        }
    }
}
