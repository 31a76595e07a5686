"""Per-source limits beside the kernel's own: nftables (netdev ingress, dynamic set) and iptables hashlimit.

    sender ── veth ──► tap (tcpdump, stamps on arrival) ─► nft ingress limit ─► hashlimit ─► count per source
                        └─► breakwater replay

The very frames that a peer judged, with their arrival stamps, are then replayed through Breakwater with the equal
limit. What each lets through is compared per source.

What "equal" means, and where the peers differ by design:

* nft, packets: `rate over R/second burst B packets` is a bucket of B packets, filled at R/s in nanoseconds. The same.
* nft, bytes: `rate over R bytes/second burst M bytes` is a bucket of R + M bytes: without M one second's worth, which
  is our default. nft counts the IP packet, Breakwater the frame, which is the Ethernet header's 14 bytes longer.
* hashlimit, packets: a bucket of B packets, but credits come in once per kernel tick (1 to 10 ms), not per nanosecond.
* hashlimit, bytes: a bucket of one second's worth. It counts in chunks of 16 bytes: an IP packet costs len / 16 + 1 of
  them (xt_hashlimit.c, xt_hashlimit_len_to_chunks), and R bytes/s become R / 16 + 1 a second (libxt_hashlimit.c,
  bytes_to_cost). A packet of 1,008 bytes is charged as 1,024.
* hashlimit forgets a source that was silent for its expiry (1 s at rates per second; collected once a second), which
  then starts with a full bucket. Breakwater forgets nobody whose bucket is not full. One test shows it; the others
  set `--hashlimit-htable-expire`.

* Breakwater's bucket of bits always holds the largest frame of a capture, 65,535 bytes. The peers have no such rule:
  hence rates above it here.

Peers read the clock when they judge, a few microseconds to milliseconds after the stamp. That shifts single frames at
the edge of a full or an empty bucket, never a rate: hence TOLERANCE.
"""

import collections
import ipaddress
import json
import os
import random
import shutil
import sys
import tempfile
import unittest

from capture import Capture, read_pcap
from frames import INSIDE_4, INSIDE_MAC, udp4
from namespaces import Lab, LabError, python, run
from wire import LAUNCHER

SEED = 20250711
DURATION_S = 3.0
RATE, BURST = 100, 50  # packets
BYTES_RATE, BYTES_BURST = 100_000, 50_000  # of IP packets
IP_BYTES = 1008
ETHERNET_BYTES = 14
CHUNK_BYTES = 16  # hashlimit's

# Frames per source that may differ: two, and one in a hundred of those that the peer passed.
TOLERANCE_FRAMES, TOLERANCE_SHARE = 2, 0.01

COUNTER = """\
table ip count {
  set passed { type ipv4_addr; flags dynamic; size 1024; counter; }
  chain early {
    type filter hook prerouting priority -100;
    meta l4proto udp update @passed { ip saddr } drop
  }
}
"""


def steady(per_second):
    return [number / per_second for number in range(int(DURATION_S * per_second))]


def bursts(frames, *starts):
    return [start for start in starts for _ in range(frames)]


def at_random(per_second, seed):
    numbers, at, times = random.Random(seed), 0.0, []
    while (at := at + numbers.expovariate(per_second)) < DURATION_S:
        times.append(at)
    return times


# Departure times per source. With 100 packets/s and a burst of 50: below, at and above the rate, bursts within and
# beyond the bucket, a silence in which the bucket fills, and what no pattern describes.
SCHEDULE = {
    "198.18.7.1": steady(60),
    "198.18.7.2": steady(99),
    "198.18.7.3": steady(250),
    "198.18.7.4": bursts(40, 0.1, 1.1, 2.1),
    "198.18.7.5": bursts(150, 0.2, 0.7, 1.2, 1.7, 2.2),
    "198.18.7.6": bursts(300, 0.3, 2.9),
    "198.18.7.7": at_random(150, SEED),
    "198.18.7.8": at_random(40, SEED + 1) + at_random(90, SEED + 2),
}
# One source that uses its bucket up, is silent for longer than expiry and collection, and comes back.
SILENCE_S = 2.4
SILENT_SOURCE = "198.18.8.1"
SILENT = {SILENT_SOURCE: bursts(300, 0.0, SILENCE_S)}
SILENT_RATE, SILENT_BURST = 50, 200

# Works for some ticks of the clock, ten times a second, on one core.
AWAKE = """
import os, sys, time
os.sched_setaffinity(0, {int(sys.argv[1])})
while True:
    until = time.monotonic() + 0.02
    while time.monotonic() < until:
        pass
    time.sleep(0.08)
"""


def source_of(frame):
    return str(ipaddress.ip_address(frame[26:30]))


class Peers(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="breakwater-test-")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.lab = Lab(self.directory).__enter__()
        self.addCleanup(self.lab.__exit__)
        self.sender, self.peer = self.lab.namespace("sender"), self.lab.namespace("peer")
        for namespace in (self.sender, self.peer):
            self.lab.sysctl(namespace, "net.ipv6.conf.default.disable_ipv6=1")
        self.lab.link((self.sender, "eth0"), (self.peer, "eth0"))
        self.lab.run(self.peer, "ip", "link", "set", "eth0", "address", INSIDE_MAC.hex(":"))
        self.lab.address(self.peer, "eth0", f"{INSIDE_4}/24")
        self.nft(COUNTER)

    def nft(self, rules):
        path = os.path.join(self.directory, "rules.nft")
        with open(path, "w", encoding="ascii") as file:
            file.write(rules)
        self.lab.run(self.peer, "nft", "-f", path)

    def limit_by_nft(self, limit):
        try:
            self.nft(
                "table netdev peer {\n"
                "  set flood { type ipv4_addr; flags dynamic; timeout 60s; size 1024; }\n"
                "  chain ingress {\n"
                '    type filter hook ingress device "eth0" priority -500;\n'
                f"    meta l4proto udp update @flood {{ ip saddr limit rate over {limit} }} drop\n"
                "  }\n"
                "}\n"
            )
        except LabError as refused:
            if "Could not process rule" not in str(refused):
                raise
            self.skipTest(f"this kernel has no nft limits in dynamic sets at netdev ingress: {refused}")

    def limit_by_hashlimit(self, *options):
        if shutil.which("iptables") is None:
            self.skipTest("iptables is not installed; run: sudo apt-get install iptables")
        done = self.lab.try_run(
            self.peer, "iptables", "-t", "raw", "-A", "PREROUTING", "-p", "udp", "-m", "hashlimit",
            "--hashlimit-name", "peer", "--hashlimit-mode", "srcip", *options, "-j", "DROP",
        )  # fmt: skip
        if done.returncode:
            self.skipTest(f"this kernel has no xt_hashlimit: {done.stderr.strip().splitlines()[0]}")

    def keep_cores_awake(self):
        """The timer of hashlimit's collector is deferrable (xt_hashlimit.c): it waits for a core that is awake anyway."""
        for core in os.sched_getaffinity(0):
            self.lab.start(self.peer, sys.executable, "-c", AWAKE, str(core), log="awake.log")

    def drive(self, schedule, ip_bytes):
        """Sends the schedule; returns how many frames of each source the peer passed. Leaves the capture."""
        due = sorted((at, source) for source, times in schedule.items() for at in times)
        payload = bytes(ip_bytes - 28)
        path = os.path.join(self.directory, "due.txt")
        with open(path, "w", encoding="ascii") as file:
            file.writelines(f"{at:.6f} {udp4(1234, payload=payload, source=source).hex()}\n" for at, source in due)
        capture = Capture(self.lab, self.peer, "eth0", "in")
        self.lab.run(self.sender, *python(os.path.join(os.path.dirname(__file__), "send_timed.py"), "eth0", path))
        self.lab.wait_until("the last frame", lambda: len(capture.so_far()) >= len(due), 10)
        self.assertEqual(len(due), len(capture.frames()), "the tap saw every frame")
        self.capture = capture.path
        return self.passed_by_peer()

    def passed_by_peer(self):
        listed = json.loads(self.lab.run(self.peer, "nft", "-j", "list", "set", "ip", "count", "passed"))
        elements = next(entry["set"] for entry in listed["nftables"] if "set" in entry).get("elem", [])
        return {element["elem"]["val"]: element["elem"]["counter"]["packets"] for element in elements}

    def passed_by_breakwater(self, rate, burst):
        policy, passed = (os.path.join(self.directory, name) for name in ("policy.yaml", "passed.pcap"))
        with open(policy, "w", encoding="ascii") as file:
            file.write(
                "reflection: off\nfragments: off\nlimits:\n"
                f"  - {{name: peer, match: {{lane: inbound, protocol: udp}}, track: source, rate: {rate}, burst: {burst}}}\n"
            )
        run([LAUNCHER, "replay", "-c", policy, "-i", self.capture, "-o", passed], timeout=120)
        return collections.Counter(map(source_of, read_pcap(passed)))

    @staticmethod
    def in_frames(count, count_per_frame):
        """What a peer counts, in bytes of whole frames."""
        return round(count / count_per_frame * (IP_BYTES + ETHERNET_BYTES))

    def assert_alike(self, schedule, theirs, ours):
        table = [(source, len(times), theirs.get(source, 0), ours[source]) for source, times in schedule.items()]
        apart = [
            f"{source}: of {sent} frames the peer passed {their_count}, Breakwater {our_count}"
            for source, sent, their_count, our_count in table
            if abs(their_count - our_count) > TOLERANCE_FRAMES + TOLERANCE_SHARE * their_count
        ]
        self.assertFalse(apart, "\n".join([f"seed {SEED}", *apart]))
        self.assertTrue(any(ours[source] < len(times) for source, times in schedule.items()), "something was limited")

    def test_should_limit_packets_like_an_nft_dynamic_set(self):
        self.limit_by_nft(f"{RATE}/second burst {BURST} packets")
        theirs = self.drive(SCHEDULE, 100)
        self.assert_alike(SCHEDULE, theirs, self.passed_by_breakwater(f"{RATE} packets/s", f"{BURST} packets"))

    def test_should_limit_bytes_like_an_nft_dynamic_set(self):
        self.limit_by_nft(f"{BYTES_RATE} bytes/second burst {BYTES_BURST} bytes")
        theirs = self.drive(SCHEDULE, IP_BYTES)
        rate, bucket = (self.in_frames(count, IP_BYTES) for count in (BYTES_RATE, BYTES_RATE + BYTES_BURST))
        ours = self.passed_by_breakwater(f"{8 * rate} bit/s", f"{bucket} bytes")
        self.assert_alike(SCHEDULE, theirs, ours)

    def test_should_limit_packets_like_hashlimit(self):
        self.limit_by_hashlimit(
            "--hashlimit-above", f"{RATE}/second", "--hashlimit-burst", str(BURST), "--hashlimit-htable-expire", "60000"
        )
        theirs = self.drive(SCHEDULE, 100)
        self.assert_alike(SCHEDULE, theirs, self.passed_by_breakwater(f"{RATE} packets/s", f"{BURST} packets"))

    def test_should_limit_bytes_like_hashlimit_in_chunks(self):
        self.limit_by_hashlimit("--hashlimit-above", f"{BYTES_RATE}b/s", "--hashlimit-htable-expire", "60000")
        theirs = self.drive(SCHEDULE, IP_BYTES)
        rate = self.in_frames(BYTES_RATE // CHUNK_BYTES + 1, IP_BYTES // CHUNK_BYTES + 1)
        ours = self.passed_by_breakwater(f"{8 * rate} bit/s", f"{rate} bytes")
        self.assert_alike(SCHEDULE, theirs, ours)

    def test_should_not_give_a_silent_source_its_bucket_back_as_hashlimit_does(self):
        self.limit_by_hashlimit("--hashlimit-above", f"{SILENT_RATE}/second", "--hashlimit-burst", str(SILENT_BURST))
        self.keep_cores_awake()
        theirs = self.drive(SILENT, 100)
        ours = self.passed_by_breakwater(f"{SILENT_RATE} packets/s", f"{SILENT_BURST} packets")
        self.assertAlmostEqual(2 * SILENT_BURST, theirs[SILENT_SOURCE], delta=TOLERANCE_FRAMES, msg="two full buckets")
        refilled = SILENT_BURST + SILENCE_S * SILENT_RATE
        self.assertAlmostEqual(refilled, ours[SILENT_SOURCE], delta=TOLERANCE_FRAMES, msg="one, and what was filled")


if __name__ == "__main__":
    unittest.main()
