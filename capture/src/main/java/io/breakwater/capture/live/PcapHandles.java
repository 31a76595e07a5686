package io.breakwater.capture.live;

import com.sun.jna.Pointer;
import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.PcapReader;
import java.io.IOException;
import java.lang.reflect.Field;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;

/** Opens pcap4j handles for inline use, and turns its errors into lines that say what to do. */
final class PcapHandles {
    /** Used by libpcap only when the handle blocks, which ours does not; it refuses 0. */
    private static final int UNUSED_TIMEOUT_MS = 1;

    private PcapHandles() {}

    /**
     * A handle that delivers each frame at once (immediate mode), whole, and only those that came in from outside.
     *
     * @throws PortException with the next step
     */
    static PcapHandle open(String name, int snapBytes, int bufferBytes) throws PortException {
        requireOpenable(name);
        PcapHandle handle = null;
        try {
            handle = new PcapHandle.Builder(name)
                    .snaplen(snapBytes)
                    .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                    .immediateMode(true)
                    .timeoutMillis(UNUSED_TIMEOUT_MS)
                    .bufferSize(bufferBytes)
                    .timestampPrecision(PcapHandle.TimestampPrecision.NANO)
                    .direction(PcapHandle.PcapDirection.IN)
                    .build();
            handle.setBlockingMode(PcapHandle.BlockingMode.NONBLOCKING);
            requireEthernet(name, handle);
            return handle;
        } catch (PcapNativeException | NotOpenException e) {
            close(handle);
            throw new PortException(explain(name, e));
        } catch (PortException e) {
            close(handle);
            throw e;
        }
    }

    /** The address of the handle's {@code pcap_t}, which pcap4j keeps to itself. */
    static long address(PcapHandle handle) {
        try {
            Field field = PcapHandle.class.getDeclaredField("handle");
            field.setAccessible(true);
            return Pointer.nativeValue((Pointer) field.get(handle));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this pcap4j is not the release that Breakwater was built with", e);
        }
    }

    private static void requireOpenable(String name) throws PortException {
        if (!PcapReader.isAvailable()) {
            throw new PortException("port " + name + ": libpcap is not installed: apt-get install libpcap0.8");
        }
        try (LinkProbe link = new LinkProbe(name)) {
            if (link.index() == LinkProbe.NONE) {
                throw new PortException("port " + name + ": no such interface; there are: "
                        + String.join(", ", LinkProbe.interfaceNames()));
            }
            if (!link.isAdminUp()) {
                throw new PortException("port " + name + ": interface is down: ip link set dev " + name + " up");
            }
        } catch (PortException e) {
            throw e;
        } catch (IOException e) {
            throw new PortException("port " + name + ": " + e.getMessage());
        }
    }

    private static void requireEthernet(String name, PcapHandle handle) throws PortException {
        if (handle.getDlt().value() != 1) { // LINKTYPE_ETHERNET
            throw new PortException("port " + name + ": not an Ethernet interface (its link type is "
                    + handle.getDlt().name() + "): choose a network card");
        }
    }

    private static String explain(String name, Exception e) {
        String why = String.valueOf(e.getMessage());
        if (why.contains("permi") || why.contains("CAP_NET_RAW")) {
            return "port " + name + ": no permission: needs CAP_NET_RAW and CAP_NET_ADMIN: run with sudo";
        }
        if (why.contains("not up") || why.contains("is down")) {
            return "port " + name + ": interface is down: ip link set dev " + name + " up";
        }
        return "port " + name + ": libpcap cannot open it: "
                + why.lines().findFirst().orElse("no reason given");
    }

    static void close(@org.jspecify.annotations.Nullable PcapHandle handle) {
        if (handle != null && handle.isOpen()) {
            handle.close();
        }
    }
}
