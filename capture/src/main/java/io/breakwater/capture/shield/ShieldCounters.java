package io.breakwater.capture.shield;

/**
 * What a lane's shield dropped, by the reasons that Java drops for; totals never go back. Frames' bytes are their layer-2
 * lengths without frame check sequence, as Java counts them.
 *
 * <p><b>Thread:</b> any. <b>Cost:</b> a system call per number.
 */
public interface ShieldCounters {
    /** A lane without a shield. */
    ShieldCounters NONE = new ShieldCounters() {
        @Override
        public long frames(int reason) {
            return 0;
        }

        @Override
        public long bytes(int reason) {
            return 0;
        }

        @Override
        public long frames() {
            return 0;
        }

        @Override
        public long bytes() {
            return 0;
        }
    };

    /** Frames dropped for the reason with this id. */
    long frames(int reason);

    /** Bytes of frames dropped for the reason with this id. */
    long bytes(int reason);

    /** Frames dropped for all reasons. */
    long frames();

    /** Bytes of frames dropped for all reasons. */
    long bytes();
}
