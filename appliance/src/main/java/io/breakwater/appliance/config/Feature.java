package io.breakwater.appliance.config;

/** What the policy language has words for and a version of the product may not be able to do yet. */
public enum Feature {
    /** {@code backend: xdp}. */
    XDP,
    /** {@code shield: auto|native|generic}. */
    SHIELD,
    /** {@code idle}. */
    IDLE,
    /** {@code fail: open}. */
    FAIL_OPEN,
    /** {@code link-pass-through: true}. */
    LINK_PASS_THROUGH
}
