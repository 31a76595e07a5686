package io.breakwater.engine.reflection;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The decoded frames of a capture that these tests replay: pcap and pcapng of Ethernet, loopback, raw IP and Linux cooked. */
final class CaptureFile {
    private static final int PCAP_HEADER_BYTES = 24;
    private static final int PCAPNG = 0x0a0d0d0a;
    private static final int NANOSECOND_PCAP = 0xa1b23c4d;
    private static final int INTERFACE_BLOCK = 1;
    private static final int ENHANCED_PACKET_BLOCK = 6;

    /** Link type NULL: a 4-byte address family, then IP. */
    private static final int LOOPBACK = 0;

    private static final int LOOPBACK_HEADER_BYTES = 4;

    private final List<FrameSlot> frames = new ArrayList<>();
    private final byte[] bytes;
    private final ByteBuffer buffer;

    private CaptureFile(byte[] bytes) {
        this.bytes = bytes;
        this.buffer = ByteBuffer.wrap(bytes);
    }

    static List<FrameSlot> read(Path path) throws IOException {
        CaptureFile file = new CaptureFile(Files.readAllBytes(path));
        if (file.buffer.getInt(0) == PCAPNG) {
            file.pcapng();
        } else {
            file.pcap();
        }
        return file.frames;
    }

    private void pcap() {
        int magic = buffer.getInt(0);
        boolean little = magic >>> 24 != 0xa1;
        buffer.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long unitNs = buffer.getInt(0) == NANOSECOND_PCAP ? 1 : 1_000;
        int link = buffer.getInt(20) & 0xffff;
        int at = PCAP_HEADER_BYTES;
        while (at + 16 <= bytes.length) {
            long ns = (buffer.getInt(at) & 0xffff_ffffL) * 1_000_000_000L + buffer.getInt(at + 4) * unitNs;
            int captured = buffer.getInt(at + 8);
            add(at + 16, captured, buffer.getInt(at + 12), link, ns);
            at += 16 + captured;
        }
    }

    /** Of the first interface's link type, microseconds; enough for these tests. */
    private void pcapng() {
        buffer.order(buffer.getInt(8) == 0x1a2b3c4d ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int link = -1;
        int at = 0;
        while (at + 12 <= bytes.length) {
            int type = buffer.getInt(at);
            if (type == INTERFACE_BLOCK) {
                link = buffer.getShort(at + 8) & 0xffff;
            } else if (type == ENHANCED_PACKET_BLOCK) {
                long micros = (long) buffer.getInt(at + 12) << 32 | buffer.getInt(at + 16) & 0xffff_ffffL;
                add(at + 28, buffer.getInt(at + 20), buffer.getInt(at + 24), link, micros * 1_000);
            }
            at += buffer.getInt(at + 4);
        }
    }

    private void add(int recordAt, int recordCaptured, int recordLength, int link, long ns) {
        int skipped = link == LOOPBACK ? LOOPBACK_HEADER_BYTES : 0;
        int at = recordAt + skipped;
        int captured = recordCaptured - skipped;
        int length = recordLength - skipped;
        int there = Math.min(captured, bytes.length - at);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        FrameSlot slot = new FrameSlot(frames.size());
        int linkLayer = switch (link) {
            case 1 -> LinkLayer.ETHERNET;
            case LOOPBACK, 12, 101 -> LinkLayer.RAW_IP;
            case 113 -> LinkLayer.LINUX_SLL;
            default -> throw new IllegalArgumentException("link type " + link + " is not read by this test");
        };
        slot.wrap(memory, at, there, Math.max(there, length), linkLayer, ns);
        FrameDecoder.decode(slot);
        frames.add(slot);
    }
}
