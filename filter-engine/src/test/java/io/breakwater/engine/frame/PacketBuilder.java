package io.breakwater.engine.frame;

import io.breakwater.engine.policy.Prefix;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds real frames for tests, outermost header first: {@code ethernet().vlan(100).ipv4("198.18.0.1",
 * "203.0.113.5").udp(11211, 40000).payload("…").build()}. Lengths are right unless overridden by a {@code lie…} method.
 */
public final class PacketBuilder {
    private static final int UDP = 17;
    private static final int TCP = 6;

    private int linkLayer = LinkLayer.ETHERNET;
    private final List<int[]> tags = new ArrayList<>();
    private int etherType = -1;
    private boolean ipv4 = true;
    private boolean ip;
    private Prefix source = Prefix.parse("198.18.0.1");
    private Prefix destination = Prefix.parse("203.0.113.5");
    private int ipOptionBytes;
    private int protocol = -1;
    private final List<int[]> extensions = new ArrayList<>();
    private int fragmentOffset;
    private boolean moreFragments;
    private boolean atomicFragment;
    private int fragmentId;
    private int sourcePort = -1;
    private int destinationPort;
    private byte[] payload = new byte[0];
    private int paddingBytes;
    private int lieIpLength = -1;
    private int lieUdpLength = -1;
    private int lieVersionIhl = -1;
    private int truncateTo = -1;

    private PacketBuilder() {}

    /** An Ethernet frame with fixed unicast addresses. */
    public static PacketBuilder ethernet() {
        return new PacketBuilder();
    }

    /** A frame that begins with the IP header. */
    public static PacketBuilder rawIp() {
        PacketBuilder builder = new PacketBuilder();
        builder.linkLayer = LinkLayer.RAW_IP;
        return builder;
    }

    /** One 802.1Q tag (0x8100) more. */
    public PacketBuilder vlan(int vid) {
        return tag(0x8100, vid);
    }

    /** One tag more, with any TPID and tag control information. */
    public PacketBuilder tag(int tpid, int tci) {
        tags.add(new int[] {tpid, tci});
        return this;
    }

    /** A frame that is no IP, with this EtherType. */
    public PacketBuilder etherType(int type) {
        this.etherType = type;
        return this;
    }

    /** IPv4 or IPv6 by the form of the addresses. */
    public PacketBuilder ip(String source, String destination) {
        this.ip = true;
        this.source = Prefix.parse(source);
        this.destination = Prefix.parse(destination);
        this.ipv4 = this.source.ipv4();
        return this;
    }

    public PacketBuilder ipv4(String source, String destination) {
        return ip(source, destination);
    }

    public PacketBuilder ipv6(String source, String destination) {
        return ip(source, destination);
    }

    /** So many bytes of IPv4 options (rounded up to 4). */
    public PacketBuilder options(int bytes) {
        this.ipOptionBytes = (bytes + 3) / 4 * 4;
        return this;
    }

    /** One IPv6 extension header (or AH, 51) of so many bytes, a multiple of 8 (AH: of 4). */
    public PacketBuilder extension(int number, int bytes) {
        extensions.add(new int[] {number, bytes});
        return this;
    }

    /** A fragment: offset in bytes (a multiple of 8), more fragments, identification. */
    public PacketBuilder fragment(int offsetBytes, boolean more, int id) {
        this.fragmentOffset = offsetBytes;
        this.moreFragments = more;
        this.fragmentId = id;
        return this;
    }

    /** IPv6: a fragment header with offset 0 and no more fragments. */
    public PacketBuilder atomicFragment(int id) {
        this.atomicFragment = true;
        this.fragmentId = id;
        return this;
    }

    public PacketBuilder udp(int sourcePort, int destinationPort) {
        return ports(UDP, sourcePort, destinationPort);
    }

    /** TCP with a 20-byte header. */
    public PacketBuilder tcp(int sourcePort, int destinationPort) {
        return ports(TCP, sourcePort, destinationPort);
    }

    private PacketBuilder ports(int protocol, int sourcePort, int destinationPort) {
        this.protocol = protocol;
        this.sourcePort = sourcePort;
        this.destinationPort = destinationPort;
        return this;
    }

    /** Another protocol; the payload begins with its header. */
    public PacketBuilder protocol(int number) {
        this.protocol = number;
        this.sourcePort = -1;
        return this;
    }

    public PacketBuilder payload(byte... bytes) {
        this.payload = bytes.clone();
        return this;
    }

    public PacketBuilder payload(String ascii) {
        return payload(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** So many zero bytes. */
    public PacketBuilder payloadBytes(int count) {
        return payload(new byte[count]);
    }

    /** Bytes behind the IP packet. */
    public PacketBuilder padding(int bytes) {
        this.paddingBytes = bytes;
        return this;
    }

    /** Another IPv4 total length or IPv6 payload length than the true one. */
    public PacketBuilder lieIpLength(int value) {
        this.lieIpLength = value;
        return this;
    }

    public PacketBuilder lieUdpLength(int value) {
        this.lieUdpLength = value;
        return this;
    }

    /** Another first byte of the IP header. */
    public PacketBuilder lieVersionIhl(int value) {
        this.lieVersionIhl = value;
        return this;
    }

    /** Cuts the frame itself (not only its capture) to so many bytes. */
    public PacketBuilder truncate(int bytes) {
        this.truncateTo = bytes;
        return this;
    }

    /** The frame's bytes. */
    public byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] network = ip ? network() : payload;
        if (linkLayer == LinkLayer.ETHERNET) {
            out.writeBytes(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2});
            for (int[] tag : tags) {
                out.writeBytes(ByteBuffer.allocate(4)
                        .putShort((short) tag[0])
                        .putShort((short) tag[1])
                        .array());
            }
            int type = etherType >= 0 ? etherType : ipv4 ? 0x0800 : 0x86dd;
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) type).array());
        }
        out.writeBytes(network);
        out.writeBytes(new byte[paddingBytes]);
        byte[] frame = out.toByteArray();
        return truncateTo >= 0 && truncateTo < frame.length ? java.util.Arrays.copyOf(frame, truncateTo) : frame;
    }

    /** The frame in a slot of its own, captured whole, decoded. */
    public FrameSlot decoded() {
        return decoded(Lane.INBOUND);
    }

    /** The frame in a slot of its own on the given lane, captured whole, decoded. */
    public FrameSlot decoded(Lane lane) {
        FrameSlot slot = slot(build(), linkLayer);
        slot.lane(lane);
        FrameDecoder.decode(slot);
        return slot;
    }

    /** Any bytes in a slot of their own, captured whole, not yet decoded. */
    public static FrameSlot slot(byte[] frame, int linkLayer) {
        return slot(frame, frame.length, frame.length, linkLayer);
    }

    /** The first {@code captured} bytes of a frame that was {@code length} bytes long, not yet decoded. */
    public static FrameSlot slot(byte[] frame, int captured, int length, int linkLayer) {
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, captured));
        MemorySegment.copy(frame, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, captured);
        FrameSlot slot = new FrameSlot(0);
        slot.wrap(memory.asSlice(0, captured), 0, captured, length, linkLayer, 0);
        return slot;
    }

    private byte[] network() {
        byte[] transport = transport();
        return ipv4 ? ipv4Packet(transport) : ipv6Packet(transport);
    }

    private byte[] transport() {
        if (sourcePort < 0 || fragmentOffset > 0) {
            return payload;
        }
        ByteBuffer buffer;
        if (protocol == UDP) {
            buffer = ByteBuffer.allocate(8 + payload.length);
            buffer.putShort((short) sourcePort).putShort((short) destinationPort);
            int length = lieUdpLength >= 0 ? lieUdpLength : 8 + payload.length;
            buffer.putShort((short) length).putShort((short) 0);
        } else {
            buffer = ByteBuffer.allocate(20 + payload.length);
            buffer.putShort((short) sourcePort).putShort((short) destinationPort);
            buffer.putInt(1)
                    .putInt(0)
                    .put((byte) 0x50)
                    .put((byte) 0x10)
                    .putShort((short) 8192)
                    .putInt(0);
        }
        return buffer.put(payload).array();
    }

    private byte[] ipv4Packet(byte[] transport) {
        byte[] chained = withExtensions(transport, false);
        int headerBytes = 20 + ipOptionBytes;
        int total = headerBytes + chained.length;
        ByteBuffer buffer = ByteBuffer.allocate(total);
        buffer.put((byte) (lieVersionIhl >= 0 ? lieVersionIhl : 0x40 | headerBytes / 4))
                .put((byte) 0);
        buffer.putShort((short) (lieIpLength >= 0 ? lieIpLength : total)).putShort((short) fragmentId);
        buffer.putShort((short) (fragmentOffset / 8 | (moreFragments ? 0x2000 : 0)));
        int first = extensions.isEmpty() ? protocol : extensions.getFirst()[0];
        buffer.put((byte) 64).put((byte) first).putShort((short) 0);
        buffer.putInt((int) source.lo()).putInt((int) destination.lo());
        for (int i = 0; i < ipOptionBytes; i++) {
            buffer.put((byte) 1);
        }
        return buffer.put(chained).array();
    }

    private byte[] ipv6Packet(byte[] transport) {
        byte[] chained = withExtensions(transport, true);
        ByteBuffer buffer = ByteBuffer.allocate(40 + chained.length);
        buffer.put((byte) (lieVersionIhl >= 0 ? lieVersionIhl : 0x60))
                .put((byte) 0)
                .putShort((short) 0);
        boolean fragmented = moreFragments || fragmentOffset > 0 || atomicFragment;
        int first = !extensions.isEmpty() ? extensions.getFirst()[0] : fragmented ? 44 : protocol;
        buffer.putShort((short) (lieIpLength >= 0 ? lieIpLength : chained.length));
        buffer.put((byte) first).put((byte) 64);
        buffer.putLong(source.hi()).putLong(source.lo());
        buffer.putLong(destination.hi()).putLong(destination.lo());
        return buffer.put(chained).array();
    }

    /** Extension headers in the given order, then the IPv6 fragment header, then the transport. */
    private byte[] withExtensions(byte[] transport, boolean ipv6) {
        boolean fragmented = ipv6 && (moreFragments || fragmentOffset > 0 || atomicFragment);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < extensions.size(); i++) {
            int[] extension = extensions.get(i);
            int next = i + 1 < extensions.size() ? extensions.get(i + 1)[0] : fragmented ? 44 : protocol;
            byte[] header = new byte[extension[1]];
            header[0] = (byte) next;
            header[1] = (byte) (extension[0] == 51 ? extension[1] / 4 - 2 : extension[1] / 8 - 1);
            out.writeBytes(header);
        }
        if (fragmented) {
            int word = fragmentOffset | (moreFragments ? 1 : 0);
            out.writeBytes(ByteBuffer.allocate(8)
                    .put((byte) protocol)
                    .put((byte) 0)
                    .putShort((short) word)
                    .putInt(fragmentId)
                    .array());
        }
        out.writeBytes(transport);
        return out.toByteArray();
    }
}
