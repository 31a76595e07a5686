package io.breakwater.capture.live;

/** Is told when a port's link changes. Thread: rx, so keep it short, except where said. */
public interface PortListener {
    /** Does nothing. */
    PortListener NONE = new PortListener() {};

    /** The port has carrier again and frames flow. */
    default void onUp(String interfaceName) {}

    /** The port has no carrier, was switched off, or disappeared. */
    default void onDown(String interfaceName) {}

    /**
     * An interface of this name came back as a new one, with none of its preparations (offloads, isolation). Called
     * before the port opens it; may block and bring it up. If it throws, the port tries again later.
     */
    default void onRecreated(String interfaceName) throws java.io.IOException {}

    /** A port that disappeared cannot be opened again yet; said once per reason, in one line with the next step. */
    default void onTrouble(String why) {}
}
