package io.breakwater.appliance.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what a mistyped word was probably meant to be. */
final class Suggestion {
    /** Longer words are not compared: no key or name is that long. */
    private static final int LONGEST = 64;

    private Suggestion() {}

    /** {@code ; did you mean 'x'?}, or nothing if no candidate is near. */
    static String didYouMean(String given, Collection<String> candidates) {
        String nearest = nearest(given, candidates);
        return nearest == null ? "" : "; did you mean '" + nearest + "'?";
    }

    /** The candidate with the fewest typing slips, if they are few for the word's length; null if none is near. */
    static @Nullable String nearest(String given, Collection<String> candidates) {
        if (given.length() > LONGEST) {
            return null;
        }
        String word = plain(given);
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            String other = plain(candidate);
            int distance = distance(word, other);
            if (distance < bestDistance && distance <= allowedSlips(Math.min(word.length(), other.length()))) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Capitals and the choice between dash, underscore and blank are no slips. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }

    private static int allowedSlips(int length) {
        if (length < 3) {
            return 0;
        }
        return length < 5 ? 1 : Math.min(3, length / 3 + 1);
    }

    /** Letters inserted, left out, replaced, or swapped with their neighbour (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] slips = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                slips[i][j] = cell(slips, a, b, i, j);
            }
        }
        return slips[a.length()][b.length()];
    }

    private static int cell(int[][] slips, String a, String b, int i, int j) {
        if (i == 0 || j == 0) {
            return i + j;
        }
        int replaced = slips[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, 1 + Math.min(slips[i - 1][j], slips[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
    }
}
