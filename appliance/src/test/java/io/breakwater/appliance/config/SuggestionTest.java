package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    @Test
    void shouldFindWhatWasMeant() {
        List<String> names = VectorTable.builtIn().stream().map(Vector::name).toList();

        assertThat(Suggestion.nearest("memcachd", names)).isEqualTo("memcached");
        assertThat(Suggestion.nearest("memcache", names)).isEqualTo("memcached");
        assertThat(Suggestion.nearest("Memcached", names)).isEqualTo("memcached");
        assertThat(Suggestion.nearest("ws_discovery", names)).isEqualTo("ws-discovery");
        assertThat(Suggestion.nearest("ntpp", names)).isEqualTo("ntp");
        assertThat(Suggestion.nearest("sdsp", names)).isEqualTo("ssdp");
    }

    @Test
    void shouldSayNothingWhereNothingIsNear() {
        assertThat(Suggestion.nearest("xy", List.of("ab", "source"))).isNull();
        assertThat(Suggestion.nearest("", List.of("a", "source"))).isNull();
        assertThat(Suggestion.nearest("x".repeat(100), List.of("x".repeat(100))))
                .isNull();
        assertThat(Suggestion.nearest("elephant", List.of("source", "rate"))).isNull();
    }

    @Test
    void shouldMeasureSlipsSymmetricallyAndWithinTheLongerLength() {
        long seed = 7L;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            String a = word(random);
            String b = word(random);
            int distance = Suggestion.distance(a, b);

            assertThat(distance).as("seed %d: %s, %s", seed, a, b).isEqualTo(Suggestion.distance(b, a));
            assertThat(distance)
                    .as("seed %d: %s, %s", seed, a, b)
                    .isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
            assertThat(distance == 0).as("seed %d: %s, %s", seed, a, b).isEqualTo(a.equals(b));
        }
    }

    private static String word(SplittableRandom random) {
        StringBuilder word = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            word.append((char) ('a' + random.nextInt(3)));
        }
        return word.toString();
    }
}
