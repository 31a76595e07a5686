package io.breakwater.capture.shield;

import io.breakwater.engine.frame.PacketBuilder;
import java.util.List;
import java.util.SplittableRandom;

/** Ethernet frames of all kinds that a policy looks at, sound and broken, from a seed. */
final class RandomFrames {
    private static final List<String> IPV4 = List.of(
            "198.18.0.1",
            "198.18.77.3",
            "198.19.255.254",
            "203.0.113.5",
            "203.0.113.66",
            "192.0.2.10",
            "192.0.2.77",
            "10.1.2.3",
            "0.0.0.0",
            "0.0.0.9",
            "224.0.0.1",
            "224.0.0.18",
            "239.1.1.1",
            "8.8.8.8",
            "127.0.0.1",
            "192.0.0.9",
            "192.0.0.7",
            "255.255.255.255");
    private static final List<String> IPV6 = List.of(
            "2001:db8::1",
            "2001:db8:100::7",
            "2001:db8:100:5::9",
            "2001:db8:dead::1",
            "::",
            "::1",
            "fe80::1",
            "ff02::1",
            "ff05::2",
            "2606:4700::1",
            "fc00::1",
            "2001::5",
            "2001:20::1",
            "::ffff:c612:1");
    private static final int[] PORTS = {
        11211, 123, 53, 389, 1900, 19, 17, 161, 137, 111, 520, 69, 5353, 27960, 27015, 6881, 751, 3702, 3283, 427,
        10074, 37810, 47808, 10001, 5683, 500, 4500, 1194, 1701, 3389, 5060, 1434, 623, 1604, 32414, 33848, 3478, 80,
        443, 67, 68, 5000, 65535, 1, 0
    };
    private static final List<String> PAYLOADS = List.of(
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.0 200 OK",
            "NOTIFY * HTTP/1.1",
            "HTTP/1.1 20",
            "<?xml version",
            "<s:Envelope",
            "<Envelope",
            "<!--",
            "<zz",
            "<Zz",
            "<[",
            "<`",
            "<{",
            "\5\0\1",
            "\5",
            " \0\0\0DHIP",
            " \0\0\0DHIX",
            "\201\n\0\0",
            "\201\n",
            "\0\0\201\200\0\1\0\1\0\0\0\0",
            "\0\0\1\0\0\1\0\0\0\0\0\0",
            "\26\202\0\0",
            "\26\2",
            "\26",
            "\227\0",
            "\27\0",
            "\44\1",
            "\0\0\0\0\0\1\0\0VALUE x",
            "SIP/2.0 200",
            "\377\377\377\377I",
            "",
            "x");
    private static final int[] EXTENSIONS = {0, 43, 51, 60, 135, 139, 140};

    private final SplittableRandom random;

    RandomFrames(long seed) {
        random = new SplittableRandom(seed);
    }

    byte[] next() {
        PacketBuilder frame = PacketBuilder.ethernet();
        for (int tags = chance(4) ? random.nextInt(6) : 0; tags > 0; tags--) {
            frame.tag(pick(new int[] {0x8100, 0x88a8, 0x9100, 0x9200}), random.nextInt(65_536));
        }
        if (chance(40)) {
            return frame.etherType(pick(new int[] {0x0806, 0x8808, 0x88cc, 0x8847, 0x0800, 0x86dd}))
                    .payloadBytes(random.nextInt(60))
                    .build();
        }
        boolean ipv4 = random.nextBoolean();
        List<String> addresses = ipv4 ? IPV4 : IPV6;
        frame.ip(pick(addresses), pick(addresses));
        if (ipv4 && chance(4)) {
            frame.options(random.nextInt(41));
        }
        for (int headers = chance(4) ? random.nextInt(6) : 0; headers > 0; headers--) {
            int number = ipv4 ? 51 : pick(EXTENSIONS);
            frame.extension(number, number == 51 ? 12 + 4 * random.nextInt(6) : 8 + 8 * random.nextInt(4));
        }
        if (chance(8)) {
            frame.fragment(8 * random.nextInt(chance(2) ? 2 : 8_192), random.nextBoolean(), random.nextInt(50));
        } else if (!ipv4 && chance(20)) {
            frame.atomicFragment(random.nextInt(50));
        }
        upperLayer(frame);
        spoil(frame);
        return flipped(frame.build());
    }

    private void upperLayer(PacketBuilder frame) {
        switch (random.nextInt(8)) {
            case 0, 1 -> frame.tcp(pick(PORTS), pick(PORTS));
            case 2 -> frame.protocol(pick(new int[] {1, 2, 4, 41, 47, 50, 58, 59, 132}));
            default -> frame.udp(pick(PORTS), pick(PORTS));
        }
        if (chance(3)) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            frame.payload(bytes);
        } else {
            frame.payload(pick(PAYLOADS) + "x".repeat(random.nextInt(4)));
        }
    }

    private void spoil(PacketBuilder frame) {
        if (chance(10)) {
            frame.padding(random.nextInt(30));
        }
        if (chance(20)) {
            frame.lieIpLength(chance(2) ? random.nextInt(120) : random.nextInt(65_536));
        }
        if (chance(20)) {
            frame.lieUdpLength(chance(2) ? random.nextInt(80) : random.nextInt(65_536));
        }
        if (chance(40)) {
            frame.lieVersionIhl(random.nextInt(256));
        }
        if (chance(20)) {
            frame.truncate(14 + random.nextInt(80));
        }
    }

    private byte[] flipped(byte[] frame) {
        if (chance(20)) {
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                frame[12 + random.nextInt(frame.length - 12)] = (byte) random.nextInt(256);
            }
        }
        return frame;
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private int pick(int[] from) {
        return from[random.nextInt(from.length)];
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
