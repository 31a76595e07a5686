package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/** A stateless classifier that may leave a frame alone by its source address, so that several can be asked in one lookup. */
public interface SourceClassifier extends StatelessClassifier {
    /** The sources of which there is something to say: of those with the value {@link PrefixTable#MISS} there is not. */
    PrefixTable sources();

    @Override
    @HotPath
    default boolean passes(FrameSlot frame) {
        return !sources().contains(frame.isIpv4(), frame.sourceHi(), frame.sourceLo());
    }
}
