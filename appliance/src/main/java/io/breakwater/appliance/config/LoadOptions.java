package io.breakwater.appliance.config;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a file is read for.
 *
 * @param pairsRequired whether a file without {@code pairs} is refused
 * @param features what may be asked for; the rest is refused, never ignored
 */
public record LoadOptions(boolean pairsRequired, Set<Feature> features) {
    /** What this version can do when it runs inline. */
    public static final Set<Feature> BUILT = Set.copyOf(EnumSet.of(Feature.XDP, Feature.IDLE));

    public LoadOptions {
        features = Set.copyOf(features);
    }

    /** For {@code run} and {@code check}. */
    public static LoadOptions run() {
        return new LoadOptions(true, BUILT);
    }

    /** For a policy that takes another's place while the cards stay as they are: it need not name them. */
    public static LoadOptions swap() {
        return new LoadOptions(false, BUILT);
    }

    /** For {@code replay}, which opens no card, so that what pairs ask for does not matter. */
    public static LoadOptions replay() {
        return new LoadOptions(false, EnumSet.allOf(Feature.class));
    }
}
