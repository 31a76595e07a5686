package io.breakwater.capture.prepare;

import java.util.ArrayList;
import java.util.List;

/** The interrupts of a card by the names in {@code /proc/interrupts}: {@code eth0}, {@code eth0-TxRx-3}, {@code ice-eth0-TxRx-3}. */
final class CardInterrupts {
    private CardInterrupts() {}

    static List<Integer> of(String port, List<String> lines) {
        List<Integer> interrupts = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            int colon = text.indexOf(':');
            String name = text.substring(text.lastIndexOf(' ') + 1);
            boolean itsOwn = name.equals(port) || name.startsWith(port + "-") || name.contains("-" + port + "-");
            if (itsOwn && colon > 0 && text.substring(0, colon).matches("\\d{1,9}")) {
                interrupts.add(Integer.parseInt(text.substring(0, colon)));
            }
        }
        return interrupts;
    }
}
