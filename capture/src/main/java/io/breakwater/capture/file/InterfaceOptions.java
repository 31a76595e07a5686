package io.breakwater.capture.file;

import org.jspecify.annotations.Nullable;

/** Reads those options of a pcapng interface description that change what its packets mean. */
final class InterfaceOptions {
    /** Option codes (draft-ietf-opsawg-pcapng, section 4.2). */
    static final int END_OF_OPTIONS = 0;

    static final int TSRESOL = 9;
    static final int FCSLEN = 13;
    static final int TSOFFSET = 14;

    /**
     * From here up {@code if_fcslen} counts bits: old drafts said bits and gave "4" as the example, so writers do both,
     * and no check sequence has 16 bytes.
     */
    private static final int FCS_IN_BITS = 16;

    private static final int HEADER = 4;

    private final ByteWindow window;
    private final int start;
    private final int end;

    InterfaceOptions(ByteWindow window, int start, int end) {
        this.window = window;
        this.start = start;
        this.end = end;
    }

    /** The {@code if_fcslen} that {@link #describe} reads back as this many bytes. */
    static int fcsOption(int bytes) {
        return bytes < FCS_IN_BITS ? bytes : bytes * Byte.SIZE;
    }

    /** The interface, or null if an option runs past the block or has not the length of its kind. */
    @Nullable
    CaptureLink describe(int linkType, long snapLength) {
        int resolution = TickScale.MICROSECONDS;
        int fcs = 0;
        long offset = 0;
        int at = start;
        while (at + HEADER <= end) {
            int code = window.u16(at);
            int length = window.u16(at + 2);
            int value = at + HEADER;
            if (code == END_OF_OPTIONS) {
                break;
            }
            if (length > end - value || length != lengthOf(code, length)) {
                return null;
            }
            switch (code) {
                case TSRESOL -> resolution = window.u8(value);
                case FCSLEN -> fcs = window.u8(value);
                case TSOFFSET -> offset = i64(value);
                default -> {}
            }
            at = value + (length + 3 & ~3);
        }
        int fcsBytes = fcs < FCS_IN_BITS ? fcs : fcs / Byte.SIZE;
        return CaptureLink.of(linkType, fcsBytes, snapLength, new TickScale(resolution, offset));
    }

    private static int lengthOf(int code, int said) {
        return switch (code) {
            case TSRESOL, FCSLEN -> 1;
            case TSOFFSET -> Long.BYTES;
            default -> said;
        };
    }

    private long i64(int offset) {
        long first = window.i32(offset);
        long second = window.i32(offset + Integer.BYTES);
        return window.bigEndian() ? first << 32 | second & 0xffff_ffffL : second << 32 | first & 0xffff_ffffL;
    }
}
