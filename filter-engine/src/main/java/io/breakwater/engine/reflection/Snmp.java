package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/** Finds the PDU of an SNMP message: v1 (RFC 1157), v2c (RFC 1901) and v3 (RFC 3412). */
@HotPath
final class Snmp {
    /** RFC 3416 section 3. */
    static final int GET_REQUEST = 0xa0;

    static final int RESPONSE = 0xa2;
    static final int REPORT = 0xa8;

    private static final int VERSION_1 = 0;
    private static final int VERSION_2C = 1;
    private static final int VERSION_3 = 3;
    /** RFC 3412 section 6.4: set on messages that ask for an answer only. */
    private static final int REPORTABLE = 0x04;

    private Snmp() {}

    /**
     * The tag of the message's PDU, {@code 0xa0}–{@code 0xa8}; {@link Ber#CUT} if it was not captured, {@link Ber#OTHER}
     * if there is none. Of an encrypted PDU: {@link #GET_REQUEST} if the message asks for an answer, else OTHER.
     */
    static int pdu(FrameSlot frame) {
        int version = Ber.content(frame, 0, Ber.SEQUENCE);
        int at = Ber.skip(frame, version, Ber.INTEGER);
        int number = at < 0 ? at : Ber.tag(frame, at - 1);
        return switch (number) {
            case VERSION_1, VERSION_2C -> pduTag(frame, Ber.skip(frame, at, Ber.OCTET_STRING));
            case VERSION_3 -> version3(frame, at);
            default -> number == Ber.CUT ? Ber.CUT : Ber.OTHER;
        };
    }

    private static int pduTag(FrameSlot frame, int at) {
        int tag = Ber.tag(frame, at);
        boolean known = tag < 0 || (tag >= GET_REQUEST && tag <= REPORT);
        return known ? tag : Ber.OTHER;
    }

    private static int version3(FrameSlot frame, int header) {
        int data = Ber.skip(frame, Ber.skip(frame, header, Ber.SEQUENCE), Ber.OCTET_STRING);
        int tag = Ber.tag(frame, data);
        if (tag == Ber.OCTET_STRING) {
            return encrypted(frame, header);
        }
        int engine = Ber.content(frame, data, Ber.SEQUENCE);
        int name = Ber.skip(frame, engine, Ber.OCTET_STRING);
        return pduTag(frame, Ber.skip(frame, name, Ber.OCTET_STRING));
    }

    private static int encrypted(FrameSlot frame, int header) {
        int id = Ber.content(frame, header, Ber.SEQUENCE);
        int maxSize = Ber.skip(frame, id, Ber.INTEGER);
        int flags = Ber.content(frame, Ber.skip(frame, maxSize, Ber.INTEGER), Ber.OCTET_STRING);
        int value = Ber.tag(frame, flags);
        if (value < 0) {
            return value;
        }
        return (value & REPORTABLE) != 0 ? GET_REQUEST : Ber.OTHER;
    }
}
