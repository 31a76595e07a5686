package io.breakwater.capture.xdp;

import java.util.List;

/** Shows tests in other packages where a pair's chunks are. */
public final class Censuses {
    private Censuses() {}

    /** One line per lane: {@code whole} if every chunk was found exactly once, then the numbers. */
    public static List<String> of(XdpPair pair) {
        return pair.census().stream()
                .map(census -> (census.isComplete() ? "whole " : "broken ") + census.text())
                .toList();
    }
}
