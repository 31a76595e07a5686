package io.breakwater.appliance.config;

/**
 * What a file is read for.
 *
 * @param pairsRequired whether a file without {@code pairs} is refused
 */
public record LoadOptions(boolean pairsRequired) {
    /** For {@code run} and {@code check}. */
    public static LoadOptions run() {
        return new LoadOptions(true);
    }

    /** For a policy that takes another's place while the cards stay as they are: it need not name them. */
    public static LoadOptions swap() {
        return new LoadOptions(false);
    }

    /** For {@code replay}, which opens no card. */
    public static LoadOptions replay() {
        return new LoadOptions(false);
    }
}
