"""What must not come through does not, every drop has the right reason, and the sums agree."""

import unittest

import metrics
from capture import send
from frames import (
    IPV4,
    MIN_FRAME_BYTES,
    OUTSIDE_MAC,
    SERVICE_VLAN,
    VLAN,
    ethernet,
    ipv4,
    returned,
    tag_control,
    udp,
    udp4,
    udp6,
)
from wire import PAIR, PROTECTED, Wire

POLICY = (
    PAIR
    + PROTECTED
    + """\
sources: {blocked: [198.18.66.0/24]}
reflection: {defaults: off, memcached: drop, chargen: drop}
fragments: off
limits: []
"""
)
TAG, OUTER_TAG = (VLAN, tag_control(100, priority=5)), (SERVICE_VLAN, tag_control(7))
MAC_PAUSE = bytes.fromhex("0180c2000001") + OUTSIDE_MAC + b"\x88\x08\0\x01\xff\xff" + bytes(MIN_FRAME_BYTES - 18)

# (reason, how many, frame); None: must come through.
INBOUND = [
    ("reflection:memcached", 400, udp4(11211, 40000, payload=b"x" * 1400)),
    ("reflection:memcached", 300, udp6(11211, 40000)),
    ("reflection:memcached", 200, udp4(11211, 40000, tags=[TAG])),
    ("reflection:memcached", 100, udp4(11211, 40000, tags=[OUTER_TAG, TAG])),
    ("reflection:chargen", 70, udp4(19, 40000)),
    ("blocked-source", 50, udp4(53, 40000, source="198.18.66.6")),
    ("malformed", 30, ethernet(IPV4, ipv4(udp(1234, 40000, length=7)))),
    ("malformed", 20, ethernet(IPV4, ipv4(udp(1234, 40000), total=1400))),
    ("egress", 10, MAC_PAUSE),
    (None, 500, udp4(40000, 11211)),
    (None, 250, udp6(1234)),
    (None, 40, ethernet(IPV4, ipv4(udp(11211, 40000), protocol=47))),
]


class Filtering(unittest.TestCase):
    backend = "pcap"

    @classmethod
    def setUpClass(cls):
        cls.wire = Wire(cls.backend).__enter__()
        cls.addClassCleanup(cls.wire.__exit__)
        cls.wire.install(POLICY)

    def dropped(self, lane):
        return metrics.by_label(self.wire.at_rest(), "breakwater_frames_dropped_total", "reason", lane=lane)

    def test_should_drop_each_kind_under_its_own_reason_and_no_other(self):
        wire = self.wire
        before = self.dropped("inbound")
        capture = wire.capture(wire.inside, "in")
        # Interleaved, so that no batch is of one kind.
        most = max(count for _, count, _ in INBOUND)
        mixed = [frame for turn in range(most) for _, count, frame in INBOUND if turn < count]
        send(wire.lab, wire.outside, "eth0", mixed)
        after = self.dropped("inbound")
        came = capture.frames(awaited=[frame for reason, count, frame in INBOUND if reason is None for _ in range(count)])
        for reason, count, frame in INBOUND:
            expected = count if reason is None else 0
            self.assertEqual(expected, came.count(frame), f"{reason}: {frame.hex()[:80]}… came through")
        expected = {}
        for reason, count, _ in INBOUND:
            if reason:
                expected[reason] = expected.get(reason, 0) + count
        self.assertEqual(expected, {reason: after[reason] - before.get(reason, 0) for reason in after})

    def test_should_leave_the_outbound_lane_alone(self):
        wire = self.wire
        capture = wire.capture(wire.outside, "in")
        answer = returned(udp4(11211, 40000, source="198.18.100.10", destination="198.18.100.1"))
        send(wire.lab, wire.inside, "eth0", [answer] * 100)
        self.assertEqual({}, self.dropped("outbound"))
        self.assertEqual(100, capture.frames(awaited=[answer] * 100).count(answer))

    def test_should_account_for_every_frame_received(self):
        wire = self.wire
        send(wire.lab, wire.outside, "eth0", [udp4(11211), udp4(40000)] * 1000)
        send(wire.lab, wire.inside, "eth0", [udp4(40000)] * 500)
        samples = wire.at_rest()
        for lane, least in (("inbound", 2000), ("outbound", 500)):
            received, forwarded, dropped = (
                metrics.total(samples, f"breakwater_frames_{what}_total", lane=lane)
                for what in ("received", "forwarded", "dropped")
            )
            self.assertGreaterEqual(received, least, lane)
            self.assertEqual(received, forwarded + dropped, lane)
        self.assertEqual(0, metrics.total(samples, "breakwater_kernel_drops_total"))


class FilteringByXdp(Filtering):
    backend = "xdp"


if __name__ == "__main__":
    unittest.main()
