package io.breakwater.capture.xdp;

import io.breakwater.capture.lab.PortContract;

/** Two AF_XDP ports between two hosts, the program in the kernel's general receive path. */
class XdpGenericPortIT extends PortContract {
    XdpGenericPortIT() {
        super("xdp,generic");
    }
}
