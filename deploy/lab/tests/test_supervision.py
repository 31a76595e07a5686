"""What a supervisor such as systemd is told: when it forwards, that it lives, that it ends."""

import ctypes
import os
import secrets
import socket
import time
import unittest

from namespaces import stop
from wire import LAUNCHER, MEMCACHED_ONLY, Wire


CLONE_NEWNET = 0x40000000  # linux/sched.h


def enter(namespace):
    """Moves this thread into a network namespace; os.setns came with Python 3.12 only."""
    if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Supervision(unittest.TestCase):
    def setUp(self):
        self.wire = Wire().__enter__()
        self.addCleanup(self.wire.__exit__)
        self.wire.write_policy(MEMCACHED_ONLY)

    def start(self, notify):
        """Starts Breakwater with this name of a socket in its environment."""
        environment = ("env", f"NOTIFY_SOCKET={notify}")
        arguments = (LAUNCHER, "run", "-c", self.wire.policy)
        self.wire.breakwater = self.wire.lab.start(self.wire.gateway, *environment, *arguments, log="breakwater.log")

    def listen(self, address):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(address)
        listener.settimeout(60)
        return listener

    def assert_told(self, listener):
        self.assertEqual(b"READY=1\nSTATUS=forwarding", listener.recv(4096))
        self.assertTrue(self.wire.ready(), "ready is said when it forwards, not before")
        started = time.monotonic()
        self.assertEqual([b"WATCHDOG=1"] * 3, [listener.recv(4096) for _ in range(3)])
        self.assertLess(time.monotonic() - started, 6, "several a second")
        self.assertEqual(0, stop(self.wire.breakwater), self.wire.log())
        said = []
        while not said or not said[-1].startswith(b"STOPPING=1"):
            said.append(listener.recv(4096))

    def test_should_tell_a_socket_with_a_path(self):
        path = os.path.join(os.path.dirname(self.wire.policy), "notify")
        listener = self.listen(path)
        self.start(path)
        self.assert_told(listener)

    def test_should_tell_an_abstract_socket(self):
        # Abstract names belong to a network namespace; the lab's own is not the gateway's.
        name = "breakwater-" + secrets.token_hex(8)
        with open(f"/run/netns/{self.wire.gateway}", "rb") as there, open("/proc/self/ns/net", "rb") as here:
            enter(there)
            try:
                listener = self.listen("\0" + name)
            finally:
                enter(here)
        self.start("@" + name)
        self.assert_told(listener)

    def test_should_filter_although_nobody_listens(self):
        for nowhere in ("/nonexistent/notify", "@nobody", "x" * 200):
            self.start(nowhere)
            self.wire.lab.wait_until("Breakwater", self.wire.ready, 60, self.wire.breakwater)
            self.assertEqual(0, stop(self.wire.breakwater), self.wire.log())


if __name__ == "__main__":
    unittest.main()
