"""A run has no rights over the network itself: a keeper beside it has them, answers it alone, and ends with it."""

import ctypes
import os
import re
import signal
import socket
import time
import unittest

from capture import send
from frames import udp4
from wire import LAUNCHER, MEMCACHED_ONLY, Wire

NET_BIND_SERVICE, NET_ADMIN, NET_RAW, IPC_LOCK, BPF = 10, 12, 13, 14, 39
FILES = {0, 1, 2, 3}  # of root's: whose files they are does not matter to it
KEEPER = "io.breakwater.capture.privilege.Keeper"
SOON_S = 5


def capabilities(status, which="CapEff"):
    with open(status, encoding="ascii") as file:
        bits = int(re.search(which + r":\s+(\w+)", file.read())[1], 16)
    return {bit for bit in range(64) if bits >> bit & 1}


class Separated(unittest.TestCase):
    backend = "pcap"

    def setUp(self):
        self.wire = Wire(self.backend).__enter__()
        self.addCleanup(self.wire.__exit__)
        self.wire.install(MEMCACHED_ONLY)
        self.run_pid = self.wire.breakwater.pid
        self.keeper = self.children()[0]

    def children(self):
        """Of the run: process numbers."""
        with open(f"/proc/{self.run_pid}/task/{self.run_pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]

    def name(self):
        """The keeper's socket."""
        with open(f"/proc/{self.run_pid}/environ", "rb") as file:
            return next(word for word in file.read().split(b"\0") if word.startswith(b"BREAKWATER_KEEPER=")).split(b"=", 1)[1]

    def assert_filters(self):
        wire = self.wire
        capture = wire.capture(wire.inside, "in")
        frame = udp4(40000)
        send(wire.lab, wire.outside, "eth0", [frame, udp4(11211)] * 50)
        wire.lab.wait_until("50 frames", lambda: capture.frames().count(frame) == 50, SOON_S, wire.breakwater)
        self.assertEqual(0, capture.frames().count(udp4(11211)))

    def is_there(self, pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                return ") Z " not in file.read()
        except FileNotFoundError:
            return False


class Separation(Separated):
    def test_should_leave_no_thread_of_the_run_a_right_over_the_network(self):
        self.assertEqual(1, len(self.children()))
        tasks = f"/proc/{self.run_pid}/task"
        for task in os.listdir(tasks):
            for which in ("CapEff", "CapPrm", "CapBnd", "CapAmb"):
                has = capabilities(f"{tasks}/{task}/status", which)
                self.assertLessEqual(has, {NET_BIND_SERVICE, NET_RAW, IPC_LOCK} | FILES, f"{which} of task {task}")
        self.assertLessEqual({NET_ADMIN, BPF}, capabilities(f"/proc/{self.keeper}/status"))
        with open(f"/proc/{self.keeper}/cmdline", "rb") as file:
            self.assertIn(KEEPER.encode(), file.read())
        self.assert_filters()

    def test_should_go_on_filtering_without_its_keeper_and_say_so(self):
        os.kill(self.keeper, signal.SIGKILL)
        said = "the keeper of the rights over the network is gone: filtering goes on"
        self.wire.lab.wait_until("a word about it", lambda: said in self.wire.log(), SOON_S, self.wire.breakwater)
        self.assert_filters()
        code, _ = self.wire.end()
        self.assertEqual(1, code, self.wire.log())
        self.assertIn("the process that keeps the rights over the network does not answer", self.wire.log())
        self.assertIn("restart Breakwater", self.wire.log())


class SeparationByXdp(Separation):
    backend = "xdp"


class Keeper(Separated):
    """What does not depend on the kind of port."""

    def test_should_end_the_keeper_with_the_run_however_that_ends(self):
        os.kill(self.keeper, signal.SIGTERM)
        os.kill(self.keeper, signal.SIGINT)
        os.kill(self.keeper, signal.SIGHUP)
        time.sleep(0.2)
        self.assertTrue(self.is_there(self.keeper), "signals are for the run")
        os.kill(self.run_pid, signal.SIGKILL)
        self.wire.lab.wait_until("the keeper's end", lambda: not self.is_there(self.keeper), SOON_S)

    def test_should_answer_nobody_else(self):
        name = self.name()
        question = b"\0\x0cCAPABILITIES" + bytes(8)
        pid = os.fork()
        if pid == 0:  # the name is one of the gateway's network namespace
            code = 1
            try:
                setns(self.wire.gateway)
                with socket.socket(socket.AF_UNIX) as stranger:
                    stranger.settimeout(SOON_S)
                    stranger.connect(b"\0" + name[1:])
                    code = 0 if is_turned_away(stranger, len(question).to_bytes(4, "little") + question) else 2
            finally:
                os._exit(code)
        self.assertEqual(0, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "0: the connection was closed without a word")
        self.assert_filters()


class NotSeparated(unittest.TestCase):
    def test_should_say_so_where_the_rights_cannot_be_taken(self):
        wire = Wire().__enter__()
        self.addCleanup(wire.__exit__)
        wire.write_policy(MEMCACHED_ONLY)
        less = ("setpriv", "--bounding-set=-setpcap", "--inh-caps=-setpcap")
        wire.breakwater = wire.lab.start(wire.gateway, *less, LAUNCHER, "run", "-c", wire.policy, log="breakwater.log")
        wire.lab.wait_until("Breakwater", wire.ready, 60, wire.breakwater)
        self.assertRegex(wire.log(), r"(?m)^breakwater: the run keeps its rights over the network, .*CAP_SETPCAP")
        self.assertIn(NET_ADMIN, capabilities(f"/proc/{wire.breakwater.pid}/status"))
        self.assertEqual(0, wire.end()[0], wire.log())


def is_turned_away(stranger, question):
    try:
        stranger.send(question)
        return stranger.recv(1) == b""
    except (BrokenPipeError, ConnectionResetError):
        return True


def setns(namespace):
    """As os.setns of Python 3.12 does."""
    with open(f"/run/netns/{namespace}", encoding="ascii") as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")


if __name__ == "__main__":
    unittest.main()
