"""`breakwater doctor`: what it finds is what `run` refuses or warns of, and its commands mend it."""

import json
import os
import re
import signal
import unittest

from wire import LAUNCHER, MEMCACHED_ONLY, PAIR, Wire

HEALTHY, FOUND, USAGE = 0, 1, 2


class Doctor(unittest.TestCase):
    def setUp(self):
        self.wire = Wire().__enter__()
        self.addCleanup(self.wire.__exit__)
        self.wire.write_policy(MEMCACHED_ONLY)
        # The machine's own clock, say, is not the test's to judge.
        self.usual = {finding["what"] for finding in self.examine()["findings"]}

    def doctor(self, *arguments):
        return self.wire.lab.try_run(self.wire.gateway, LAUNCHER, "doctor", "-c", self.wire.policy, *arguments, timeout=60)

    def examine(self, *arguments):
        done = self.doctor("--json", *arguments)
        report = json.loads(done.stdout)
        self.assertEqual(FOUND if report["findings"] else HEALTHY, done.returncode, done.stderr)
        return report

    def findings(self, *arguments):
        found = self.examine(*arguments)["findings"]
        return [finding for finding in found if finding["what"] not in self.usual]

    def gateway(self, *command):
        return self.wire.lab.run(self.wire.gateway, *command)

    def assert_refused_alike(self, finding):
        """`run` says the very line, and `doctor`'s first command ends the complaint."""
        done = self.wire.lab.try_run(self.wire.gateway, LAUNCHER, "run", "-c", self.wire.policy, timeout=60)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn(f"{finding['what']}: {finding['mends'][0]}", done.stderr)
        self.assertEqual([], self.examine("--fix")["ran"], "a command that may cut a connection is not run unasked")
        self.gateway("sh", "-c", finding["mends"][0])
        self.assertEqual([], self.findings())

    def test_should_be_content_with_prepared_cards(self):
        self.assertEqual(set(), {what for what in self.usual if "port " in what})

    def test_should_find_an_address_on_a_box_that_routes(self):
        self.wire.lab.sysctl(self.wire.gateway, "net.ipv4.ip_forward=1")
        self.wire.lab.address(self.wire.gateway, "outside0", "198.18.0.9/24")
        [finding] = self.findings()
        self.assertEqual(("address", "problem", False), (finding["id"], finding["level"], finding["safe"]))
        self.assert_refused_alike(finding)

    def test_should_find_a_bridge_on_the_ports(self):
        self.gateway("ip", "link", "add", "name", "bridge0", "type", "bridge")
        self.gateway("ip", "link", "set", "inside0", "master", "bridge0")
        [finding] = self.findings()
        self.assertEqual(("master", "problem"), (finding["id"], finding["level"]))
        self.assert_refused_alike(finding)

    def test_should_mend_different_mtus_when_told_to(self):
        self.gateway("ip", "link", "set", "inside0", "mtu", "1400")
        [finding] = self.findings()
        self.assertEqual(("mtu", "warning", True), (finding["id"], finding["level"], finding["safe"]))
        self.assertEqual(["ran: ip link set dev outside0 mtu 1400"], self.examine("--fix")["ran"])
        self.assertIn("mtu 1400", self.gateway("ip", "link", "show", "outside0"))
        self.assertEqual([], self.findings())

    def test_should_find_several_receive_queues_under_xdp(self):
        lab = self.wire.lab
        for card in ("many0", "many1"):
            self.gateway("ip", "link", "add", card, "numrxqueues", "2", "numtxqueues", "2", "type", "veth", "peer", "name", "peer-" + card)
            for end in (card, "peer-" + card):
                self.gateway("ip", "link", "set", end, "up")
        pair = MEMCACHED_ONLY.replace("outside0", "many0").replace("inside0", "many1")
        self.wire.write_policy(pair)
        self.assertEqual([], self.findings(), "libpcap reads them all")
        self.wire.write_policy(pair.replace("backend: pcap", "backend: xdp"))
        found = self.findings()
        self.assertEqual([("queues", "problem", False)] * 2, [(f["id"], f["level"], f["safe"]) for f in found])
        done = lab.try_run(self.wire.gateway, LAUNCHER, "run", "-c", self.wire.policy, timeout=60)
        said = [f"breakwater: {f['what']}: {f['mends'][0]} (or {f['mends'][1]})" for f in found]
        self.assertEqual((1, said), (done.returncode, done.stderr.splitlines()))
        self.assertIn("the card has 2: ethtool -L many0 ", said[0])
        for finding in found:
            self.gateway("sh", "-c", finding["mends"][0])
        self.assertEqual([], self.findings())

    def test_should_find_a_card_without_carrier_and_one_that_is_not_there(self):
        self.wire.lab.run(self.wire.outside, "ip", "link", "set", "eth0", "down")
        self.gateway("ip", "link", "del", "inside0")
        found = {finding["id"]: finding for finding in self.findings()}
        self.assertEqual({"carrier", "port"}, set(found))
        self.assertIn("outside0 has no carrier", found["carrier"]["what"])
        self.assertIn("inside0: no such interface", found["port"]["what"])

    def test_should_find_what_a_killed_run_left(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        wire.breakwater.send_signal(signal.SIGKILL)
        wire.breakwater.wait(10)
        found = self.findings("--fix")
        self.assertEqual(["left-behind"] * 2, [finding["id"] for finding in found], "left to the operator")
        self.assertIn("joined with outside0, unfiltered,", found[0]["what"])
        self.assertEqual({"breakwater release"}, {finding["mends"][0] for finding in found})
        self.gateway(LAUNCHER, "release")
        self.assertEqual([], self.findings())
        self.assertEqual("", self.gateway("tc", "qdisc", "show", "dev", "outside0", "ingress"))

    def test_should_leave_a_running_box_alone(self):
        self.wire.install(MEMCACHED_ONLY)
        self.assertEqual([], self.findings("--fix"))
        self.assertTrue(self.wire.ready())

    def test_should_name_missing_capabilities_in_one_line(self):
        for command, code in (("doctor", FOUND), ("run", 1)):
            nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all")
            os.chmod(os.path.dirname(self.wire.policy), 0o755)
            done = self.wire.lab.try_run(self.wire.gateway, *nobody, LAUNCHER, command, "-c", self.wire.policy, timeout=60)
            self.assertEqual(code, done.returncode, done.stderr)
            said = [line for line in (done.stdout + done.stderr).splitlines() if "CAP_" in line]
            self.assertEqual(1, len(said), done.stdout + done.stderr)
            self.assertIn("lacks CAP_NET_RAW, CAP_NET_ADMIN: run with sudo", said[0])
            self.assertIn("AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN", said[0])

    def test_should_tell_people_and_refuse_a_wrong_policy(self):
        self.gateway("ip", "link", "set", "inside0", "mtu", "1400")
        done = self.doctor()
        self.assertEqual(FOUND, done.returncode)
        self.assertRegex(done.stdout, r"(?m)^warning: ports outside0 and inside0 have different MTUs .*: ip link set dev outside0 mtu 1400$")
        self.wire.write_policy(PAIR + "mode: enforced\n")
        done = self.doctor("--json")
        self.assertEqual((USAGE, ""), (done.returncode, done.stdout))
        self.assertTrue(re.match(r"\S+policy\.yaml:2:\d+: mode: ", done.stderr), done.stderr)


if __name__ == "__main__":
    unittest.main()
