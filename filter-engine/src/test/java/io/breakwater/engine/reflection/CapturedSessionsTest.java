package io.breakwater.engine.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.VectorTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real sessions from captures, with each of their hosts in turn as the inside. */
class CapturedSessionsTest {
    @ParameterizedTest
    @CsvSource({
        "bacnet/ndpi-bacnet.pcap",
        "bulk-udp/jnetpcap-afs.pcap",
        "dns/dnscap-dns.pcap",
        "dns/ndpi-dns-fragmented.pcap",
        "dns/suricata-verify-dns-bug1158.pcap",
        "dns/zeek-ticks-dns-1hr.pcap",
        "gaming/ndpi-source-engine.pcap",
        "icmp/suricata-verify-icmp-ping.pcap",
        "icmp/zeek-icmp6-destunreach-ip6ext-udp.pcap",
        "icmp/zeek-icmp6-nd.pcap",
        "ipsec/arkime-ikev1-esp-ipv6.pcap",
        "ipsec/arkime-ikev2.pcap",
        "ipsec/tcpdump-isakmp4500.pcap",
        "mdns/zeek-mdns.pcap",
        "memcached/ndpi-memcached-tcp.cap",
        "memcached/packetbeat-memcache-bin-tcp-multi-store-load.pcap",
        "memcached/packetbeat-memcache-bin-udp-counter-ops.pcap",
        "memcached/packetbeat-memcache-text-tcp-single-load-store.pcap",
        "memcached/packetbeat-memcache-text-tcp-stats.pcap",
        "memcached/packetbeat-memcache-text-udp-multi-store.pcap",
        "memcached/packetbeat-memcache-text-udp-single-store.pcap",
        "mix/zeek-var-services.pcap",
        "mix/zeek-wikipedia.pcap",
        "multicast/zeek-igmp-many-sources.pcap",
        "ntp/ipfixprobe-ntp.pcap",
        "ntp/zeek-ntp-digest.pcap",
        "openvpn/ndpi-openvpn-tlscrypt.pcap",
        "quic/zeek-chromium-google-fragmented-initial.pcap",
        "quic/zeek-quicdoq.pcap",
        "snmp/zeek-snmpwalk-short.pcap",
        "stun/ndpi-stun.pcap",
        "tcp/tcpreplay-test.pcap",
        "tcp/zeek-http-get-ssh-nanosecond.pcap",
        "tftp/ndpi-tftp.pcap",
        "voip/zeek-sip-wireshark.pcap",
    })
    void shouldPassRealSessionsWhole(String file) throws IOException {
        Map<String, Integer> dropped = new TreeMap<>();
        List<FrameSlot> frames = CaptureFile.read(captures().resolve("benign").resolve(file));
        for (Prefix inside : hosts(frames)) {
            replay(frames, inside, dropped);
        }
        assertThat(dropped).isEmpty();
    }

    /**
     * What is not a session: in the sample of a carrier's link ({@code snabb}) and in the generated mix ({@code arkime})
     * these answers and tunnels have no question; memcached, NetBIOS, TFTP and BACnet answers are dropped asked or not.
     */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "mix/snabb-sanitized4k.pcap, \"{unsolicited:dns=3, unsolicited:ike-nat-t=3}\"",
                "mix/arkime-synthetic.pcap, \"{reflection:bacnet=2, reflection:netbios=1, reflection:tftp=2, unsolicited:snmp=1}\"",
                "memcached/lab-memcached-udp-tcp-session.pcapng, {reflection:memcached=61}"
            })
    void shouldDropAnswersWithoutAQuestionAndThoseOfDropVectors(String file, String expected) throws IOException {
        Map<String, Integer> dropped = new TreeMap<>();
        List<FrameSlot> frames = CaptureFile.read(captures().resolve("benign").resolve(file));
        for (Prefix inside : hosts(frames)) {
            replay(frames, inside, dropped);
        }
        assertThat(dropped.toString()).isEqualTo(expected);
    }

    private static Path captures() {
        String named = System.getProperty("breakwater.pcaps", System.getenv("BREAKWATER_PCAPS"));
        Path path = named != null ? Path.of(named) : Path.of("../../shared/pcaps");
        Assumptions.assumeTrue(
                Files.isDirectory(path), "captures are not here; name them with -Dbreakwater.pcaps=DIRECTORY");
        return path;
    }

    private static Set<Prefix> hosts(List<FrameSlot> frames) {
        Set<Prefix> hosts = new LinkedHashSet<>();
        for (FrameSlot frame : frames) {
            if (frame.status() == FrameSlot.IP) {
                int length = frame.isIpv4() ? 32 : 128;
                hosts.add(new Prefix(frame.isIpv4(), frame.sourceHi(), frame.sourceLo(), length));
            }
        }
        return hosts;
    }

    private static void replay(List<FrameSlot> frames, Prefix inside, Map<String, Integer> dropped) {
        Policy policy = Inside.policy(VectorTable.builtIn(), true);
        Reasons reasons = new Reasons();
        SolicitedTable table = new SolicitedTable(16_384, 0, 11);
        ReflectionFilter filter =
                ReflectionFilter.compile(policy, reasons, (reason, frame) -> {}, table, vector -> (frame, now) -> true);
        QuestionRecorder recorder = QuestionRecorder.direct(policy, table);
        long now = 0;
        for (FrameSlot frame : frames) {
            now = Math.max(now, frame.timestampNs());
            boolean out = inside.contains(frame.isIpv4(), frame.sourceHi(), frame.sourceLo());
            boolean in = inside.contains(frame.isIpv4(), frame.destinationHi(), frame.destinationLo());
            if (frame.status() != FrameSlot.IP || out == in) {
                continue;
            }
            frame.lane(out ? Lane.OUTBOUND : Lane.INBOUND);
            int verdict = out ? Verdict.UNSETTLED : filter.classify(frame, now);
            if (verdict == Verdict.UNSETTLED) {
                recorder.onForwarded(frame, now);
            } else {
                dropped.merge(reasons.name(verdict), 1, Integer::sum);
            }
        }
    }
}
