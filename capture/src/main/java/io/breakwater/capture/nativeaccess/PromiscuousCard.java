package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Keeps a card receiving frames that are not addressed to it, as long as this is open; the kernel ends it with the
 * process, however that ends.
 */
public final class PromiscuousCard implements AutoCloseable {
    private static final int AF_PACKET = 17; // linux/socket.h
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1; // linux/if_packet.h
    private static final short PACKET_MR_PROMISC = 1;

    private final Libc libc = new Libc();
    private final int fd;
    private boolean open = true;

    /** @throws ErrnoException without CAP_NET_RAW, or if there is no such card */
    public PromiscuousCard(int interfaceIndex) throws ErrnoException {
        fd = libc.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new ErrnoException("packet socket", libc.errno());
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment membership = call.allocate(16, 4); // struct packet_mreq
            membership.set(JAVA_INT, 0, interfaceIndex);
            membership.set(JAVA_SHORT, 4, PACKET_MR_PROMISC);
            if (libc.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership) < 0) {
                int errno = libc.errno();
                close();
                throw new ErrnoException("promiscuous mode", errno);
            }
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            libc.close(fd);
        }
    }
}
