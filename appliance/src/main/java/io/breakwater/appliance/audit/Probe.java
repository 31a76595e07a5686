package io.breakwater.appliance.audit;

import java.nio.ByteBuffer;

/** One harmless question that a reflector answers; immutable. */
final class Probe {
    private final String vector;
    private final String name;
    private final int port;
    private final byte[] payload;
    private final String mend;

    /**
     * One question.
     *
     * @param vector the vector's name in the policy
     * @param name what is asked
     * @param port where, 1–65535
     * @param payload the UDP payload; reads only, changes nothing
     * @param mend how the service itself stops answering strangers
     */
    Probe(String vector, String name, int port, byte[] payload, String mend) {
        this.vector = vector;
        this.name = name;
        this.port = port;
        this.payload = payload.clone();
        this.mend = mend;
    }

    String vector() {
        return vector;
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    String mend() {
        return mend;
    }

    int requestBytes() {
        return payload.length;
    }

    ByteBuffer datagram() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }
}
