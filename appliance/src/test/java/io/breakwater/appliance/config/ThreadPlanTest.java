package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadPlanTest {
    @ParameterizedTest
    @CsvSource({
        "xdp,  '',              1, 1, true",
        "xdp,  '',              3, 1, true",
        "xdp,  '',              4, 1, false",
        "xdp,  ', threads: 1',  1, 1, false",
        "xdp,  ', threads: 3',  2, 3, false",
        "pcap, '',              1, 1, false",
        "pcap, '',              3, 1, false",
        "pcap, '',              4, 2, false",
        "pcap, ', threads: 2',  1, 2, false",
        "pcap, ', threads: 1', 64, 1, false",
    })
    void shouldTakeWhatIsAskedForElseWhatSuitsTheCores(
            String backend, String asked, int cores, int perLane, boolean shared) {
        String policy = "pairs: [{name: uplink, outside: eth0, inside: eth1, backend: " + backend + asked + "}]\n";
        PairConfig pair = Policies.accepted(PolicyFile.parse("p.yaml", policy, LoadOptions.run()))
                .pairs()
                .getFirst();

        assertThat(ThreadPlan.of(pair, cores)).isEqualTo(new ThreadPlan(perLane, shared));
    }
}
