package io.breakwater.engine.frame;

/** How the bytes of a frame begin. Values are constants of the hot path, not of any file format. */
public final class LinkLayer {
    /** IEEE 802.3 Ethernet II header, then any number of VLAN tags. */
    public static final int ETHERNET = 0;
    /** No link-layer header: the first nibble is the IP version (LINKTYPE_RAW, 101). */
    public static final int RAW_IP = 1;
    /** No link-layer header, IPv4 only (LINKTYPE_IPV4, 228). */
    public static final int RAW_IPV4 = 2;
    /** No link-layer header, IPv6 only (LINKTYPE_IPV6, 229). */
    public static final int RAW_IPV6 = 3;
    /** Linux cooked capture v1 (LINKTYPE_LINUX_SLL, 113): 16 bytes, EtherType at offset 14. */
    public static final int LINUX_SLL = 4;
    /** Linux cooked capture v2 (LINKTYPE_LINUX_SLL2, 276): 20 bytes, EtherType at offset 0. */
    public static final int LINUX_SLL2 = 5;
    /** Anything else: forwarded as non-IP, never looked into. */
    public static final int UNSUPPORTED = 6;

    private LinkLayer() {}
}
