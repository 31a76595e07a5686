package io.breakwater.appliance.config;

/** What the policy language has words for and a version of the product may not be able to do yet. */
public enum Feature {
    XDP("pairs[].backend", "backend xdp", "use pcap"),
    SHIELD("pairs[].shield", "the shield", "use off"),
    IDLE("pairs[].idle", "idle other than blocking", "use blocking"),
    FAIL_OPEN("pairs[].fail", "fail open", "use closed"),
    LINK_PASS_THROUGH("pairs[].link-pass-through", "link-pass-through", "use false");

    private final String pattern;
    private final String what;
    private final String instead;

    Feature(String pattern, String what, String instead) {
        this.pattern = pattern;
        this.what = what;
        this.instead = instead;
    }

    /** The key that asks for it. */
    String pattern() {
        return pattern;
    }

    /** One line for people. */
    String notAvailable() {
        return what + " is not available in this version; " + instead;
    }
}
