package io.breakwater.capture.privilege;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapReferencesTest {
    private static final long EXIT = 0x95;
    /** ld_imm64 r3, 0x18_0000_0018: a number, whose second half looks like the first of another. */
    private static final long NUMBER = 0x18L << 32 | 3 << 8 | 0x18;

    private static final long SECOND_HALF = 0x1018L | 9L << 32;

    private static long map(int fd) {
        return (long) fd << 32 | (1 << 4 | 1) << 8 | 0x18;
    }

    private static long mapValue(int fd) {
        return (long) fd << 32 | (2 << 4 | 1) << 8 | 0x18;
    }

    @Test
    void shouldNameEachMapByItsPlaceAndBack() throws IOException {
        long[] code = {map(7), 0, NUMBER, SECOND_HALF, map(9), 0, mapValue(7), 0, EXIT};
        List<Integer> descriptors = new ArrayList<>();

        long[] sent = MapReferences.collect(code, descriptors);

        assertThat(descriptors).containsExactly(7, 9);
        assertThat(sent).containsExactly(map(0), 0, NUMBER, SECOND_HALF, map(1), 0, mapValue(0), 0, EXIT);
        assertThat(MapReferences.resolve(sent, new int[] {21, 22}))
                .containsExactly(map(21), 0, NUMBER, SECOND_HALF, map(22), 0, mapValue(21), 0, EXIT);
    }

    @Test
    void shouldRefuseAPlaceThatNoDescriptorCameFor() {
        assertThatThrownBy(() -> MapReferences.resolve(new long[] {map(1), 0}, new int[] {5}))
                .isInstanceOf(IOException.class)
                .hasMessage("a program names map 1 of 1");
        assertThatThrownBy(() -> MapReferences.resolve(new long[] {map(-1), 0}, new int[] {5}))
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldSurviveAProgramThatEndsInTheMiddleOfAnInstruction() throws IOException {
        assertThat(MapReferences.resolve(new long[] {map(0)}, new int[] {5})).containsExactly(map(5));
    }
}
