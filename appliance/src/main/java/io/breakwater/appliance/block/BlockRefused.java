package io.breakwater.appliance.block;

/** What was asked for cannot be; the message says why and what to do. */
public final class BlockRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean full;

    BlockRefused(String message, boolean full) {
        super(message, null, false, false);
        this.full = full;
    }

    /** Whether another time may do. */
    public boolean isFull() {
        return full;
    }

    /** Why. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
