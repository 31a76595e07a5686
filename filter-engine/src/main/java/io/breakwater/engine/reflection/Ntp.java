package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/** NTP modes (RFC 5905 section 7.3), and the answers of its control (6, RFC 9327) and private (7) modes. */
@HotPath
final class Ntp {
    static final int SYMMETRIC_ACTIVE = 1;
    static final int SYMMETRIC_PASSIVE = 2;
    static final int CLIENT = 3;
    static final int SERVER = 4;
    static final int BROADCAST = 5;

    private static final int CONTROL = 6;
    private static final int PRIVATE = 7;
    private static final int RESPONSE = 0x80;

    private Ntp() {}

    /** The mode, 0–7, or -1 if the first byte was not captured. */
    static int mode(FrameSlot frame) {
        return Payload.has(frame, 1) ? Payload.u8(frame, 0) & 7 : -1;
    }

    /** Whether this answers a control or private query: the response bit is in byte 1 or 0 respectively. */
    static boolean isModeSixOrSevenAnswer(FrameSlot frame) {
        return switch (mode(frame)) {
            case CONTROL -> Payload.has(frame, 2) && (Payload.u8(frame, 1) & RESPONSE) != 0;
            case PRIVATE -> (Payload.u8(frame, 0) & RESPONSE) != 0;
            default -> false;
        };
    }
}
