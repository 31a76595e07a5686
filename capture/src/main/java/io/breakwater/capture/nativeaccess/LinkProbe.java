package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Asks the kernel about one interface by name: whether it exists, is up, has carrier, and its MTU.
 *
 * <p><b>Why</b> ioctl and not {@code java.net.NetworkInterface}: that hides interfaces without addresses, and these
 * calls allocate nothing. <b>Thread:</b> one owner. <b>Cost:</b> one system call each, about 0.2 µs.
 */
public final class LinkProbe implements AutoCloseable {
    /** What {@link #index()} answers when there is no such interface. */
    public static final int NONE = 0;

    /** Longest interface name in bytes, IFNAMSIZ - 1 (linux/if.h). */
    public static final int NAME_BYTES = 15;

    private static final int AF_INET = 2; // linux/socket.h
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final long SIOCGIFFLAGS = 0x8913; // linux/sockios.h
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GCHANNELS = 0x3c; // linux/ethtool.h
    private static final int CHANNELS_BYTES = 36; // struct ethtool_channels
    private static final int RX_COUNT_OFFSET = 20;
    private static final int COMBINED_COUNT_OFFSET = 32;
    private static final int IFF_UP = 1; // linux/if.h
    private static final int IFF_RUNNING = 0x40;
    private static final int IFF_PROMISC = 0x100;
    private static final int IFREQ_BYTES = 40;
    private static final int VALUE_OFFSET = 16;

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc();
    private final MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
    private final byte[] name;
    private final int fd;

    /** @throws ErrnoException if no socket can be made */
    public LinkProbe(String interfaceName) throws IOException {
        name = interfaceName.getBytes(StandardCharsets.UTF_8);
        fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new ErrnoException("socket", libc.errno());
        }
    }

    /** Names of all interfaces in this network namespace, sorted; with or without addresses. */
    public static List<String> interfaceNames() throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/net/dev"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                names.add(line.substring(0, colon).strip());
            }
        }
        Collections.sort(names);
        return names;
    }

    /** The interface's index, or {@link #NONE}. */
    public int index() {
        return ask(SIOCGIFINDEX) ? request.get(JAVA_INT, VALUE_OFFSET) : NONE;
    }

    /** Whether it is there and switched on, with or without carrier. */
    public boolean isAdminUp() {
        return ask(SIOCGIFFLAGS) && (flags() & IFF_UP) != 0;
    }

    /** Whether it is there, switched on and has carrier. */
    public boolean isRunning() {
        return ask(SIOCGIFFLAGS) && (flags() & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
    }

    /** Its MTU in bytes, or 0 if it is not there. */
    public int mtuBytes() {
        return ask(SIOCGIFMTU) ? request.get(JAVA_INT, VALUE_OFFSET) : 0;
    }

    /**
     * How the card spreads what it receives.
     *
     * @param receiving queues that only receive
     * @param combined queues that receive and send
     */
    public record Queues(int receiving, int combined) {
        /** Queues that frames come in by, at least 1. */
        public int rx() {
            return Math.max(1, receiving + combined);
        }
    }

    /** The card's queues; one if its driver does not tell. Allocates: not for a hot thread. */
    public Queues queues() {
        MemorySegment channels = arena.allocate(CHANNELS_BYTES, 8);
        channels.set(JAVA_INT, 0, ETHTOOL_GCHANNELS);
        nameRequest();
        request.set(JAVA_LONG, VALUE_OFFSET, channels.address());
        return libc.ioctl(fd, SIOCETHTOOL, request) < 0
                ? new Queues(1, 0)
                : new Queues(channels.get(JAVA_INT, RX_COUNT_OFFSET), channels.get(JAVA_INT, COMBINED_COUNT_OFFSET));
    }

    /** Whether somebody has it take frames for any address, for as long as it exists. */
    public boolean isPromiscuous() {
        return ask(SIOCGIFFLAGS) && (flags() & IFF_PROMISC) != 0;
    }

    /** Has it take frames for any address until told otherwise, also when this process is gone; or only its own. */
    public void setPromiscuous(boolean all) throws IOException {
        set(IFF_PROMISC, all);
    }

    /** Switches it on or off. */
    public void setAdminUp(boolean up) throws IOException {
        set(IFF_UP, up);
    }

    private void set(int flag, boolean on) throws IOException {
        if (!ask(SIOCGIFFLAGS)) {
            throw new ErrnoException("SIOCGIFFLAGS", libc.errno());
        }
        int flags = on ? flags() | flag : flags() & ~flag;
        request.set(JAVA_SHORT, VALUE_OFFSET, (short) flags);
        if (libc.ioctl(fd, SIOCSIFFLAGS, request) < 0) {
            throw new ErrnoException("SIOCSIFFLAGS", libc.errno());
        }
    }

    private int flags() {
        return request.get(JAVA_SHORT, VALUE_OFFSET) & 0xffff;
    }

    private boolean ask(long what) {
        if (name.length == 0 || name.length > NAME_BYTES) {
            return false;
        }
        nameRequest();
        return libc.ioctl(fd, what, request) >= 0;
    }

    private void nameRequest() {
        request.fill((byte) 0);
        MemorySegment.copy(name, 0, request, JAVA_BYTE, 0, name.length);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            libc.close(fd);
        }
    }
}
