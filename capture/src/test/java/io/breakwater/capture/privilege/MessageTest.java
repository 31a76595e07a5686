package io.breakwater.capture.privilege;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final long SEED = 20_261_123;
    private static final Message EXAMPLE =
            new Message("LOAD_PROGRAM", List.of("bw_eth0", "", "Größe"), 1, -1, Long.MIN_VALUE);

    @Test
    void shouldArriveAsItWasSent() throws IOException {
        Message arrived = Message.decode(EXAMPLE.encode());

        assertThat(arrived.word()).isEqualTo("LOAD_PROGRAM");
        assertThat(arrived.texts()).containsExactly("bw_eth0", "", "Größe");
        assertThat(arrived.numbers()).containsExactly(1, -1, Long.MIN_VALUE);
    }

    @Test
    void shouldKeepTheEndOfALongText() throws IOException {
        String log = "first line\n".repeat(100_000) + "the last line";

        assertThat(Message.decode(Message.of("done", log).encode()).text(0)).endsWith("first line\nthe last line");
    }

    @Test
    void shouldRefuseEveryPartOfAMessage() throws IOException {
        byte[] whole = EXAMPLE.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Message.decode(part)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> Message.decode(Arrays.copyOf(whole, whole.length + 1)))
                .hasMessage("bytes after the end of a message");
    }

    @Test
    void shouldSurviveAnyBytes() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = EXAMPLE.encode();
            for (int change = random.nextInt(8); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Message.decode(bytes);
            } catch (IOException expected) {
                assertThat(expected).as("seed %d, round %d", SEED, round).isNotNull();
            }
        }
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThatThrownBy(() -> EXAMPLE.text(3)).hasMessage("LOAD_PROGRAM has no text 3");
        assertThatThrownBy(() -> EXAMPLE.number(3)).hasMessage("LOAD_PROGRAM has no number 3");
    }
}
