package io.breakwater.appliance.cli;

import io.breakwater.engine.frame.PacketBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Small captures, built byte by byte. */
final class CaptureFiles {
    static final int ETHERNET = 1;
    static final int RAW_IP = 101;
    static final int PPP = 9;

    private CaptureFiles() {}

    /** An answer of a memcached at 198.51.100.1 to 192.0.2.10. */
    static byte[] memcachedAnswer() {
        return udp("198.51.100.1", "192.0.2.10", 11211, 40_000);
    }

    static byte[] udp(String source, String destination, int sourcePort, int destinationPort) {
        return PacketBuilder.ethernet()
                .ip(source, destination)
                .udp(sourcePort, destinationPort)
                .payload("a payload of some bytes")
                .build();
    }

    static byte[] arp() {
        return PacketBuilder.ethernet().etherType(0x0806).payloadBytes(46).build();
    }

    /** A microsecond pcap whose frames are a millisecond apart. */
    static byte[] pcap(int linkType, byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, 0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, linkType);
        for (int i = 0; i < frames.length; i++) {
            put(out, 1_700_000_000, i * 1_000, frames[i].length, frames[i].length);
            out.writeBytes(frames[i]);
        }
        return out.toByteArray();
    }

    /** A pcap whose stamps are 1970 and 2106 in turn. */
    static byte[] jumpingPcap(int linkType, byte[]... frames) {
        byte[] bytes = pcap(linkType, frames);
        int at = 24;
        for (int i = 0; i < frames.length; i++) {
            Arrays.fill(bytes, at, at + 4, (byte) (i % 2 == 0 ? 0 : 0xff));
            at += 16 + frames[i].length;
        }
        return bytes;
    }

    /** A pcapng of one interface. */
    static byte[] pcapng(int linkType, byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, -1, -1, 28);
        put(out, 1, 20, linkType, 0, 20);
        for (byte[] frame : frames) {
            int padding = -frame.length & 3;
            int length = 32 + frame.length + padding;
            put(out, 6, length, 0, 0, 0, frame.length, frame.length);
            out.writeBytes(frame);
            out.writeBytes(new byte[padding]);
            put(out, length);
        }
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        out.writeBytes(bytes.array());
    }

    static byte[][] times(int count, byte[] frame) {
        byte[][] frames = new byte[count][];
        Arrays.fill(frames, frame);
        return frames;
    }

    /** Writes a file and answers its name. */
    static String write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
