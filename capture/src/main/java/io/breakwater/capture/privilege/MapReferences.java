package io.breakwater.capture.privilege;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The maps that a program names (RFC 9669, section 5.4): by descriptors in a process, by their places in a list on the way to
 * another.
 */
final class MapReferences {
    private static final int LOAD_IMMEDIATE_64 = 0x18;
    private static final int PSEUDO_MAP_FD = 1; // linux/bpf.h
    private static final int PSEUDO_MAP_VALUE = 2;

    private MapReferences() {}

    /** What an instruction's map is called, given what it was called. */
    @FunctionalInterface
    private interface Renaming {
        int renamed(int map) throws IOException;
    }

    /** The instructions with places instead of descriptors, which are added to {@code descriptors} once each. */
    static long[] collect(long[] instructions, List<Integer> descriptors) throws IOException {
        return rename(instructions, map -> {
            if (!descriptors.contains(map)) {
                descriptors.add(map);
            }
            return descriptors.indexOf(map);
        });
    }

    /** The instructions with descriptors instead of places. */
    static long[] resolve(long[] instructions, int[] descriptors) throws IOException {
        return rename(instructions, place -> {
            if (place < 0 || place >= descriptors.length) {
                throw new IOException("a program names map " + place + " of " + descriptors.length);
            }
            return descriptors[place];
        });
    }

    private static long[] rename(long[] instructions, Renaming renaming) throws IOException {
        List<Long> renamed = new ArrayList<>(instructions.length);
        for (int i = 0; i < instructions.length; i++) {
            long instruction = instructions[i];
            boolean wide = (instruction & 0xff) == LOAD_IMMEDIATE_64;
            int source = (int) (instruction >>> 12 & 0xf);
            if (wide && (source == PSEUDO_MAP_FD || source == PSEUDO_MAP_VALUE)) {
                int map = renaming.renamed((int) (instruction >>> 32));
                renamed.add((instruction & 0xffff_ffffL) | (long) map << 32);
            } else {
                renamed.add(instruction);
            }
            if (wide && i + 1 < instructions.length) {
                i++; // the other half of the immediate value
                renamed.add(instructions[i]);
            }
        }
        return renamed.stream().mapToLong(Long::longValue).toArray();
    }
}
