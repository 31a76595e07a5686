"""What the box shows while it runs: attacks in time, the same numbers everywhere, blocks, events and evidence."""

import base64
import hashlib
import json
import os
import subprocess
import tempfile
import time
import unittest

import browser
import metrics
from capture import send
from frames import INSIDE_4, OUTSIDE_4, udp4
from namespaces import python
from wire import ADMIN, LAUNCHER, MEMCACHED_ONLY, Wire

HERE = os.path.dirname(os.path.abspath(__file__))
NOTICED_S, END_AFTER_S = 3, 2
MANAGED, TOKEN = "198.18.9.1", "0123456789abcdef0123456789abcdef"
ATTACK = MEMCACHED_ONLY + f"attack: {{end-after: {END_AFTER_S}s}}\n"


class Operate(unittest.TestCase):
    def setUp(self):
        self.wire = Wire().__enter__()
        self.addCleanup(self.wire.__exit__)

    def ask(self, path):
        status, body = self.wire.lab.http_get(self.wire.gateway, ADMIN + path)
        self.assertEqual(200, status, path)
        return json.loads(body)

    def command(self, *arguments):
        return self.wire.lab.try_run(self.wire.gateway, LAUNCHER, *arguments, timeout=60)

    def done(self, *arguments):
        done = self.command(*arguments)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout

    def active(self):
        return metrics.total(self.wire.samples(), "breakwater_attack_active", vector="memcached", target=INSIDE_4)

    def dropped(self):
        return metrics.total(self.wire.samples(), "breakwater_frames_dropped_total")

    def seconds_until(self, active, limit):
        """How long it took until the metric said so; more than `limit` is a failure."""
        start = time.monotonic()
        while self.active() != active:
            self.assertLess(time.monotonic() - start, limit, f"breakwater_attack_active is not {active}")
            time.sleep(0.05)
        return time.monotonic() - start

    def kinds(self):
        return [event["event"] for event in self.ask("/api/v1/events")["events"]]

    def test_should_tell_an_attack_within_3_s_and_its_end_within_the_hysteresis(self):
        wire = self.wire
        wire.install(ATTACK)
        self.assertEqual(0, self.active())
        due = os.path.join(wire.lab.logs, "attack.txt")
        with open(due, "w", encoding="ascii") as file:
            for i in range(2_500):
                file.write(f"{i / 500:.4f} {udp4(11211, payload=b'x' * 1000).hex()}\n")
        sender = wire.lab.start(
            wire.outside, *python(os.path.join(HERE, "send_timed.py"), "eth0", due), log="sender.log"
        )
        # A busy machine takes its time to start the sender.
        wire.lab.wait_until("the first frame", lambda: self.dropped() > 0, 10, sender)
        noticed = self.seconds_until(1, NOTICED_S)
        self.assertIn("attack-start", self.kinds())
        attack = self.ask("/api/v1/status")["attacks"][0]
        self.assertEqual(("memcached", INSIDE_4), (attack["vector"], attack["target"]))
        self.assertEqual(0, sender.wait(30))
        over = self.seconds_until(0, END_AFTER_S + 4)
        self.assertGreater(over, END_AFTER_S - 1, "an attack must not be over before the hysteresis has passed")
        self.assertIn("attack-end", self.kinds())
        print(f"    noticed after {noticed:.2f} s, over {over:.2f} s after the last frame")

    def test_should_tell_the_same_numbers_everywhere(self):
        wire = self.wire
        events = self.events_file()
        wire.install(MEMCACHED_ONLY + f"attack: {{end-after: 120s}}\nevents: {{file: {events}}}\n")
        attack = [udp4(11211, payload=b"x" * n, source=f"198.18.100.{200 + n % 3}") for n in range(300)]
        legitimate = [udp4(40000, 40001, payload=b"y" * n) for n in range(200)]
        frames = [frame for pair in zip(attack, legitimate) for frame in pair] + attack[200:]
        send(wire.lab, wire.outside, "eth0", frames)
        samples = wire.at_rest()
        lane = self.ask("/api/v1/status")["pairs"][0]["lanes"]["inbound"]
        report = self.replay(frames)

        size = sum(map(len, frames))
        dropped = {"frames": 300, "bytes": sum(map(len, attack))}
        self.assertEqual({"frames": 500, "bytes": size}, lane["received"])
        self.assertEqual(dropped, lane["dropped"])
        self.assertEqual({"reflection:memcached": dropped}, lane["reasons"])
        for what, where in (("received", {}), ("forwarded", {}), ("dropped", {})):
            for unit in ("frames", "bytes"):
                counted = metrics.total(samples, f"breakwater_{unit}_{what}_total", lane="inbound", **where)
                self.assertEqual(lane[what][unit], counted, f"{what} {unit}")
        self.assertEqual((500, size, 300, 200), tuple(report[k] for k in ("frames", "bytes", "dropped", "forwarded")))
        self.assertEqual({"reflection:memcached": 300}, report["reasons"])

        top = self.ask("/api/v1/top?seconds=60&limit=100")
        self.assertEqual(500, top["frames"])
        expected = {"name": "reflection:memcached", "packets": 300, "bytes": dropped["bytes"], "error": 0}
        self.assertEqual([expected], top["vectors"])
        self.assertEqual([{**expected, "name": INSIDE_4}], top["victims"])
        self.assertEqual({f"198.18.100.{200 + n}": 100 for n in range(3)}, self.packets(top["reflectors"]))
        self.assertEqual(200, self.packets(top["sources"])[OUTSIDE_4])

        self.console_tells(lane)

        told = self.ask("/api/v1/status")["attacks"]
        self.assertEqual(["uplink"], [attack["pair"] for attack in told])
        self.assertEqual([100] * 3, [reflector["packets_at_most"] for reflector in told[0]["reflectors"]])
        self.assertEqual(report["attacks"][0]["top_reflectors"], told[0]["reflectors"])
        self.assertEqual(0, wire.end()[0], wire.log())
        page = os.path.join(wire.lab.logs, "report.html")
        told = json.loads(self.done("report", "--events", events, "--json", "-o", page))
        counted = ("received", "forwarded", "dropped", "reasons", "would_drop")
        self.assertEqual({name: lane[name] for name in counted}, told["pairs"][0]["lanes"]["inbound"])
        self.assertEqual((1, 1, 0), tuple(told[name] for name in ("attacks", "victims", "lines_left_out")))
        self.assertEqual(("memcached", 300), tuple(told["vectors"][0][name] for name in ("name", "packets")))
        self.assertEqual(
            [("198.18.100.0/24", 300)],
            [(network["name"], network["packets"]) for network in told["top_reflector_networks"]],
        )
        with open(page, encoding="utf-8") as file:
            self.assertIn("reflection:memcached", file.read())

    def console_tells(self, lane):
        """What people read in the page is what programs read from the API."""
        amounts = [f"{what} {lane[what]['frames']:,} frames \\({lane[what]['bytes']:,} B\\)" for what in ("received", "forwarded", "dropped")]
        expected = {
            "#totals": f"All inbound since the start: {', '.join(amounts)}\\.",
            "#reason-table": r"reflection:memcached\s[^\n]*\b300$",
            "#attack-list": r"from about 3 sources[^]*198\.18\.100\.200\s+100\b[^]*198\.18\.100\.20[12]\s+100\b",
            "#figures": r"Attacks\s+1\b",
        }
        wire = self.wire
        browser.install_modules()
        browser.finish(self, browser.start(wire.lab, wire.gateway, "numbers", ADMIN + "/", EXPECTED=json.dumps(expected)))

    def events_file(self):
        directory = tempfile.TemporaryDirectory(prefix="breakwater-test-")
        self.addCleanup(directory.cleanup)
        os.chmod(directory.name, 0o755)
        return os.path.join(directory.name, "events.jsonl")

    @staticmethod
    def packets(talkers):
        return {talker["name"]: talker["packets"] for talker in talkers}

    def replay(self, frames):
        capture = os.path.join(self.wire.lab.logs, "same.pcap")
        with open(capture, "wb") as file:
            file.write(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
            for number, frame in enumerate(frames):
                header = (0, 1_000 * number, len(frame), len(frame))
                file.write(b"".join(value.to_bytes(4, "little") for value in header) + frame)
        done = subprocess.run(
            [LAUNCHER, "replay", "-c", self.wire.policy, "-i", capture, "--report", "-"],
            capture_output=True, text=True, timeout=60, check=True,
        )
        return json.loads(done.stdout[done.stdout.index("{") :])

    def test_should_block_for_a_while_by_command_and_survive_a_reload(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        frames = [udp4(40000, 40001, source="198.18.100.66")] * 100
        self.assertIn("is blocked until", self.done("block", "198.18.100.64/26", "--for", "10m"))
        wire.breakwater.send_signal(1)
        wire.lab.wait_until("the reload", lambda: "reload" in self.kinds(), 10, wire.breakwater)
        send(wire.lab, wire.outside, "eth0", frames)
        dropped = metrics.by_label(wire.at_rest(), "breakwater_frames_dropped_total", "reason", lane="inbound")
        self.assertEqual(100, dropped["blocked-source"])
        self.assertIn("is blocked until", self.done("block", "198.18.100.64/26", "--for", "2s"))
        wire.lab.wait_until("the end of the block", lambda: "unblock" in self.kinds(), 20, wire.breakwater)
        capture = wire.capture(wire.inside, "in")
        send(wire.lab, wire.outside, "eth0", frames)
        samples = wire.at_rest()
        self.assertEqual(100, capture.frames(awaited=frames).count(frames[0]))
        self.assertEqual(0, metrics.total(samples, "breakwater_blocks"))
        self.assertIn("its time is over", self.done("events"))

    def test_should_tell_the_status_and_say_when_no_box_runs(self):
        wire = self.wire
        done = self.command("status")
        self.assertEqual((1, 1), (done.returncode, len(done.stderr.strip().splitlines())), done.stderr)
        self.assertIn("no box answers", done.stderr)
        wire.install(MEMCACHED_ONLY)
        self.assertIn("pair uplink: outside0 (up) outside", self.done("status"))
        self.assertEqual("forwarding", json.loads(self.done("status", "--json", "-c", wire.policy))["state"])
        self.assertIn("inbound", self.done("top"))

    def test_should_write_events_and_evidence_that_wireshark_reads(self):
        wire = self.wire
        with tempfile.TemporaryDirectory(prefix="breakwater-test-") as kept:
            os.chmod(kept, 0o755)
            events = os.path.join(kept, "events.jsonl")
            wire.install(
                MEMCACHED_ONLY
                + f"events: {{file: {events}}}\nevidence: {{directory: {kept}, per-reason: 10/s, files: 2}}\n"
            )
            send(wire.lab, wire.outside, "eth0", [udp4(11211, payload=b"x" * 1200)] * 500)
            wire.at_rest()
            self.assertEqual(0, wire.end()[0], wire.log())
            with open(events, encoding="utf-8") as file:
                written = [json.loads(line) for line in file]
            kinds = [event["event"] for event in written]
            self.assertEqual("start", kinds[0])
            self.assertIn("stop", kinds)
            self.assertEqual("totals", kinds[-1])
            self.assertIn("attack-start", kinds)
            self.assertEqual(list(range(1, len(kinds) + 1)), [event["id"] for event in written])
            rows = self.tshark(os.path.join(kept, "evidence-1.pcapng"))
        self.assertTrue(10 <= len(rows) <= 20, rows)
        for length, captured, port, comment in rows:
            self.assertEqual(("1242", "512", "11211"), (length, captured, port))
            self.assertEqual(
                "pair uplink, inbound, dropped: reflection:memcached, rule: reflection.memcached", comment
            )

    def tshark(self, path):
        fields = [word for name in ("frame.len", "frame.cap_len", "udp.srcport", "frame.comment") for word in ("-e", name)]
        done = subprocess.run(
            ["tshark", "-r", path, "-T", "fields", *fields], capture_output=True, text=True, timeout=60, check=True
        )
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def test_should_refuse_to_listen_beyond_loopback_without_tls_and_token(self):
        wire = self.wire
        wire.write_policy(MEMCACHED_ONLY + "admin: {listen: 0.0.0.0:9464}\n")
        for verb in ("check", "run"):
            done = self.command(verb, "-c", wire.policy)
            self.assertEqual(2, done.returncode, done.stderr)
            self.assertIn("admin.listen", done.stderr)
            self.assertIn("admin.token-file", done.stderr)

    def test_should_serve_beyond_loopback_with_tls_and_token(self):
        wire, lab = self.wire, self.wire.lab
        manager = lab.namespace("manager")
        lab.link((wire.gateway, "manage0"), (manager, "eth0"))
        lab.address(wire.gateway, "manage0", f"{MANAGED}/24")
        lab.address(manager, "eth0", "198.18.9.2/24")
        with tempfile.TemporaryDirectory(prefix="breakwater-test-") as kept:
            certificate, key, token = (os.path.join(kept, name) for name in ("cert.pem", "key.pem", "token"))
            self.make_certificate(certificate, key)
            with open(token, "w", encoding="ascii") as file:
                file.write(TOKEN + "\n")
            wire.write_policy(
                MEMCACHED_ONLY
                + f"admin: {{listen: 0.0.0.0:9465, token-file: {token}, tls: {{certificate: {certificate}, key: {key}}}}}\n"
            )
            wire.breakwater = lab.start(wire.gateway, LAUNCHER, "run", "-c", wire.policy, log="breakwater.log")
            url = f"https://{MANAGED}:9465"

            def status_of(path, *more):
                curl = ("curl", "--noproxy", "*", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", certificate)
                return lab.try_run(manager, *curl, *more, url + path).stdout

            lab.wait_until("Breakwater", lambda: status_of("/readyz") == "200", 60, wire.breakwater)
            self.assertEqual("401", status_of("/metrics"))
            self.assertEqual("401", status_of("/metrics", "-H", f"Authorization: Bearer {TOKEN}0"))
            self.assertEqual("200", status_of("/metrics", "-H", f"Authorization: Bearer {TOKEN}"))
            self.assertIn("forwarding", self.done("status", "-c", wire.policy))
            self.assertEqual(2, self.command("status", "--url", url, "--ca", certificate).returncode)
            browser.install_modules()
            pinned = {"TOKEN": TOKEN, "CERTIFICATE_KEY": self.key_digest(certificate)}
            browser.finish(self, browser.start(lab, manager, "sign-in", url + "/", **pinned))
            self.assertNotIn(TOKEN, wire.log())

    @staticmethod
    def make_certificate(certificate, key):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=gateway", "-addext", f"subjectAltName=IP:127.0.0.1,IP:{MANAGED}",
             "-keyout", key, "-out", certificate],
            capture_output=True, timeout=60, check=True,
        )

    @staticmethod
    def key_digest(certificate):
        """What Chromium calls the certificate's SPKI: SHA-256 of its public key, in base64."""
        pem = subprocess.run(
            ["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True, text=True, timeout=60, check=True
        ).stdout
        der = base64.b64decode("".join(pem.splitlines()[1:-1]))
        return base64.b64encode(hashlib.sha256(der).digest()).decode("ascii")


if __name__ == "__main__":
    unittest.main()
