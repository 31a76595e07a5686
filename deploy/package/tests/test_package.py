"""The Debian package in a fresh root: installs with apt, runs as its own user, upgrades, goes; and is reproducible.

How the root is made: fresh_root.py.
"""

import filecmp
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from capture import Capture, send
from frames import INSIDE_4, OUTSIDE_4, udp4
from fresh_root import command, copy_of, inside, pristine_root
from namespaces import Lab, stop
from wire import ROOT

BUILD = os.path.join(ROOT, "deploy", "package", "build")
CAPABILITIES = "+net_raw,+net_admin,+bpf,+ipc_lock"


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="breakwater-package-")
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.package = command(BUILD, os.path.join(cls.directory, "first")).split()[-1]
        cls.root = os.path.join(cls.directory, "root")
        copy_of(pristine_root(), cls.root)
        for kind, place in (("proc", "proc"), ("tmpfs", "run")):
            command("mount", "-t", kind, kind, os.path.join(cls.root, place))
            cls.addClassCleanup(command, "umount", "-l", os.path.join(cls.root, place))
        shutil.copy(cls.package, cls.root + "/breakwater.deb")
        cls.inside("apt-get", "update", "-qq")
        cls.inside("apt-get", "install", "-y", "-qq", "--no-install-recommends", "/breakwater.deb")

    @classmethod
    def inside(cls, *words):
        return inside(cls.root, *words)

    def exists(self, path):
        return os.path.lexists(self.root + path)

    def test_1_should_be_the_same_bytes_when_built_again(self):
        again = command(BUILD, os.path.join(self.directory, "second")).split()[-1]
        self.assertTrue(filecmp.cmp(self.package, again, shallow=False), f"{self.package} and {again} differ")

    def test_2_should_bring_all_that_it_needs(self):
        self.assertRegex(self.inside("breakwater", "--version"), r"^breakwater \d")
        said = self.inside("breakwater", "check", "-c", "/etc/breakwater/breakwater.yaml")
        self.assertIn("in order (mode monitor", said)
        for cache in ("startup", "keeper"):
            self.assertGreater(os.path.getsize(f"{self.root}/var/cache/breakwater/{cache}.aot"), 1 << 20)
        for path in ("/usr/lib/systemd/system/breakwater.service", "/usr/share/bash-completion/completions/breakwater"):
            self.assertTrue(self.exists(path), path)
        with open(self.root + "/usr/share/doc/breakwater/sbom.json", encoding="utf-8") as file:
            components = {component["name"] for component in json.load(file)["components"]}
        with open(self.root + "/usr/share/doc/breakwater/copyright", encoding="utf-8") as file:
            copyright_file = file.read()
        for jar in os.listdir(self.root + "/usr/lib/breakwater/app"):
            name = re.sub(r"-\d.*", "", jar)
            self.assertTrue(name in components or name == "breakwater-appliance", jar)
            self.assertTrue(jar in copyright_file or name.startswith("breakwater"), jar)
        self.assertNotIn("unknown", copyright_file)
        # Minimal roots leave manual pages out.
        content = command("dpkg-deb", "-c", self.package)
        for page in ("breakwater", "breakwater-run", "breakwater-audit", "breakwater-doctor"):
            self.assertIn(f"/usr/share/man/man1/{page}.1.gz", content)
        # What the pages link to from where they lie.
        for page in ("README.md", "runbook.md", "topologies.md", "adr/0002-exit-codes.md", "prometheus/breakwater.rules.yml"):
            self.assertIn(f" ./usr/share/doc/breakwater/{page}\n", content)
        self.assertNotRegex(content, r"(?m)^\S+ (?!root/root)")

    def test_3_should_filter_as_its_own_user_with_its_four_capabilities_alone(self):
        lab = Lab(self.directory).__enter__()
        self.addCleanup(lab.__exit__)
        outside, gateway, inside = (lab.namespace(role) for role in ("outside", "gateway", "inside"))
        lab.link((outside, "eth0"), (gateway, "eth0"), wire_like="both")
        lab.link((inside, "eth0"), (gateway, "eth1"), wire_like="both")
        lab.address(outside, "eth0", f"{OUTSIDE_4}/24")
        lab.address(inside, "eth0", f"{INSIDE_4}/24")
        os.makedirs(self.root + "/run/breakwater", exist_ok=True)
        self.inside("chown", "breakwater:", "/run/breakwater")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(self.root + "/run/notify")
        os.chmod(self.root + "/run/notify", 0o777)
        listener.settimeout(30)
        self.inside("sed", "-i", "s/^mode: monitor/mode: enforce/", "/etc/breakwater/breakwater.yaml")
        started = time.monotonic()
        user = ("--reuid=breakwater", "--regid=breakwater", "--clear-groups", "--no-new-privs")
        rights = (f"--inh-caps={CAPABILITIES}", f"--ambient-caps={CAPABILITIES}", f"--bounding-set=-all,{CAPABILITIES}")
        service = ("env", "NOTIFY_SOCKET=/run/notify", "breakwater", "run", "-c", "/etc/breakwater/breakwater.yaml")
        process = lab.start(gateway, "chroot", self.root, "setpriv", *user, *rights, *service, log="packaged.log")
        self.assertIn(b"READY=1", listener.recv(4096))
        ready_s = time.monotonic() - started
        # One second on an idle machine; this one may be building something else meanwhile.
        self.assertLess(ready_s, 5)
        capture = Capture(lab, inside, "eth0", "in")
        frame = udp4(40000, 40001)
        send(lab, outside, "eth0", [frame, udp4(11211)] * 100)
        time.sleep(0.5)
        frames = capture.frames()
        self.assertEqual(100, frames.count(frame))
        self.assertEqual(100, len([one for one in frames if one[12:14] == frame[12:14]]), "nothing but what may pass")
        self.assertEqual(b"WATCHDOG=1", listener.recv(4096))
        self.assertEqual({13, 14}, self.capabilities(process.pid), "of the run: CAP_NET_RAW, CAP_IPC_LOCK")
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
            (keeper,) = file.read().split()
        self.assertEqual({12, 13, 14, 39}, self.capabilities(keeper), "of its keeper")
        self.assertEqual(0, stop(process))
        # What a run that was killed leaves on a kernel before 6.6.
        drop = ("protocol", "all", "prio", "64000", "handle", "1", "bpf", "direct-action", "bytecode", "1,6 0 0 2,")
        lab.run(gateway, "tc", "filter", "add", "dev", "eth0", "ingress", *drop)
        fail_open = ("/usr/lib/breakwater/fail-open", "/run/breakwater")
        lab.run(gateway, "chroot", self.root, "setpriv", *user, *rights, *fail_open)
        self.assertNotIn("pref 64000 ", lab.run(gateway, "tc", "filter", "show", "dev", "eth0", "ingress"))
        self.assertIn("mirred", lab.run(gateway, "tc", "filter", "show", "dev", "eth0", "ingress"))
        lab.run(gateway, "chroot", self.root, "breakwater", "release")
        self.assertEqual("", lab.run(gateway, "tc", "filter", "show", "dev", "eth0", "ingress"))
        self.assertEqual([], [name for name in os.listdir(self.root + "/run/breakwater") if name.endswith(".settings")])

    def capabilities(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            effective = int(re.search(r"CapEff:\s+(\w+)", file.read())[1], 16)
        return {bit for bit in range(64) if effective >> bit & 1}

    def test_4_should_keep_the_operators_policy_over_an_upgrade(self):
        policy = self.root + "/etc/breakwater/breakwater.yaml"
        with open(policy, "a", encoding="utf-8") as file:
            file.write("# the operator's own line\n")
        tree = os.path.join(self.directory, "tree")
        command("dpkg-deb", "-R", self.package, tree)
        command("sed", "-i", "s/^Version: .*/Version: 99/", tree + "/DEBIAN/control")
        with open(tree + "/etc/breakwater/breakwater.yaml", "a", encoding="utf-8") as file:
            file.write("# a line of the new version\n")
        command("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, self.root + "/newer.deb")
        self.inside("apt-get", "install", "-y", "-qq", "-o", "Dpkg::Options::=--force-confold", "/newer.deb")
        with open(policy, encoding="utf-8") as file:
            self.assertIn("the operator's own line", file.read())
        self.assertTrue(self.exists("/etc/breakwater/breakwater.yaml.dpkg-dist"))
        self.assertRegex(self.inside("breakwater", "--version"), r"^breakwater \d")

    def test_5_should_leave_the_policy_when_removed_and_nothing_when_purged(self):
        self.inside("apt-get", "remove", "-y", "-qq", "breakwater")
        self.assertTrue(self.exists("/etc/breakwater/breakwater.yaml"))
        for path in ("/usr/lib/breakwater", "/usr/bin/breakwater", "/var/cache/breakwater"):
            self.assertFalse(self.exists(path), path)
        self.inside("apt-get", "purge", "-y", "-qq", "breakwater")
        left = command("find", self.root, "-xdev", "-name", "*breakwater*", "-path", self.root + "/*").splitlines()
        # What apt and dpkg write down about what they did is theirs.
        own = [path for path in left if re.match(re.escape(self.root) + r"/(etc|usr|var/(lib|cache)/breakwater)", path)]
        self.assertEqual([], own)

    def test_6_should_have_a_unit_that_systemd_takes_and_finds_safe(self):
        unit = os.path.join(self.directory, "breakwater.service")
        with open(os.path.join(ROOT, "deploy", "package", "breakwater.service"), encoding="utf-8") as file:
            text = file.read()
        # The machine that tests has neither the programs where the unit names them nor the manual page.
        with open(unit, "w", encoding="utf-8") as file:
            text = re.sub(r"man:\S+ ", "", text).replace("/usr/bin/breakwater", "/bin/true")
            file.write(text.replace("/usr/lib/breakwater/fail-open", os.path.join(ROOT, "deploy", "package", "fail-open")))
        self.assertEqual("", command("systemd-analyze", "verify", unit))
        said = command("systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", unit)
        exposure = float(re.search(r"Overall exposure level for \S+ ([\d.]+)", said)[1])
        self.assertLess(exposure, 3.0)


if __name__ == "__main__":
    unittest.main()
