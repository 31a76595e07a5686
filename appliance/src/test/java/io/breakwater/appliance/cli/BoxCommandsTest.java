package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.admin.Access;
import io.breakwater.appliance.admin.TestBox;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.json.JsonText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that talk to a running box. */
class BoxCommandsTest {
    // Small tables: every test has a box of its own.
    private static final String POLICY = """
            protected: [203.0.113.0/24]
            sources: {trusted: [192.0.2.0/24]}
            reflection: {defaults: off, memcached: drop}
            fragments: off
            limits: []
            """;
    private static final String TOKEN = "0123456789abcdef0123";

    @TempDir
    private Path directory;

    private TestBox box;

    BoxCommandsTest() throws IOException {
        box = new TestBox(POLICY, Access.OPEN);
    }

    @AfterEach
    void stop() {
        box.close();
    }

    private Invocation ask(String... args) {
        String[] all = List.of(args).toArray(new String[args.length + 2]);
        all[args.length] = "--url";
        all[args.length + 1] = "http://127.0.0.1:" + box.port();
        return Invocation.of(all);
    }

    @Test
    void shouldTellTheStatusForPeopleAndForPrograms() {
        Invocation people = ask("status");
        assertThat(people.exitCode()).as(people.err()).isZero();
        assertThat(people.out()).contains("forwarding, mode enforce", "pair test: outside0 (up) outside", "inbound");

        Invocation programs = ask("status", "--json");
        assertThat(programs.out().lines()).hasSize(1);
        assertThat(JsonText.read(programs.out())).containsEntry("state", "forwarding");
    }

    @Test
    void shouldTellTopTalkersOnceWithoutATerminal() {
        Invocation people = ask("top", "--by", "bytes", "--seconds", "5");
        assertThat(people.exitCode()).as(people.err()).isZero();
        assertThat(people.out()).contains("by bytes", "vectors", "victims", "reflectors", "sources");
        assertThat(people.out()).doesNotContain("\u001b");
        assertThat(JsonText.read(ask("top", "--json").out())).containsKey("sources");
    }

    @Test
    void shouldBlockAndUnblockAndListEvents() {
        Invocation blocked = ask("block", "198.18.0.0/24", "--for", "2h", "--comment", "noise");
        assertThat(blocked.exitCode()).as(blocked.err()).isZero();
        assertThat(blocked.out()).startsWith("198.18.0.0/24 is blocked until ");
        assertThat(JsonText.read(ask("status", "--json").out())).containsEntry("blocks", 1L);

        assertThat(ask("unblock", "198.18.0.0/24").out()).isEqualTo("198.18.0.0/24 is no longer blocked\n");
        ask("unblock", "198.18.0.0/24").shouldHaveFailed("198.18.0.0/24 is not blocked");

        Invocation events = ask("events", "--limit", "2");
        assertThat(events.out().lines()).hasSize(2);
        assertThat(events.out()).contains("is blocked for 7200 s: noise", "is no longer blocked");
        assertThat(ask("events", "--json").out().lines())
                .allSatisfy(line -> assertThat(JsonText.read(line)).containsKey("event"));
    }

    @Test
    void shouldListTheBlocksInForceWithTheStatus() {
        ask("block", "198.18.0.0/24", "--for", "2h", "--comment", "noise");
        ask("block", "2001:db8::/48", "--for", "3min");
        assertThat(ask("status").out()).containsPattern("""
                (?m)^temporary blocks: 2
                  198\\.18\\.0\\.0/24 for (2 h 0 min|1 h 59 min): noise
                  2001:db8::/48 for (3 min 0 s|2 min 5\\d s)
                """);

        for (int i = 1; i <= 22; i++) {
            ask("block", "198.18.1." + i);
        }
        ask("unblock", "198.18.9.9").shouldHaveFailed("198.18.9.9/32 is not blocked", "'breakwater status'");
        assertThat(ask("status").out())
                .contains("temporary blocks: 24\n", "198.18.1.18/32 for ", "  and 4 more; --json")
                .doesNotContain("198.18.1.19");
        Map<String, @Nullable Object> programs =
                JsonText.read(ask("status", "--json").out());
        assertThat(programs).containsEntry("blocks", 24L);
        List<Map<String, @Nullable Object>> blocks = Plain.maps(programs.get("block_list"));
        assertThat(blocks).hasSize(24);
        assertThat(blocks.getLast())
                .containsEntry("prefix", "198.18.1.22/32")
                .containsKeys("since", "until", "seconds_left", "comment");
    }

    @Test
    void shouldFollowEventsUntilTheBoxEnds() throws InterruptedException {
        Thread ending = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(1_000);
                box.events().tell(EventKind.PORT_DOWN, "port eth0 is \u001b[31mdown", Map.of("port", "eth0"));
                // A box that ends tells nobody what it has not sent yet.
                Thread.sleep(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            box.close();
        });
        Invocation followed = ask("events", "--follow");
        ending.join();

        followed.shouldHaveFailed("the box at");
        assertThat(followed.out()).contains("port eth0 is  [31mdown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "top", "events", "block 198.18.0.7", "unblock 198.18.0.7"})
    void shouldFailWithOneLineWhenNoBoxRuns(String command) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        Invocation.of((command + " --url " + url).split(" "))
                .shouldHaveFailed("no box answers at " + url, "breakwater run");
    }

    @Test
    void shouldFailWhenSomethingElseAnswers() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofPlatform().daemon().start(() -> {
                try (Socket socket = other.accept()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhey\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // The command has gone away.
                }
            });
            Invocation.of("status", "--url", "http://127.0.0.1:" + other.getLocalPort())
                    .shouldHaveFailed("no Breakwater of this version");
            answering.interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "block",
                "block nonsense",
                "block 198.18.0.7/24",
                "unblock nonsense",
                "top --by colour",
                "top --seconds 0",
                "top --limit 101",
                "events --limit 0",
                "status --url ftp://127.0.0.1",
                "status --url http://127.0.0.1:9464/api",
                "status --url http://user@127.0.0.1",
                "status --token-file /nonexistent",
                "status --ca /nonexistent",
                "status -c /nonexistent.yaml",
            })
    void shouldRefuseWhatCannotBeRightBeforeAskingAnyone(String command) {
        Invocation.of(command.split(" ")).shouldBeRefused();
    }

    @Test
    void shouldHandOnWhatTheBoxRefuses() {
        ask("block", "192.0.2.7").shouldBeRefused("192.0.2.7/32 is trusted by 192.0.2.0/24");
        ask("block", "198.18.0.7", "--for", "9day").shouldBeRefused("a block lasts from 1s to 7day");
    }

    @Test
    void shouldFindTheBoxAndItsTokenByThePolicyFile() throws IOException {
        box.close();
        box = new TestBox(POLICY, new Access(TOKEN, null));
        Path token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        Path policy = Files.writeString(
                directory.resolve("policy.yaml"),
                "pairs: [{name: uplink, outside: eth0, inside: eth1}]\n" + POLICY + "admin: {listen: 127.0.0.1:"
                        + box.port() + ", token-file: " + token + "}\n");

        assertThat(Invocation.of("status", "-c", policy.toString()).exitCode()).isZero();
        assertThat(ask("status", "--token-file", token.toString()).exitCode()).isZero();
        ask("status").shouldBeRefused("a token is needed");
    }

    @Test
    void shouldGenerateShellCompletion() {
        Invocation completion = Invocation.of("generate-completion");
        assertThat(completion.exitCode()).isZero();
        assertThat(completion.out()).contains("breakwater", "unblock", "--token-file");
    }
}
