package io.breakwater.bench.traffic;

import io.breakwater.engine.policy.Vector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes Ethernet frames of one size into memory. Numbers name hosts: the same number, the same host. */
final class FrameWriter {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final byte UDP = 17;
    private static final byte TCP = 6;
    private static final int HTTPS = 443;
    private static final int DNS = 53;

    private static final int INSIDE_IPV4 = 0xCB007100; // 203.0.113.0
    private static final int VICTIM = INSIDE_IPV4 | 5;
    private static final int OUTSIDE_IPV4 = 0x10000000; // 16.0.0.0
    private static final long INSIDE_IPV6_HI = 0x20010db8_01000000L; // 2001:db8:100::
    private static final long OUTSIDE_IPV6_HI = 0x2a000000_00000000L; // 2a00::

    private final MemorySegment memory;
    private final int sizeBytes;

    FrameWriter(MemorySegment memory, int sizeBytes) {
        this.memory = memory;
        this.sizeBytes = sizeBytes;
    }

    /** A reflector's answer to the victim. */
    void answer(long at, int source, Vector vector) {
        ipv4(at, outside(source), VICTIM, UDP);
        long payload = udp(at + ETHERNET_BYTES + IPV4_BYTES, vector.port(), 40_000 + (source & 0xfff));
        begin(payload, vector.name());
    }

    private void begin(long payload, String vector) {
        switch (vector) {
            case "ntp" -> memory.set(ValueLayout.JAVA_BYTE, payload, (byte) 0x24); // version 4, mode 4 (server)
            case "dns" -> memory.set(SHORT, payload + 2, (short) 0x8180); // an answer
            case "ssdp" ->
                MemorySegment.copy(
                        MemorySegment.ofArray("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII)),
                        0,
                        memory,
                        payload,
                        17);
            default -> {
                // Matched by port: the payload does not matter.
            }
        }
    }

    void quic(long at, int source) {
        ipv4(at, outside(source), INSIDE_IPV4 | (source & 0x3f), UDP);
        udp(at + ETHERNET_BYTES + IPV4_BYTES, HTTPS, 50_000 + (source & 0xfff));
    }

    void tls(long at, int source) {
        ipv4(at, outside(source), INSIDE_IPV4 | (source & 0x3f), TCP);
        long tcp = at + ETHERNET_BYTES + IPV4_BYTES;
        memory.set(SHORT, tcp, (short) HTTPS);
        memory.set(SHORT, tcp + 2, (short) (50_000 + (source & 0xfff)));
        memory.set(SHORT, tcp + 12, (short) 0x5010); // 20 bytes of header, ACK
    }

    /** Of the least size at which a UDP header fits, if the size is below it. */
    void quicIpv6(long at, int source) {
        int bytes = ipv6Bytes(sizeBytes);
        ethernet(at, 0x86dd);
        long ip = at + ETHERNET_BYTES;
        memory.set(INT, ip, 0x60000000);
        memory.set(SHORT, ip + 4, (short) (bytes - ETHERNET_BYTES - IPV6_BYTES));
        memory.set(ValueLayout.JAVA_BYTE, ip + 6, UDP);
        memory.set(ValueLayout.JAVA_BYTE, ip + 7, (byte) 60);
        memory.set(LONG, ip + 8, OUTSIDE_IPV6_HI | source);
        memory.set(LONG, ip + 16, 1);
        memory.set(LONG, ip + 24, INSIDE_IPV6_HI);
        memory.set(LONG, ip + 32, source & 0x3f);
        udp(ip + IPV6_BYTES, HTTPS, 50_000 + (source & 0xfff), bytes - ETHERNET_BYTES - IPV6_BYTES);
    }

    /** Bytes of an IPv6 frame where others have {@code sizeBytes}. */
    static int ipv6Bytes(int sizeBytes) {
        return Math.max(sizeBytes, ETHERNET_BYTES + IPV6_BYTES + UDP_BYTES);
    }

    /** A question of an inside host; the number is its id. */
    void dnsQuestion(long at, int resolver, int number) {
        ipv4(at, INSIDE_IPV4 | (number >>> 6 & 0x3f), outside(resolver), UDP);
        long payload = udp(at + ETHERNET_BYTES + IPV4_BYTES, dnsPort(number), DNS);
        memory.set(SHORT, payload, (short) number);
        memory.set(SHORT, payload + 2, (short) 0x0100); // recursion desired
    }

    /** The answer to the question of this number. */
    void dnsAnswer(long at, int resolver, int number) {
        ipv4(at, outside(resolver), INSIDE_IPV4 | (number >>> 6 & 0x3f), UDP);
        long payload = udp(at + ETHERNET_BYTES + IPV4_BYTES, DNS, dnsPort(number));
        memory.set(SHORT, payload, (short) number);
        memory.set(SHORT, payload + 2, (short) 0x8180);
    }

    private static int dnsPort(int number) {
        return 20_000 + (number >>> 6 & 0x1fff);
    }

    private static int outside(int source) {
        return OUTSIDE_IPV4 | source;
    }

    private void ethernet(long at, int etherType) {
        memory.set(INT, at, 0x02000000);
        memory.set(SHORT, at + 4, (short) 1);
        memory.set(INT, at + 6, 0x02000000);
        memory.set(SHORT, at + 10, (short) 2);
        memory.set(SHORT, at + 12, (short) etherType);
    }

    private void ipv4(long at, int source, int destination, byte protocol) {
        ethernet(at, 0x0800);
        long ip = at + ETHERNET_BYTES;
        memory.set(SHORT, ip, (short) 0x4500);
        memory.set(SHORT, ip + 2, (short) (sizeBytes - ETHERNET_BYTES));
        memory.set(SHORT, ip + 6, (short) 0x4000); // don't fragment
        memory.set(ValueLayout.JAVA_BYTE, ip + 8, (byte) 60);
        memory.set(ValueLayout.JAVA_BYTE, ip + 9, protocol);
        memory.set(INT, ip + 12, source);
        memory.set(INT, ip + 16, destination);
    }

    /** Writes the UDP header of an IPv4 frame; answers where its payload begins. */
    private long udp(long at, int sourcePort, int destinationPort) {
        return udp(at, sourcePort, destinationPort, sizeBytes - ETHERNET_BYTES - IPV4_BYTES);
    }

    private long udp(long at, int sourcePort, int destinationPort, int udpBytes) {
        memory.set(SHORT, at, (short) sourcePort);
        memory.set(SHORT, at + 2, (short) destinationPort);
        memory.set(SHORT, at + 4, (short) udpBytes);
        return at + UDP_BYTES;
    }
}
