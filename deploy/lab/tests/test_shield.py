"""What needs no state is dropped in the kernel, with the same reasons, to the frame; the rest behaves as without a shield."""

import signal
import unittest

import metrics
from capture import HERE, send
from frames import INSIDE_4, udp4, udp6
from namespaces import python
from wire import PROTECTED, Wire

RULES = "fragments: off\nlimits: []\n"
MEMCACHED = udp4(11211, 40000, payload=b"x" * 300)
MEMCACHED_6 = udp6(11211, 40000)
BLOCKED = udp4(53, 40000, source="198.18.66.6")
GOOD = udp4(40000, 11211)
ATTACKS_TOLD_S = 3


def policy(shield, more="sources: {blocked: [198.18.66.0/24]}\nreflection: {defaults: off, memcached: drop}\n"):
    pair = f"pairs: [{{name: uplink, outside: outside0, inside: inside0, backend: pcap, shield: {shield}}}]\n"
    return pair + PROTECTED + RULES + more


class Case(unittest.TestCase):
    backend = "pcap"
    # What is on the cards when there is no shield: an AF_XDP port needs a program to get its frames.
    without_shield = {}

    def setUp(self):
        self.wire = Wire(self.backend).__enter__()
        self.addCleanup(self.wire.__exit__)

    def programs(self):
        """What `ip link` says of programs on the gateway's cards, as {card: mode}."""
        modes = {}
        for card in ("outside0", "inside0"):
            said = self.wire.lab.run(self.wire.gateway, "ip", "link", "show", "dev", card)
            for mode in ("xdpgeneric", "xdp"):
                if f" {mode} " in said.splitlines()[0] and card not in modes:
                    modes[card] = mode
        return modes

    def dropped(self, where, what="frames"):
        samples = self.wire.at_rest()
        return metrics.by_label(samples, f"breakwater_{what}_dropped_total", "reason", lane="inbound", where=where)

    def totals(self, what):
        samples = self.wire.at_rest()
        return [
            metrics.total(samples, f"breakwater_{what}_{fate}_total", lane="inbound")
            for fate in ("received", "forwarded", "dropped")
        ]

    def flood(self, *frames, times=2000):
        send(self.wire.lab, self.wire.outside, "eth0", list(frames) * times)


class Shield(Case):
    """What depends on the port behind it."""

    def test_should_drop_in_the_kernel_and_count_to_the_frame(self):
        for shield, mode in (("native", "xdp"), ("generic", "xdpgeneric")):
            with self.subTest(shield=shield):
                self.check_counting(shield, mode)

    def check_counting(self, shield, mode):
        wire = self.wire
        wire.install(policy(shield))
        self.assertEqual({"outside0": mode, "inside0": mode}, self.programs())
        capture = wire.capture(wire.inside, "in")
        self.flood(MEMCACHED, MEMCACHED_6, BLOCKED, GOOD)
        kernel, java = self.dropped("kernel"), self.dropped("java")
        for reason, sent in (("reflection:memcached", 4000), ("blocked-source", 2000)):
            self.assertEqual(sent, kernel[reason] + java.get(reason, 0), reason)
            # Java sees the first frame to a victim in each tenth of a second, and one in 256: of 4,000 hardly 100.
            self.assertLess(java.get(reason, 0), 100, reason)
        self.assertEqual(2000, capture.frames().count(GOOD))
        received, forwarded, dropped = self.totals("frames")
        self.assertEqual(received, forwarded + dropped)
        self.assertEqual(6000, dropped)
        received, forwarded, dropped = self.totals("bytes")
        self.assertEqual(received, forwarded + dropped)
        self.assertEqual(2000 * (len(MEMCACHED) + len(MEMCACHED_6) + len(BLOCKED)), dropped)
        self.assertEqual(0, wire.end()[0], wire.log())
        self.assertRegex(wire.log(), r"reflection:memcached\s+[\d,]+ \(in the kernel\)")
        self.assertEqual({}, self.programs())

    def test_should_leave_everything_to_java_when_off(self):
        self.wire.install(policy("off"))
        self.assertEqual(self.without_shield, self.programs())
        self.flood(MEMCACHED, times=500)
        self.assertEqual({}, self.dropped("kernel"))
        self.assertEqual({"reflection:memcached": 500}, self.dropped("java"))

    def test_should_drop_nothing_in_the_kernel_in_monitor_mode(self):
        wire = self.wire
        wire.install("mode: monitor\n" + policy("native"))
        capture = wire.capture(wire.inside, "in")
        self.flood(MEMCACHED, BLOCKED, times=500)
        self.assertEqual({}, self.dropped("kernel"))
        self.assertEqual({}, self.dropped("java"))
        self.assertEqual(500, capture.frames().count(MEMCACHED))
        would = metrics.by_label(wire.at_rest(), "breakwater_frames_would_drop_total", "reason")
        self.assertEqual({"reflection:memcached": 500, "blocked-source": 500}, would)

    def test_should_swap_programs_on_reload_without_losing_a_frame_or_a_count(self):
        wire = self.wire
        wire.install(policy("native"))
        capture = wire.capture(wire.inside, "in")
        before = self.totals("frames")[0]
        policies = (
            policy("native", "reflection: {defaults: off, chargen: drop}\n"),
            policy("native", "reflection: {defaults: off, memcached: drop, chargen: drop}\nsources: {blocked: [192.0.2.0/24]}\n"),
            "mode: monitor\n" + policy("native"),
            policy("native"),
        )
        path = f"{wire.lab.logs}/during.hex"
        with open(path, "w", encoding="ascii") as file:
            file.writelines(f"{GOOD.hex()}\n{BLOCKED.hex()}\n" * 20000)
        sender = wire.lab.start(wire.outside, *python(f"{HERE}/send_frames.py", "eth0", path), log="sender.log")
        for number, text in enumerate(policies, 1):
            wire.write_policy(text)
            wire.breakwater.send_signal(signal.SIGHUP)
            wire.lab.wait_until(
                "reload",
                lambda wanted=number: metrics.total(
                    wire.samples(), "breakwater_policy_reloads_total", result="success"
                ) == wanted,
                10,
                wire.breakwater,
            )
        self.assertEqual(0, sender.wait(60))
        received, forwarded, dropped = self.totals("frames")
        self.assertEqual(received, forwarded + dropped)
        came = capture.frames()
        # The namespace's own neighbour discovery passes as well.
        others = sum(frame not in (GOOD, BLOCKED) for frame in came)
        self.assertEqual(40000 + others, received - before)
        self.assertEqual(20000, came.count(GOOD))
        self.assertEqual({"outside0": "xdp", "inside0": "xdp"}, self.programs())

    def test_should_leave_no_program_behind_when_killed(self):
        wire = self.wire
        wire.install(policy("native"))
        self.assertEqual({"outside0": "xdp", "inside0": "xdp"}, self.programs())
        wire.breakwater.kill()
        wire.breakwater.wait()
        self.assertEqual({}, self.programs())

    def test_should_shield_a_card_that_was_recreated(self):
        wire = self.wire
        wire.install(policy("native"))
        self.flood(MEMCACHED, times=500)
        before = self.dropped("kernel")
        wire.lab.run(wire.gateway, "ip", "link", "del", "outside0")
        wire.lab.link((wire.outside, "eth0"), (wire.gateway, "outside0"), wire_like="eth0")
        wire.lab.wait_until("the program on the new card", lambda: "outside0" in self.programs(), 10, wire.breakwater)
        wire.lab.wait_until("readiness", wire.ready, 10, wire.breakwater)
        self.assertEqual(before, self.dropped("kernel"), "totals that went back")
        self.flood(MEMCACHED, times=500)
        both = self.dropped("kernel")["reflection:memcached"] + self.dropped("java").get("reflection:memcached", 0)
        self.assertEqual(1000, both)


class ShieldOverXdp(Shield):
    backend = "xdp"
    without_shield = {"outside0": "xdp", "inside0": "xdp"}


class AnyPort(Case):
    """What does not."""

    def test_should_notice_an_attack_that_the_kernel_drops(self):
        wire = self.wire
        attack = "attack: {vectors: {memcached: {packets: 500 packets/s}}}\n"
        wire.install(policy("native", "reflection: {defaults: off, memcached: drop}\n" + attack))
        frames = [udp4(11211, 40000, source=f"198.18.9.{host}") for host in range(1, 6)]
        path = f"{wire.lab.logs}/attack.hex"
        with open(path, "w", encoding="ascii") as file:
            file.writelines(frame.hex() + "\n" for frame in frames * 20000)
        sender = wire.lab.start(wire.outside, *python(f"{HERE}/send_frames.py", "eth0", path), log="sender.log")
        wire.lab.wait_until(
            "the attack in the metrics",
            lambda: metrics.total(
                wire.samples(), "breakwater_attack_active", vector="memcached", target=INSIDE_4
            ) == 1,
            ATTACKS_TOLD_S,
            wire.breakwater,
        )
        self.assertEqual(0, sender.wait(60))
        wire.at_rest()
        self.assertRegex(wire.log(), rf"memcached.*{INSIDE_4}|{INSIDE_4}.*memcached")
        self.assertRegex(wire.log(), r"198\.18\.9\.\d")


if __name__ == "__main__":
    unittest.main()
