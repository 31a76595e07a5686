package io.breakwater.engine.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 or IPv6 prefix (RFC 4632, RFC 4291) as two longs in network byte order; an IPv4 address is {@code hi = 0, lo =
 * address}, as in {@code FrameSlot}.
 *
 * @param ipv4 address family
 * @param hi upper 64 bits of an IPv6 address; 0 for IPv4
 * @param lo lower 64 bits; for IPv4 the 32-bit address, zero extended. Host bits are zero
 * @param length prefix length, 0–32 or 0–128
 */
public record Prefix(boolean ipv4, long hi, long lo, int length) {
    /** Checks the length and that no host bit is set. */
    public Prefix {
        if (length < 0 || length > (ipv4 ? 32 : 128)) {
            throw new IllegalArgumentException("prefix length " + length + " is not in 0–" + (ipv4 ? 32 : 128));
        }
        if (hi != (hi & maskHi(ipv4, length)) || lo != (lo & maskLo(ipv4, length))) {
            throw new IllegalArgumentException("host bits are set beyond /" + length);
        }
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address ({@code /32} and {@code /128}). Never asks DNS.
     *
     * @throws IllegalArgumentException with one line that says what is wrong and, for host bits, the nearest prefix
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = addressBytes(text, address);
        boolean ipv4 = bytes.length == 4;
        int length = slash < 0 ? bytes.length * 8 : prefixLength(text, text.substring(slash + 1), bytes.length * 8);
        long hi = 0;
        long lo = 0;
        for (int i = 0; i < bytes.length; i++) {
            hi = hi << 8 | lo >>> 56;
            lo = lo << 8 | bytes[i] & 0xff;
        }
        long maskedHi = hi & maskHi(ipv4, length);
        long maskedLo = lo & maskLo(ipv4, length);
        Prefix prefix = new Prefix(ipv4, maskedHi, maskedLo, length);
        if (hi != maskedHi || lo != maskedLo) {
            throw new IllegalArgumentException("'" + text + "' has host bits set; did you mean " + prefix + "?");
        }
        return prefix;
    }

    private static byte[] addressBytes(String text, String address) {
        boolean v6 = address.indexOf(':') >= 0;
        boolean plain = address.chars().allMatch(c -> c == '.' || c == ':' || Character.digit(c, 16) >= 0);
        try {
            if (plain && (v6 || isDottedQuad(address))) {
                byte[] bytes = InetAddress.getByName(v6 ? "[" + address + "]" : address)
                        .getAddress();
                // Java reads ::ffff:a.b.c.d as IPv4; on the wire it is an IPv6 address.
                return v6 && bytes.length == 4 ? mapped(bytes) : bytes;
            }
        } catch (UnknownHostException e) {
            // Falls through: not an address.
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not an IPv4 or IPv6 prefix, such as 192.0.2.0/24 or 2001:db8::/32");
    }

    private static boolean isDottedQuad(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean leadingZero = part.length() > 1 && part.charAt(0) == '0';
            if (part.isEmpty()
                    || part.length() > 3
                    || leadingZero
                    || !part.chars().allMatch(Character::isDigit)) {
                return false;
            }
            if (Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    private static byte[] mapped(byte[] ipv4) {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, bytes, 12, 4);
        return bytes;
    }

    private static int prefixLength(String text, String digits, int bits) {
        if (!digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(Character::isDigit)) {
            int length = Integer.parseInt(digits);
            if (length <= bits) {
                return length;
            }
        }
        throw new IllegalArgumentException("'" + text + "' needs a prefix length from 0 to " + bits);
    }

    /** The mask of the upper 64 bits for a prefix length. */
    public static long maskHi(boolean ipv4, int length) {
        if (ipv4 || length == 0) {
            return 0;
        }
        return length >= 64 ? -1L : -1L << (64 - length);
    }

    /** The mask of the lower 64 bits (IPv4: of the lower 32) for a prefix length. */
    public static long maskLo(boolean ipv4, int length) {
        if (ipv4) {
            return length == 0 ? 0 : 0xffff_ffffL & -1L << (32 - length);
        }
        return length <= 64 ? 0 : -1L << (128 - length);
    }

    /** Whether the prefix holds an address of the given family. */
    public boolean contains(boolean ipv4, long hi, long lo) {
        return this.ipv4 == ipv4 && (hi & maskHi(ipv4, length)) == this.hi && (lo & maskLo(ipv4, length)) == this.lo;
    }

    /** The usual text form: {@code 192.0.2.0/24}, {@code 2001:db8::/32}. */
    @Override
    public String toString() {
        return Addresses.format(ipv4, hi, lo) + "/" + length;
    }
}
