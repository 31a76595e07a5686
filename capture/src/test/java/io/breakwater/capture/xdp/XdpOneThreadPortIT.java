package io.breakwater.capture.xdp;

import io.breakwater.capture.lab.PortContract;

/** Two AF_XDP ports between two hosts, both lanes on one thread that never sleeps while there is a link. */
class XdpOneThreadPortIT extends PortContract {
    XdpOneThreadPortIT() {
        super("xdp,native,busy,shared");
    }
}
