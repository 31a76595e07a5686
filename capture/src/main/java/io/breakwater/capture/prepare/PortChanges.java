package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.privilege.Ingress;
import io.breakwater.capture.privilege.OwnPrivileges;
import io.breakwater.capture.privilege.Privileges;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The changes to one port, and their undoing. All may be made twice. */
final class PortChanges {
    private PortChanges() {}

    /** Reads what the port is like now. */
    static PortSettings read(String port, PortPair pair) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            return new PortSettings(
                    port,
                    link.index(),
                    pair.peerOf(port),
                    pair.failOpen(),
                    Ingress.isHooked(port),
                    link.isAdminUp(),
                    link.isPromiscuous(),
                    OwnPrivileges.ipv6Disabled(port),
                    Offloads.originals(port, pair.xdp()),
                    staticIpv6Addresses(port));
        }
    }

    /**
     * The box's own stack off the port, offloads off, the link up; with {@code fail: open} the card takes frames for any
     * address for as long as it is joined, because what a filter asks of it ends with the filter. The tc filter comes first: without it nothing else
     * has been changed.
     *
     * @return warnings
     */
    static List<String> apply(PortSettings before, boolean xdp) throws IOException {
        String port = before.port();
        Privileges privileges = ProcessPrivileges.get();
        if (before.failOpen()) {
            privileges.redirect(port, before.peer());
        } else {
            privileges.drop(port);
        }
        List<String> warnings = new ArrayList<>(Offloads.switchOff(port, before.features(), xdp));
        privileges.setIpv6Disabled(port, "1");
        privileges.setAdminUp(port, true);
        if (before.failOpen()) {
            privileges.setPromiscuous(port, true);
        }
        return warnings;
    }

    /**
     * Gives the offloads back of a port that stays joined or closed. Only what joins frames in the card stays off: what
     * that makes may not be sent on.
     */
    static void rest(PortSettings before) throws IOException {
        if (isChanged(before)) {
            Offloads.giveBackButJoining(before.port(), before.features());
        }
    }

    /** Whether a run changed this very interface, and nobody has given it back since. */
    static boolean isChanged(PortSettings before) throws IOException {
        try (LinkProbe link = new LinkProbe(before.port())) {
            return link.index() == before.index() && Ingress.isOurs(before.port());
        }
    }

    /** Gives the port back as it was. Does nothing to an interface that is gone, or is another one of that name. */
    static void undo(PortSettings before) throws IOException {
        if (!isChanged(before)) {
            return;
        }
        String port = before.port();
        Privileges privileges = ProcessPrivileges.get();
        Offloads.giveBack(port, before.features());
        if (!before.ipv6Disabled().isEmpty()) {
            privileges.setIpv6Disabled(port, before.ipv6Disabled());
        }
        privileges.setAdminUp(port, before.up());
        privileges.setPromiscuous(port, before.promiscuous());
        for (String address : before.ipv6Addresses()) {
            privileges.addAddress(port, address);
        }
        privileges.clearIngress(port, before.hadIngress());
    }

    /** Takes an ingress hook away that was not there before and that nobody uses; from this very interface alone. */
    static void unhook(PortSettings before) throws IOException {
        try (LinkProbe link = new LinkProbe(before.port())) {
            if (link.index() == before.index()) {
                ProcessPrivileges.get().clearIngress(before.port(), before.hadIngress());
            }
        }
    }

    private static List<String> staticIpv6Addresses(String port) throws IOException {
        List<String> addresses = new ArrayList<>();
        for (PortAddress address : PortAddress.of(port)) {
            if (address.isIpv6() && !address.isTransient()) {
                addresses.add(address.prefix());
            }
        }
        return addresses;
    }
}
