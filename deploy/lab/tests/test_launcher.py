"""The launcher works from anywhere and passes on what Java says."""

import os
import subprocess
import tempfile
import unittest

from wire import LAUNCHER, MEMCACHED_ONLY, ROOT


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

    def test_should_start_whatever_state_its_class_cache_is_in(self):
        cache = os.path.join(ROOT, "target", "startup.aot")
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
            done = launch(LAUNCHER, "--version")
            self.assertEqual((0, ""), (done.returncode, done.stderr), f"{content and len(content)} bytes")
            self.assertRegex(done.stdout, r"^breakwater \S+\n$")


if __name__ == "__main__":
    unittest.main()
