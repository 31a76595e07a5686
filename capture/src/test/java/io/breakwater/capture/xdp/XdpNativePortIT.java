package io.breakwater.capture.xdp;

import io.breakwater.capture.lab.PortContract;

/** Two AF_XDP ports between two hosts, the program in the cards' drivers. */
class XdpNativePortIT extends PortContract {
    XdpNativePortIT() {
        super("xdp,native");
    }
}
