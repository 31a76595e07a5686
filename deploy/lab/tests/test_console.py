"""The console in a real browser, while a real attack goes on. Screenshots: target/console."""

import os
import shutil
import signal
import subprocess
import unittest

import live_attack
from wire import ADMIN, ROOT, Wire

BROWSER = os.path.join(ROOT, "deploy", "lab", "browser")
MODULES = os.path.join(ROOT, "target", "browser")
SCREENSHOTS = os.path.join(ROOT, "target", "console")
ATTACK_S = 600
SCENE_S = 150


def install_modules():
    """Puts what the lock file names into the build's output; raises SkipTest where that cannot be had."""
    for program in ("chromium", "node", "npm"):
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"{program} is missing; run: sudo apt-get install chromium nodejs npm")
    os.makedirs(MODULES, exist_ok=True)
    lock, installed = os.path.join(BROWSER, "package-lock.json"), os.path.join(MODULES, "package-lock.json")
    if os.path.isdir(os.path.join(MODULES, "node_modules", "axe-core")) and same(lock, installed):
        return
    shutil.copy(os.path.join(BROWSER, "package.json"), MODULES)
    shutil.copy(lock, installed)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=MODULES, capture_output=True, text=True, timeout=180, check=False,
    )
    if done.returncode:
        os.remove(installed)
        words = [line for line in done.stderr.splitlines() if "error" in line] or ["no word why"]
        raise unittest.SkipTest(f"npm could not fetch playwright-core and axe-core: {words[0]}")


def same(one, other):
    if not os.path.exists(other):
        return False
    with open(one, "rb") as first, open(other, "rb") as second:
        return first.read() == second.read()


class Console(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install_modules()
        os.makedirs(SCREENSHOTS, exist_ok=True)
        cls.wire = Wire().__enter__()
        cls.addClassCleanup(cls.wire.__exit__)
        cls.wire.install(live_attack.POLICY)
        live_attack.start(cls.wire, ATTACK_S)

    def start(self, scene):
        environment = (f"BROWSER_MODULES={MODULES}", f"CHROMIUM={shutil.which('chromium')}")
        node = ("node", os.path.join(BROWSER, "watch.mjs"), scene, ADMIN + "/", SCREENSHOTS)
        return self.wire.lab.start(self.wire.gateway, "env", *environment, *node, log=scene + ".log")

    def said(self, process):
        with open(process.log_path, encoding="utf-8") as log:
            return log.read()

    def finish(self, process):
        code = process.wait(SCENE_S)
        self.assertEqual(0, code, self.said(process))

    def test_should_show_an_attack_with_all_that_belongs_to_it(self):
        self.finish(self.start("attack"))

    def test_should_fit_a_phone(self):
        self.finish(self.start("phone"))

    def test_should_have_nothing_that_axe_finds_in_the_way_of_anybody(self):
        self.finish(self.start("accessible"))

    def test_should_be_usable_by_the_keyboard(self):
        self.finish(self.start("keyboard"))

    def test_should_block_and_free_a_source_and_take_no_text_for_html(self):
        self.finish(self.start("block"))

    def test_should_say_that_figures_are_old_while_the_box_does_not_answer(self):
        scene, wire = self.start("stale"), self.wire
        wire.lab.wait_until("the page", lambda: "ready" in self.said(scene), SCENE_S, scene)
        wire.breakwater.send_signal(signal.SIGSTOP)
        try:
            wire.lab.wait_until("word that it is stale", lambda: "stale" in self.said(scene), SCENE_S, scene)
        finally:
            wire.breakwater.send_signal(signal.SIGCONT)
        self.finish(scene)

    def test_should_say_that_monitor_mode_drops_nothing(self):
        wire = self.wire
        wire.write_policy(live_attack.MONITOR)
        wire.breakwater.send_signal(signal.SIGHUP)
        try:
            self.finish(self.start("monitor"))
        finally:
            wire.write_policy(live_attack.POLICY)
            wire.breakwater.send_signal(signal.SIGHUP)

    def test_should_let_nothing_in_from_elsewhere(self):
        headers = self.wire.lab.run(self.wire.gateway, "curl", "--noproxy", "*", "-s", "-D", "-", "-o", "/dev/null", ADMIN + "/")
        self.assertIn("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';", headers)
        self.assertNotIn("unsafe", headers)
        self.assertIn("require-trusted-types-for 'script'", headers)
        tag = next(line.split(": ", 1)[1].strip() for line in headers.splitlines() if line.lower().startswith("etag"))
        again = self.wire.lab.run(
            self.wire.gateway, "curl", "--noproxy", "*", "-s", "-o", "/dev/null", "-w", "%{http_code}",
            "-H", f"If-None-Match: {tag}", ADMIN + "/",
        )
        self.assertEqual("304", again)


if __name__ == "__main__":
    unittest.main()
