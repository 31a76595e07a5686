package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.util.Arrays;

/**
 * pcapng (draft-ietf-opsawg-pcapng): several sections of either byte order, several interfaces, enhanced, simple and
 * obsolete packet blocks. Every other block is passed over unread, whatever its size.
 *
 * <pre>
 * block: type | total length | body … | total length again
 * </pre>
 */
final class PcapngParser extends RecordParser {
    static final int SECTION_HEADER = 0x0a0d0d0a;
    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    static final int INTERFACE_DESCRIPTION = 1;
    static final int ENHANCED_PACKET = 6;
    static final int ENHANCED_PACKET_DATA = 28;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int SIMPLE_PACKET_DATA = 12;

    /** Type, total length, and total length again. */
    static final int BLOCK_OVERHEAD = 12;

    private static final int BODY = 8;
    private static final int TRAILER = 4;
    private static final int MIN_SECTION_HEADER = 28;
    private static final int MIN_INTERFACE_DESCRIPTION = 20;
    private static final int OPTIONS_OF_INTERFACE = 16;

    /** A block's length decides how much is believed: blocks that are read, not passed over, are at most this long. */
    static final int MAX_READ_BLOCK_BYTES = StreamWindow.MAX_PIECE_BYTES;

    /** Interfaces of one section; beyond that it is damage. */
    private static final int MAX_INTERFACES = 65_536;

    /** What {@link #whole} answers when the block can be read. */
    private static final int READY_BLOCK = -1;

    private CaptureLink[] interfaces = new CaptureLink[4];
    private int interfaceCount;
    private boolean sectionSeen;
    private int trailerOwed;

    PcapngParser(String name, ByteWindow window) {
        super(name, window);
    }

    @Override
    @HotPath
    int next() throws IOException {
        if (trailerOwed != 0) {
            return passedOver();
        }
        int state = window.require(BLOCK_OVERHEAD);
        if (state != ByteWindow.READY) {
            return state == ByteWindow.WAIT ? WAIT : atEnd(BLOCK_OVERHEAD);
        }
        int type = window.i32(0);
        if (type == SECTION_HEADER) {
            return section();
        }
        int length = window.i32(4);
        if (length < BLOCK_OVERHEAD || (length & 3) != 0) {
            return oddLength(length, type);
        }
        return switch (type) {
            case ENHANCED_PACKET, OBSOLETE_PACKET, SIMPLE_PACKET -> packet(type, length);
            case INTERFACE_DESCRIPTION -> interfaceDescription(length);
            default -> passOver(length);
        };
    }

    // ---- Packets.

    @HotPath
    private int packet(int type, int length) throws IOException {
        int state = whole(length);
        if (state != READY_BLOCK) {
            return state;
        }
        boolean found = type == SIMPLE_PACKET ? simple(length) : stamped(type, length);
        if (!found) {
            throw badPacket(type, length);
        }
        window.advance(length);
        frames++;
        return FRAME;
    }

    /** An enhanced or an obsolete packet block; they differ in how they name the interface. */
    @HotPath
    private boolean stamped(int type, int length) {
        if (length < ENHANCED_PACKET_DATA + TRAILER) {
            return false;
        }
        int interfaceId = type == ENHANCED_PACKET ? window.i32(8) : window.u16(8);
        captured = window.i32(20);
        original = window.i32(24);
        if (Integer.compareUnsigned(interfaceId, interfaceCount) >= 0
                || !believable(captured)
                || captured > length - ENHANCED_PACKET_DATA - TRAILER) {
            return false;
        }
        link = interfaces[interfaceId];
        long ticks = (long) window.i32(12) << Integer.SIZE | Integer.toUnsignedLong(window.i32(16));
        timestampNs = link.scale().toNs(ticks);
        frameOffset = window.at() + ENHANCED_PACKET_DATA;
        return true;
    }

    /** A simple packet block: of interface 0, without a stamp, and its captured length follows from others. */
    @HotPath
    private boolean simple(int length) {
        if (interfaceCount == 0 || length < SIMPLE_PACKET_DATA + TRAILER) {
            return false;
        }
        link = interfaces[0];
        original = window.i32(8);
        long kept = Integer.toUnsignedLong(original);
        if (link.snapLength() != 0) {
            kept = Math.min(kept, link.snapLength());
        }
        if (kept > MAX_CAPTURED_BYTES || kept > length - SIMPLE_PACKET_DATA - TRAILER) {
            return false;
        }
        captured = (int) kept;
        timestampNs = 0;
        frameOffset = window.at() + SIMPLE_PACKET_DATA;
        return true;
    }

    private CaptureException badPacket(int type, int length) {
        int least = (type == SIMPLE_PACKET ? SIMPLE_PACKET_DATA : ENHANCED_PACKET_DATA) + TRAILER;
        if (length < least) {
            return damaged("a packet block of %d bytes, at least %d are needed".formatted(length, least));
        }
        if (type == SIMPLE_PACKET) {
            return interfaceCount == 0
                    ? damaged("a packet before any interface was described")
                    : damaged("a packet of %,d bytes in a block of %,d (and at most %,d are believed)"
                            .formatted(Integer.toUnsignedLong(window.i32(8)), length, MAX_CAPTURED_BYTES));
        }
        long interfaceId = type == ENHANCED_PACKET ? Integer.toUnsignedLong(window.i32(8)) : window.u16(8);
        if (interfaceId >= interfaceCount) {
            return damaged("a packet of interface %d, but %d are described".formatted(interfaceId, interfaceCount));
        }
        return damaged("a packet block of %,d bytes claims %,d captured bytes (and at most %,d are believed)"
                .formatted(length, Integer.toUnsignedLong(captured), MAX_CAPTURED_BYTES));
    }

    // ---- Blocks.

    /** {@link #READY_BLOCK} when the whole block is there and its two lengths agree, else what next() answers. */
    @HotPath
    private int whole(int length) throws IOException {
        if (length > MAX_READ_BLOCK_BYTES) {
            throw tooLong(length);
        }
        int state = window.require(length);
        if (state != ByteWindow.READY) {
            return state == ByteWindow.WAIT ? WAIT : atEnd(length);
        }
        if (window.i32(length - TRAILER) != length) {
            throw disagree(length, window.i32(length - TRAILER));
        }
        return READY_BLOCK;
    }

    @HotPath
    private int passOver(int length) {
        window.advance(BODY);
        window.discard(length - BLOCK_OVERHEAD);
        trailerOwed = length;
        return OTHER;
    }

    /** The block that was passed over must end with its length. */
    private int passedOver() throws IOException {
        int state = window.require(TRAILER);
        if (state == ByteWindow.WAIT) {
            return WAIT;
        }
        if (state == ByteWindow.END) {
            throw cutShort("a block of %,d bytes".formatted(trailerOwed), trailerOwed);
        }
        if (window.i32(0) != trailerOwed) {
            throw disagree(trailerOwed, window.i32(0));
        }
        window.advance(TRAILER);
        trailerOwed = 0;
        return OTHER;
    }

    private int atEnd(int needed) throws CaptureException {
        if (window.remaining() == 0 && sectionSeen) {
            return END;
        }
        throw cutShort("the block there", needed);
    }

    private int oddLength(int length, int type) throws CaptureException {
        throw damaged("a block of type 0x%08x claims %,d bytes; lengths are multiples of 4 from 12 to 2,147,483,644"
                .formatted(type, Integer.toUnsignedLong(length)));
    }

    private CaptureException tooLong(int length) {
        return damaged("a block of %,d bytes; packets and descriptions have at most %,d"
                .formatted(length, MAX_READ_BLOCK_BYTES));
    }

    private CaptureException disagree(int first, int last) {
        return damaged("a block says %,d bytes at its start and %,d at its end"
                .formatted(Integer.toUnsignedLong(first), Integer.toUnsignedLong(last)));
    }

    // ---- Sections and interfaces.

    private int section() throws IOException {
        boolean before = window.bigEndian();
        window.bigEndian(false);
        int order = window.i32(8);
        if (order != BYTE_ORDER_MAGIC) {
            window.bigEndian(true);
            if (window.i32(8) != BYTE_ORDER_MAGIC) {
                window.bigEndian(before);
                throw damaged("a section header with byte-order magic 0x%08x".formatted(order));
            }
        }
        int length = window.i32(4);
        if (length < MIN_SECTION_HEADER || (length & 3) != 0) {
            throw damaged("a section header that claims %,d bytes".formatted(Integer.toUnsignedLong(length)));
        }
        int state = whole(length);
        if (state != READY_BLOCK) {
            return state;
        }
        // Minor 2 was written by mistake for 0 and reads the same (section 4.1 of the draft).
        if (window.u16(12) != 1 || window.u16(14) != 0 && window.u16(14) != 2) {
            throw refused("pcapng version %d.%d is not supported, only 1.0; convert it with: editcap %s CONVERTED"
                    .formatted(window.u16(12), window.u16(14), name));
        }
        window.advance(length);
        interfaceCount = 0;
        sectionSeen = true;
        return OTHER;
    }

    private int interfaceDescription(int length) throws IOException {
        int state = whole(length);
        if (state != READY_BLOCK) {
            return state;
        }
        if (length < MIN_INTERFACE_DESCRIPTION) {
            throw damaged("an interface description of %d bytes, at least 20 are needed".formatted(length));
        }
        if (interfaceCount == MAX_INTERFACES) {
            throw damaged("more than %,d interfaces in a section".formatted(MAX_INTERFACES));
        }
        CaptureLink described = new InterfaceOptions(window, OPTIONS_OF_INTERFACE, length - TRAILER)
                .describe(window.u16(8), Integer.toUnsignedLong(window.i32(12)));
        if (described == null) {
            throw damaged("an interface description whose options are not true to their lengths");
        }
        if (interfaceCount == interfaces.length) {
            interfaces = Arrays.copyOf(interfaces, interfaceCount * 2);
        }
        interfaces[interfaceCount++] = described;
        if (firstLink == null) {
            firstLink = described;
        }
        window.advance(length);
        return OTHER;
    }
}
