package io.breakwater.engine.frame;

import static io.breakwater.engine.frame.GoodFrames.v4;
import static io.breakwater.engine.frame.GoodFrames.v6;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final int IP = FrameSlot.IP;
    private static final int MALFORMED = FrameSlot.MALFORMED;

    /** One rule: a frame that just breaks it, and the nearest one that does not. */
    record Rule(String rule, PacketBuilder broken, PacketBuilder neighbour) {
        @Override
        public String toString() {
            return rule;
        }
    }

    private static Rule rule(String rule, PacketBuilder broken, PacketBuilder neighbour) {
        return new Rule(rule, broken, neighbour);
    }

    static List<Rule> rules() {
        return List.of(
                rule(
                        "IPv4 EtherType, version 6",
                        v4().lieVersionIhl(0x65).udp(53, 1),
                        v4().lieVersionIhl(0x45).udp(53, 1)),
                rule(
                        "IPv4 EtherType, version 0",
                        v4().lieVersionIhl(0x05).udp(53, 1),
                        v4().lieVersionIhl(0x45).udp(53, 1)),
                rule(
                        "IPv6 EtherType, version 4",
                        v6().lieVersionIhl(0x40).udp(53, 1),
                        v6().lieVersionIhl(0x6f).udp(53, 1)),
                rule(
                        "IPv4 packet under the IPv6 EtherType",
                        v4().etherType(0x86dd).udp(53, 1).payloadBytes(40),
                        v4().etherType(0x0800).udp(53, 1).payloadBytes(40)),
                rule(
                        "IPv6 packet under the IPv4 EtherType",
                        v6().etherType(0x0800).udp(53, 1),
                        v6().etherType(0x86dd).udp(53, 1)),
                rule(
                        "header length 4 words",
                        v4().lieVersionIhl(0x44).udp(53, 1),
                        v4().lieVersionIhl(0x45).udp(53, 1)),
                rule(
                        "header length 0",
                        v4().lieVersionIhl(0x40).udp(53, 1),
                        v4().lieVersionIhl(0x45).udp(53, 1)),
                rule(
                        "IPv4 header longer than the total length",
                        v4().lieVersionIhl(0x4f).protocol(1).payloadBytes(39),
                        v4().lieVersionIhl(0x4f).protocol(1).payloadBytes(40)),
                rule(
                        "total length below the header",
                        v4().protocol(1).lieIpLength(19).payloadBytes(8),
                        v4().protocol(1).lieIpLength(20).payloadBytes(8)),
                rule(
                        "total length 0",
                        v4().protocol(1).lieIpLength(0).payloadBytes(8),
                        v4().protocol(1).lieIpLength(20).payloadBytes(8)),
                rule(
                        "total length beyond the frame",
                        v4().protocol(1).lieIpLength(29).payloadBytes(8),
                        v4().protocol(1).lieIpLength(28).payloadBytes(8)),
                rule(
                        "frame ends in the IPv4 header",
                        v4().protocol(1).truncate(33),
                        v4().protocol(1).truncate(34)),
                rule(
                        "payload length beyond the frame",
                        v6().protocol(58).lieIpLength(9).payloadBytes(8),
                        v6().protocol(58).lieIpLength(8).payloadBytes(8)),
                rule(
                        "frame ends in the IPv6 header",
                        v6().protocol(59).truncate(53),
                        v6().protocol(59).truncate(54)),
                rule(
                        "VLAN tag runs past the end",
                        v4().vlan(5).udp(53, 1).truncate(17),
                        PacketBuilder.ethernet().vlan(5).etherType(0x0806)),
                rule(
                        "second VLAN tag runs past the end",
                        v4().tag(0x88a8, 5).vlan(6).udp(53, 1).truncate(18),
                        PacketBuilder.ethernet().tag(0x88a8, 5).vlan(6).etherType(0x0806)),
                rule("extension header begins past the end", v6().protocol(60), v6().protocol(59)),
                rule(
                        "extension header ends past the end",
                        v6().protocol(60).payload(extension(17, 1, 8)),
                        v6().protocol(60).payload(extension(59, 0, 8))),
                rule(
                        "hop-by-hop header ends past the end",
                        v6().protocol(0).payload(extension(59, 2, 23)),
                        v6().protocol(0).payload(extension(59, 2, 24))),
                rule(
                        "fragment header ends past the end",
                        v6().protocol(44).payload(extension(59, 0, 7)),
                        v6().protocol(44).payload(extension(59, 0, 8))),
                rule(
                        "IPv6 AH ends past the end",
                        v6().protocol(51).payload(extension(59, 4, 23)),
                        v6().protocol(51).payload(extension(59, 4, 24))),
                rule(
                        "IPv4 AH ends past the end",
                        v4().protocol(51).payload(extension(1, 1, 11)),
                        v4().protocol(51).payload(extension(1, 1, 12))),
                rule(
                        "header chain of a first fragment continues in the next one (RFC 7112)",
                        v6().protocol(60).payload(extension(17, 1, 8)).fragment(0, true, 1),
                        v6().protocol(60).payload(extension(59, 0, 8)).fragment(0, true, 1)),
                rule(
                        "extension header hidden in the padding",
                        v6().protocol(60).lieIpLength(0).padding(8),
                        v6().protocol(59).lieIpLength(0).padding(8)),
                rule(
                        "UDP length 7",
                        v4().udp(53, 1).payloadBytes(9).lieUdpLength(7),
                        v4().udp(53, 1).payloadBytes(9).lieUdpLength(8)),
                rule(
                        "UDP length 0",
                        v6().udp(53, 1).payloadBytes(9).lieUdpLength(0),
                        v6().udp(53, 1).payloadBytes(9).lieUdpLength(8)),
                rule(
                        "UDP length beyond the IP payload",
                        v4().udp(53, 1).payloadBytes(9).lieUdpLength(18),
                        v4().udp(53, 1).payloadBytes(9).lieUdpLength(17)),
                rule(
                        "UDP length that reaches into the padding",
                        v4().udp(53, 1).payloadBytes(4).lieUdpLength(13).padding(14),
                        v4().udp(53, 1).payloadBytes(4).lieUdpLength(11).padding(14)),
                rule(
                        "UDP length beyond an atomic fragment",
                        v6().udp(53, 1).payloadBytes(9).lieUdpLength(18).atomicFragment(1),
                        v6().udp(53, 1).payloadBytes(9).lieUdpLength(18).fragment(0, true, 1)),
                rule(
                        "UDP length 7 in a first fragment",
                        v4().udp(53, 1).payloadBytes(8).lieUdpLength(7).fragment(0, true, 1),
                        v4().udp(53, 1).payloadBytes(8).lieUdpLength(4000).fragment(0, true, 1)),
                rule(
                        "UDP header cut by the IP length",
                        v4().protocol(17).payload(new byte[] {0, 53, 0, 1, 0, 8, 0}),
                        v4().protocol(17).payload(new byte[] {0, 53, 0, 1, 0, 8, 0, 0})),
                rule(
                        "no room for TCP ports",
                        v4().protocol(6).payloadBytes(3),
                        v4().protocol(6).payloadBytes(4)),
                rule(
                        "first fragment too short for UDP ports",
                        v4().protocol(17).payloadBytes(3).fragment(0, true, 1),
                        v4().protocol(17).payloadBytes(4).fragment(0, true, 1)),
                rule(
                        "first fragment too short for TCP ports",
                        v6().protocol(6).payloadBytes(0).fragment(0, true, 1),
                        v6().protocol(6).payloadBytes(4).fragment(0, true, 1)),
                rule(
                        "first fragment too short, later one is not asked",
                        v6().protocol(17).payloadBytes(1).fragment(0, true, 1),
                        v6().protocol(17).payloadBytes(1).fragment(8, false, 1)),
                rule(
                        "IPv4 fragment ends at 65,536 with its header",
                        v4().protocol(17).payloadBytes(4).fragment(65_512, false, 1),
                        v4().protocol(17).payloadBytes(3).fragment(65_512, false, 1)),
                rule(
                        "IPv4 options count as header",
                        v4().options(8).protocol(17).payloadBytes(4).fragment(65_504, false, 1),
                        v4().options(8).protocol(17).payloadBytes(3).fragment(65_504, false, 1)),
                rule(
                        "IPv6 fragment ends at 65,536 behind the IPv6 header",
                        v6().protocol(17).payloadBytes(8).fragment(65_528, false, 1),
                        v6().protocol(17).payloadBytes(7).fragment(65_528, false, 1)),
                rule(
                        "IPv6 extension headers before the fragment header count",
                        v6().extension(60, 8).protocol(17).payloadBytes(8).fragment(65_520, false, 1),
                        v6().extension(60, 8).protocol(17).payloadBytes(7).fragment(65_520, false, 1)));
    }

    /** The beginning of an extension header or AH: next header, length byte, so many bytes in all. */
    private static byte[] extension(int next, int lengthByte, int bytes) {
        byte[] header = new byte[bytes];
        header[0] = (byte) next;
        header[1] = (byte) lengthByte;
        return header;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void shouldCallMalformedWhatBreaksARuleAndNotItsNeighbour(Rule rule) {
        assertThat(rule.broken().decoded().status()).as("broken").isEqualTo(MALFORMED);
        assertThat(rule.neighbour().decoded().status()).as("neighbour").isNotEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @MethodSource("io.breakwater.engine.frame.GoodFrames#all")
    void shouldNeverCallAGoodFrameMalformedWhereverItsCaptureEnds(PacketBuilder builder) {
        byte[] frame = builder.build();
        FrameSlot whole = PacketBuilder.slot(frame, LinkLayer.ETHERNET);
        FrameDecoder.decode(whole);
        assertThat(whole.status()).isNotEqualTo(MALFORMED);
        for (int captured = 0; captured < frame.length; captured++) {
            FrameSlot cut = PacketBuilder.slot(frame, captured, frame.length, LinkLayer.ETHERNET);
            FrameDecoder.decode(cut);
            assertThat(cut.status()).as("%d bytes captured", captured).isIn(FrameSlot.NON_IP, whole.status());
            assertThat(cut.protocol()).isIn(-1, whole.protocol());
            assertThat(cut.sourcePort()).isIn(FrameSlot.NO_PORT, whole.sourcePort());
            assertThat(cut.destinationPort()).isIn(FrameSlot.NO_PORT, whole.destinationPort());
            assertThat(cut.payloadLength()).isIn(0, whole.payloadLength());
            assertThat(cut.payloadCaptured()).isLessThanOrEqualTo(Math.max(0, captured - cut.payloadOffset()));
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void shouldNotReadBehindTheCaptureOfABrokenFrame(Rule rule) {
        byte[] frame = rule.broken().build();
        int first = frame.length;
        for (int captured = frame.length; captured >= 0; captured--) {
            FrameSlot cut = PacketBuilder.slot(frame, captured, frame.length, LinkLayer.ETHERNET);
            FrameDecoder.decode(cut);
            first = cut.status() == MALFORMED ? captured : first;
        }
        // What is malformed stays so however much more of it is captured.
        for (int captured = first; captured <= frame.length; captured++) {
            FrameSlot cut = PacketBuilder.slot(frame, captured, frame.length, LinkLayer.ETHERNET);
            FrameDecoder.decode(cut);
            assertThat(cut.status()).as("%d bytes captured", captured).isEqualTo(MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldFindPortsBehindAnyStackOfTags(int depth) {
        int[] types = {0x88a8, 0x9100, 0x8100, 0x9200, 0x8100};
        PacketBuilder four = v4();
        PacketBuilder six = v6();
        for (int i = 0; i < depth; i++) {
            four.tag(types[i], 0xe000 | i);
            six.tag(types[i], i);
        }

        assertPorts(four.udp(11211, 40000).decoded(), 17, 11211, 40000);
        assertPorts(six.tcp(443, 40001).decoded(), 6, 443, 40001);
        assertThat(four.decoded().networkOffset()).isEqualTo(14 + 4 * depth);
    }

    private static void assertPorts(FrameSlot slot, int protocol, int source, int destination) {
        assertThat(slot.status()).isEqualTo(IP);
        assertThat(slot.protocol()).isEqualTo(protocol);
        assertThat(slot.sourcePort()).isEqualTo(source);
        assertThat(slot.destinationPort()).isEqualTo(destination);
    }

    @Test
    void shouldFindPortsBehindOptionsAndExtensionHeaders() {
        assertPorts(v4().options(40).udp(11211, 1).decoded(), 17, 11211, 1);
        assertPorts(v4().extension(51, 24).udp(11211, 1).decoded(), 17, 11211, 1);
        assertPorts(v4().extension(51, 12).extension(51, 28).tcp(11211, 1).decoded(), 6, 11211, 1);
        for (int header : new int[] {0, 43, 60, 135, 139, 140}) {
            assertPorts(v6().extension(header, 8).udp(11211, 1).decoded(), 17, 11211, 1);
            assertPorts(v6().extension(header, 2048).udp(11211, 1).decoded(), 17, 11211, 1);
        }
        assertPorts(v6().extension(51, 24).udp(11211, 1).decoded(), 17, 11211, 1);
        assertPorts(
                v6().extension(0, 8)
                        .extension(60, 24)
                        .extension(43, 16)
                        .extension(51, 16)
                        .extension(60, 8)
                        .udp(11211, 1)
                        .decoded(),
                17,
                11211,
                1);
    }

    @Test
    void shouldNotTakeIpv6ExtensionNumbersForHeadersInIpv4() {
        for (int number : new int[] {0, 43, 44, 60, 135, 139, 140}) {
            FrameSlot slot = v4().protocol(number).payload(extension(17, 0, 24)).decoded();
            assertThat(slot.status()).isEqualTo(IP);
            assertThat(slot.protocol()).isEqualTo(number);
            assertThat(slot.sourcePort()).isEqualTo(FrameSlot.NO_PORT);
        }
    }

    @Test
    void shouldNotLookIntoTunnelsNorQuotedHeadersNorEncryption() {
        byte[] four = GoodFrames.rawPackets().get(0);
        byte[] six = GoodFrames.rawPackets().get(1);
        byte[] icmpError = ByteBuffer.allocate(8 + four.length)
                .put((byte) 3)
                .put((byte) 3)
                .put(8, four)
                .array();
        byte[] gre = ByteBuffer.allocate(4 + four.length)
                .putInt(0x0000_0800)
                .put(4, four)
                .array();
        assertNoPorts(v4().protocol(1).payload(icmpError).decoded(), 1);
        assertNoPorts(v6().protocol(58).payload(icmpError).decoded(), 58);
        assertNoPorts(v4().protocol(47).payload(gre).decoded(), 47);
        assertNoPorts(v4().protocol(4).payload(four).decoded(), 4);
        assertNoPorts(v4().protocol(41).payload(six).decoded(), 41);
        assertNoPorts(v6().protocol(4).payload(four).decoded(), 4);
        assertNoPorts(v6().protocol(41).payload(six).decoded(), 41);
        assertNoPorts(v6().protocol(50).payload(four).decoded(), 50);
        assertNoPorts(v6().protocol(59).payload(four).decoded(), 59);
        assertPorts(v4().udp(40000, 4789).payload(four).decoded(), 17, 40000, 4789);
    }

    private static void assertNoPorts(FrameSlot slot, int protocol) {
        assertThat(slot.status()).isEqualTo(IP);
        assertThat(slot.protocol()).isEqualTo(protocol);
        assertThat(slot.sourcePort()).isEqualTo(FrameSlot.NO_PORT);
        assertThat(slot.destinationPort()).isEqualTo(FrameSlot.NO_PORT);
        assertThat(slot.payloadLength()).isZero();
    }

    @Test
    void shouldTellFirstLaterAndAtomicFragmentsApart() {
        assertFragment(
                v4().udp(53, 1).payloadBytes(8).fragment(0, true, 7).decoded(), FrameSlot.FIRST_FRAGMENT, true, 7);
        assertFragment(
                v4().protocol(17).payloadBytes(8).fragment(8, true, 7).decoded(), FrameSlot.LATER_FRAGMENT, true, 7);
        assertFragment(
                v4().protocol(17).payloadBytes(8).fragment(8, false, 7).decoded(), FrameSlot.LATER_FRAGMENT, true, 7);
        assertFragment(v4().udp(53, 1).fragment(0, false, 7).decoded(), FrameSlot.WHOLE, false, 0);
        assertFragment(
                v6().udp(53, 1).payloadBytes(8).fragment(0, true, 0x8000_0007).decoded(),
                FrameSlot.FIRST_FRAGMENT,
                true,
                0x8000_0007);
        assertFragment(
                v6().extension(0, 8)
                        .protocol(17)
                        .payloadBytes(8)
                        .fragment(8, false, 7)
                        .decoded(),
                FrameSlot.LATER_FRAGMENT,
                true,
                7);
        assertFragment(v6().udp(53, 1).atomicFragment(7).decoded(), FrameSlot.WHOLE, true, 0);
    }

    private static void assertFragment(FrameSlot slot, int fragment, boolean counted, int id) {
        assertThat(slot.status()).isEqualTo(IP);
        assertThat(slot.fragment()).isEqualTo(fragment);
        assertThat(slot.isFragment()).isEqualTo(counted);
        assertThat(slot.fragmentId()).isEqualTo(id);
        boolean ports = fragment != FrameSlot.LATER_FRAGMENT;
        assertThat(slot.sourcePort()).isEqualTo(ports ? 53 : FrameSlot.NO_PORT);
        assertThat(slot.transportOffset() >= 0).isEqualTo(ports);
        assertThat(slot.protocol()).isEqualTo(17);
    }

    @Test
    void shouldIgnoreDontFragmentAndTheReservedFlag() {
        byte[] frame = v4().udp(53, 1).build();
        frame[14 + 6] = (byte) 0xc0;
        FrameSlot slot = PacketBuilder.slot(frame, LinkLayer.ETHERNET);
        FrameDecoder.decode(slot);

        assertFragment(slot, FrameSlot.WHOLE, false, 0);
    }

    @Test
    void shouldNameADatagramByItsOutermostFragmentHeader() {
        byte[] inner = ByteBuffer.allocate(24)
                .put(new byte[] {17, 0, 0, 1, 0, 0, 0, 99})
                .put(new byte[] {0, 53, 0, 1, 0, 16, 0, 0})
                .array();
        FrameSlot twice = v6().protocol(44).payload(inner).fragment(0, true, 7).decoded();
        assertFragment(twice, FrameSlot.FIRST_FRAGMENT, true, 7);
        assertThat(twice.fragmentProtocol()).isEqualTo(44);

        inner[3] = 8;
        FrameSlot hidden = v6().protocol(44).payload(inner).fragment(0, true, 7).decoded();
        assertFragment(hidden, FrameSlot.LATER_FRAGMENT, true, 7);
    }

    @Test
    void shouldMeasureTheUdpPayloadByTheShorterOfBothLengths() {
        FrameSlot padded = v4().udp(53, 1).payloadBytes(4).padding(14).decoded();
        FrameSlot shorter = v4().udp(53, 1).payloadBytes(20).lieUdpLength(8 + 5).decoded();
        FrameSlot first = v4().udp(53, 1)
                .payloadBytes(24)
                .lieUdpLength(4000)
                .fragment(0, true, 1)
                .decoded();

        assertThat(padded.payloadLength()).isEqualTo(4);
        assertThat(padded.payloadCaptured()).isEqualTo(4);
        assertThat(shorter.payloadLength()).isEqualTo(5);
        assertThat(first.payloadLength()).isEqualTo(24);
        assertThat(first.payloadOffset()).isEqualTo(14 + 20 + 8);
        assertThat(v4().tcp(53, 1).payloadBytes(9).decoded().payloadOffset()).isEqualTo(-1);
    }

    @Test
    void shouldCountOnlyPayloadThatWasCaptured() {
        byte[] frame = v4().udp(53, 1).payloadBytes(100).build();
        FrameSlot slot = PacketBuilder.slot(frame, 14 + 28 + 30, frame.length, LinkLayer.ETHERNET);
        FrameDecoder.decode(slot);

        assertThat(slot.payloadLength()).isEqualTo(100);
        assertThat(slot.payloadCaptured()).isEqualTo(30);
    }

    @Test
    void shouldReadRawAndCookedPackets() {
        for (byte[] packet : GoodFrames.rawPackets()) {
            boolean ipv4 = packet[0] >>> 4 == 4;
            assertPorts(decoded(packet, LinkLayer.RAW_IP), 17, 11211, 40000);
            assertPorts(decoded(packet, ipv4 ? LinkLayer.RAW_IPV4 : LinkLayer.RAW_IPV6), 17, 11211, 40000);
            assertPorts(decoded(GoodFrames.cooked(packet), LinkLayer.LINUX_SLL), 17, 11211, 40000);
            assertPorts(decoded(GoodFrames.cooked2(packet), LinkLayer.LINUX_SLL2), 17, 11211, 40000);
            assertThat(decoded(packet, ipv4 ? LinkLayer.RAW_IPV6 : LinkLayer.RAW_IPV4)
                            .status())
                    .isEqualTo(MALFORMED);
            assertThat(decoded(packet, LinkLayer.UNSUPPORTED).status()).isEqualTo(FrameSlot.NON_IP);
        }
    }

    @Test
    void shouldReadTagsBehindACookedHeader() {
        byte[] packet = GoodFrames.rawPackets().getFirst();
        byte[] tagged = ByteBuffer.allocate(16 + 4 + packet.length)
                .putShort(14, (short) 0x8100)
                .putShort(16, (short) 100)
                .putShort(18, (short) 0x0800)
                .put(20, packet)
                .array();

        assertPorts(decoded(tagged, LinkLayer.LINUX_SLL), 17, 11211, 40000);
    }

    @Test
    void shouldJudgeRawPacketsOfNoVersionOrNoBytes() {
        byte[] packet = GoodFrames.rawPackets().getFirst().clone();
        packet[0] = 0x55;
        assertThat(decoded(packet, LinkLayer.RAW_IP).status()).isEqualTo(MALFORMED);
        for (int linkLayer : new int[] {LinkLayer.RAW_IP, LinkLayer.RAW_IPV4, LinkLayer.RAW_IPV6}) {
            assertThat(decoded(new byte[0], linkLayer).status()).isEqualTo(MALFORMED);
            FrameSlot unseen = PacketBuilder.slot(packet, 0, packet.length + 20, linkLayer);
            FrameDecoder.decode(unseen);
            assertThat(unseen.status()).isEqualTo(FrameSlot.NON_IP);
        }
    }

    private static FrameSlot decoded(byte[] frame, int linkLayer) {
        FrameSlot slot = PacketBuilder.slot(frame, linkLayer);
        FrameDecoder.decode(slot);
        return slot;
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0806, 0x88cc, 0x8809, 0x0026, 0x888e, 0x8863, 0x8864, 0x8847, 0x88e5, 0x22f0})
    void shouldLeaveOtherLayerTwoFramesAlone(int etherType) {
        List<FrameSlot> frames = new ArrayList<>();
        frames.add(
                PacketBuilder.ethernet().etherType(etherType).payloadBytes(46).decoded());
        frames.add(PacketBuilder.ethernet().etherType(etherType).decoded());
        frames.add(PacketBuilder.ethernet()
                .vlan(9)
                .etherType(etherType)
                .payloadBytes(46)
                .decoded());

        assertThat(frames).allMatch(slot -> slot.status() == FrameSlot.NON_IP && !slot.hasAddresses());
    }

    @Test
    void shouldKnowPauseFramesFromOtherMacControl() {
        byte[] pause = GoodFrames.pause();
        byte[] priorityPause = pause.clone();
        priorityPause[14] = 1;
        byte[] gate = pause.clone();
        gate[15] = 2;

        assertThat(decoded(pause, LinkLayer.ETHERNET).status()).isEqualTo(FrameSlot.MAC_PAUSE);
        assertThat(decoded(priorityPause, LinkLayer.ETHERNET).status()).isEqualTo(FrameSlot.MAC_PAUSE);
        assertThat(decoded(gate, LinkLayer.ETHERNET).status()).isEqualTo(FrameSlot.NON_IP);
        assertThat(decoded(Arrays.copyOf(pause, 15), LinkLayer.ETHERNET).status())
                .isEqualTo(FrameSlot.NON_IP);
    }

    @Test
    void shouldLeaveFramesShorterThanTheirLinkHeaderAlone() {
        for (int bytes = 0; bytes < 14; bytes++) {
            assertThat(decoded(new byte[bytes], LinkLayer.ETHERNET).status()).isEqualTo(FrameSlot.NON_IP);
            assertThat(decoded(new byte[bytes], LinkLayer.LINUX_SLL).status()).isEqualTo(FrameSlot.NON_IP);
            assertThat(decoded(new byte[bytes], LinkLayer.LINUX_SLL2).status()).isEqualTo(FrameSlot.NON_IP);
        }
    }

    @Test
    void shouldForgetTheSlotsLastFrame() {
        FrameSlot slot = v6().udp(53, 1).payloadBytes(8).fragment(0, true, 7).decoded();
        FrameSlot arp =
                PacketBuilder.ethernet().etherType(0x0806).payloadBytes(28).decoded();
        slot.solicited(true);
        slot.wrap(arp.region(), arp.offset(), arp.capturedLength(), arp.length(), LinkLayer.ETHERNET, 0);
        FrameDecoder.decode(slot);

        assertThat(slot.status()).isEqualTo(FrameSlot.NON_IP);
        assertThat(slot.hasAddresses()).isFalse();
        assertThat(slot.isFragment()).isFalse();
        assertThat(slot.fragment()).isEqualTo(FrameSlot.WHOLE);
        assertThat(slot.sourcePort()).isEqualTo(FrameSlot.NO_PORT);
        assertThat(slot.protocol()).isEqualTo(-1);
        assertThat(slot.payloadLength()).isZero();
        assertThat(slot.solicited()).isFalse();
    }
}
