"""The launcher works from anywhere and passes on what Java says."""

import os
import subprocess
import sys
import tempfile
import time
import unittest

from frames import udp4
from namespaces import python
from wire import LAUNCHER, MEMCACHED_ONLY, PAIR, PROTECTED, ROOT, Wire

# Under 1 s where nobody else wants the cores (docs/performance.md).
FORWARDS_S = 15
# In batches of 20, that is every 10 ms.
FRAMES_PER_S = 2000


def launch(launcher, *arguments, **options):
    return subprocess.run([launcher, *arguments], capture_output=True, text=True, timeout=60, check=False, **options)


class Launcher(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="breakwater test ")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.policy = os.path.join(self.directory, "my policy.yaml")
        with open(self.policy, "w", encoding="utf-8") as file:
            file.write(MEMCACHED_ONLY)

    def test_should_run_through_a_symlink_with_spaces_from_another_directory(self):
        link = os.path.join(self.directory, "break water")
        os.symlink(LAUNCHER, link)
        done = launch(link, "check", "-c", "my policy.yaml", cwd=self.directory)
        self.assertEqual(0, done.returncode, done.stderr)

    def test_should_pass_the_exit_code_on(self):
        self.assertEqual(2, launch(LAUNCHER, "no-such-command").returncode)
        self.assertEqual(2, launch(LAUNCHER, "check", "-c", self.policy + ".missing").returncode)

    def test_should_keep_the_output_free_of_warnings(self):
        done = launch(LAUNCHER, "check", "-c", self.policy)
        self.assertNotIn("WARNING", done.stderr)

    def test_should_find_the_jdk_when_java_home_names_another(self):
        environment = {**os.environ, "JAVA_HOME": "/nonexistent"}
        self.assertEqual(0, launch(LAUNCHER, "check", "-c", self.policy, env=environment).returncode)

    def states_of(self, name):
        """Puts a class cache into one state after the other, the whole one last; answers a word for each."""
        cache = os.path.join(ROOT, "target", name)
        if "BREAKWATER_LAUNCHER" in os.environ or not os.path.exists(cache):
            self.skipTest("no class cache of this checkout")
        kept = cache + ".kept"
        os.rename(cache, kept)
        self.addCleanup(os.replace, kept, cache)
        with open(kept, "rb") as file:
            whole = file.read()
        middle = len(whole) // 3
        damaged = whole[:middle] + os.urandom(1 << 20) + whole[middle + (1 << 20) :]
        for content in (None, b"", b"garbage" * 1000, whole[:middle], damaged, whole):
            if content is not None:
                with open(cache, "wb") as file:
                    file.write(content)
            yield f"{content and len(content)} bytes"

    def test_should_start_whatever_state_its_class_cache_is_in(self):
        for state in self.states_of("startup.aot"):
            done = launch(LAUNCHER, "--version")
            self.assertEqual((0, ""), (done.returncode, done.stderr), state)
            self.assertRegex(done.stdout, r"^breakwater \S+\n$")

    def test_should_run_whatever_state_its_keepers_class_cache_is_in(self):
        with open(self.policy, "w", encoding="ascii") as file:
            file.write("pairs: [{name: uplink, outside: bw-none0, inside: bw-none1}]\nprotected: [198.18.0.0/24]\n")
        for state in self.states_of("keeper.aot"):
            # What the keeper may do is asked before the cards are looked for.
            done = launch(LAUNCHER, "run", "-c", self.policy)
            self.assertEqual(2, done.returncode, state)
            self.assertRegex(done.stderr, r"\Abreakwater: port bw-none0: no such interface.*\n.*bw-none1: no such.*\n\Z", state)

    def test_should_have_the_options_reader_in_its_class_cache(self):
        cache = os.path.join(ROOT, "target", "startup.aot")
        if "BREAKWATER_LAUNCHER" in os.environ or not os.path.exists(cache):
            self.skipTest("no class cache of this checkout")
        environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
        found = subprocess.run(
            ["bash", "-c", ". deploy/setup.sh; need_jdk; echo $JAVA_HOME"],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**environment, "PROGRAM": "test", "ROOT": ROOT},
        )
        done = launch(
            os.path.join(found.stdout.strip(), "bin", "java"),
            f"-XX:AOTCache={cache}",
            f"@{ROOT}/deploy/jvm.options",
            "-Xlog:class+load",
            "-cp",
            f"{ROOT}/appliance/target/app/*",
            "io.breakwater.appliance.Breakwater",
            "--version",
        )
        self.assertRegex(done.stdout, r"picocli\.CommandLine source: shared objects file")


class Start(unittest.TestCase):
    """From the command line to the first frame through the filter: with `fail: closed` there is no other way."""

    backend = "pcap"

    def test_should_forward_soon(self):
        # Builds if there is anything to build, which is no part of a start.
        subprocess.run([LAUNCHER, "--version"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with Wire(self.backend) as wire:
            wire.write_policy(PAIR.replace("pcap", "pcap, fail: closed") + PROTECTED)
            path = os.path.join(wire.lab.logs, "frame.hex")
            frame = udp4(40000)
            with open(path, "w", encoding="ascii") as file:
                file.write(frame.hex())
            capture = wire.capture(wire.inside, "in")
            steadily = python("tests/send_steadily.py", "eth0", path, str(FORWARDS_S), str(FRAMES_PER_S))
            wire.lab.start(wire.outside, *steadily, log="send.log")
            started = time.time()
            run = wire.lab.start(wire.gateway, LAUNCHER, "run", "-c", wire.policy, log="breakwater.log")
            wire.lab.wait_until("the first frame", lambda: capture.first_s(frame), FORWARDS_S, run)
            taken = capture.first_s(frame) - started
            print(f"{self.backend}: forwards {taken:.2f} s after its command line", file=sys.stderr)
            self.assertLess(taken, FORWARDS_S)


class StartByXdp(Start):
    backend = "xdp"


if __name__ == "__main__":
    unittest.main()
