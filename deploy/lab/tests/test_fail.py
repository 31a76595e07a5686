"""What becomes of traffic when the filter ends, stalls, starts and is given back; links that are passed on."""

import ctypes
import os
import re
import signal
import socket
import time
import unittest

from capture import send
from frames import INSIDE_4, SERVICE_VLAN, VLAN, tag_control, udp4
from namespaces import LabError, python, stop
from wire import LAUNCHER, MEMCACHED_ONLY, ROOT, Wire

PINGS_PER_S, LOAD_PER_S, LOAD_S = 200, 5000, 120
# 0.05 s where nobody else wants the cores (ADR 10).
KILLED_S = 0.5
STALLED_S = 3.0
# Two system calls lie between one fate and the other; the rest is what a busy machine adds.
TAKEN_OVER_S = 0.2
# A link that was just given back has ten seconds to come, if the box has not seen it yet.
LOSS_S = 20

PTRACE_SEIZE, PTRACE_INTERRUPT, WALL = 0x4206, 0x4207, 0x40000000  # linux/ptrace.h, linux/wait.h


def link_local(last, ethertype, payload):
    """A frame to one of the addresses that no bridge passes on (IEEE 802.1Q, 8.6.3)."""
    return (bytes.fromhex("0180c20000" + last + "020000000001" + ethertype) + payload).ljust(60, b"\0")


EVERY_KIND = [
    link_local("0e", "88cc", b"\x02\x07\x04\x02\0\0\0\0\x01\x04\x04\x05eth0\x06\x02\0\x78\0\0"),  # LLDP
    link_local("02", "8809", b"\x01\x01" + bytes(108)),  # LACP
    link_local("00", "0026", b"\x42\x42\x03" + bytes(35)),  # STP
    udp4(40000, tags=[(VLAN, tag_control(7, priority=5))]),
    udp4(40000, tags=[(SERVICE_VLAN, tag_control(9)), (VLAN, tag_control(7))]),
]


def watchdog_s():
    with open(os.path.join(ROOT, "deploy", "package", "breakwater.service"), encoding="utf-8") as unit:
        return float(re.search(r"(?m)^WatchdogSec=(\d+)$", unit.read())[1])


class Pings:
    """A client that asks an inside host many times a second, until `end`."""

    def __init__(self, wire):
        self._process = wire.lab.start(
            wire.outside, "ping", "-n", "-D", "-i", str(1 / PINGS_PER_S), INSIDE_4, log=f"ping-{len(os.listdir(wire.lab.logs))}.log"
        )

    def end(self, after_s=0.5):
        """Some more questions; then the longest time in seconds without an answer, and how many came twice."""
        time.sleep(after_s)
        stop(self._process, signal.SIGINT)
        with open(self._process.log_path, encoding="utf-8") as log:
            said = log.read()
        # Without answers ping asks less often, so what is missing says that there was a gap, and the clock how long.
        answers = [(int(number), float(stamp)) for stamp, number in re.findall(r"\[([\d.]+)\].* icmp_seq=(\d+) ttl", said)]
        in_order = sorted(dict(reversed(answers)).items())
        gaps = [late[1] - early[1] for early, late in zip(in_order, in_order[1:]) if late[0] > early[0] + 1]
        asked = int(re.search(r"(\d+) packets transmitted", said)[1])
        if not in_order or asked - in_order[-1][0] > PINGS_PER_S / 5:
            raise LabError(f"no answers any more: {asked} asked, the last of {len(in_order)} answers was to {in_order[-1:]}")
        return max(gaps, default=0), said.count("DUP!")


class Box(unittest.TestCase):
    backend = "pcap"

    def setUp(self):
        self.wire = Wire(self.backend).__enter__()
        self.addCleanup(self.wire.__exit__)

    def gateway(self, *command):
        return self.wire.lab.run(self.wire.gateway, *command)

    def release(self):
        done = self.wire.lab.try_run(self.wire.gateway, LAUNCHER, "release")
        self.assertEqual((0, "gave back inside0, outside0"), (done.returncode, done.stdout.strip()), done.stderr)

    def filters(self):
        """What tc has to say of the gateway's cards."""
        return "".join(self.gateway("tc", *what, "dev", card, "ingress")
                       for card in ("outside0", "inside0") for what in (("filter", "show"), ("qdisc", "show")))

    def load(self):
        """An attack, for as long as the test takes or until it is stopped."""
        path = os.path.join(self.wire.lab.logs, "load.hex")
        with open(path, "w", encoding="ascii") as file:
            file.write(udp4(11211).hex())
        return self.wire.lab.start(
            self.wire.outside, *python("tests/send_steadily.py", "eth0", path, str(LOAD_S), str(LOAD_PER_S)), log="load.log"
        )

    def received_inside(self):
        return int(self.wire.lab.run(self.wire.inside, "cat", "/sys/class/net/eth0/statistics/rx_packets"))

    def assert_load(self, passes):
        before = self.received_inside()
        time.sleep(0.3)
        (self.assertGreater if passes else self.assertLess)(self.received_inside() - before, LOAD_PER_S / 30)

    def assert_every_kind_once(self):
        """Each frame reaches the other side exactly once, and never comes back."""
        wire = self.wire
        there = EVERY_KIND
        back = [frame[:6] + bytes.fromhex("020000000002") + frame[12:] for frame in EVERY_KIND]
        outside, inside = wire.capture(wire.outside, "in"), wire.capture(wire.inside, "in")
        send(wire.lab, wire.outside, "eth0", there)
        send(wire.lab, wire.inside, "eth0", back)
        wire.lab.wait_until("the last frames", lambda: there[-1] in inside.so_far() and back[-1] in outside.so_far(), 10)
        inward, outward = (capture.frames() for capture in (inside, outside))
        self.assertEqual([1] * len(there), [inward.count(frame) for frame in there])
        self.assertEqual([1] * len(back), [outward.count(frame) for frame in back])
        self.assertEqual([], [frame for frame in there if frame in outward] + [frame for frame in back if frame in inward])

    def assert_outage(self, pings, at_most_s, after_s=0.5):
        outage_s, twice = pings.end(after_s)
        self.assertEqual(0, twice, "answers that came twice")
        self.assertLessEqual(outage_s, at_most_s)

    def kill(self):
        self.wire.breakwater.kill()
        self.wire.breakwater.wait()

    def start_supervised(self):
        """Starts it as systemd would, and returns the socket on which it tells how it is, once it forwards."""
        path = os.path.join(os.path.dirname(self.wire.policy), "notify")
        if os.path.exists(path):
            os.unlink(path)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(path)
        listener.settimeout(60)
        command = ("env", f"NOTIFY_SOCKET={path}", LAUNCHER, "run", "-c", self.wire.policy)
        self.wire.breakwater = self.wire.lab.start(self.wire.gateway, *command, log="breakwater.log")
        self.assertIn(b"READY=1", listener.recv(4096))
        return listener

    def kill_when_silent(self, listener):
        """Does what systemd's watchdog does."""
        listener.settimeout(watchdog_s())
        deadline = time.monotonic() + 10
        with self.assertRaises(TimeoutError):
            while time.monotonic() < deadline:
                listener.recv(4096)
        self.kill()

    def answers(self):
        return self.wire.lab.try_run(self.wire.outside, "ping", "-n", "-c", "1", "-W", "1", INSIDE_4).returncode == 0

    def pings(self):
        """A client that has got its first answers."""
        pings = Pings(self.wire)
        time.sleep(0.3)
        return pings


class Fail(Box):
    def test_should_fail_open_and_take_over_again(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        load = self.load()
        self.assert_load(passes=False)
        self.assert_every_kind_once()
        pings = self.pings()
        self.kill()
        self.assert_outage(pings, KILLED_S)
        self.assert_load(passes=True)

        pings = self.pings()
        listener = self.start_supervised()
        self.assert_outage(pings, TAKEN_OVER_S)
        self.assert_load(passes=False)

        pings = self.pings()
        wire.breakwater.send_signal(signal.SIGSTOP)
        self.kill_when_silent(listener)
        self.assert_outage(pings, STALLED_S)
        self.assert_load(passes=True)

        wire.install(MEMCACHED_ONLY)
        pings = self.pings()
        self.assertEqual(0, wire.end()[0], wire.log())
        self.assert_outage(pings, TAKEN_OVER_S)
        self.assert_load(passes=True)
        stop(load)
        self.assert_every_kind_once()
        self.release()
        self.assertEqual("", self.filters())

    def test_should_fail_closed_until_it_starts_again(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY.replace("backend: pcap", "backend: pcap, fail: closed"))
        self.assert_every_kind_once()
        self.kill()
        capture = wire.capture(wire.inside, "in")
        send(wire.lab, wire.outside, "eth0", EVERY_KIND)
        wire.install(MEMCACHED_ONLY.replace("backend: pcap", "backend: pcap, fail: closed"))
        send(wire.lab, wire.outside, "eth0", [udp4(40000)])
        wire.lab.wait_until("the frame that may pass", lambda: udp4(40000) in capture.so_far(), 10)
        self.assertEqual([], [frame for frame in capture.frames() if frame in EVERY_KIND])
        self.assertEqual(0, wire.end()[0], wire.log())
        self.assertIn("direct-action", self.filters(), "still closed")
        self.release()
        self.assertEqual("", self.filters())


class FailByXdp(Fail):
    backend = "xdp"


class Links(Box):
    """The control thread passes them on, whatever the port."""

    def carrier(self, host):
        return "LOWER_UP" in self.wire.lab.run(host, "ip", "-o", "link", "show", "eth0")

    def both_links(self):
        """As the gateway sees them, and for long enough that it has looked."""
        for _ in range(3):
            if any("state UP" not in self.gateway("ip", "-o", "link", "show", card) for card in ("outside0", "inside0")):
                return False
            time.sleep(0.15)
        return True

    def test_should_pass_a_lost_link_on_and_give_it_back(self):
        wire = self.wire
        wire.install(MEMCACHED_ONLY)
        for host, other in ((wire.outside, wire.inside), (wire.inside, wire.outside)):
            wire.lab.run(host, "ip", "link", "set", "eth0", "down")
            wire.lab.wait_until("the other link's loss", lambda end=other: not self.carrier(end), LOSS_S, wire.breakwater)
            wire.lab.run(host, "ip", "link", "set", "eth0", "up")
            wire.lab.wait_until("both links", self.both_links, 15, wire.breakwater)
            wire.lab.wait_until("an answer", self.answers, 10, wire.breakwater)
        # Given back by the end, too: nobody would be there to do it later.
        wire.lab.run(wire.outside, "ip", "link", "set", "eth0", "down")
        wire.lab.wait_until("the other link's loss", lambda: not self.carrier(wire.inside), LOSS_S, wire.breakwater)
        self.assertEqual(0, wire.end()[0], wire.log())
        self.assertTrue(self.carrier(wire.inside))


class WithoutGate(Box):
    """As on a kernel before 6.6: without CAP_BPF there is no gate that the kernel opens by itself."""

    def test_should_open_by_what_the_unit_runs_after_a_kill(self):
        wire = self.wire
        wire.write_policy(MEMCACHED_ONLY)
        less = ("setpriv", "--bounding-set=-bpf,-sys_admin", "--inh-caps=-bpf,-sys_admin")
        wire.breakwater = wire.lab.start(wire.gateway, *less, LAUNCHER, "run", "-c", wire.policy, log="breakwater.log")
        wire.lab.wait_until("Breakwater", wire.ready, 60, wire.breakwater)
        self.assertIn("lack of CAP_BPF", wire.log())
        self.load()
        self.assert_load(passes=False)
        self.assertTrue(self.answers())
        self.kill()
        self.assert_load(passes=False)
        self.gateway(os.path.join(ROOT, "deploy", "package", "fail-open"), "/run/breakwater")
        self.assert_load(passes=True)
        self.assertTrue(self.answers())


class StuckLane(Box):
    """A thread of the data path that gets no further while the rest of the process goes on."""

    def test_should_be_noticed_by_the_watchdog(self):
        wire = self.wire
        wire.write_policy(MEMCACHED_ONLY.replace("backend: pcap", "backend: pcap, threads: 2"))
        listener = self.start_supervised()
        for thread in ("rx-uplink-inbou", "filter-uplink-i"):
            with self.subTest(thread=thread):
                pings = self.pings()
                self.hold(thread)
                self.kill_when_silent(listener)
                self.assert_outage(pings, STALLED_S)
                listener = self.start_supervised()

    def hold(self, name):
        """Stops one thread, as no signal can; the kernel lets it go when the process is killed."""
        tasks = f"/proc/{self.wire.breakwater.pid}/task"
        thread = next(int(task) for task in os.listdir(tasks) if self.comm(f"{tasks}/{task}/comm") == name)
        ptrace = ctypes.CDLL(None, use_errno=True).ptrace
        for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
            if ptrace(ctypes.c_long(request), ctypes.c_long(thread), None, None):
                raise OSError(ctypes.get_errno(), "ptrace")
        os.waitpid(thread, WALL)
        self.held = thread

    def kill(self):
        self.wire.breakwater.kill()
        os.waitpid(self.held, WALL)
        self.wire.breakwater.wait()

    @staticmethod
    def comm(path):
        with open(path, encoding="utf-8") as file:
            return file.read().strip()


if __name__ == "__main__":
    unittest.main()
