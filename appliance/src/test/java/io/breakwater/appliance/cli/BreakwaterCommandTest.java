package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class BreakwaterCommandTest {
    @ParameterizedTest
    @MethodSource("names")
    void should_say_the_same_of_a_command_alone_as_among_all(String name) {
        Class<?> command = Objects.requireNonNull(BreakwaterCommand.commands().get(name));
        // Known by the name that it has itself.
        CommandLine alone = Objects.requireNonNull(
                BreakwaterCommand.only(command).getSubcommands().get(name));
        CommandLine amongAll =
                Objects.requireNonNull(BreakwaterCommand.all().getSubcommands().get(name));
        assertThat(alone.getUsageMessage()).isEqualTo(amongAll.getUsageMessage());
        assertThat(Invocation.of(name, "--help").out()).isEqualTo(amongAll.getUsageMessage());
    }

    static Stream<String> names() {
        return BreakwaterCommand.commands().keySet().stream();
    }

    @Test
    void should_show_every_command_and_complete_it() {
        String help = Invocation.of("--help").out();
        String completion = Invocation.of("generate-completion").out();
        assertThat(names()).allSatisfy(name -> {
            assertThat(help).containsPattern("(?m)^  " + name + " ");
            assertThat(completion).contains("_picocli_breakwater_" + name + "()");
        });
        assertThat(help).contains("generate-completion", "help");
    }

    @Test
    void should_refuse_a_command_that_there_is_not() {
        Invocation.of("rn", "-c", "policy.yaml").shouldBeRefused("breakwater", "rn", "see 'breakwater --help'");
        Invocation.of().shouldBeRefused("a command is missing");
    }
}
