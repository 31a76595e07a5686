package io.breakwater.capture.bpf;

/** Where a card's program runs. */
public enum XdpMode {
    /** In the card's driver, before the kernel makes a packet of the frame (XDP_FLAGS_DRV_MODE, linux/if_link.h). */
    NATIVE(1 << 2),
    /** In the kernel's general receive path: with any driver, but slower (XDP_FLAGS_SKB_MODE). */
    GENERIC(1 << 1);

    private final int flags;

    XdpMode(int flags) {
        this.flags = flags;
    }

    int flags() {
        return flags;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
