package io.breakwater.capture.xdp;

import java.util.BitSet;

/**
 * Where the chunks of a lane are. Exact only at rest: while frames move, a chunk may be seen in two places or in none.
 *
 * @param text how many are where
 * @param found all that were found
 * @param isComplete whether every chunk of the lane was found exactly once, and no other
 */
record ChunkCensus(String text, long found, boolean isComplete) {
    private static final String[] PLACES = {"fill", "rx", "tx", "completion", "returned", "spare"};

    /**
     * Counts.
     *
     * @param chunks of the lane
     * @param firstChunk address of its first
     * @param chunkBytes size of each
     * @param slots frames that are under way in the pipeline, whose chunks are not told
     * @param places addresses found in FILL, RX, TX, COMPLETION, on the way back and spare
     */
    static ChunkCensus of(int chunks, long firstChunk, long chunkBytes, long slots, long[]... places) {
        BitSet seen = new BitSet();
        boolean valid = slots == 0;
        long found = slots;
        StringBuilder text = new StringBuilder("slots=" + slots);
        for (int place = 0; place < places.length; place++) {
            for (long address : places[place]) {
                long chunk = Math.floorDiv(address - firstChunk, chunkBytes);
                valid = valid && chunk >= 0 && chunk < chunks && !seen.get((int) chunk);
                if (valid) {
                    seen.set((int) chunk);
                }
            }
            found += places[place].length;
            text.append(' ').append(PLACES[place]).append('=').append(places[place].length);
        }
        return new ChunkCensus(text + " of=" + chunks, found, valid && seen.cardinality() == chunks);
    }
}
