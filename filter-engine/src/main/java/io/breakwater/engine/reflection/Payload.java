package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/** Reads of a frame's UDP payload, at offsets from its first byte. Callers check {@link #has} first. */
@HotPath
final class Payload {
    private Payload() {}

    /** Whether the first {@code bytes} of the payload were captured. */
    static boolean has(FrameSlot frame, int bytes) {
        return frame.payloadCaptured() >= bytes;
    }

    /** Whether the datagram has so many payload bytes, but the capture ends before them. */
    static boolean isCut(FrameSlot frame, int bytes) {
        return frame.payloadOffset() < 0 || (frame.payloadCaptured() < bytes && frame.payloadLength() >= bytes);
    }

    static int u8(FrameSlot frame, int at) {
        return frame.u8(frame.payloadOffset() + at);
    }

    static int u16(FrameSlot frame, int at) {
        return frame.u16(frame.payloadOffset() + at);
    }

    static int i32(FrameSlot frame, int at) {
        return frame.i32(frame.payloadOffset() + at);
    }

    /** Whether {@code text} was captured at {@code at}. */
    static boolean holds(FrameSlot frame, int at, byte[] text) {
        if (!has(frame, at + text.length)) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (u8(frame, at + i) != (text[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** Whether any of {@code texts} was captured at {@code at}. */
    static boolean holdsAny(FrameSlot frame, int at, byte[][] texts) {
        for (int i = 0; i < texts.length; i++) {
            if (holds(frame, at, texts[i])) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code text} begins anywhere in the first {@code within} captured bytes. */
    static boolean contains(FrameSlot frame, byte[] text, int within) {
        int last = Math.min(within, frame.payloadCaptured() - text.length + 1);
        for (int at = 0; at < last; at++) {
            if (holds(frame, at, text)) {
                return true;
            }
        }
        return false;
    }
}
