"""Every command of README.md and docs works as it stands there; those for an installed box are tried by the package's tests."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import documented
from capture import send
from frames import INSIDE_4, OUTSIDE_4, udp4
from namespaces import Lab
from wire import LAUNCHER, READY_S, ADMIN, ROOT

# What the programs of `sh card` blocks come from, for machines that lack them.
CARD_PROGRAMS = {"ethtool", "systemctl", "cpupower"}
PACKAGE = os.path.join(ROOT, "deploy", "package")
LAN_4, LAN_HOST_4 = "198.19.0.1", "198.19.0.10"
SUDO = '#!/bin/sh\nexec "$@"\n'


class Blocks(unittest.TestCase):
    def test_should_give_every_block_of_commands_a_place(self):
        blocks = documented.blocks()
        self.assertGreater(len([block for block in blocks if block.language == "sh"]), 20)
        for block in blocks:
            with self.subTest(block.where):
                self.assertIn(block.language, documented.OTHERS | {"sh"}, "say what this block is")
                if block.language == "sh":
                    self.assertIn(block.place, documented.PLACES, "say where these commands are tried, see docs/install.md")
                    self.assertLessEqual(set(block.words[1:]), documented.OPTIONS)
                    self.assertEqual("", documented.parse(block))

    def test_should_name_known_programs_for_cards_that_this_machine_lacks(self):
        blocks = documented.commands("card")
        for block in blocks:
            for line in documented.lines(block):
                program = line.removeprefix("sudo ").split()[0]
                self.assertIn(program, CARD_PROGRAMS, block.where)
        print(f"    NOT RUN, for want of such a card: {sum(len(documented.lines(block)) for block in blocks)} commands")

    def test_should_link_to_what_is_there(self):
        for path in [os.path.join(ROOT, "README.md")] + [os.path.join(ROOT, "docs", name) for name in os.listdir(os.path.join(ROOT, "docs"))]:
            if path.endswith(".md"):
                self.follow_links(path)

    def test_should_link_to_what_the_package_holds(self):
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run(["python3", os.path.join(PACKAGE, "documentation.py"), ROOT, directory], check=True)
            for extra in ("prometheus", "grafana"):
                shutil.copytree(os.path.join(ROOT, "deploy", extra), os.path.join(directory, extra))
            pages = glob.glob(directory + "/**/*.md", recursive=True)
            self.assertGreater(len(pages), 15)
            for path in pages:
                for where in self.follow_links(path):
                    self.assertTrue((where + "/").startswith(directory + "/"), f"{path}: {where}")
            with open(os.path.join(directory, "runbook.md"), encoding="utf-8") as file:
                self.assertIn("[exit codes](README.md#commands)", file.read())

    def follow_links(self, path):
        """Where the page's links to files lead, all of which are there."""
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"(?s)```.*?```", "", file.read())
        led = []
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", text):
            where = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            self.assertTrue(os.path.exists(where), f"{path}: {target}")
            if anchor and where.endswith(".md"):
                self.assertIn(anchor, anchors(where), f"{path}: {target}#{anchor}")
            led.append(where)
        return led

    def test_should_tell_exit_codes_once_on_a_manual_page(self):
        sys.path.append(PACKAGE)
        self.addCleanup(sys.path.remove, PACKAGE)
        import man_pages

        for command, status in (
            ("audit", "0: nothing found, 1: findings, or settings that could not be read, 2: usage."),
            ("doctor", "0: healthy, 1: findings, 2: usage."),
            ("check", "0: done. 1: failed at run time. 2: what was typed or configured cannot be right."),
        ):
            with self.subTest(command=command):
                text = man_pages.page(command, "1", man_pages.help_of([LAUNCHER], command), "breakwater(1)")
                self.assertIn(f"\n.SH EXIT STATUS\n{status}\n.SH SEE ALSO", text)
                self.assertNotIn("exit code", text.lower())

    def test_should_have_a_page_for_every_alert_and_no_other(self):
        with open(os.path.join(ROOT, "deploy", "prometheus", "breakwater.rules.yml"), encoding="utf-8") as file:
            rules = file.read()
        alerts = re.findall(r"- alert: (\w+)", rules)
        self.assertEqual([f"docs/runbook.md#{alert.lower()}" for alert in alerts], re.findall(r" runbook: (\S+)", rules))
        told = {anchor for anchor in anchors(os.path.join(ROOT, "docs", "runbook.md")) if anchor.startswith("breakwater")}
        self.assertEqual({alert.lower() for alert in alerts}, told)


def anchors(path):
    """The anchors of a page's headings, as GitHub makes them."""
    with open(path, encoding="utf-8") as file:
        headings = re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?s)```.*?```", "", file.read()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class Commands(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="breakwater-docs-")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.lab = Lab(self.directory).__enter__()
        self.addCleanup(self.lab.__exit__)
        # This is root already, and where it is there may be no sudo.
        self.write("sudo", SUDO, 0o755)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def shell(self, namespace, block, text=None):
        """Runs a block to its end; every command of it must succeed."""
        script = f'cd {self.directory}\nPATH={self.directory}:$PATH\nset -e\n{block.text if text is None else text}'
        done = self.lab.try_run(namespace, "sh", "-c", script, timeout=120)
        self.assertEqual(0, done.returncode, f"{block.where}: {done.stdout[-500:]}{done.stderr[-500:]}")
        return done

    def clone(self):
        """A directory that looks like a clone."""
        for name in ("breakwater", "verify"):
            os.symlink(os.path.join(ROOT, name), os.path.join(self.directory, name))

    def test_should_run_in_a_clone(self):
        self.clone()
        gateway = self.lab.namespace("gateway")
        [example] = [block for block in documented.blocks_of(os.path.join(ROOT, "README.md")) if block.language == "yaml"]
        self.write("gateway.yaml", example.text)
        frames = [udp4(11211), udp4(40000)]
        with open(os.path.join(self.directory, "capture.pcap"), "wb") as file:
            file.write(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
            for frame in frames:
                file.write(b"".join(value.to_bytes(4, "little") for value in (1, 0, len(frame), len(frame))) + frame)
        for block in documented.commands("clone"):
            self.shell(gateway, block)

    def test_should_take_the_words_of_commands_that_take_long(self):
        self.clone()
        gateway = self.lab.namespace("gateway")
        for block in documented.commands("takes-long"):
            asked = "".join(f"{line} --help\n" for line in documented.lines(block))
            self.shell(gateway, block, "export JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1\n" + asked)

    def test_should_take_every_policy(self):
        for block in documented.blocks():
            if block.language != "yaml" or block.file == "docs/policy.md":
                continue
            pair = "" if "pairs:" in block.text else "pairs: [{name: p, outside: eth0, inside: eth1}]\n"
            path = self.write("policy.yaml", pair + block.text)
            done = subprocess.run([LAUNCHER, "check", "-c", path], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(0, done.returncode, f"{block.where}: {done.stderr}")

    def test_should_filter_on_a_router(self):
        """The block of docs/topologies.md in a namespace that routes, then traffic through it."""
        lab = self.lab
        provider, router, lan = (lab.namespace(role) for role in ("provider", "router", "lan"))
        lab.link((provider, "eth0"), (router, "eth0"))
        # The router's own side is left as a kernel makes it: what is unfinished there must be finished by `tx off`.
        lab.link((lan, "eth0"), (router, "eth1"), wire_like="none")
        lab.sysctl(router, "net.ipv4.ip_forward=1")
        lab.address(provider, "eth0", f"{INSIDE_4}/24")
        lab.address(router, "eth0", f"{OUTSIDE_4}/24")
        lab.address(router, "eth1", f"{LAN_4}/24")
        lab.address(lan, "eth0", f"{LAN_HOST_4}/24")
        lab.run(lan, "ip", "route", "add", "default", "via", LAN_4)
        lab.run(provider, "ip", "route", "add", "198.19.0.0/24", "via", OUTSIDE_4)
        for block in documented.commands("router"):
            self.shell(router, block)
        [policy] = [block for block in documented.blocks() if block.language == "yaml" and "inside: bw0" in block.text]
        path = self.write("policy.yaml", policy.text)
        box = lab.start(router, LAUNCHER, "run", "-c", path, log="breakwater.log")
        lab.wait_until("Breakwater", lambda: lab.http_get(router, ADMIN + "/readyz")[0] == 200, READY_S, box)
        lab.run(provider, "ping", "-c", "3", "-i", "0.2", "-W", "2", LAN_HOST_4)
        web = lab.start(lan, *self.web_server(), log="web.log")
        lab.wait_until("the page", lambda: lab.http_get(provider, f"http://{LAN_HOST_4}:8080/")[0] == 200, 10, web)
        send(lab, provider, "eth0", [udp4(11211, destination=LAN_HOST_4)] * 50)
        dropped = lambda: 'reason="reflection:memcached",where="java"} 50' in lab.http_get(router, ADMIN + "/metrics")[1]  # noqa: E731
        lab.wait_until("50 dropped", dropped, 10, box)

    def web_server(self):
        shutil.copy(os.path.join(ROOT, "LICENSE"), os.path.join(self.directory, "index.html"))
        return "python3", "-m", "http.server", "8080", "--directory", self.directory


if __name__ == "__main__":
    unittest.main()
