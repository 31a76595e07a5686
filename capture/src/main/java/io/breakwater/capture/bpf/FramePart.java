package io.breakwater.capture.bpf;

/**
 * Writes what a card's program does with a frame before it passes.
 *
 * <p>At its start R6 holds the {@code struct xdp_md} and must keep it. It passes a frame by jumping to {@link #PASS} or
 * by running off its end, and drops one by jumping to {@link #DROP}.
 */
@FunctionalInterface
public interface FramePart {
    /** Label: the frame goes on, to the card's AF_XDP socket or, without one, to the kernel. */
    String PASS = "pass";

    /** Label: the frame ends here. */
    String DROP = "drop";

    /** Passes every frame. */
    FramePart NONE = code -> {};

    /** Adds its instructions. */
    void write(Assembler code);
}
