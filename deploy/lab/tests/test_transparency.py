"""Legitimate traffic passes unaltered: the same bytes, in the same order, leave the other side."""

import hashlib
import os
import time
import unittest

import page
from capture import send
from frames import (
    FRAGMENT_HEADER,
    INSIDE_4,
    INSIDE_6,
    IPV4,
    IPV6,
    OUTSIDE_MAC,
    SERVICE_VLAN,
    VLAN,
    ethernet,
    ipv4,
    ipv6,
    ipv6_fragment,
    returned,
    tag_control,
    udp,
    udp4,
    udp6,
)
from namespaces import python
from wire import MEMCACHED_ONLY, Wire

PAGE_BYTES = 300_000
QUIET_S = 0.5


class Transparency(unittest.TestCase):
    backend = "pcap"

    @classmethod
    def setUpClass(cls):
        cls.wire = Wire(cls.backend).__enter__()
        cls.addClassCleanup(cls.wire.__exit__)
        cls.wire.install(MEMCACHED_ONLY)

    def both_ways(self, traffic):
        """Runs the traffic; asserts that each side received what the other sent; returns (inbound, outbound)."""
        wire = self.wire
        sent_in, came_in = wire.capture(wire.outside, "out"), wire.capture(wire.inside, "in")
        sent_out, came_out = wire.capture(wire.inside, "out"), wire.capture(wire.outside, "in")
        time.sleep(QUIET_S)
        traffic()
        inbound, outbound = sent_in.frames(), sent_out.frames()
        self.assert_same(inbound, came_in.frames(awaited=inbound), "inbound")
        self.assert_same(outbound, came_out.frames(awaited=outbound), "outbound")
        return inbound, outbound

    def assert_same(self, sent, came, lane):
        for number, (one, other) in enumerate(zip(sent, came)):
            self.assertEqual(one.hex(), other.hex(), f"{lane} frame {number} differs")
        self.assertEqual(len(sent), len(came), f"{lane}: frames sent and frames that came")

    def pass_raw(self, *frames):
        """Sends the frames inbound and, turned round, outbound; each must come out as it went in."""
        wire = self.wire
        for lane, start, end, sent in (
            ("inbound", wire.outside, wire.inside, list(frames)),
            ("outbound", wire.inside, wire.outside, [returned(frame) for frame in frames]),
        ):
            capture = wire.capture(end, "in")
            send(wire.lab, start, "eth0", sent)
            # The hosts' own neighbour discovery may run in between; it is compared in the tests above.
            wanted = set(sent)
            came = [frame for frame in capture.frames(awaited=sent) if frame in wanted]
            self.assert_same(sent, came, lane)

    def forget_neighbours(self):
        for namespace in (self.wire.outside, self.wire.inside):
            self.wire.lab.run(namespace, "ip", "neigh", "flush", "all")

    def ping(self, address, *options):
        self.wire.lab.run(self.wire.outside, "ping", "-c", "5", "-i", "0.2", "-W", "2", *options, address)

    def test_should_pass_arp_and_ping(self):
        self.forget_neighbours()
        inbound, outbound = self.both_ways(lambda: self.ping(INSIDE_4))
        self.assertTrue(any(frame[12:14] == b"\x08\x06" for frame in inbound), "an ARP question went in")
        self.assertTrue(any(frame[12:14] == b"\x08\x06" for frame in outbound), "an ARP answer went out")

    def test_should_pass_neighbour_discovery_and_ping_over_ipv6(self):
        self.forget_neighbours()
        inbound, outbound = self.both_ways(lambda: self.ping(INSIDE_6))
        self.assertTrue(any(frame[20] == 58 and frame[54] == 135 for frame in inbound), "a solicitation went in")
        self.assertTrue(any(frame[20] == 58 and frame[54] == 136 for frame in outbound), "an advertisement went out")

    def test_should_pass_fragmented_pings(self):
        def large_pings():
            self.ping(INSIDE_4, "-s", "6000")
            self.ping(INSIDE_6, "-s", "6000")

        inbound, outbound = self.both_ways(large_pings)
        self.assertGreaterEqual(len(inbound), 50)
        self.assertGreaterEqual(len(outbound), 50)

    def test_should_pass_web_pages_over_ipv4_and_ipv6(self):
        wire = self.wire
        web = wire.lab.start(wire.inside, *python("web_server.py", "8080", str(PAGE_BYTES)), log="web.log")
        wire.lab.wait_until(
            "the web server", lambda: wire.lab.http_get(wire.inside, "http://127.0.0.1:8080/")[0] == 200, 10, web
        )
        expected = hashlib.sha256(page.content(PAGE_BYTES)).hexdigest()

        def fetch():
            for host in (INSIDE_4, f"[{INSIDE_6}]"):
                status, body = wire.lab.http_get(wire.outside, f"http://{host}:8080/")
                self.assertEqual((200, expected), (status, hashlib.sha256(body.encode()).hexdigest()))

        self.both_ways(fetch)

    def test_should_pass_8021q_tags_with_priority_bits(self):
        self.pass_raw(
            udp4(1234, tags=[(VLAN, tag_control(100))]),
            udp4(1234, tags=[(VLAN, tag_control(4094, priority=7, drop_eligible=True))]),
            udp4(1234, tags=[(VLAN, tag_control(0, priority=5))]),
            udp6(1234, tags=[(VLAN, tag_control(100, priority=3))]),
            udp4(1234, payload=os.urandom(1472), tags=[(VLAN, tag_control(100))]),
        )

    def test_should_pass_stacked_tags(self):
        service, customer = (SERVICE_VLAN, tag_control(200, 4, True)), (VLAN, tag_control(100, 2))
        self.pass_raw(
            udp4(1234, tags=[service, customer]),
            udp6(1234, tags=[service, customer]),
            udp4(1234, tags=[customer, customer]),
            udp4(1234, tags=[service]),
            udp4(1234, tags=[service, service, customer]),
        )

    def test_should_pass_frames_that_are_not_ip(self):
        def to(group, ethertype, payload):
            return ethernet(ethertype, payload, destination=bytes.fromhex(group))

        spanning_tree = bytes.fromhex("0180c2000000") + OUTSIDE_MAC + b"\0\x26\x42\x42\x03" + bytes(43)
        frames = [
            to("0180c200000e", 0x88CC, b"\x02\x07\x04\x02\0\0\0\0\x01\x04\x04\x05eth0\x06\x02\0\x78\0\0"),  # LLDP
            to("0180c2000002", 0x8809, b"\x01\x01" + bytes(108)),  # LACP
            to("0180c2000003", 0x888E, b"\x01\x01\0\0"),  # EAPOL
            ethernet(0x8863, b"\x11\x09\0\0\0\x04\x01\x01\0\0"),  # PPPoE discovery
            ethernet(0x8847, b"\0\x01\x01\x40" + ipv4(udp(11211, 40000))),  # MPLS
            ethernet(0x88B5, os.urandom(1500)),  # local experimental
            spanning_tree,
        ]
        wire = self.wire
        # Not turned round: the group address is a destination.
        for start, end in ((wire.outside, wire.inside), (wire.inside, wire.outside)):
            capture = wire.capture(end, "in")
            send(wire.lab, start, "eth0", frames)
            self.assert_same(frames, [frame for frame in capture.frames(awaited=frames) if frame in frames], start)

    def test_should_pass_fragments_padding_and_odd_sizes(self):
        fragments = [udp(1234, 40000, bytes(1400), length=2408), bytes(1000)]
        self.pass_raw(
            ethernet(IPV4, ipv4(fragments[0], more=True, ident=7)),
            ethernet(IPV4, ipv4(fragments[1], offset=1408, ident=7)),
            ethernet(IPV6, ipv6(ipv6_fragment(fragments[0], more=True), FRAGMENT_HEADER)),
            ethernet(IPV6, ipv6(ipv6_fragment(fragments[1], offset=1408), FRAGMENT_HEADER)),
            udp4(1234, payload=b"") + os.urandom(40),  # bytes after the IP total length
            *(udp4(1234, payload=os.urandom(size)) for size in (0, 1, 19, 333, 1471, 1472)),
        )

    def test_should_keep_the_order_of_many_frames(self):
        self.pass_raw(*(udp4(1234, payload=number.to_bytes(4, "big") * 20) for number in range(2000)))


class TransparencyByXdp(Transparency):
    backend = "xdp"


if __name__ == "__main__":
    unittest.main()
