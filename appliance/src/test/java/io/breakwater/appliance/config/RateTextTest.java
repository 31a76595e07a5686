package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.breakwater.engine.policy.Rate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTextTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "1 packets/day,            PACKETS, 1,             86400",
        "1 packet/day,             PACKETS, 1,             86400",
        "100_000_000 packets/s,    PACKETS, 100000000,     1",
        "8640000000000 packets/day, PACKETS, 8640000000000, 86400",
        "30packets/min,            PACKETS, 30,            60",
        "7 packets/h,              PACKETS, 7,             3600",
        "2.0 packets/s,            PACKETS, 2,             1",
        "1 bit/s,                  BITS,    1,             1",
        "1.5 kbit/s,               BITS,    1500,          1",
        "20 Mbit/s,                BITS,    20000000,      1",
        "0.000000001 Gbit/s,       BITS,    1,             1",
        "1000 Gbit/s,              BITS,    1000000000000, 1",
    })
    void shouldReadExactRates(String text, Rate.Unit unit, long amount, long periodSeconds) {
        assertThat(RateText.parse(text)).isEqualTo(new Rate(unit, amount, periodSeconds * SECOND_NS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "-5 packets/s",
                "5 packets",
                "5 packets/week",
                "packets/s",
                "1e3 packets/s",
                "5 5 packets/s",
                "0 packets/s",
                "0.0 bit/s",
                "100_000_001 packets/s",
                "8640000000001 packets/day",
                "1000.000000001 Gbit/s",
                "1001 Gbit/s",
                "0.5 packets/s",
                "0.5 bit/s",
                "0.0001 kbit/s",
                "1__0 packets/s",
                "_1 packets/s",
                "1. packets/s",
                "99999999999999999999999999999999999999 Gbit/s",
                "1 Kbit/s",
                "1 mbit/s",
                "1 MB/s",
                "٣ packets/s"
            })
    void shouldRefuseWhatIsNoRateOrNotExact(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RateText.parse(text));
    }

    @Test
    void shouldReadBackEveryRateThatItWrites() {
        long seed = 20_260_101L;
        SplittableRandom random = new SplittableRandom(seed);
        long[] periodsSeconds = {1, 60, 3_600, 86_400};
        for (int i = 0; i < 20_000; i++) {
            boolean packets = random.nextBoolean();
            long seconds = packets ? periodsSeconds[random.nextInt(4)] : 1;
            long most = packets ? RateText.MAX_PACKETS_PER_SECOND * seconds : RateText.MAX_BITS_PER_SECOND;
            // Small, large and round amounts alike.
            long amount = 1 + (random.nextLong(most) >>> random.nextInt(43));
            long round = random.nextBoolean() ? 1 : 1_000;
            amount = Math.min(most, Math.max(1, amount / round * round));
            Rate rate = new Rate(packets ? Rate.Unit.PACKETS : Rate.Unit.BITS, amount, seconds * SECOND_NS);

            assertThat(RateText.parse(RateText.format(rate)))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(rate);
        }
    }

    @Test
    void shouldWriteTheShortestText() {
        assertThat(RateText.format(Rate.packetsPerSecond(2_000))).isEqualTo("2000 packets/s");
        assertThat(RateText.format(new Rate(Rate.Unit.PACKETS, 30, 60 * SECOND_NS)))
                .isEqualTo("30 packets/min");
        assertThat(RateText.format(Rate.bitsPerSecond(20_000_000))).isEqualTo("20 Mbit/s");
        assertThat(RateText.format(Rate.bitsPerSecond(1_500_000))).isEqualTo("1500 kbit/s");
        assertThat(RateText.format(Rate.bitsPerSecond(7))).isEqualTo("7 bit/s");
    }
}
