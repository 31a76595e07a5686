package io.breakwater.engine.classify;

import static io.breakwater.engine.classify.Policies.prefixes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.ServiceRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceGuardTest {
    private static final String FRIEND = "192.0.2.10";
    private static final String STRANGER = "192.0.2.11";

    private final Reasons reasons = new Reasons();
    private final WouldDrops wouldDrops = new WouldDrops();
    private final ServiceGuard guard = guard(
            service("memcached", 11211, true, true, RuleMode.ENFORCE, FRIEND + "/32", "2001:db8:1::/48"),
            service("dns-udp", 53, true, false, RuleMode.ENFORCE),
            service("dns-tcp", 53, false, true, RuleMode.ENFORCE, STRANGER),
            service("watched", 8125, true, false, RuleMode.MONITOR));

    private ServiceGuard guard(ServiceRule... services) {
        return new ServiceGuard(List.of(services), reasons, wouldDrops);
    }

    private static ServiceRule service(
            String name, int port, boolean udp, boolean tcp, RuleMode mode, String... allow) {
        return new ServiceRule(name, port, udp, tcp, prefixes(allow), mode);
    }

    private static PacketBuilder from(String source) {
        return PacketBuilder.ethernet().vlan(5).ip(source, source.contains(":") ? "2001:db8:100::1" : "203.0.113.5");
    }

    @Test
    void shouldDropStrangersOverUdpAndTcp() {
        int reason = reasons.service("memcached");

        assertThat(guard.classify(from(STRANGER).udp(40000, 11211).decoded(), 0))
                .isEqualTo(reason);
        assertThat(guard.classify(from(STRANGER).tcp(40000, 11211).decoded(), 0))
                .isEqualTo(reason);
        assertThat(guard.classify(
                        from("2001:db8:2::1").extension(0, 8).udp(40000, 11211).decoded(), 0))
                .isEqualTo(reason);
        assertThat(reasons.name(reason)).isEqualTo("service:memcached");
    }

    @Test
    void shouldLetAllowedClientsThrough() {
        assertThat(guard.classify(from(FRIEND).udp(40000, 11211).decoded(), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(guard.classify(from(FRIEND).tcp(40000, 11211).decoded(), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(guard.classify(from("2001:db8:1::1").udp(40000, 11211).decoded(), 0))
                .isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldLetOtherPortsAndProtocolsThrough() {
        assertThat(guard.classify(from(STRANGER).udp(11211, 40000).decoded(), 0))
                .isEqualTo(Verdict.UNSETTLED);
        assertThat(guard.classify(from(STRANGER).udp(40000, 11210).decoded(), 0))
                .isEqualTo(Verdict.UNSETTLED);
        assertThat(guard.classify(from(STRANGER).udp(40000, 0).decoded(), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(guard.classify(from(STRANGER).protocol(132).payloadBytes(20).decoded(), 0))
                .isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldKeepServicesOfOnePortApartByProtocol() {
        assertThat(guard.classify(from(STRANGER).udp(40000, 53).decoded(), 0)).isEqualTo(reasons.service("dns-udp"));
        assertThat(guard.classify(from(STRANGER).tcp(40000, 53).decoded(), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(guard.classify(from(FRIEND).tcp(40000, 53).decoded(), 0)).isEqualTo(reasons.service("dns-tcp"));
    }

    @Test
    void shouldCountAndPassInMonitorMode() {
        assertThat(guard.classify(from(STRANGER).udp(40000, 8125).decoded(), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(wouldDrops.reasons).containsExactly(reasons.service("watched"));
    }

    @Test
    void shouldJudgeFirstFragmentsOnlyByTheirPorts() {
        FrameSlot first = from(STRANGER)
                .udp(40000, 11211)
                .payloadBytes(64)
                .fragment(0, true, 1)
                .decoded();
        FrameSlot later = from(STRANGER)
                .protocol(17)
                .payloadBytes(64)
                .fragment(72, false, 1)
                .decoded();

        assertThat(guard.classify(first, 0)).isEqualTo(reasons.service("memcached"));
        assertThat(guard.classify(later, 0)).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldSettleNothingWhenThePortsWereNotCaptured() {
        byte[] frame = from(STRANGER).udp(40000, 11211).build();
        FrameSlot snapped = PacketBuilder.slot(frame, 18 + 20 + 3, frame.length, LinkLayer.ETHERNET);
        FrameDecoder.decode(snapped);

        assertThat(guard.classify(snapped, 0)).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldPassEverythingWithoutServices() {
        assertThat(guard().classify(from(STRANGER).udp(40000, 11211).decoded(), 0))
                .isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldFindEachOfManyServices() {
        List<ServiceRule> services = new ArrayList<>();
        for (int port = 1; port <= 65_535; port += 331) {
            services.add(service("s" + port, port, port % 2 == 0, true, RuleMode.ENFORCE));
        }
        ServiceGuard many = new ServiceGuard(services, reasons, wouldDrops);

        for (int port = 1; port <= 65_535; port++) {
            boolean guarded = (port - 1) % 331 == 0;
            int reason = guarded ? reasons.service("s" + port) : Verdict.UNSETTLED;
            assertThat(many.classify(from(STRANGER).tcp(40000, port).decoded(), 0))
                    .as("tcp %d", port)
                    .isEqualTo(reason);
            assertThat(many.classify(from(STRANGER).udp(40000, port).decoded(), 0))
                    .as("udp %d", port)
                    .isEqualTo(port % 2 == 0 ? reason : Verdict.UNSETTLED);
        }
    }

    @Test
    void shouldRefuseTwoGuardsOfOnePort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard(
                        service("a", 53, true, true, RuleMode.ENFORCE),
                        service("b", 53, false, true, RuleMode.ENFORCE)))
                .withMessage("service 'b' guards tcp port 53, which another service guards already");
    }

    @Test
    void shouldAllocateNothing() {
        FrameSlot stranger = from(STRANGER).udp(40000, 11211).decoded();
        FrameSlot friend = from(FRIEND).tcp(40000, 11211).decoded();
        FrameSlot other = from(STRANGER).udp(53, 40000).decoded();

        assertThat(Allocation.bytesPerMillion(guard, stranger, friend, other)).isZero();
    }
}
