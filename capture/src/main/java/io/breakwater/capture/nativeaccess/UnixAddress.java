package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Names of Unix sockets as the kernel takes them (struct sockaddr_un, unix(7)). */
final class UnixAddress {
    private static final int AF_UNIX = 1; // linux/socket.h
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x80000;
    private static final int PATH_OFFSET = 2; // linux/un.h
    private static final int PATH_BYTES = 108;

    private UnixAddress() {}

    /**
     * @param path one that begins with {@code @} is in the abstract name space
     * @throws IOException if it is empty or too long
     */
    static MemorySegment of(String path, Arena arena) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length >= PATH_BYTES) {
            throw new IOException("the name of a Unix socket has 1 to " + (PATH_BYTES - 1) + " bytes");
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        // The length tells an abstract name's end; that of a path ends with a zero byte.
        MemorySegment address = arena.allocate(PATH_OFFSET + name.length + (name[0] == 0 ? 0 : 1), 2);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH_OFFSET, name.length);
        return address;
    }

    /** A new socket for streams, or -1. */
    static int streamSocket(Libc libc) {
        return libc.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    }

    /** A new socket for datagrams, or -1. */
    static int datagramSocket(Libc libc) {
        return libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    }
}
