package io.breakwater.capture.bpf;

/** When a jump is taken (RFC 9669, section 4.3); all comparisons are unsigned. */
public enum Condition {
    EQUAL(0x10),
    ABOVE(0x20),
    AT_LEAST(0x30),
    /** Any bit of the mask is set. */
    ANY_BIT(0x40),
    NOT_EQUAL(0x50),
    BELOW(0xa0),
    AT_MOST(0xb0);

    private final int bits;

    Condition(int bits) {
        this.bits = bits;
    }

    int bits() {
        return bits;
    }
}
