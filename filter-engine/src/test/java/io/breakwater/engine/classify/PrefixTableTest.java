package io.breakwater.engine.classify;

import static io.breakwater.engine.classify.Policies.prefixes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.breakwater.engine.policy.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTableTest {
    private static final PrefixTable NESTED = PrefixTable.builder()
            .put(prefixes("10.0.0.0/8", "2001:db8::/32"), 8)
            .put(prefixes("10.1.0.0/16", "2001:db8:1::/48"), 16)
            .put(prefixes("10.1.255.255", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"), 32)
            .put(prefixes("255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 99)
            .put(prefixes("0.0.0.0", "::"), 1)
            .build();

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 1",
        "0.0.0.1, 0",
        "9.255.255.255, 0",
        "10.0.0.0, 8",
        "10.0.255.255, 8",
        "10.1.0.0, 16",
        "10.1.255.254, 16",
        "10.1.255.255, 32",
        "10.2.0.0, 8",
        "10.255.255.255, 8",
        "11.0.0.0, 0",
        "255.255.255.254, 0",
        "255.255.255.255, 99",
        "::, 1",
        "::1, 0",
        "::10.1.0.0, 0",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 0",
        "2001:db8::, 8",
        "2001:db8:1::, 16",
        "2001:db8:1:ffff:ffff:ffff:ffff:fffe, 16",
        "2001:db8:1:ffff:ffff:ffff:ffff:ffff, 32",
        "2001:db8:2::, 8",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 8",
        "2001:db9::, 0",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe, 0",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 99",
    })
    void shouldFindTheLongestPrefix(String address, int value) {
        Prefix host = Prefix.parse(address);

        assertThat(NESTED.lookup(host.ipv4(), host.hi(), host.lo())).isEqualTo(value);
    }

    @Test
    void shouldAnswerWhatAFunctionOfOtherTablesDoes() {
        SplittableRandom random = new SplittableRandom(7);
        PrefixTable other = PrefixTable.builder()
                .put(prefixes("10.1.128.0/17", "10.1.255.255", "192.0.2.0/24", "2001:db8:1::/49", "ff00::/8"), 3)
                .build();
        PrefixTable.Function sum = (ipv4, hi, lo) -> NESTED.lookup(ipv4, hi, lo) + 1_000 * other.lookup(ipv4, hi, lo);
        PrefixTable both = PrefixTable.of(List.of(NESTED, other), sum);

        for (int i = 0; i < 100_000; i++) {
            boolean ipv4 = random.nextBoolean();
            long hi = ipv4 ? 0 : anyOf(random, 0x2001_0db8_0001_0000L, -1L, 0xff00_0000_0000_0000L, 0);
            long lo = ipv4
                    ? anyOf(random, 0x0a01_8000L, 0x0a01_ffffL, 0xc000_0200L, 0xffff_ffffL) & 0xffff_ffffL
                    : anyOf(random, 0, -1L, 1, Long.MIN_VALUE);
            assertThat(both.lookup(ipv4, hi, lo)).isEqualTo(sum.valueOf(ipv4, hi, lo));
        }
    }

    /** One of four, or an address near to it. */
    private static long anyOf(SplittableRandom random, long a, long b, long c, long d) {
        long one = switch (random.nextInt(4)) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            default -> d;
        };
        return one + random.nextInt(-2, 3) * (1L << random.nextInt(0, 48));
    }

    @Test
    void shouldFindNothingInAnEmptyTable() {
        PrefixTable empty = PrefixTable.of(List.of());

        assertThat(empty.contains(true, 0, 0xc633_6401L)).isFalse();
        assertThat(empty.contains(false, -1, -1)).isFalse();
    }

    @Test
    void shouldHoldAWholeFamilyButNotTheOther() {
        PrefixTable all = PrefixTable.of(prefixes("0.0.0.0/0"));

        assertThat(all.contains(true, 0, 0)).isTrue();
        assertThat(all.contains(true, 0, 0xffff_ffffL)).isTrue();
        assertThat(all.contains(false, 0, 0)).isFalse();
        assertThat(PrefixTable.of(prefixes("::/0")).contains(false, -1, -1)).isTrue();
    }

    @Test
    void shouldLetTheLastOfEqualPrefixesCount() {
        PrefixTable table = PrefixTable.builder()
                .put(prefixes("192.0.2.0/24"), 1)
                .put(prefixes("192.0.2.0/24"), 2)
                .build();

        assertThat(table.lookup(true, 0, 0xc000_0201L)).isEqualTo(2);
    }

    @Test
    void shouldRefuseTheValueThatMeansAMiss() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PrefixTable.builder().put(prefixes("192.0.2.0/24"), PrefixTable.MISS));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldAgreeWithASearchThroughAllPrefixes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            List<PrefixTable.Entry> entries = randomEntries(random, random.nextInt(40));
            PrefixTable.Builder builder = PrefixTable.builder();
            entries.forEach(entry -> builder.put(List.of(entry.prefix()), entry.value()));
            PrefixTable table = builder.build();
            for (int i = 0; i < 200; i++) {
                Prefix host = nearby(random, entries);
                assertThat(table.lookup(host.ipv4(), host.hi(), host.lo()))
                        .as("seed %d, round %d, %s in %s", seed, round, host, entries)
                        .isEqualTo(slowLookup(entries, host));
            }
        }
    }

    @Test
    void shouldHoldOneHundredThousandPrefixes() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        List<Prefix> blocked = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            boolean ipv4 = random.nextBoolean();
            blocked.add(cut(ipv4, ipv4 ? 0 : random.nextLong(), random.nextLong(), ipv4 ? 24 : 48));
        }
        PrefixTable table = PrefixTable.of(blocked);

        for (Prefix prefix : blocked) {
            long host = random.nextLong(256);
            assertThat(table.contains(prefix.ipv4(), prefix.hi(), prefix.lo() | host))
                    .as("seed %d, %s", seed, prefix)
                    .isTrue();
        }
    }

    private static List<PrefixTable.Entry> randomEntries(SplittableRandom random, int count) {
        List<PrefixTable.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean ipv4 = random.nextBoolean();
            // Few distinct bits, so that prefixes nest, touch and repeat, at both ends of the space too.
            long hi = ipv4 ? 0 : crowded(random);
            int length = random.nextInt(ipv4 ? 33 : 129);
            entries.add(new PrefixTable.Entry(cut(ipv4, hi, crowded(random), length), 1 + random.nextInt(5)));
        }
        return entries;
    }

    private static long crowded(SplittableRandom random) {
        long base = random.nextBoolean() ? 0 : -1L;
        return base ^ 1L << random.nextInt(64) ^ 1L << random.nextInt(64);
    }

    private static Prefix cut(boolean ipv4, long hi, long lo, int length) {
        return new Prefix(ipv4, hi & Prefix.maskHi(ipv4, length), lo & Prefix.maskLo(ipv4, length), length);
    }

    /** An address at, just before, just behind or inside one of the prefixes. */
    private static Prefix nearby(SplittableRandom random, List<PrefixTable.Entry> entries) {
        if (entries.isEmpty()) {
            return cut(true, 0, random.nextLong(), 32);
        }
        Prefix prefix = entries.get(random.nextInt(entries.size())).prefix();
        long lastHi = prefix.hi() | ~Prefix.maskHi(false, prefix.length());
        long lastLo = prefix.lo() | ~Prefix.maskLo(prefix.ipv4(), prefix.length());
        long hi = prefix.ipv4() ? 0 : random.nextBoolean() ? prefix.hi() : lastHi;
        long lo = (random.nextBoolean() ? prefix.lo() : lastLo) + random.nextInt(3) - 1;
        return cut(prefix.ipv4(), hi, lo, prefix.ipv4() ? 32 : 128);
    }

    private static int slowLookup(List<PrefixTable.Entry> entries, Prefix host) {
        int value = PrefixTable.MISS;
        int longest = -1;
        for (PrefixTable.Entry entry : entries) {
            Prefix prefix = entry.prefix();
            if (prefix.length() >= longest && prefix.contains(host.ipv4(), host.hi(), host.lo())) {
                longest = prefix.length();
                value = entry.value();
            }
        }
        return value;
    }
}
