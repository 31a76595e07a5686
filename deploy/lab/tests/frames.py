"""Raw frames for the tests, built by hand so that every byte is known."""

import ipaddress
import struct

OUTSIDE_4, INSIDE_4 = "198.18.100.1", "198.18.100.10"
OUTSIDE_6, INSIDE_6 = "2001:db8:100::1", "2001:db8:100::10"
# Locally administered; the gateway has no address to match, so any will do.
OUTSIDE_MAC, INSIDE_MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
MIN_FRAME_BYTES = 60

IPV4, IPV6, VLAN, SERVICE_VLAN = 0x0800, 0x86DD, 0x8100, 0x88A8
UDP, FRAGMENT_HEADER = 17, 44


def ethernet(ethertype, payload, tags=(), source=OUTSIDE_MAC, destination=INSIDE_MAC):
    """The frame, padded to the least Ethernet size; `tags` are (protocol, control information), outermost first."""
    header = destination + source
    for protocol, control in tags:
        header += struct.pack("!HH", protocol, control)
    return (header + struct.pack("!H", ethertype) + payload).ljust(MIN_FRAME_BYTES, b"\0")


def tag_control(vlan, priority=0, drop_eligible=False):
    """IEEE 802.1Q tag control information: PCP, DEI, VID."""
    return priority << 13 | drop_eligible << 12 | vlan


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4(payload, protocol=UDP, source=OUTSIDE_4, destination=INSIDE_4, ident=1, offset=0, more=False, total=None):
    """An IPv4 packet; `offset` in bytes; `total` overrides the total length, to lie with."""
    length = 20 + len(payload) if total is None else total
    flags_and_offset = (0x2000 if more else 0) | offset // 8
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    start = struct.pack("!BBHHHBB", 0x45, 0, length, ident, flags_and_offset, 64, protocol)
    return start + struct.pack("!H", checksum(start + b"\0\0" + ends)) + ends + payload


def ipv6(payload, next_header=UDP, source=OUTSIDE_6, destination=INSIDE_6):
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    return struct.pack("!IHBB", 6 << 28, len(payload), next_header, 64) + ends + payload


def ipv6_fragment(payload, next_header=UDP, offset=0, more=False, ident=1):
    return struct.pack("!BBHI", next_header, 0, offset | more, ident) + payload


def udp(source_port, destination_port, payload=b"breakwater", length=None):
    return struct.pack("!HHHH", source_port, destination_port, length or 8 + len(payload), 0) + payload


def udp4(source_port, destination_port=40000, payload=b"breakwater", tags=(), **ip):
    return ethernet(IPV4, ipv4(udp(source_port, destination_port, payload), **ip), tags)


def udp6(source_port, destination_port=40000, payload=b"breakwater", tags=(), **ip):
    return ethernet(IPV6, ipv6(udp(source_port, destination_port, payload), **ip), tags)


def returned(frame):
    """The same frame with its Ethernet addresses exchanged, for the way back."""
    return frame[6:12] + frame[:6] + frame[12:]
