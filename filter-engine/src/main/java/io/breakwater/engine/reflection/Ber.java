package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/** Steps through the basic encoding rules (ITU-T X.690) of LDAP and SNMP, bounded by what was captured. */
@HotPath
final class Ber {
    /** The bytes that decide were not captured. */
    static final int CUT = -1;
    /** The bytes do not encode what was asked for. */
    static final int OTHER = -2;

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private static final int LONG_FORM = 0x80;
    private static final int MAX_LENGTH_BYTES = 4;
    private static final int MAX_LENGTH = 65_535;

    private Ber() {}

    /** The byte at {@code at}, or {@link #CUT} or {@link #OTHER} (also if {@code at} is one of them). */
    static int tag(FrameSlot frame, int at) {
        if (at < 0) {
            return at;
        }
        if (Payload.has(frame, at + 1)) {
            return Payload.u8(frame, at);
        }
        return Payload.isCut(frame, at + 1) ? CUT : OTHER;
    }

    /** Offset of the content of the element with {@code tag} at {@code at}, or {@link #CUT} or {@link #OTHER}. */
    static int content(FrameSlot frame, int at, int tag) {
        int found = tag(frame, at);
        if (found != tag) {
            return found < 0 ? found : OTHER;
        }
        int length = tag(frame, at + 1);
        if (length < 0) {
            return length;
        }
        int lengthBytes = length < LONG_FORM ? 0 : length - LONG_FORM;
        return lengthBytes <= MAX_LENGTH_BYTES ? at + 2 + lengthBytes : OTHER;
    }

    /** Offset behind the element with {@code tag} at {@code at}, or {@link #CUT} or {@link #OTHER}. */
    static int skip(FrameSlot frame, int at, int tag) {
        int content = content(frame, at, tag);
        if (content < 0) {
            return content;
        }
        if (content == at + 2) {
            return content + Payload.u8(frame, at + 1);
        }
        long length = 0;
        for (int i = at + 2; i < content; i++) {
            int next = tag(frame, i);
            if (next < 0) {
                return next;
            }
            length = length << 8 | next;
        }
        return length <= MAX_LENGTH ? content + (int) length : OTHER;
    }
}
