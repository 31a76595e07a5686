package io.breakwater.capture.xdp;

import io.breakwater.capture.nativeaccess.XskSocket;

/**
 * The sockets that one lane works on, from one rebuild of the pair to the next.
 *
 * @param in socket of the card that the lane's frames come in by: the lane owns its RX and FILL
 * @param out socket of the card that they leave by: the lane owns its TX and COMPLETION
 */
record LaneRings(XskSocket in, XskSocket out) {}
