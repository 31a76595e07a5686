package io.breakwater.capture.shield;

/** Where the program keeps what it learned of a frame: offsets from R10 (linux/filter.h: 512 bytes below it). */
final class Stack {
    /** Key of the source tables: prefix length in bits (4 bytes), then the address. */
    static final int SOURCE_KEY = -24;

    static final int SOURCE = -20;

    /** Key of the victims' table: {@link #TAG}, {@link #FAMILY}, {@link #DESTINATION}. */
    static final int VICTIM_KEY = -48;

    /** The vector's number, 0 = none (4 bytes). */
    static final int TAG = -48;

    /** 4 or 6 (4 bytes). */
    static final int FAMILY = -44;

    /** 16 bytes; an IPv4 address is the first four. */
    static final int DESTINATION = -40;

    /** What {@link SourceRules} says of the source (4 bytes). */
    static final int SOURCE_FLAGS = -52;

    /** Id of the reason of the drop (4 bytes). */
    static final int REASON = -56;

    /** A victim's first value: packets (8 bytes), bytes (8 bytes). */
    static final int FIRST_COUNT = -72;

    private Stack() {}
}
