package io.breakwater.appliance.replay;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A second reader of pcap and pcapng, short and slow, that shares nothing with the one under test.
 *
 * <p>Reads up to the first damage. Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
final class ReadCapture {
    private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);

    private final List<Frame> frames = new ArrayList<>();

    /** A frame as it stands in a file, frame check sequence included. */
    record Frame(int linkType, long stampNs, long originalLength, String bytes) {}

    /** An interface of a pcapng section. */
    private record Interface(int linkType, int resolution, long offsetSeconds) {
        long stampNs(BigInteger ticks) {
            BigInteger scaled = (resolution & 0x80) != 0
                    ? ticks.multiply(BILLION).shiftRight(resolution & 0x7f)
                    : ticks.multiply(BILLION).divide(BigInteger.TEN.pow(resolution));
            return scaled.longValue() + offsetSeconds * 1_000_000_000L;
        }
    }

    static List<Frame> frames(Path file) throws IOException {
        ReadCapture reader = new ReadCapture();
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            if (in.getInt(0) == 0x0a0d0d0a) {
                reader.pcapng(in);
            } else {
                reader.pcap(in);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return reader.frames; // Cut short.
        }
        return reader.frames;
    }

    static boolean isPcapng(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).getInt(0) == 0x0a0d0d0a;
    }

    private void pcap(ByteBuffer in) {
        int bigEndian = in.getInt(0);
        in.order(
                bigEndian == 0xa1b2c3d4 || bigEndian == 0xa1b23c4d || bigEndian == 0xa1b2cd34
                        ? ByteOrder.BIG_ENDIAN
                        : ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt(0);
        long fractionNs = magic == 0xa1b23c4d ? 1 : 1_000;
        int linkType = in.getInt(20) & 0xffff;
        in.position(24);
        while (in.hasRemaining()) {
            long seconds = Integer.toUnsignedLong(in.getInt());
            long fraction = Integer.toUnsignedLong(in.getInt());
            int captured = in.getInt();
            long original = Integer.toUnsignedLong(in.getInt());
            if (magic == 0xa1b2cd34) {
                in.position(in.position() + 8);
            }
            frames.add(
                    new Frame(linkType, seconds * 1_000_000_000L + fraction * fractionNs, original, hex(in, captured)));
        }
    }

    private void pcapng(ByteBuffer in) {
        List<Interface> interfaces = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            if (in.getInt(start) == 0x0a0d0d0a) {
                in.order(ByteOrder.BIG_ENDIAN);
                in.order(in.getInt(start + 8) == 0x1a2b3c4d ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                interfaces.clear();
            }
            int type = in.getInt(start);
            int length = in.getInt(start + 4);
            ByteBuffer body = in.slice(start + 8, length - 12).order(in.order());
            switch (type) {
                case 1 -> interfaces.add(description(body));
                case 2 -> packet(interfaces.get(body.getShort()), body.position(4));
                case 3 -> simple(interfaces.get(0), body);
                case 6 -> packet(interfaces.get(body.getInt()), body);
                default -> {} // No packet.
            }
            in.position(start + length);
        }
    }

    private static Interface description(ByteBuffer body) {
        int linkType = Short.toUnsignedInt(body.getShort());
        int resolution = 6;
        long offsetSeconds = 0;
        body.position(8);
        while (body.remaining() >= 4) {
            int code = body.getShort();
            int length = Short.toUnsignedInt(body.getShort());
            if (code == 9) {
                resolution = body.get(body.position()) & 0xff;
            } else if (code == 14) {
                offsetSeconds = body.getLong(body.position());
            } else if (code == 0) {
                break;
            }
            body.position(body.position() + (length + 3 & ~3));
        }
        return new Interface(linkType, resolution, offsetSeconds);
    }

    private void packet(Interface on, ByteBuffer body) {
        long high = Integer.toUnsignedLong(body.getInt());
        long low = Integer.toUnsignedLong(body.getInt());
        BigInteger ticks = BigInteger.valueOf(high).shiftLeft(32).add(BigInteger.valueOf(low));
        int captured = body.getInt();
        long original = Integer.toUnsignedLong(body.getInt());
        frames.add(new Frame(on.linkType(), on.stampNs(ticks), original, hex(body, captured)));
    }

    private void simple(Interface on, ByteBuffer body) {
        int original = body.getInt();
        frames.add(new Frame(on.linkType(), 0, original, hex(body, Math.min(original, body.remaining()))));
    }

    private static String hex(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
