package io.breakwater.capture.privilege;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/**
 * All that a run asks of the network and the kernel that needs CAP_NET_ADMIN or CAP_BPF, one method each: nothing else in
 * this project does.
 *
 * <p><b>Thread:</b> any; callers see to it that a port is changed by one thread at a time. <b>Cost:</b> control path only.
 */
public interface Privileges {
    /**
     * From now on no other ports are changed. Once in a process that only has these.
     *
     * @param ports names of interfaces
     */
    void confineTo(List<String> ports) throws IOException;

    /** The effective capabilities that the other methods act with, by bit (linux/capability.h). */
    long capabilities() throws IOException;

    /** Every frame that comes in by {@code port} leaves by {@code to}, instead of being dropped. */
    void redirect(String port, String to) throws IOException;

    /** The same for a {@code to} that is another interface than before; a drop before it stays. */
    void redirectAgain(String port, String to) throws IOException;

    /** Every frame that comes in by {@code port} is dropped, instead of going elsewhere. */
    void drop(String port) throws IOException;

    /** Drops every frame before a redirect, which stays. */
    void dropFirst(String port) throws IOException;

    /** Ends {@link #dropFirst}. */
    void dropNoMore(String port) throws IOException;

    /** Takes our tc filters away, and the hook too if nobody had it before and nobody else uses it. */
    void clearIngress(String port, boolean hadIngress) throws IOException;

    /**
     * Changes offloads.
     *
     * @param features by their {@code ethtool -K} name, {@code on} or {@code off}
     * @return what {@code ethtool} answered; a driver may refuse some and change the others
     */
    Command.Result setOffloads(String port, SortedMap<String, String> features) throws IOException;

    /** Writes the sysctl {@code disable_ipv6}, unless it has that value. */
    void setIpv6Disabled(String port, String value) throws IOException;

    /** Gives the port an address that it lost while IPv6 was off. */
    void addAddress(String port, String prefix) throws IOException;

    /** Switches the port on or off. */
    void setAdminUp(String port, boolean up) throws IOException;

    /** Has the port take frames for any address until told otherwise; or only its own. */
    void setPromiscuous(String port, boolean all) throws IOException;

    /** {@code BPF_MAP_CREATE}: the map's descriptor in this process. */
    int createMap(int type, String name, int keyBytes, int valueBytes, int maxEntries, int flags) throws IOException;

    /**
     * {@code BPF_PROG_LOAD}: the program's descriptor in this process.
     *
     * @param instructions of 8 bytes each, which name maps by their descriptors in this process
     */
    int loadProgram(int type, int attachType, String name, long[] instructions) throws IOException;

    /** The end of what the verifier says about a program that it refused; empty if it says nothing. */
    String verifierLog(int type, int attachType, String name, long[] instructions) throws IOException;

    /**
     * Lets an AF_XDP socket have more frames under way than the box's limit for sockets. A kernel that refuses is obeyed: some
     * batches are cut short then.
     */
    void growSendBuffer(int socket) throws IOException;
}
