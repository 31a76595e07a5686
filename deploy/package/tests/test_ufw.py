"""What `breakwater audit` says for ufw is taken by a real one, with and without rules of its own, and closes the port."""

import json
import os
import shutil
import tempfile
import unittest

from fresh_root import command, copy_of, root_with
from namespaces import Lab
from wire import LAUNCHER

HOST, AUDITOR = "198.18.7.2", "198.18.7.1"


class Ufw(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="breakwater-ufw-")
        self.addCleanup(shutil.rmtree, self.directory)
        self.root = os.path.join(self.directory, "root")
        copy_of(root_with("ufw", ("ufw", "iptables", "memcached")), self.root)
        command("mount", "-t", "proc", "proc", self.root + "/proc")
        self.addCleanup(command, "umount", "-l", self.root + "/proc")
        self.lab = Lab(self.directory).__enter__()
        self.addCleanup(self.lab.__exit__)
        self.host, self.auditor = self.lab.namespace("host"), self.lab.namespace("auditor")
        self.lab.link((self.host, "eth0"), (self.auditor, "eth0"))
        self.lab.address(self.host, "eth0", f"{HOST}/24")
        self.lab.address(self.auditor, "eth0", f"{AUDITOR}/24")
        self.policy = os.path.join(self.directory, "policy.yaml")
        with open(self.policy, "w", encoding="ascii") as file:
            file.write(f"protected: [{HOST}/32]\n")

    def on_host(self, line):
        return self.lab.run(self.host, "chroot", self.root, "sh", "-c", line)

    def reflector(self):
        """What an audit from outside finds about memcached, or nothing."""
        done = self.lab.try_run(self.auditor, LAUNCHER, "audit", "--json", "--target", HOST, "-c", self.policy, timeout=60)
        found = json.loads(done.stdout)["findings"]
        return [finding for finding in found if finding["id"] == "reflector" and finding["what"].startswith("memcached ")]

    def test_should_close_the_port_by_the_lines_for_ufw(self):
        memcached = self.lab.start(self.host, "chroot", self.root, "memcached", "-u", "nobody", "-l", HOST, "-U", "11211", log="memcached.log")
        listening = lambda: f"{HOST}:11211 " in self.lab.run(self.host, "ss", "-lnuH")  # noqa: E731
        self.lab.wait_until("memcached", listening, 15, memcached)
        for already in ([], ["ufw allow 11211"]):
            with self.subTest(already=already):
                self.on_host("ufw --force reset && ufw default allow incoming && ufw --force enable")
                for line in already:
                    self.on_host(line)
                [finding] = self.reflector()
                for line in finding["mends"]["ufw"]:
                    self.on_host(line)
                self.assertEqual([], self.reflector())


if __name__ == "__main__":
    unittest.main()
