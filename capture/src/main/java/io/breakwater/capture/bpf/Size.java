package io.breakwater.capture.bpf;

/** How much a load or store moves (RFC 9669, section 5). */
public enum Size {
    /** 1 byte. */
    BYTE(0x10),
    /** 2 bytes. */
    HALF(0x08),
    /** 4 bytes. */
    WORD(0x00),
    /** 8 bytes. */
    DOUBLE(0x18);

    private final int bits;

    Size(int bits) {
        this.bits = bits;
    }

    int bits() {
        return bits;
    }
}
