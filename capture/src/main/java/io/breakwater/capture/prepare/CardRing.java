package io.breakwater.capture.prepare;

/**
 * How many frames a card's receive ring holds, as {@code ethtool -g} tells.
 *
 * @param maximumRx 0 if the card has none that can be set
 * @param currentRx now
 */
record CardRing(int maximumRx, int currentRx) {
    /** Two blocks, "Pre-set maximums" and "Current hardware settings", each with a line {@code RX: 4096}. */
    static CardRing parse(String output) {
        int maximum = 0;
        int current = 0;
        boolean inCurrent = false;
        for (String line : output.lines().toList()) {
            if (line.startsWith("Current")) {
                inCurrent = true;
            } else if (line.startsWith("RX:")) {
                int frames = number(line.substring("RX:".length()).strip());
                if (inCurrent) {
                    current = frames;
                } else {
                    maximum = frames;
                }
            }
        }
        return new CardRing(maximum, current);
    }

    private static int number(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
}
