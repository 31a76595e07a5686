package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.policy.RuleMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The policy that packages install. */
class OperatorPolicyTest {
    private static final Path FILE = Path.of("../deploy/policy/breakwater.yaml");

    @Test
    void shouldRunInMonitorModeWithTheBuiltInRules() {
        Configuration configuration = Policies.accepted(PolicyFile.load(FILE, LoadOptions.run()));

        assertThat(configuration.policy().mode()).isEqualTo(RuleMode.MONITOR);
        assertThat(configuration.policy().limits()).isEqualTo(BuiltInPolicy.limits());
        assertThat(configuration.policy().vectors())
                .isEqualTo(BuiltInPolicy.policy().vectors());
        assertThat(configuration.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.path()).isEqualTo("protected"));
    }

    @Test
    void shouldStayInOrderWhenItsCommentedPartsAreSwitchedOn() throws IOException {
        String all = Files.readAllLines(FILE).stream()
                .map(line -> line.replaceFirst("^# (?=protected:|reflection:|services:|antispoof:|  [\\w-]+:)", ""))
                .collect(Collectors.joining("\n"));

        Configuration configuration = Policies.accepted(PolicyFile.parse("p.yaml", all, LoadOptions.run()));

        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.policy().protectedPrefixes()).hasSize(2);
        assertThat(configuration.policy().services()).hasSize(1);
        assertThat(configuration.policy().vectors()).extracting("name").contains("my-game");
    }
}
