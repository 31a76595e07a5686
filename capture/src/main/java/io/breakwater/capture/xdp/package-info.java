/**
 * Ports by AF_XDP: a frame stays in the memory that the card's driver or the kernel put it in, from one card to the
 * other.
 *
 * <p>A pair has one memory of equal chunks (the UMEM); half of it belongs to each lane. A chunk goes round:
 *
 * <pre>{@code
 *        ┌──────────────────── ChunkReturns (egress → rx) ◄───────────────┐
 *        ▼                                                                │ dropped frames, and
 *   SpareChunks (rx)                                                      │
 *        ▼                                                                │
 *   FILL of the rx card ─► RX of the rx card ─► slot ─► TX of the tx card ─► COMPLETION of the tx card
 *        rx thread            rx thread                  egress thread         egress thread
 * }</pre>
 *
 * <p>So at rest FILL + RX + slots + TX + COMPLETION + returned + spare = chunks of the lane, and each ring has room for all of
 * them: none ever overflows, and the only thing that can run out is FILL, when frames come faster than they leave. Then rx keeps
 * most of them spare, until it has caught up.
 */
@NullMarked
package io.breakwater.capture.xdp;

import org.jspecify.annotations.NullMarked;
