"""Cards that lose their link, vanish and come back; thread layouts; what a quiet line costs."""

import os
import time
import unittest

import metrics
from capture import send
from frames import returned, udp4
from wire import LAUNCHER, MEMCACHED_ONLY, Wire

OTHER_CARD = {"outside0": "inside0", "inside0": "outside0"}
IDLE_S, IDLE_SHARE, COMPILED_S = 2, 0.05, 30


def cpu_s(process):
    """Processor time that a process has used so far, all its threads together."""
    return sum(times_s(process)[:2])


def children_s(process):
    """Processor time of the programs that it called and that have ended."""
    return sum(times_s(process)[2:])


def times_s(process):
    """utime, stime, cutime and cstime (proc_pid_stat(5)), in seconds."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return [int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in fields[11:15]]


class Ports(unittest.TestCase):
    backend = "pcap"

    def setUp(self):
        self.wire = Wire(self.backend).__enter__()
        self.addCleanup(self.wire.__exit__)

    def install(self, threads=2):
        self.wire.install(MEMCACHED_ONLY.replace("backend: pcap", f"backend: pcap, threads: {threads}, link-pass-through: false"))

    def assert_forwards(self):
        """Every one of some frames gets through, the first ones too, both ways; memcached's inbound do not."""
        wire, frame = self.wire, udp4(40000, 40001)
        for start, end, sent in ((wire.outside, wire.inside, frame), (wire.inside, wire.outside, returned(frame))):
            capture = wire.capture(end, "in")
            send(wire.lab, start, "eth0", [sent, udp4(11211)] * 100)
            self.assertEqual(100, capture.frames(awaited=[sent] * 100).count(sent), f"{start} to {end}")

    def assert_settled(self):
        samples = self.wire.at_rest()
        for lane in ("inbound", "outbound"):
            received, forwarded, dropped = (
                metrics.total(samples, f"breakwater_frames_{what}_total", lane=lane)
                for what in ("received", "forwarded", "dropped")
            )
            self.assertEqual(received, forwarded + dropped, lane)
            self.assertGreater(received, 0, lane)
        ports = {labels["port"] for labels, _ in metrics.select(samples, "breakwater_kernel_drops_total", {})}
        self.assertEqual(set(OTHER_CARD), ports)

    def refused(self):
        return metrics.total(self.wire.samples(), "breakwater_frames_dropped_total", reason="egress")

    def await_word(self, word, action, *arguments, **options):
        """Does something and waits until Breakwater says so; it may have said the same before, at the start."""
        wire = self.wire
        before = wire.log().count(word)
        action(*arguments, **options)
        wire.lab.wait_until(f"'{word}'", lambda: wire.log().count(word) > before, 10, wire.breakwater)

    def test_should_forward_with_one_two_and_three_threads(self):
        for threads in (1, 2, 3):
            with self.subTest(threads=threads):
                self.install(threads)
                self.assert_forwards()
                self.assert_settled()
                self.assertEqual(0, self.wire.end()[0], self.wire.log())

    def test_should_forward_again_after_a_link_was_down(self):
        wire = self.wire
        self.install()
        self.assert_forwards()
        for host, card in ((wire.outside, "outside0"), (wire.inside, "inside0")):
            self.await_word(f"port {card} is down", wire.lab.run, host, "ip", "link", "set", "eth0", "down")
            other = wire.inside if host == wire.outside else wire.outside
            before = metrics.total(wire.at_rest(), "breakwater_frames_forwarded_total")
            dropped = self.refused()
            send(wire.lab, other, "eth0", [udp4(40000)] * 20)
            # Frames for a card without carrier are dropped by name, not taken for forwarded.
            wire.lab.wait_until("20 drops", lambda: self.refused() >= dropped + 20, 10, wire.breakwater)
            self.assertEqual(before, metrics.total(wire.at_rest(), "breakwater_frames_forwarded_total"))
            self.await_word(f"port {card} is up", wire.lab.run, host, "ip", "link", "set", "eth0", "up")
            self.assert_forwards()
        self.assert_settled()
        self.assertEqual(0, wire.end()[0], wire.log())

    def test_should_forward_again_after_a_card_was_deleted_and_came_back(self):
        wire = self.wire
        self.install()
        self.assert_forwards()
        self.await_word("port inside0 is down", wire.lab.run, wire.gateway, "ip", "link", "del", "inside0")
        ends = (wire.inside, "eth0"), (wire.gateway, "inside0")
        self.await_word("port inside0 is up", wire.lab.link, *ends, wire_like="eth0")
        offloads = wire.lab.run(wire.gateway, "ethtool", "-k", "inside0")
        self.assertIn("generic-segmentation-offload: off", offloads, "the new card is prepared, too")
        self.assert_forwards()
        self.assert_settled()
        self.assertEqual(0, wire.end()[0], wire.log())
        wire.lab.run(wire.gateway, LAUNCHER, "release")
        for card in OTHER_CARD:
            self.assertEqual("", wire.lab.run(wire.gateway, "tc", "qdisc", "show", "dev", card, "ingress"), card)

    def test_should_wait_quietly_for_the_second_of_two_cards_that_were_deleted(self):
        wire = self.wire
        self.install()
        self.assert_forwards()
        for name in ("outside0", "inside0"):
            wire.lab.run(wire.gateway, "ip", "link", "del", name)
        wire.lab.link((wire.outside, "eth0"), (wire.gateway, "outside0"), wire_like="eth0")
        time.sleep(0.5)
        before = children_s(wire.breakwater)
        time.sleep(1.5)
        self.assertLess(children_s(wire.breakwater) - before, 0.05, "seconds of ip, tc and ethtool, called again and again")
        self.await_word("port inside0 is up", wire.lab.link, (wire.inside, "eth0"), (wire.gateway, "inside0"), wire_like="eth0")
        self.assert_forwards()
        self.assertEqual(0, wire.end()[0], wire.log())

    def test_should_cost_next_to_nothing_while_the_line_is_quiet(self):
        self.install()
        self.assert_forwards()
        # The just-in-time compiler works on for a while after the first frames, longer on a busy machine.
        self.wire.lab.wait_until(f"less than {IDLE_SHARE} of a core", lambda: self.share() < IDLE_SHARE, COMPILED_S)

    def share(self):
        """Of a core, for a while from now on."""
        started, before = time.monotonic(), cpu_s(self.wire.breakwater)
        time.sleep(IDLE_S)
        return (cpu_s(self.wire.breakwater) - before) / (time.monotonic() - started)


class PortsByXdp(Ports):
    backend = "xdp"

    def test_should_forward_with_both_lanes_on_one_thread(self):
        self.wire.install(MEMCACHED_ONLY.replace("backend: pcap", "backend: pcap, idle: busy, cpus: [0]"))
        self.assert_forwards()
        self.assert_settled()
        self.assertIn("AF_XDP in native mode", self.wire.log())
        self.assertEqual(0, self.wire.end()[0], self.wire.log())


if __name__ == "__main__":
    unittest.main()
