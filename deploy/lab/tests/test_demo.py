"""The demo: real memcached servers, a real attack, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import unittest

from namespaces import stop
from wire import ROOT

DEMO = [sys.executable, os.path.join(ROOT, "deploy", "lab", "demo"), "--quick"]
LIMIT_S = 120


def leftovers(name):
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if line.startswith(name)]


def lab_name(said):
    return re.search(r"\((bw-[0-9a-f]+)-\*\)", said)[1]


def start():
    return subprocess.Popen(DEMO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


class Demo(unittest.TestCase):
    def test_should_protect_the_victim_from_real_memcached_servers(self):
        done = subprocess.run(DEMO, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"frames dropped as reflection:memcached +.*[1-9][\d,]*\n")
        self.assertEqual([], leftovers(lab_name(done.stdout)))

    def begin(self):
        """A demo that measures by now, and what it has said."""
        demo, said = start(), ""
        self.addCleanup(stop, demo)
        while "calm" not in said:
            line = demo.stdout.readline()
            self.assertTrue(line, f"it ended before it began: {demo.stderr.read() if not line else ''}")
            said += line
        return demo, said

    def interrupt(self, demo, said, number):
        demo.send_signal(number)
        _, errors = demo.communicate(timeout=30)
        self.assertEqual(130, demo.returncode, errors)
        self.assertNotIn("Traceback", errors)
        self.assertEqual([], leftovers(lab_name(said)))

    def test_should_clean_up_when_interrupted_and_leave_another_alone(self):
        one, two = self.begin(), self.begin()
        name = lab_name(two[1])
        before = leftovers(name)
        self.interrupt(*one, signal.SIGINT)
        self.assertIsNone(two[0].poll(), "the other demo goes on")
        self.assertEqual((before, True), (leftovers(name), bool(before)))
        self.interrupt(*two, signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
