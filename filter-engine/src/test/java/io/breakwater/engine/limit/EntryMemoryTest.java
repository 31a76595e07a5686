package io.breakwater.engine.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EntryMemoryTest {
    private static final int AT = EntryMemory.wordOf(3);
    private static final long IPV4 = 1;
    private static final long IPV6 = 2;
    private static final long ADDRESS = 0xc6120001L;
    private static final long MOST_TAG = (1L << 19) - 1;

    @Test
    void shouldTellWholeKeysApartByTheirIdentityAlone() {
        long identity = EntryMemory.identity(false, 42, IPV4, 0, ADDRESS);

        assertThat(EntryMemory.isWhole(identity)).isTrue();
        assertThat(EntryMemory.identity(false, 43, IPV4, 0, ADDRESS)).isEqualTo(identity);
        assertThat(EntryMemory.identity(false, 42, IPV4, 0, ADDRESS + 1)).isNotEqualTo(identity);
        // ::198.18.0.1 has the same two longs.
        assertThat(EntryMemory.identity(false, 42, IPV6, 0, ADDRESS)).isNotEqualTo(identity);
        assertThat(EntryMemory.isWhole(EntryMemory.identity(false, -1, MOST_TAG, 0, 0xffff_ffffL)))
                .isTrue();
        assertThat(EntryMemory.identity(false, 0, 0, 0, 0)).isNotZero();
    }

    @Test
    void shouldAskForTheAddressWhereTheIdentityIsNotTheWholeKey() {
        EntryMemory memory = new EntryMemory(8, false);
        long identity = EntryMemory.identity(false, 42, IPV6, 7, 9);
        memory.give(AT, identity, 7, 9, 0, 0);

        assertThat(EntryMemory.isWhole(identity)).isFalse();
        assertThat(EntryMemory.identity(false, 42, IPV6, 8, 9)).isEqualTo(identity);
        assertThat(memory.holds(AT, identity)).isTrue();
        assertThat(memory.holdsAddresses(AT, 7, 9, 0, 0)).isTrue();
        assertThat(memory.holdsAddresses(AT, 8, 9, 0, 0)).isFalse();
        assertThat(memory.holdsAddresses(AT, 7, 8, 0, 0)).isFalse();
    }

    @Test
    void shouldAskForBothAddressesOfAPair() {
        EntryMemory memory = new EntryMemory(8, true);
        long identity = EntryMemory.identity(true, 42, IPV4, 0, 1);
        memory.give(AT, identity, 0, 1, 2, 3);

        assertThat(EntryMemory.isWhole(identity)).isFalse();
        assertThat(memory.holdsAddresses(AT, 0, 1, 2, 3)).isTrue();
        assertThat(memory.holdsAddresses(AT, 0, 1, 9, 3)).isFalse();
        assertThat(memory.holdsAddresses(AT, 0, 1, 2, 9)).isFalse();
    }

    @Test
    void shouldHoldNoKeyWhereOneWasForgotten() {
        EntryMemory memory = new EntryMemory(8, false);
        long identity = EntryMemory.identity(false, 42, IPV4, 0, ADDRESS);
        memory.give(AT, identity, 0, ADDRESS, 0, 0);
        assertThat(memory.holds(AT, identity)).isTrue();

        memory.forget(AT);

        assertThat(memory.holds(AT, identity)).isFalse();
    }

    @Test
    void shouldTakeWhatItSays() {
        assertThat(EntryMemory.bytes(8, false)).isEqualTo(8 * (2 * 6 + 8 * 8));
        assertThat(EntryMemory.bytes(8, true)).isEqualTo(8 * (2 * 6 + 8 * 8 + 3 + 8 * 2));
    }
}
