package io.breakwater.bench.traffic;

/** What generated traffic consists of. */
public enum TrafficMix {
    /** Answers of the chosen vectors to one victim, nothing else. */
    ATTACK,
    /** What a site gets on a quiet day: QUIC, TLS, IPv6, DNS questions from inside and their answers. */
    LEGITIMATE,
    /** Half of each, frame by frame. */
    MIX;

    boolean isAttack(int frame) {
        return this == ATTACK || (this == MIX && (frame & 1) == 0);
    }
}
