package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TickScaleTest {
    private static final int CASES = 200_000;

    @ParameterizedTest(name = "resolution {0}, offset {1}: {2} ticks are {3} ns")
    @CsvSource({
        "6, 0, 1700000000123456, 1700000000123456000",
        "9, 0, 1700000000123456789, 1700000000123456789",
        "0, 0, 17, 17000000000",
        "3, -1, 500, -500000000",
        "12, 0, 1999, 1",
        "19, 5, 9999999999999999999, 5999999999",
        "20, 0, 18446744073709551615, 184467440",
        "28, 0, 18446744073709551615, 1",
        "29, 0, 18446744073709551615, 0",
        "127, 7, 18446744073709551615, 7000000000",
        "128, 0, 3, 3000000000",
        "138, 0, 1536, 1500000000",
        "191, 0, 9223372036854775808, 1000000000",
        "192, 0, 9223372036854775808, 500000000",
        "255, 0, 18446744073709551615, 0",
        "9, 0, 18446744073709551615, 9223372036854775807",
        "0, 0, 18446744073709551615, 9223372036854775807",
        "6, 9223372036854775807, 0, 9223372036854775807",
        "6, -9223372036854775808, 1, -9223372036854775808",
    })
    void shouldConvertEveryResolution(int resolution, long offset, String ticks, long ns) {
        assertThat(new TickScale(resolution, offset).toNs(Long.parseUnsignedLong(ticks)))
                .isEqualTo(ns);
    }

    @Test
    void shouldAgreeWithExactArithmetic() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CASES; i++) {
            int resolution = random.nextInt(256);
            long offset = random.nextLong() >> random.nextInt(64);
            long ticks = random.nextLong() >>> random.nextInt(64);
            assertThat(new TickScale(resolution, offset).toNs(ticks))
                    .as(
                            "seed %d, case %d: resolution %d, offset %d, ticks %s",
                            seed, i, resolution, offset, Long.toUnsignedString(ticks))
                    .isEqualTo(exact(resolution, offset, ticks));
        }
    }

    private static long exact(int resolution, long offset, long ticks) {
        BigInteger second = BigInteger.valueOf(1_000_000_000);
        BigInteger perSecond =
                resolution >= 128 ? BigInteger.TWO.pow(resolution - 128) : BigInteger.TEN.pow(resolution);
        BigInteger ns = new BigInteger(Long.toUnsignedString(ticks))
                .multiply(second)
                .divide(perSecond)
                .add(BigInteger.valueOf(offset).multiply(second));
        return ns.max(BigInteger.valueOf(Long.MIN_VALUE))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }
}
