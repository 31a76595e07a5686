package io.breakwater.engine.tap;

/**
 * One sampled frame of the inbound lane. Reused: valid only while the consumer is called.
 *
 * <p><b>Thread:</b> the control thread that drains.
 */
public final class FrameSample {
    static final int FLAGS = 0;
    static final int SOURCE_HI = 1;
    static final int SOURCE_LO = 2;
    static final int DESTINATION_HI = 3;
    static final int DESTINATION_LO = 4;
    static final int LENGTH = 5;
    static final int REASONS = 6;
    static final int EVERY = 7;
    static final int WORDS = 8;

    private final long[] words;
    private int at;

    FrameSample(long[] words) {
        this.words = words;
    }

    FrameSample wrap(int at) {
        this.at = at;
        return this;
    }

    public boolean ipv4() {
        return words[at + FLAGS] != 0;
    }

    public long sourceHi() {
        return words[at + SOURCE_HI];
    }

    public long sourceLo() {
        return words[at + SOURCE_LO];
    }

    public long destinationHi() {
        return words[at + DESTINATION_HI];
    }

    public long destinationLo() {
        return words[at + DESTINATION_LO];
    }

    /** Layer-2 bytes without frame check sequence. */
    public int length() {
        return (int) words[at + LENGTH];
    }

    /** 0 if it was forwarded, else why it was not. */
    public int reason() {
        return (int) words[at + REASONS];
    }

    /** The reason for which its vector's rule would drop it, whether or not it did; 0 if it met none. */
    public int matchedReason() {
        return (int) (words[at + REASONS] >>> 32);
    }

    /** How many frames it stands for, on average; 1 = every frame was taken. */
    public int every() {
        return (int) words[at + EVERY];
    }
}
