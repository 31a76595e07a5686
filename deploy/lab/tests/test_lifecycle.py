"""Starting, ending, reloading and failing: exit codes, messages and what is left behind."""

import os
import re
import signal
import time
import unittest

import metrics
from capture import send
from frames import udp4
from namespaces import python
from wire import ADMIN, LAUNCHER, MEMCACHED_ONLY, PAIR, Wire

DONE, FAILED, USAGE = 0, 1, 2
TRACE = re.compile(r"^\s+at [\w.$/]+\(|^Exception in thread|Traceback", re.MULTILINE)


class Case(unittest.TestCase):
    backend = "pcap"

    def setUp(self):
        self.wire = Wire(self.backend).__enter__()
        self.addCleanup(self.wire.__exit__)

    def attempt(self, *arguments, namespace=None):
        done = self.wire.lab.try_run(namespace or self.wire.gateway, LAUNCHER, *arguments, timeout=60)
        said = done.stdout + done.stderr
        self.assertIsNone(TRACE.search(said), f"a stack trace: {said}")
        return done

    def assert_one_line(self, done, code, *words):
        self.assertEqual(code, done.returncode, done.stderr)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(1, len(lines), f"one line on stderr, not: {done.stderr}")
        for word in words:
            self.assertIn(word, lines[0])

    def cards(self):
        """Everything about the gateway's cards and rules that preparing them may change, as a set of lines."""
        gateway, lab = self.wire.gateway, self.wire.lab
        state = set()
        for card in ("outside0", "inside0"):
            said = {
                "offload": lab.run(gateway, "ethtool", "-k", card),
                "tc": lab.run(gateway, "tc", "qdisc", "show", "dev", card),
                "tc filter": lab.run(gateway, "tc", "filter", "show", "dev", card, "ingress"),
                "disable_ipv6": lab.run(gateway, "cat", f"/proc/sys/net/ipv6/conf/{card}/disable_ipv6"),
                "promiscuous": re.search(r"promiscuity \d+", lab.run(gateway, "ip", "-d", "link", "show", card))[0],
                "addresses": lab.run(gateway, "ip", "-o", "address", "show", "dev", card, "scope", "global"),
            }
            state |= {f"{card} {what}: {line.strip()}" for what, text in said.items() for line in text.splitlines()}
        return state

    def assert_released(self, before):
        self.assertNotEqual(before, self.cards(), "the cards stay joined until they are given back")
        offloads = {line for line in self.cards() if " offload: " in line}
        self.assertLessEqual(offloads, before, "offloads are as they were as soon as no filter runs")
        # A card sends on the other's frames only as long as it takes frames for any address.
        self.assertLessEqual({f"{card} promiscuous: promiscuity 1" for card in ("outside0", "inside0")}, self.cards())
        done = self.attempt("release")
        self.assertEqual((DONE, "gave back inside0, outside0\n"), (done.returncode, done.stdout), done.stderr)
        self.assert_cards(before)

    def assert_cards(self, before):
        after = self.cards()
        self.assertEqual((set(), set()), (before - after, after - before), "settings lost and settings left behind")


class Lifecycle(Case):
    """What depends on the kind of port."""

    def test_should_end_on_sigterm_with_a_summary_and_give_the_cards_back_when_told_to(self):
        wire = self.wire
        before = self.cards()
        wire.install(MEMCACHED_ONLY)
        send(wire.lab, wire.outside, "eth0", [udp4(11211)] * 123)
        wire.at_rest()
        code, seconds = wire.end()
        self.assertEqual(DONE, code, wire.log())
        self.assertLess(seconds, 5)
        self.assertRegex(wire.log(), r"(?i)forwarded")
        self.assertRegex(wire.log(), r"reflection:memcached\D+123\b|\b123\D+reflection:memcached")
        self.assertIsNone(TRACE.search(wire.log()), wire.log())
        self.assert_released(before)

    def test_should_start_again_after_a_kill_and_then_give_the_cards_back(self):
        wire = self.wire
        before = self.cards()
        wire.install(MEMCACHED_ONLY)
        wire.breakwater.kill()
        wire.breakwater.wait()
        wire.install(MEMCACHED_ONLY)
        self.assertEqual(DONE, wire.end()[0], wire.log())
        self.assert_released(before)

    def test_should_say_which_privilege_is_missing(self):
        self.wire.write_policy(MEMCACHED_ONLY)
        os.chmod(os.path.dirname(self.wire.policy), 0o755)
        nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
        if self.wire.lab.try_run(self.wire.gateway, *nobody, "test", "-x", LAUNCHER).returncode:
            self.skipTest("the checkout lies where user nobody cannot read it")
        done = self.wire.lab.try_run(self.wire.gateway, *nobody, LAUNCHER, "run", "-c", self.wire.policy)
        self.assertIsNone(TRACE.search(done.stdout + done.stderr), done.stderr)
        self.assert_one_line(done, FAILED)
        self.assertRegex(done.stderr, r"(?i)root|sudo|CAP_NET")

    def test_should_refuse_a_second_start_on_the_same_cards(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        self.assert_one_line(self.attempt("run", "-c", wire.policy), FAILED, "port outside0 is in use by another Breakwater")
        self.assert_one_line(self.attempt("release"), FAILED, "port inside0 is in use by a running Breakwater")
        time.sleep(0.5)
        self.assertTrue(wire.ready(), "the first one goes on")

    def test_should_say_nothing_but_what_the_operator_needs(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        wire.end()
        said = wire.log().splitlines()
        for line in said:
            self.assertRegex(line, r"^breakwater: (pair uplink|metrics at|port \w+ is up$)|^uplink (in|out)bound: |^  latency |^kernel drops: ")
        self.assertGreaterEqual(len(said), 5)


class LifecycleByXdp(Lifecycle):
    backend = "xdp"

    def test_should_name_an_mtu_that_is_too_large(self):
        self.wire.lab.run(self.wire.gateway, "ip", "link", "set", "outside0", "mtu", "9000")
        self.wire.write_policy(MEMCACHED_ONLY)
        done = self.attempt("run", "-c", self.wire.policy)
        # What differs between the ports is a warning on a line of its own, before.
        self.assertEqual(FAILED, done.returncode, done.stderr)
        self.assertRegex(done.stderr, r"(?m)^breakwater: port outside0: AF_XDP carries an MTU of at most 3498 bytes")


class AnyPort(Case):
    """What does not depend on it."""

    def test_should_end_on_interrupt_as_on_sigterm(self):
        self.wire.install(MEMCACHED_ONLY)
        self.wire.breakwater.send_signal(signal.SIGINT)
        self.assertEqual(DONE, self.wire.breakwater.wait(10), self.wire.log())

    def test_should_keep_the_policy_when_a_reload_finds_a_bad_one(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        wire.write_policy(MEMCACHED_ONLY.replace("drop}", "dorp}"))
        wire.breakwater.send_signal(signal.SIGHUP)
        wire.lab.wait_until("word of the bad policy", lambda: "policy.yaml:3:" in wire.log(), 10, wire.breakwater)
        send(wire.lab, wire.outside, "eth0", [udp4(11211)] * 50)
        drops = metrics.by_label(wire.at_rest(), "breakwater_frames_dropped_total", "reason")
        self.assertEqual({"reflection:memcached": 50}, drops)
        self.assertEqual((0, 1), (self.reloads("success"), self.reloads("failure")))
        self.assertIsNone(TRACE.search(wire.log()), wire.log())

    def test_should_keep_the_policy_when_the_tables_of_the_next_do_not_fit(self):
        wire = self.wire
        wire.write_policy(MEMCACHED_ONLY)
        small = ("env", "_JAVA_OPTIONS=-Xmx600m", LAUNCHER)
        wire.breakwater = wire.lab.start(wire.gateway, *small, "run", "-c", wire.policy, log="breakwater.log")
        wire.lab.wait_until("Breakwater", wire.ready, 60, wire.breakwater)
        limit = "{name: huge, track: source, rate: 1 packets/s, burst: 1 packets, then: drop, table: {max: 16_000_000}}"
        wire.write_policy(MEMCACHED_ONLY.replace("limits: []", f"limits: [{limit}]"))
        wire.breakwater.send_signal(signal.SIGHUP)
        why = r"limits: their tables take \d+ MiB and do not fit into Java's heap, which has room for \d+: lower limits\[\]\.table\.max"
        line = r"(?m)^breakwater: policy not reloaded: " + why
        wire.lab.wait_until("word of the tables", lambda: re.search(line, wire.log()), 10, wire.breakwater)
        put = ("curl", "--noproxy", "*", "-s", "-m", "10", "-w", "\n%{http_code}", "-H", "Content-Type: application/yaml", "-T", wire.policy)
        body, _, status = wire.lab.run(wire.gateway, *put, ADMIN + "/api/v1/policy").rpartition("\n")
        self.assertEqual("422", status, body)
        self.assertRegex(body, why)
        self.assertEqual(2, len(re.findall(line, wire.log())), wire.log())
        send(wire.lab, wire.outside, "eth0", [udp4(11211)] * 50 + [udp4(40000)] * 50)
        drops = metrics.by_label(wire.at_rest(), "breakwater_frames_dropped_total", "reason")
        self.assertEqual({"reflection:memcached": 50}, drops, "the old policy stays in force")
        self.assertEqual((0, 2), (self.reloads("success"), self.reloads("failure")))
        wire.write_policy(MEMCACHED_ONLY)
        wire.breakwater.send_signal(signal.SIGHUP)
        wire.lab.wait_until("the next reload", lambda: self.reloads("success") == 1, 10, wire.breakwater)

    def reloads(self, result):
        return metrics.total(self.wire.samples(), "breakwater_policy_reloads_total", result=result)

    def test_should_apply_a_good_policy_on_reload_and_keep_the_totals(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        send(wire.lab, wire.outside, "eth0", [udp4(11211)] * 50)
        wire.at_rest()
        wire.write_policy(MEMCACHED_ONLY.replace("memcached: drop", "memcached: off, chargen: drop"))
        wire.breakwater.send_signal(signal.SIGHUP)
        wire.lab.wait_until("the reload", lambda: self.reloads("success") == 1, 10, wire.breakwater)
        send(wire.lab, wire.outside, "eth0", [udp4(11211)] * 30 + [udp4(19)] * 20)
        drops = metrics.by_label(wire.at_rest(), "breakwater_frames_dropped_total", "reason")
        self.assertEqual({"reflection:memcached": 50, "reflection:chargen": 20}, drops)
        self.assertEqual(0, self.reloads("failure"))

    def test_should_name_an_unknown_interface(self):
        self.wire.write_policy(MEMCACHED_ONLY.replace("outside0", "nosuch0"))
        done = self.attempt("run", "-c", self.wire.policy)
        self.assert_one_line(done, USAGE, "port nosuch0: no such interface", "there are: inside0, lo, outside0")

    def test_should_name_a_missing_policy_file(self):
        self.assert_one_line(self.attempt("run", "-c", "/nonexistent/policy.yaml"), USAGE, "/nonexistent/policy.yaml")

    def test_should_report_every_mistake_of_a_policy_at_once(self):
        self.wire.write_policy(PAIR + "mode: enforced\nreflection: {memcached: dorp}\nlimts: []\n")
        done = self.attempt("check", "-c", self.wire.policy)
        self.assertEqual(USAGE, done.returncode)
        said = done.stdout + done.stderr
        for line in (2, 3, 4):
            self.assertRegex(said, rf"(?m)^\S*policy\.yaml:{line}:\d+: ", f"line {line}")

    def test_should_say_that_the_admin_port_is_taken_and_give_the_cards_back(self):
        wire = self.wire
        before = self.cards()
        wire.lab.start(wire.gateway, *python("web_server.py", "9464", "10"), log="web.log")
        wire.lab.wait_until("what takes the port", lambda: wire.lab.http_get(wire.gateway, ADMIN)[0] == 200, 10)
        wire.write_policy(MEMCACHED_ONLY)
        self.assert_one_line(self.attempt("run", "-c", wire.policy), FAILED, "admin.listen: 127.0.0.1:9464", wire.policy)
        self.assert_cards(before)


if __name__ == "__main__":
    unittest.main()
