package io.breakwater.capture.xdp;

import io.breakwater.capture.nativeaccess.LinkProbe;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a card that is there cannot be an AF_XDP port as it is now.
 *
 * @param id for programs: {@code mtu} or {@code queues}
 * @param what for people, with the port's name
 * @param mend the command that mends it
 */
public record XdpObstacle(String id, String what, String mend) {
    /** What else mends each of them. */
    public static final String OTHERWISE = "set backend: pcap";

    /** All that stands in the way of this card; none if it can be used. */
    public static List<XdpObstacle> of(String port, LinkProbe link) {
        List<XdpObstacle> found = new ArrayList<>();
        LinkProbe.Queues queues = link.queues();
        if (queues.rx() > 1) {
            found.add(new XdpObstacle(
                    "queues",
                    "port " + port + ": AF_XDP reads one receive queue, and the card has " + queues.rx(),
                    "ethtool -L " + port + (queues.combined() > 0 ? " combined 1" : " rx 1")));
        }
        if (link.mtuBytes() > XdpOptions.MAX_MTU_BYTES) {
            found.add(new XdpObstacle(
                    "mtu",
                    "port " + port + ": AF_XDP carries an MTU of at most " + XdpOptions.MAX_MTU_BYTES + " bytes, not "
                            + link.mtuBytes(),
                    "ip link set dev " + port + " mtu " + XdpOptions.MAX_MTU_BYTES));
        }
        return found;
    }
}
