"""The console in a real browser, while a real attack goes on. Screenshots: target/console."""

import contextlib
import signal
import unittest

import browser
import live_attack
from browser import SCENE_S, said
from wire import ADMIN, Wire

ATTACK_S = 600
LONG_NAME = "a-limit-whose-name-is-as-long-as-the-name-of-a-limit-may-ever-be"[:63]


class Console(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        browser.install_modules()
        cls.wire = Wire().__enter__()
        cls.addClassCleanup(cls.wire.__exit__)
        cls.wire.install(live_attack.POLICY)
        live_attack.start(cls.wire, ATTACK_S)

    def start(self, scene, **settings):
        return browser.start(self.wire.lab, self.wire.gateway, scene, ADMIN + "/", **settings)

    @contextlib.contextmanager
    def policy(self, text):
        """Another policy for a while."""
        self.reload(text)
        try:
            yield
        finally:
            self.reload(live_attack.POLICY)

    def reload(self, text):
        self.wire.write_policy(text)
        self.wire.breakwater.send_signal(signal.SIGHUP)

    def finish(self, process):
        browser.finish(self, process)

    def test_should_show_an_attack_with_all_that_belongs_to_it(self):
        self.finish(self.start("attack"))

    def test_should_fit_a_phone(self):
        self.finish(self.start("phone"))

    def test_should_keep_to_the_screen_whatever_people_and_policies_call_things(self):
        limit = "{name: %s, match: {protocol: udp, destination-ports: [443]}, rate: 10 packets/s, track: destination}" % LONG_NAME
        live_attack.even_flood(self.wire, SCENE_S)
        with self.policy(live_attack.POLICY + f"limits: [{limit}]\n"):
            self.finish(self.start("long", LONG_NAME=LONG_NAME))

    def test_should_not_say_that_no_frame_comes_before_it_can_know(self):
        self.finish(self.start("opening"))

    def test_should_tell_how_long_an_attack_lasts_whatever_the_readers_clock_says(self):
        self.finish(self.start("skewed"))

    def test_should_have_nothing_that_axe_finds_in_the_way_of_anybody(self):
        self.finish(self.start("accessible"))

    def test_should_be_usable_by_the_keyboard(self):
        self.finish(self.start("keyboard"))

    def test_should_block_and_free_a_source_and_take_no_text_for_html(self):
        self.finish(self.start("block"))

    def test_should_say_that_figures_are_old_while_the_box_does_not_answer(self):
        scene, wire = self.start("stale"), self.wire
        wire.lab.wait_until("the page", lambda: "ready" in said(scene), SCENE_S, scene)
        wire.breakwater.send_signal(signal.SIGSTOP)
        try:
            wire.lab.wait_until("word that it is stale", lambda: "stale" in said(scene), SCENE_S, scene)
        finally:
            wire.breakwater.send_signal(signal.SIGCONT)
        self.finish(scene)

    def test_should_say_that_monitor_mode_drops_nothing(self):
        with self.policy(live_attack.MONITOR):
            self.finish(self.start("monitor"))

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
