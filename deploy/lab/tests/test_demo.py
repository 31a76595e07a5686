"""The demo: real memcached servers, a real attack, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
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

    def test_should_clean_up_when_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            demo = start()
            self.addCleanup(stop, demo)
            said = ""
            while "calm" not in said:
                line = demo.stdout.readline()
                self.assertTrue(line, f"it ended before it began: {demo.stderr.read() if not line else ''}")
                said += line
            time.sleep(1)
            demo.send_signal(number)
            _, errors = demo.communicate(timeout=30)
            self.assertEqual(130, demo.returncode, errors)
            self.assertNotIn("Traceback", errors)
            self.assertEqual([], leftovers(lab_name(said)))

    def test_should_run_twice_at_once(self):
        demos = [start(), start()]
        for demo in demos:
            self.addCleanup(stop, demo)
        said = [demo.communicate(timeout=LIMIT_S) for demo in demos]
        # Two floods on few cores may slow pages down; that they do not disturb each other is the point here.
        for output, errors in said:
            self.assertNotIn("Traceback", errors)
            self.assertRegex(output, r"attack frames reaching the victim +0 +[\d,]+ +0\n", errors)
            self.assertEqual([], leftovers(lab_name(output)))


if __name__ == "__main__":
    unittest.main()
