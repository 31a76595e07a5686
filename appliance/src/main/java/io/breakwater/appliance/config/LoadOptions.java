package io.breakwater.appliance.config;

/**
 * What a file is read for.
 *
 * @param pairsRequired whether a file without {@code pairs} is refused
 * @param emptyAllowed whether a file that says nothing is the built-in policy
 */
public record LoadOptions(boolean pairsRequired, boolean emptyAllowed) {
    /** For {@code run} and {@code check}. */
    public static LoadOptions run() {
        return new LoadOptions(true, true);
    }

    /**
     * For a policy that takes another's place while the cards stay as they are: it need not name them. It must say
     * something, because a body that got lost on its way says nothing too.
     */
    public static LoadOptions swap() {
        return new LoadOptions(false, false);
    }

    /** For {@code replay}, which opens no card. */
    public static LoadOptions replay() {
        return new LoadOptions(false, true);
    }
}
