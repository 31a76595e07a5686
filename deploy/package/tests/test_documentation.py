"""The documentation's commands for a box, on one: Debian that boots with systemd, the package, a network of its own; and the image."""

import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import documented
import metrics
from capture import Capture, send
from frames import INSIDE_4, OUTSIDE_4, udp4
from fresh_root import BOX_PACKAGES, command, copy_of, inside, pristine_root, root_with
from namespaces import Lab, LabError
from wire import ADMIN, MEMCACHED_ONLY, ROOT, Wire

BUILD = os.path.join(ROOT, "deploy", "package", "build")
BOOT_S, COMMAND_S = 60, 120
CONTAINER = "filter"
RUN_CAPABILITIES = "CapEff:\t0000000000006000\n"  # CAP_NET_RAW, CAP_IPC_LOCK
KEEPER_CAPABILITIES = "CapEff:\t0000008000007000\n"  # and CAP_NET_ADMIN, CAP_BPF
BASE_IMAGE = "docker.io/library/debian:bookworm-slim"
# Podman would ask for more files and processes than a test's machine may have.
CONTAINERS = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
"""


class Box(unittest.TestCase):
    """A container of systemd-nspawn in the lab's gateway namespace; it shares nothing with this machine but the kernel."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="breakwater-box-")
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.lab = Lab(cls.directory).__enter__()
        cls.addClassCleanup(cls.lab.__exit__)
        cls.root = os.path.join(cls.directory, "root")
        copy_of(root_with("box", BOX_PACKAGES), cls.root)
        os.remove(cls.root + "/usr/sbin/policy-rc.d")
        package = command(BUILD, cls.directory).split()[-1]
        shutil.copy(package, cls.root + "/root/")
        cls.connect()
        cls.boot()

    @classmethod
    def connect(cls):
        lab = cls.lab
        cls.outside, cls.gateway, cls.inside = (lab.namespace(role) for role in ("outside", "gateway", "inside"))
        lab.link((cls.outside, "eth0"), (cls.gateway, "eth0"))
        lab.link((cls.inside, "eth0"), (cls.gateway, "eth1"))
        lab.address(cls.outside, "eth0", f"{OUTSIDE_4}/24")
        lab.address(cls.inside, "eth0", f"{INSIDE_4}/24")

    @classmethod
    def boot(cls):
        log = os.path.join(cls.directory, "boot.log")
        with open(log, "wb") as out:
            cls.machine = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--boot", f"--directory={cls.root}", "--register=no", "--keep-unit",
                 "--console=pipe", "--capability=all", "--system-call-filter=bpf",
                 f"--network-namespace-path=/run/netns/{cls.gateway}"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "yes"},
            )  # fmt: skip
        cls.addClassCleanup(cls.power_off)
        cls.machine.log_path = log
        cls.lab.wait_until("systemd", cls.is_up, BOOT_S, cls.machine)

    @classmethod
    def power_off(cls):
        cls.machine.terminate()
        try:
            cls.machine.wait(30)
        except subprocess.TimeoutExpired:
            cls.machine.kill()
            cls.machine.wait()

    @classmethod
    def systemd(cls):
        """The process number of the container's systemd, or nothing yet."""
        done = subprocess.run(["pgrep", "-P", str(cls.machine.pid)], capture_output=True, text=True, check=False)
        return done.stdout.split()[:1]

    @classmethod
    def is_up(cls):
        return bool(cls.systemd()) and cls.shell("systemctl is-system-running", timeout=10).stdout.strip() in ("running", "degraded")

    @classmethod
    def shell(cls, text, timeout=COMMAND_S):
        enter = ["nsenter", "--target", cls.systemd()[0], "--all", "--wd=/root"]
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return subprocess.run(
            [*enter, "env", "-i", path, "HOME=/root", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", "cd /root\n" + text],
            capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL,
        )

    def run_block(self, block):
        for line in documented.lines(block):
            with self.subTest(f"{block.where}: {line}"):
                done = self.shell(line)
                if done.returncode not in ((0, 1) if block.may_find else (0,)):
                    self.fail(f"code {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}{self.words()}")

    def words(self):
        return self.shell("journalctl -u breakwater -n 10 --no-pager").stdout

    def capabilities(self, pid):
        return self.shell(f"grep CapEff /proc/{pid}/status").stdout

    def is_active(self):
        return self.shell("systemctl is-active breakwater").stdout.strip()

    def send_both(self):
        """Good and bad frames: the good ones pass; how many were dropped in all so far."""
        good, bad = udp4(40000, 40001), udp4(11211)
        capture = Capture(self.lab, self.inside, "eth0", "in")
        send(self.lab, self.outside, "eth0", [good, bad] * 100)
        frames = capture.frames(awaited=[good] * 100)
        self.assertEqual(100, frames.count(good))
        page = self.shell(f"curl -fsS {ADMIN}/metrics").stdout
        return metrics.total(metrics.parse(page), "breakwater_frames_dropped_total"), frames.count(bad)

    def test_should_do_as_the_documentation_says_from_installation_to_removal(self):
        *install, remove = documented.commands("box", "docs/install.md")
        rest = [block for block in documented.commands("box") if block.file != "docs/install.md"]
        for block in install:
            self.run_block(block)
        self.assertEqual("active", self.is_active(), self.words())
        self.assertEqual((100, 0), self.send_both(), "frames dropped, and bad ones that passed")
        self.assertEqual(RUN_CAPABILITIES, self.capabilities("$(systemctl show -P MainPID breakwater)"))
        self.assertEqual(KEEPER_CAPABILITIES, self.capabilities("$(pgrep -f '[p]rivilege.Keeper')"))
        started = time.monotonic()
        for block in rest:
            self.run_block(block)
        print(f"    {len(install) + len(rest) + 1} blocks of commands, those of runbook and topologies in {time.monotonic() - started:.0f} s")
        self.assertEqual("active", self.is_active(), self.words())
        self.assertEqual(0, self.send_both()[1], "bad frames that passed")
        self.run_block(remove)
        self.assertNotEqual("active", self.is_active())
        self.assertEqual("", self.shell("nft list ruleset").stdout.strip(), "rules left behind")


class Build(unittest.TestCase):
    def test_should_build_package_and_image_as_the_documentation_says_and_filter_in_a_container(self):
        directory = tempfile.mkdtemp(prefix="breakwater-image-")
        self.addCleanup(shutil.rmtree, directory)
        environment = self.containers(directory)
        self.addCleanup(command, "podman", "rm", "--all", "--force", env=environment)
        base = os.path.join(directory, "base.tar")
        command("tar", "-C", pristine_root(), "-cf", base, ".")
        command("podman", "import", "--quiet", base, BASE_IMAGE, env=environment)
        wire = self.enterContext(Wire("xdp"))
        # The box's own directories, which this machine has not.
        for name in ("etc", "run"):
            os.makedirs(os.path.join(directory, name, "breakwater"))
        wire.policy = os.path.join(directory, "etc", "breakwater", "breakwater.yaml")
        wire.write_policy(MEMCACHED_ONLY)
        # Where this runs the limit of locked memory may not be raised, and what has CAP_IPC_LOCK does not need it.
        shim = f"""podman() {{
            if [ "$1" = run ]; then
              shift
              for word; do
                shift
                case $word in --ulimit | memlock=-1) ;; *) set -- "$@" "$word" ;; esac
              done
              nsenter --net=/run/netns/{wire.gateway} podman run --detach --name {CONTAINER} --pull=never "$@"
            else
              command podman "$@"
            fi
          }}
          """
        for block in documented.commands("build"):
            text = re.sub(r"-v /(etc|run)/breakwater:", rf"-v {directory}/\1/breakwater:", block.text)
            command("sh", "-ec", shim + text, env=environment, cwd=ROOT)
        self.should_filter(wire, environment)
        pid = command("podman", "inspect", "--format", "{{.State.Pid}}", CONTAINER, env=environment).strip()
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            self.assertIn(RUN_CAPABILITIES, file.read())
        command("podman", "stop", "--time", "20", CONTAINER, env=environment)
        said = command("podman", "logs", CONTAINER, env=environment)
        self.assertIn("dropped 100", said)
        state = command("podman", "inspect", "--format", "{{.State.ExitCode}}", CONTAINER, env=environment)
        self.assertEqual("0", state.strip(), said)

    def should_filter(self, wire, environment):
        try:
            wire.lab.wait_until("Breakwater in its container", wire.ready, BOOT_S)
        except LabError as late:
            self.fail(f"{late}: {command('podman', 'logs', CONTAINER, env=environment)}")
        good, bad = udp4(40000), udp4(11211)
        capture = wire.capture(wire.inside, "in")
        send(wire.lab, wire.outside, "eth0", [good, bad] * 100)
        frames = capture.frames(awaited=[good] * 100)
        self.assertEqual((100, 0), (frames.count(good), frames.count(bad)))

    def containers(self, directory):
        """The environment in which podman keeps everything to that directory, and needs no kernel that it knows."""
        texts = {
            "containers.conf": CONTAINERS,
            "storage.conf": f'[storage]\ndriver = "vfs"\ngraphroot = "{directory}/store"\nrunroot = "{directory}/runroot"\n',
        }
        for name, text in texts.items():
            with open(os.path.join(directory, name), "w", encoding="ascii") as file:
                file.write(text)
        return {
            **os.environ,
            "CONTAINERS_CONF": os.path.join(directory, "containers.conf"),
            "CONTAINERS_STORAGE_CONF": os.path.join(directory, "storage.conf"),
            "BUILDAH_ISOLATION": "chroot",
        }


if __name__ == "__main__":
    unittest.main()
