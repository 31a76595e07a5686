package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One command line: its exit code, and what it said on standard output and standard error. */
record Invocation(int exitCode, String out, String err) {
    static Invocation of(String... args) {
        return withInput(new byte[0], args);
    }

    /** Tests of one class run one after the other, so that the process's streams can be borrowed. */
    static Invocation withInput(byte[] standardInput, String... args) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(standardInput));
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int exitCode = BreakwaterCommand.execute(args);
            return new Invocation(
                    exitCode, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    /** Refused: exit code 2, one line, nothing on standard output. */
    void shouldBeRefused(String... parts) {
        shouldHaveOneErrorLine(2, parts);
        assertThat(out).isEmpty();
    }

    /** Failed on the way: exit code 1 and one line. */
    void shouldHaveFailed(String... parts) {
        shouldHaveOneErrorLine(1, parts);
    }

    private void shouldHaveOneErrorLine(int code, String... parts) {
        shouldHaveNoStackTrace();
        assertThat(exitCode).as(err).isEqualTo(code);
        assertThat(errLines()).singleElement().asString().isNotBlank();
        assertThat(List.of(parts)).allSatisfy(part -> assertThat(err).contains(part));
    }

    /** Done: exit code 0 and nothing on standard error. */
    Invocation shouldBeDone() {
        assertThat(err).isEmpty();
        assertThat(exitCode).isZero();
        return this;
    }

    void shouldHaveNoStackTrace() {
        assertThat(out + err).doesNotContain("Exception", "\tat ", "Caused by");
    }
}
