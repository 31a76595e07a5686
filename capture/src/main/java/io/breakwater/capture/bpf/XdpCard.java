package io.breakwater.capture.bpf;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.LinkProbe;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The XDP program of one card: attached through a bpf_link, so it is gone when this object is closed or the process
 * ends, however it ends; replaced without a frame in between that sees none.
 *
 * <p>A card with AF_XDP sockets passes frames to the socket of the queue they came in by, and those of a queue without a
 * socket to the kernel, as a card without sockets does with all.
 *
 * <p><b>Thread:</b> any control thread; calls wait for each other. <b>Cost:</b> to attach 2 to 4 ms.
 */
public final class XdpCard implements AutoCloseable {
    private static final int ATTACH_TYPE_XDP = 37; // BPF_XDP, linux/bpf.h
    private static final int NOT_ATTACHED = -1;

    private final String interfaceName;
    private final List<XdpMode> modes;
    private final @Nullable BpfMap sockets;
    private @Nullable XdpProgram program;
    private int link = NOT_ATTACHED;
    private int attachedIndex;
    private XdpMode mode;
    private @Nullable BpfException nativeRefusal;

    private XdpCard(String interfaceName, List<XdpMode> modes, @Nullable BpfMap sockets) {
        this.interfaceName = interfaceName;
        this.modes = modes;
        this.mode = modes.getFirst();
        this.sockets = sockets;
    }

    /**
     * A card whose frames go on to the kernel; nothing is attached yet.
     *
     * @param modes that may be used, the preferred first
     */
    public static XdpCard passing(String interfaceName, List<XdpMode> modes) {
        return new XdpCard(interfaceName, List.copyOf(modes), null);
    }

    /**
     * A card whose frames go to AF_XDP sockets; nothing is attached yet.
     *
     * @param queues receive queues of the card
     */
    public static XdpCard redirecting(String interfaceName, List<XdpMode> modes, int queues) throws IOException {
        return new XdpCard(interfaceName, List.copyOf(modes), BpfMap.sockets("bw_sockets", queues));
    }

    /** The card's name. */
    public String interfaceName() {
        return interfaceName;
    }

    /** Whether frames go to AF_XDP sockets, so that the program must stay even where it drops nothing. */
    public boolean isRedirecting() {
        return sockets != null;
    }

    /** From now on the frames of this queue go to this socket, which is bound to it. */
    public synchronized void register(int queue, int socketFd) throws IOException {
        redirectTable().put(BpfMap.number(queue), BpfMap.number(socketFd));
    }

    /** From now on the frames of this queue go to the kernel. */
    public synchronized void unregister(int queue) throws IOException {
        redirectTable().remove(BpfMap.number(queue));
    }

    private BpfMap redirectTable() {
        if (sockets == null) {
            throw new IllegalStateException(interfaceName + " has no sockets");
        }
        return sockets;
    }

    /**
     * Attaches the program, or attaches it anew if the interface is no longer the one it was attached to; does nothing
     * where it is in place.
     *
     * @throws BpfException if the interface is not there, or none of the modes works on it
     */
    public synchronized void attach() throws IOException {
        int index = interfaceIndex();
        if (index == LinkProbe.NONE) {
            throw new BpfException("no such interface: " + interfaceName, null);
        }
        if (link == NOT_ATTACHED || index != attachedIndex) {
            detach();
            if (program == null) {
                program = load(FramePart.NONE);
            }
            link = attach(program, index);
            attachedIndex = index;
        }
    }

    /** Does what {@link #attach} does if there is such an interface now; nothing while there is none. */
    public synchronized void attachIfThere() throws IOException {
        if (interfaceIndex() != LinkProbe.NONE) {
            attach();
        }
    }

    /** The frames' fate from now on; a card that is not attached learns it when it is. */
    public synchronized void replace(FramePart part) throws IOException {
        XdpProgram replacement = load(part);
        try {
            if (link != NOT_ATTACHED) {
                BpfCalls.updateLink(link, replacement.fd());
            }
        } catch (ErrnoException e) {
            if (!e.isNoDevice()) { // one that is gone gets it when it comes back
                replacement.close();
                throw BpfException.of("XDP on " + interfaceName, e);
            }
        }
        closeProgram();
        program = replacement;
    }

    private XdpProgram load(FramePart part) throws IOException {
        return XdpProgram.load("bw_" + interfaceName, part, sockets);
    }

    private void closeProgram() {
        if (program != null) {
            program.close();
            program = null;
        }
    }

    /** Takes the program off the card; {@link #attach} puts it back. */
    public synchronized void detach() {
        if (link != NOT_ATTACHED) {
            BpfCalls.close(link);
            link = NOT_ATTACHED;
        }
    }

    /** Whether a program is on the card, as far as this object knows. */
    public synchronized boolean isAttached() {
        return link != NOT_ATTACHED;
    }

    /** Where the program runs, once attached. */
    public synchronized XdpMode mode() {
        return mode;
    }

    /** Why the program does not run where it was wanted first, in one line; empty if it does. */
    public synchronized Optional<String> fallback() {
        return mode == modes.getFirst() || nativeRefusal == null
                ? Optional.empty()
                : Optional.of("no " + modes.getFirst() + " XDP on " + interfaceName + " (" + nativeRefusal.getMessage()
                        + "): it runs in " + mode + " mode, which is slower");
    }

    private int interfaceIndex() throws IOException {
        try (LinkProbe probe = new LinkProbe(interfaceName)) {
            return probe.index();
        } catch (LinkageError | IllegalCallerException e) {
            throw BpfException.nativeAccessDenied(e);
        }
    }

    private int attach(XdpProgram attached, int index) throws IOException {
        nativeRefusal = null;
        for (XdpMode tried : modes) {
            try {
                int created = BpfCalls.createLink(
                        attached.fd(), index, ATTACH_TYPE_XDP, tried.flags(), BpfCalls.LET_GO_EARLY);
                mode = tried;
                return created;
            } catch (ErrnoException e) {
                nativeRefusal = refusal(tried, e);
                if (e.isPermission() || e.isBusy() || e.isNoDevice()) {
                    throw nativeRefusal;
                }
            }
        }
        throw nativeRefusal == null ? new BpfException("no mode for " + interfaceName, null) : nativeRefusal;
    }

    private BpfException refusal(XdpMode tried, ErrnoException e) {
        if (e.isBusy()) {
            return new BpfException(
                    "another XDP program is on " + interfaceName + ": remove it with 'ip link set dev " + interfaceName
                            + " xdp off', or end the program that holds it",
                    e);
        }
        return BpfException.of(tried + " XDP on " + interfaceName, e);
    }

    @Override
    public synchronized void close() {
        detach();
        closeProgram();
        if (sockets != null) {
            sockets.close();
        }
    }
}
