package io.breakwater.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void shouldAddUpTheGenerationsOfTheSerialCollector() throws IOException {
        String told = """
                3310:
                DefNew     total 157376K, used 7011K [0x000000050ea00000, 0x00000005194c0000, 0x0000000609c00000)
                 eden space 139904K,   5% used [0x000000050ea00000, 0x000000050f0d8ca0, 0x00000005172a0000)
                Tenured    total 349568K, used 180376K [0x0000000609c00000, 0x000000061f160000, 0x0000000800000000)
                 the  space 349568K,  51% used [0x0000000609c00000, 0x0000000614c260b8, 0x000000061f160000)
                """;

        assertThat(Memory.heapBytes(told)).isEqualTo((7_011 + 180_376) * 1_024L);
    }

    @Test
    void shouldNotTakeAnotherCollectorForAnEmptyHeap() {
        assertThatThrownBy(() -> Memory.heapBytes("garbage-first heap   total 524288K, used 1024K"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no memory figures");
    }
}
