package io.breakwater.engine.frame;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One pre-allocated cell of the ring: it names where a frame lies, holds what the decoder found in it, and carries the
 * verdict to egress.
 *
 * <p><b>Why</b> a name (memory region, offset, length) and not bytes: a port that can lend memory (a UMEM, a mapped
 * capture) does so, and one that must copy copies into its slab; no later stage knows the difference.
 *
 * <p><b>Thread:</b> exactly one stage owns a slot at a time (rx, then filter, then egress); the ring's sequences hand it
 * over. No field is volatile.
 *
 * <p>Addresses are two longs in network byte order. An IPv4 address is {@code hi = 0, lo = address} (32 bits, zero
 * extended); only together with {@link #isIpv4()} does it identify a host, because {@code ::198.18.0.1} has the same
 * two longs.
 */
public final class FrameSlot {
    /** Neither a fragment nor part of one (an IPv6 atomic fragment, RFC 6946, counts as whole). */
    public static final int WHOLE = 0;
    /** The fragment with offset 0 of several: carries the transport header. */
    public static final int FIRST_FRAGMENT = 1;
    /** A fragment with an offset above 0: has no ports. */
    public static final int LATER_FRAGMENT = 2;

    /** Decoded, and the outermost network header is IPv4 or IPv6. */
    public static final int IP = 0;
    /** No IP at the outermost layer, or not captured far enough to know. */
    public static final int NON_IP = 1;
    /** IEEE 802.3 annex 31B PAUSE (EtherType 0x8808): must not cross the box. */
    public static final int MAC_PAUSE = 2;
    /** Breaks one of the rules listed in {@link FrameDecoder}. */
    public static final int MALFORMED = 3;

    /** A port number that the frame does not have, or that was not captured. */
    public static final int NO_PORT = -1;

    /** Nobody has preclassified the frame. */
    public static final int NOT_PRECLASSIFIED = 0;

    /** Nobody asked which limits match, because none is expected to look. */
    public static final int LIMITS_UNKNOWN = -1;

    /** Limits of a chain of which a slot can say whether they match: the first ones. */
    public static final int LIMITS_KNOWN = Integer.SIZE - 1;

    private static final ValueLayout.OfShort SHORT_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int index;

    // Set by the source.
    private MemorySegment region = MemorySegment.NULL;
    private long offset;
    private int capturedLength;
    private int length;
    private byte linkLayer;
    private long timestampNs;
    private long publishedNs;
    // Not a reference, because each write of one has to be told to the collector.
    private boolean outbound;
    private long sourceTag;

    // Set by the decoder.
    boolean decoded;
    byte status;
    boolean ipv4;
    byte fragment;
    boolean fragmentHeader;
    int fragmentId;
    short fragmentProtocol;
    short protocol;
    int sourcePort;
    int destinationPort;
    int networkOffset;
    int transportOffset;
    int payloadOffset;
    int payloadLength;
    int payloadCaptured;
    long sourceHi;
    long sourceLo;
    long destinationHi;
    long destinationLo;

    // Set by whoever preclassified the frame: rx or the filter.
    private int preclassifiedBy;
    private boolean plain;
    private int matchingLimits;
    private long limitHash;
    private long limitIdentity;
    private int limitEntry;

    // Set by the filter.
    private boolean solicited;
    private short matchedReason;
    private short verdict;
    private byte ahead;

    /**
     * An empty slot; rings create theirs once, at start.
     *
     * @param index place in the ring, from 0: which part of a copying port's slab is this slot's
     */
    public FrameSlot(int index) {
        this.index = index;
    }

    /** Place in the ring, from 0. */
    public int index() {
        return index;
    }

    /**
     * Names the frame. Called by a {@code FrameSource} on the rx thread.
     *
     * @param region memory the frame lies in; it must stay valid until the source is told to release the slot
     * @param offset of the first byte in {@code region}
     * @param capturedLength bytes that are really there, from 0 up
     * @param length the frame's length on the wire without frame check sequence, at least {@code capturedLength}
     * @param linkLayer one of {@link LinkLayer}
     * @param timestampNs when it arrived, nanoseconds since the epoch as its source says (CLOCK_REALTIME), or 0
     */
    public void wrap(
            MemorySegment region, long offset, int capturedLength, int length, int linkLayer, long timestampNs) {
        this.decoded = false;
        this.preclassifiedBy = NOT_PRECLASSIFIED;
        this.plain = false;
        this.matchingLimits = LIMITS_UNKNOWN;
        this.region = region;
        this.offset = offset;
        this.capturedLength = capturedLength;
        this.length = length;
        this.linkLayer = (byte) linkLayer;
        this.timestampNs = timestampNs;
    }

    public MemorySegment region() {
        return region;
    }

    /** Offset of the frame's first byte in {@link #region()}. */
    public long offset() {
        return offset;
    }

    /** Bytes of the frame that are in memory. */
    public int capturedLength() {
        return capturedLength;
    }

    /** Length on the wire in bytes, without frame check sequence: what counters and limits count. */
    public int length() {
        return length;
    }

    /** One of {@link LinkLayer}. */
    public int linkLayer() {
        return linkLayer;
    }

    /** Nanoseconds since the epoch at which the frame arrived, as its source says; 0 if it does not. */
    public long timestampNs() {
        return timestampNs;
    }

    /** {@code System.nanoTime()} of the rx batch that published the slot. */
    public long publishedNs() {
        return publishedNs;
    }

    public void publishedNs(long publishedNs) {
        this.publishedNs = publishedNs;
    }

    public Lane lane() {
        return outbound ? Lane.OUTBOUND : Lane.INBOUND;
    }

    public void lane(Lane lane) {
        this.outbound = lane == Lane.OUTBOUND;
    }

    /** A number of the source's own (chunk address, file index …), returned to it untouched on release. */
    public long sourceTag() {
        return sourceTag;
    }

    public void sourceTag(long sourceTag) {
        this.sourceTag = sourceTag;
    }

    // ---- What the decoder found. Valid after FrameDecoder.decode.

    /** Whether the frame has been decoded since it was named, by whichever stage had the time. */
    public boolean isDecoded() {
        return decoded;
    }

    /** {@link #IP}, {@link #NON_IP}, {@link #MAC_PAUSE} or {@link #MALFORMED}. */
    public int status() {
        return status;
    }

    /** Forgets what was found in the slot's last frame. */
    void clear() {
        status = NON_IP;
        ipv4 = false;
        fragment = WHOLE;
        fragmentHeader = false;
        fragmentId = 0;
        fragmentProtocol = -1;
        protocol = -1;
        sourcePort = NO_PORT;
        destinationPort = NO_PORT;
        networkOffset = -1;
        transportOffset = -1;
        payloadOffset = -1;
        payloadLength = 0;
        payloadCaptured = 0;
        solicited = false;
        matchedReason = 0;
    }

    /** Whether the outermost network header is IPv4. Meaningful only if {@link #hasAddresses()}. */
    public boolean isIpv4() {
        return ipv4;
    }

    /** Whether source and destination addresses were read (also true of some malformed frames). */
    public boolean hasAddresses() {
        return networkOffset >= 0;
    }

    /** {@link #WHOLE}, {@link #FIRST_FRAGMENT} or {@link #LATER_FRAGMENT}. */
    public int fragment() {
        return fragment;
    }

    /** Whether the frame counts as an IP fragment in reports: any fragment, first ones and atomic ones too. */
    public boolean isFragment() {
        return fragmentHeader;
    }

    /** Identification of the fragmented datagram: 16 bits (RFC 791) or 32 bits (RFC 8200). */
    public int fragmentId() {
        return fragmentId;
    }

    /**
     * Protocol number that all fragments of a datagram share: that of the IPv4 header (RFC 791) or of the IPv6 fragment
     * header. Differs from {@link #protocol()} when AH stands between.
     */
    public int fragmentProtocol() {
        return fragmentProtocol;
    }

    /**
     * Number of the upper-layer protocol (IANA), behind AH and IPv6 extension headers; -1 when it was not captured. Of
     * a later fragment: what its IP or fragment header names.
     */
    public int protocol() {
        return protocol;
    }

    /** Source port of UDP or TCP; {@link #NO_PORT} for other protocols, later fragments and what was not captured. */
    public int sourcePort() {
        return sourcePort;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /** Offset of the IP header from the frame's first byte; -1 when there is none. */
    public int networkOffset() {
        return networkOffset;
    }

    /** Offset of the upper-layer header from the frame's first byte; -1 when unknown, and in later fragments. */
    public int transportOffset() {
        return transportOffset;
    }

    /** Offset of the UDP payload from the frame's first byte; -1 when this is no UDP datagram or first fragment. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Length of the UDP payload in this frame by its IP and UDP headers, in bytes; 0 when none. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Bytes of the UDP payload that were captured: at most {@link #payloadLength()}. */
    public int payloadCaptured() {
        return payloadCaptured;
    }

    public long sourceHi() {
        return sourceHi;
    }

    public long sourceLo() {
        return sourceLo;
    }

    public long destinationHi() {
        return destinationHi;
    }

    public long destinationLo() {
        return destinationLo;
    }

    // ---- Bytes. Callers check against capturedLength first; the segment's own bounds are the last line of defence.

    /** The unsigned byte {@code at} bytes from the frame's start. */
    public int u8(int at) {
        return region.get(ValueLayout.JAVA_BYTE, offset + at) & 0xff;
    }

    /** The unsigned 16-bit big-endian number {@code at} bytes from the frame's start. */
    public int u16(int at) {
        return region.get(SHORT_BE, offset + at) & 0xffff;
    }

    /** The 32-bit big-endian number {@code at} bytes from the frame's start. */
    public int i32(int at) {
        return region.get(INT_BE, offset + at);
    }

    /** The 64-bit big-endian number {@code at} bytes from the frame's start. */
    public long i64(int at) {
        return region.get(LONG_BE, offset + at);
    }

    // ---- What is known of a decoded frame without looking into tables.

    /** The number of the chain's preclassifier that said what follows, or {@link #NOT_PRECLASSIFIED}: true for that chain. */
    public int preclassifiedBy() {
        return preclassifiedBy;
    }

    /**
     * Notes what a preclassifier says. Thread: rx or the filter, whichever has the slot.
     *
     * @param number the preclassifier's, not {@link #NOT_PRECLASSIFIED}
     * @param plain whether the frame is whole and everything in the chain leaves it alone but blocks and limits
     * @param matchingLimits of the chain's first {@value #LIMITS_KNOWN} limits, from the lowest bit on, those that match, the
     *     first of which {@linkplain #limitKey names} the frame's key; or {@link #LIMITS_UNKNOWN}
     */
    public void preclassify(int number, boolean plain, int matchingLimits) {
        this.preclassifiedBy = number;
        this.plain = plain;
        this.matchingLimits = matchingLimits;
    }

    /**
     * Notes what names the frame's key in a limit's table.
     *
     * @param hash of the key
     * @param identity what tells it from others, and is known without looking there
     */
    public void limitKey(long hash, long identity) {
        this.limitHash = hash;
        this.limitIdentity = identity;
    }

    /** Whether everything in the chain leaves the frame alone but blocks and limits; false also if nobody preclassified it. */
    public boolean isPlain() {
        return plain;
    }

    /** Which of the first limits match, as {@link #preclassify} says. */
    public int matchingLimits() {
        return matchingLimits;
    }

    /** From now on nobody knows which limits match. */
    public void forgetMatchingLimits() {
        this.matchingLimits = LIMITS_UNKNOWN;
    }

    /** The hash that {@link #limitKey} was given. */
    public long limitHash() {
        return limitHash;
    }

    /** Where the entry of that key probably stands in the table, in its own terms. Set by the filter. */
    public int limitEntry() {
        return limitEntry;
    }

    public void limitEntry(int limitEntry) {
        this.limitEntry = limitEntry;
    }

    /** The identity that {@link #limitKey} was given. */
    public long limitIdentity() {
        return limitIdentity;
    }

    // ---- The verdict.

    /** Whether the frame answers what an inside host asked; set by the reflection step, false before. */
    public boolean solicited() {
        return solicited;
    }

    public void solicited(boolean solicited) {
        this.solicited = solicited;
    }

    /**
     * The reason for which a vector's rule would drop the frame, whether or not it does (rates, alerts and monitor mode let
     * frames pass); 0 if it met none. Set by the reflection step.
     */
    public int matchedReason() {
        return matchedReason;
    }

    public void matchedReason(int matchedReason) {
        this.matchedReason = (short) matchedReason;
    }

    /** Place among the frames that were looked ahead to together, from 0. Set by the filter. */
    public int ahead() {
        return ahead;
    }

    public void ahead(int ahead) {
        this.ahead = (byte) ahead;
    }

    /** {@code Verdict.FORWARD}, or the reason id of a drop. */
    public int verdict() {
        return verdict;
    }

    public void verdict(int verdict) {
        this.verdict = (short) verdict;
    }
}
