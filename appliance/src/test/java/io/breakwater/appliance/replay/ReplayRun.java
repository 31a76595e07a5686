package io.breakwater.appliance.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.engine.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One replay as a program would run it, and its JSON report. */
record ReplayRun(int exitCode, Map<String, Object> report, String err) {
    /** Runs {@code file} and checks what holds for each report. */
    static ReplayRun of(Policy policy, Path file, int threads, @Nullable Path passed, @Nullable Path dropped) {
        Replay.Request request = new Replay.Request(
                policy,
                null,
                List.of(file.toString()),
                passed == null ? null : passed.toString(),
                dropped == null ? null : dropped.toString(),
                "-",
                null,
                null,
                threads);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new Replay(request, InputStream.nullInputStream(), print(out), print(err)).run();
        ReplayRun run = new ReplayRun(
                exitCode, Reports.parse(out.toString(StandardCharsets.UTF_8)), err.toString(StandardCharsets.UTF_8));
        run.shouldAddUp();
        return run;
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    static Policy policy(String yaml) {
        return switch (PolicyFile.parse("policy.yaml", yaml, LoadOptions.replay())) {
            case PolicyResult.Accepted accepted -> accepted.configuration().policy();
            case PolicyResult.Refused refused -> throw new AssertionError(refused.problems() + " in\n" + yaml);
        };
    }

    static Policy builtIn() {
        return Configuration.builtIn().policy();
    }

    long count(String key) {
        if (report.get(key) instanceof Long number) {
            return number;
        }
        throw new AssertionError("no number " + key + " in " + report);
    }

    @SuppressWarnings("unchecked")
    Map<String, Long> counts(String key) {
        return (Map<String, Long>) report.getOrDefault(key, Map.of());
    }

    long dropped(String reason) {
        return counts("reasons").getOrDefault(reason, 0L);
    }

    private void shouldAddUp() {
        assertThat(count("frames")).isEqualTo(count("forwarded") + count("dropped"));
        assertThat(counts("reasons").values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .as("sum of the reasons")
                .isEqualTo(count("dropped"));
        assertThat(counts("reasons")).doesNotContainKeys("internal", "egress");
    }
}
