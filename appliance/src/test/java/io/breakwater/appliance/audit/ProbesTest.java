package io.breakwater.appliance.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent goes to the vectors' own ports, is small, and what mends it is a policy that Breakwater takes. */
class ProbesTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void shouldAskEachVectorAtItsPort() {
        Map<String, Integer> ports =
                VectorTable.builtIn().stream().collect(Collectors.toMap(Vector::name, Vector::port));
        assertThat(Probes.all(".")).allSatisfy(probe -> {
            assertThat(ports).containsEntry(probe.vector(), probe.port());
            assertThat(probe.requestBytes()).isBetween(1, 700);
        });
        assertThat(Probes.all(".").stream().map(Probe::vector))
                .contains("memcached", "ntp", "dns", "ssdp", "cldap", "snmp", "chargen", "portmap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "exa mple", "x\u0000", "\u00fc.example", ""})
    void shouldRefuseWhatIsNoDnsName(String name) {
        assertThatThrownBy(() -> Probes.all(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseNamesThatAreTooLong() {
        assertThatThrownBy(() -> Probes.all("a".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Probes.all("a.".repeat(130))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldMendWithAServiceThatBreakwaterTakes() throws IOException {
        for (Probe probe : Probes.all(".")) {
            Path policy = folder.resolve("policy.yaml");
            Files.write(
                    policy,
                    new Mends(probe.vector(), Set.of(probe.port()), Set.of(probe.port()))
                            .lines("")
                            .getOrDefault("breakwater", java.util.List.of()));
            assertThat(PolicyFile.load(policy, LoadOptions.replay()))
                    .isInstanceOfSatisfying(
                            PolicyResult.Accepted.class,
                            accepted -> assertThat(
                                            accepted.configuration().policy().services())
                                    .singleElement()
                                    .satisfies(service ->
                                            assertThat(service.port()).isEqualTo(probe.port())));
        }
    }
}
