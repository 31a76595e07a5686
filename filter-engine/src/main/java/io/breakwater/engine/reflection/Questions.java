package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Vector;
import java.util.BitSet;

/**
 * Says which session a frame belongs to, for the ports of solicited vectors.
 *
 * <p>Only an outbound frame to such a port opens one, unless it is clearly an answer: what an inside server sends to a
 * client that uses the service's port too (53→53) is no question. The frames of a long-lived protocol always do, answers
 * too: an outside client behind port 4500 sends ESP once the inside server has answered it, and ESP has no mark of a
 * request.
 *
 * <p>Immutable.
 */
final class Questions {
    private static final int UDP = 17;

    private final byte[] protocolAt = new byte[65_536];

    private Questions() {}

    /**
     * Those of the policy's solicited vectors; none if nothing is protected. A vector that matches by signature alone
     * judges answers from any port, so questions to any port count for it.
     */
    static Questions of(Policy policy) {
        Questions questions = new Questions();
        if (policy.protectedPrefixes().isEmpty()) {
            return questions;
        }
        for (Vector vector : policy.vectors()) {
            if (vector.action() == Vector.Action.SOLICITED) {
                questions.protocolAt[vector.port()] = (byte) Protocol.of(vector);
            }
        }
        for (Vector vector : policy.vectors()) {
            if (vector.action() == Vector.Action.SOLICITED && vector.match() == Vector.Match.SIGNATURE) {
                questions.fillEmpty((byte) Protocol.of(vector));
            }
        }
        return questions;
    }

    private void fillEmpty(byte protocol) {
        for (int port = 1; port < protocolAt.length; port++) {
            if (protocolAt[port] == Protocol.NONE) {
                protocolAt[port] = protocol;
            }
        }
    }

    /** The session that an outbound frame opens or renews, or {@link Session#NONE}. */
    @HotPath
    long opened(FrameSlot frame) {
        int protocol = protocolAt(frame, frame.destinationPort());
        if (protocol == Protocol.NONE || !opens(protocol, frame)) {
            return Session.NONE;
        }
        return Session.ofOutbound(protocol, frame);
    }

    private static boolean opens(int protocol, FrameSlot frame) {
        if (Protocol.isLongLived(protocol)) {
            return true;
        }
        int role = Protocol.role(protocol, frame);
        return protocol == Protocol.DNS ? role == Protocol.REQUEST : role != Protocol.ANSWER;
    }

    /** The session that an inbound frame renews, or {@link Session#NONE}. */
    @HotPath
    long renewed(FrameSlot frame) {
        int protocol = protocolAt(frame, frame.sourcePort());
        return Protocol.isLongLived(protocol) ? Session.ofInbound(protocol, frame) : Session.NONE;
    }

    /** The session that an inbound frame answers in, or {@link Session#NONE}. */
    @HotPath
    long answered(FrameSlot frame) {
        int protocol = protocolAt(frame, frame.sourcePort());
        boolean unknown = protocol == Protocol.DNS && !Payload.has(frame, 2);
        return protocol == Protocol.NONE || unknown ? Session.NONE : Session.ofInbound(protocol, frame);
    }

    /** Ports to which sessions are opened, and from which they are renewed and answered. */
    BitSet ports() {
        BitSet ports = new BitSet(protocolAt.length);
        for (int port = 0; port < protocolAt.length; port++) {
            ports.set(port, protocolAt[port] != Protocol.NONE);
        }
        return ports;
    }

    private int protocolAt(FrameSlot frame, int port) {
        return port < 0 || frame.protocol() != UDP ? Protocol.NONE : protocolAt[port];
    }
}
