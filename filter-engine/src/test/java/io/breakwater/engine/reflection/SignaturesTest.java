package io.breakwater.engine.reflection;

import static io.breakwater.engine.reflection.Payloads.bytes;
import static io.breakwater.engine.reflection.Payloads.udp;
import static io.breakwater.engine.reflection.Payloads.udpCaptured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignaturesTest {
    /** A payload, whether it bears the signature, and how many of its bytes that takes (0 if it does not). */
    record Fixture(String signature, String payload, int neededBytes) {}

    private static Fixture yes(String signature, int neededBytes, String payload) {
        return new Fixture(signature, payload, neededBytes);
    }

    private static Fixture no(String signature, String payload) {
        return new Fixture(signature, payload, 0);
    }

    static List<Fixture> fixtures() {
        return List.of(
                yes("memcached", 14, "0000 0000 0001 0000 'VALUE a 0 5'"),
                yes("memcached", 13, "1234 0000 0009 0000 'STAT pid 1'"),
                yes("memcached", 13, "1234 0000 0001 0000 'END' 0d0a"),
                yes("memcached", 13, "1234 0000 0001 0000 'ERROR' 0d0a"),
                yes("memcached", 9, "1234 0000 0001 0000 81 00 0000"),
                yes("memcached", 8, "1234 0001 0002 0000 ffff"),
                no("memcached", "1234 0000 0000 0000 'VALUE a'"),
                no("memcached", "1234 0002 0002 0000 ffff"),
                no("memcached", "1234 0000 0001 0001 'VALUE a'"),
                no("memcached", "1234 0000 0001 0000 'get a' 0d0a"),
                no("memcached", "1234 0001 0002"),
                yes("ntp", 1, "d7 00 03 2a 0001 0048"),
                yes("ntp", 2, "16 82 0001 0000"),
                no("ntp", "17 00 03 2a"),
                no("ntp", "16 02 0001"),
                no("ntp", "24 01 00 00"),
                no("ntp", ""),
                yes("dns", 12, "1234 8180 0001 000a 0000 0000 00"),
                no("dns", "1234 0100 0001 0000 0000 0000 00"),
                no("dns", "1234 8180 0002 000a 0000 0000 00"),
                no("dns", "1234 a800 0001 000a 0000 0000 00"),
                no("dns", "1234 8180 0001 000a 0000"),
                yes("cldap", 6, "30 0c 02 01 07 64 07 04 00"),
                yes("cldap", 11, "30 84 00000010 02 02 0107 65 07"),
                no("cldap", "30 0c 02 01 07 63 07 04 00"),
                no("cldap", "30 ff 02 01 07 64"),
                no("cldap", "30 0c 02 7f 07 64"),
                no("cldap", "30 0c 02 84 ffffffff 64"),
                yes("ssdp", 12, "'HTTP/1.1 200 OK' 0d0a"),
                yes("ssdp", 8, "'NOTIFY * HTTP/1.1' 0d0a"),
                no("ssdp", "'M-SEARCH * HTTP/1.1' 0d0a"),
                no("ssdp", "'HTTP/1.1 404'"),
                yes("chargen", 16, "'!\"#$%&()*+,-./0123456789'"),
                yes("chargen", 4, "'ab' 0d0a"),
                no("chargen", "'!\"#$%' 80 '&()*+,-./0123'"),
                no("chargen", ""),
                yes("qotd", 16, "'\"We are such stuff\" ' 0d0a"),
                no("qotd", "00 'We are'"),
                yes("snmp", 14, "30 13 02 01 01 04 06 'public' a2 06 02 01 01"),
                yes("snmp", 14, "30 13 02 01 00 04 06 'public' a8 06 02 01 01"),
                no("snmp", "30 13 02 01 01 04 06 'public' a0 06 02 01 01"),
                no("snmp", "30 13 02 01 02 04 06 'public' a2 06 02 01 01"),
                no("snmp", "30 13 02 01 01 04 7f 'public' a2 06"),
                yes("netbios", 12, "1234 8400 0000 0001 0000 0000 20"),
                no("netbios", "1234 0010 0001 0000 0000 0000 20"),
                yes("portmap", 12, "1234abcd 00000001 00000000 00"),
                no("portmap", "1234abcd 00000000 00000002 000186a0"),
                no("portmap", "1234abcd 00000001 00000002"),
                yes("rip", 4, "0201 0000 0002 0000 0a000000"),
                yes("rip", 4, "0202 0000 0002 0000 0a000000"),
                no("rip", "0101 0000 0000"),
                no("rip", "0203 0000 0000"),
                yes("tftp", 4, "0003 0001 'data'"),
                yes("tftp", 4, "0005 0001 'File not found' 00"),
                no("tftp", "0001 'boot' 00"),
                no("tftp", "0004 0001"),
                yes("mdns", 12, "0000 8400 0000 0001 0000 0000 20"),
                no("mdns", "0000 0000 0001 0000 0000 0000 20"),
                yes("quake", 4, "ffffffff 'statusResponse'"),
                no("quake", "fffffffe 'statusResponse'"),
                yes("steam", 5, "ffffffff 'I' 11"),
                yes("steam", 5, "ffffffff 'D' 11"),
                yes("steam", 5, "ffffffff 'E' 11"),
                yes("steam", 5, "ffffffff 'A' 11"),
                no("steam", "ffffffff 'TSource'"),
                no("steam", "ffffffff"),
                yes("bittorrent", 3, "'d1:rd2:id20:'"),
                yes("bittorrent", 4, "'d12:abc'"),
                no("bittorrent", "'d1'"),
                no("bittorrent", "'hello'"),
                no("bittorrent", "'d123:a'"),
                yes("ws-discovery", 5, "'<?xml version=\"1.0\"?>'"),
                yes("ws-discovery", 14, "'<SOAP:Envelope xmlns'"),
                no("ws-discovery", "'<html><body>'"),
                yes("slp", 2, "02 02 000014 00"),
                yes("slp", 2, "02 0a 000014 00"),
                no("slp", "02 01 000014 00"),
                no("slp", "01 02 000014 00"),
                yes("tp240", 16, "'call is answered 0001'"),
                no("tp240", "'call is answered" + "x".repeat(200) + "'"),
                no("tp240", "01 'call'"),
                yes("dhdiscover", 8, "20000000 'DHIP' 00000000"),
                no("dhdiscover", "20000000 'DHIQ' 00000000"),
                yes("bacnet", 4, "810a 0011 0100 30"),
                no("bacnet", "810b 0011 0100 30"),
                yes("coap", 4, "6445 1234 01020304"),
                no("coap", "4401 1234 01020304"),
                no("coap", "c445 1234 01020304"),
                no("coap", "4945 1234 01020304"),
                yes("sip", 7, "'SIP/2.0 200 OK'"),
                no("sip", "'INVITE sip:a@b SIP/2.0'"),
                yes("mssql", 3, "05 1000 'ServerName'"),
                no("mssql", "03 1000"),
                no("mssql", "05"),
                yes("ipmi", 4, "0600ff07 00"),
                yes("ipmi", 4, "0600ff06 000011be 40"),
                no("ipmi", "06000007 00"),
                yes("plex", 7, "'HTTP/1.0 200 OK'"),
                no("plex", "'M-SEARCH'"),
                yes("jenkins", 2, "'<hudson><version>'"),
                yes("jenkins", 2, "'<?xml'"),
                no("jenkins", "'< hudson'"),
                no("jenkins", "'hudson'"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldTellAnswersFromOtherPayload(Fixture fixture) {
        FrameSlot frame = udp(40_001, bytes(fixture.payload));

        assertThat(Signatures.matches(Signatures.id(fixture.signature), frame)).isEqualTo(fixture.neededBytes > 0);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldNotMatchWhatWasNotCaptured(Fixture fixture) {
        byte[] payload = bytes(fixture.payload);
        int id = Signatures.id(fixture.signature);

        for (int captured = 0; captured <= payload.length; captured++) {
            assertThat(Signatures.matches(id, udpCaptured(40_001, payload, captured)))
                    .as("%d bytes captured", captured)
                    .isEqualTo(fixture.neededBytes > 0 && captured >= fixture.neededBytes);
        }
    }

    @Test
    void shouldTestEverySignatureBothWays() {
        Set<String> matched = new HashSet<>();
        Set<String> refused = new HashSet<>();
        for (Fixture fixture : fixtures()) {
            (fixture.neededBytes > 0 ? matched : refused).add(fixture.signature);
        }
        assertThat(matched).containsExactlyInAnyOrderElementsOf(Signatures.names());
        assertThat(refused).containsExactlyInAnyOrderElementsOf(Signatures.names());
    }

    @Test
    void shouldKnowEverySignatureOfTheVectorTable() {
        List<String> named = VectorTable.builtIn().stream()
                .map(Vector::signature)
                .filter(name -> name != null)
                .toList();

        assertThat(Signatures.names()).containsAll(named);
        assertThatThrownBy(() -> Signatures.id("nosuch")).hasMessageContaining("'nosuch'");
    }

    @Test
    void shouldSurviveAnyBytes() {
        long seed = 20_261_122L;
        Random random = new Random(seed);
        List<byte[]> starts = fixtures().stream().map(f -> bytes(f.payload)).toList();
        for (int round = 0; round < 20_000; round++) {
            byte[] payload = Arrays.copyOf(starts.get(random.nextInt(starts.size())), random.nextInt(64));
            for (int flips = random.nextInt(4); flips > 0 && payload.length > 0; flips--) {
                payload[random.nextInt(payload.length)] = (byte) random.nextInt();
            }
            FrameSlot frame = udpCaptured(53, payload, random.nextInt(payload.length + 1));
            for (int id = 0; id < Signatures.names().size(); id++) {
                boolean once = Signatures.matches(id, frame);
                assertThat(Signatures.matches(id, frame)).as("seed %d", seed).isEqualTo(once);
            }
            for (int protocol = 0; protocol < 16; protocol++) {
                assertThat(Protocol.role(protocol, frame)).as("seed %d", seed).isBetween(0, 3);
            }
        }
    }
}
