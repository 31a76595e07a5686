package io.breakwater.capture.prepare;

/**
 * Two interfaces that the filter joins.
 *
 * @param outside towards the internet
 * @param inside towards what is protected
 * @param xdp whether frames are read by AF_XDP, which loses the VLAN tags that a card takes off
 * @param failOpen whether frames flow from one to the other while no filter runs
 */
public record PortPair(String outside, String inside, boolean xdp, boolean failOpen) {
    String peerOf(String port) {
        return port.equals(outside) ? inside : outside;
    }
}
