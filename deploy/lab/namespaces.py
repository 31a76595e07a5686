"""Network namespaces, the links between them and the processes in them, all of which vanish with the lab."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time

STOP_GRACE_S = 10
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Tools, and the Debian package each comes from.
TOOLS = {"ip": "iproute2", "tc": "iproute2", "nft": "nftables", "ethtool": "ethtool"}
# A card's wire carries finished frames of at most the MTU; a veth pair does so only without these.
OFFLOADS = ("rx", "tx", "sg", "tso", "gso", "gro")
QUIET_HOST = (
    "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
    "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
    "net.ipv6.conf.default.router_solicitations=0",
)  # fmt: skip


class LabError(Exception):
    """The lab cannot go on; the message is one line for the person at the terminal."""


class MissingPrerequisite(LabError):
    """This machine cannot run the lab; the message says what to do about it."""


class Interrupted(KeyboardInterrupt):
    """SIGTERM or SIGHUP: unwinds like Ctrl-C does, so that everything is cleaned up."""


def unwind_on_signals():
    def unwind(number, _frame):
        raise Interrupted(signal.Signals(number).name)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, unwind)


def require(*tools):
    """Raises MissingPrerequisite unless this is root and the tools are there (name, or name=package)."""
    if os.geteuid() != 0:
        raise MissingPrerequisite("network namespaces need root: run it with sudo")
    os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    wanted = dict(TOOLS)
    for tool in tools:
        name, _, package = tool.partition("=")
        wanted[name] = package or name
    missing = sorted({package for name, package in wanted.items() if shutil.which(name) is None})
    if missing:
        raise MissingPrerequisite(f"missing: {' '.join(missing)}; run: sudo apt-get install {' '.join(missing)}")


class Lab:
    """A set of namespaces with a random name of its own, so that several labs run side by side.

    Use as a context manager: leaving it ends every process that `start` began and deletes every namespace.
    """

    def __init__(self, keep_logs_in):
        self.name = "bw-" + secrets.token_hex(3)
        self.logs = os.path.join(keep_logs_in, self.name)
        self._namespaces = []
        self._processes = []

    def __enter__(self):
        os.makedirs(self.logs)
        return self

    def __exit__(self, *_):
        # A second Ctrl-C must not leave half of it behind.
        held = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING_SIGNALS}
        for process in reversed(self._processes):
            stop(process)
        for namespace in reversed(self._namespaces):
            subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)
        for number, handler in held.items():
            signal.signal(number, handler)

    def namespace(self, role):
        """A new namespace: loopback up, no reverse-path filter, no wait for duplicate addresses."""
        name = f"{self.name}-{role}"
        self._namespaces.append(name)
        done = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingPrerequisite(
                f"no network namespaces here ({done.stderr.strip()}); run it on a host or in a privileged container"
            )
        self.run(name, "ip", "link", "set", "lo", "up")
        self.sysctl(name, *QUIET_HOST)
        return name

    def sysctl(self, namespace, *settings):
        """Sets `name=value` without needing procps."""
        words = []
        for setting in settings:
            name, value = setting.split("=")
            words += [value, "/proc/sys/" + name.replace(".", "/")]
        self.run(namespace, "sh", "-ec", 'while [ $# -gt 0 ]; do printf %s "$1" >"$2"; shift 2; done', "sh", *words)

    def link(self, one, other, wire_like="both"):
        """Joins two (namespace, interface) ends by a veth pair; offloads go off at the end that `wire_like` names."""
        (one_ns, one_if), (other_ns, other_if) = one, other
        peer = ("peer", "name", other_if, "netns", other_ns)
        run(["ip", "-n", one_ns, "link", "add", "name", one_if, "type", "veth", *peer])
        for namespace, interface in (one, other):
            if wire_like in ("both", interface):
                self.run(namespace, "ethtool", "-K", interface, *(word for name in OFFLOADS for word in (name, "off")))
            self.run(namespace, "ip", "link", "set", interface, "up")

    def keep_neighbours(self, namespace, interface):
        """A neighbour that was learned stays so, instead of being asked again in the middle of a test."""
        settings = ("base_reachable_time_ms=3600000", "delay_first_probe_time=3600")
        families = (f"net.{family}.neigh.{interface}" for family in ("ipv4", "ipv6"))
        self.sysctl(namespace, *(f"{family}.{setting}" for family in families for setting in settings))

    def without_listener_reports(self, namespace):
        """A host tells which multicast groups it listens to, at moments of its own choice; a test that counts frames must not see that."""
        rule = "add rule ip6 hush out icmpv6 type { mld-listener-report, mld2-listener-report } drop"
        chain = "add chain ip6 hush out { type filter hook output priority 0; }"
        self.run(namespace, "nft", f"add table ip6 hush; {chain}; {rule}")

    def address(self, namespace, interface, *addresses):
        for address in addresses:
            options = ["nodad"] if ":" in address else []
            self.run(namespace, "ip", "address", "add", address, "dev", interface, *options)

    def bridge(self, namespace, *interfaces):
        """A plain Linux bridge over the interfaces, forwarding at once and quiet on its own account."""
        self.sysctl(namespace, "net.ipv6.conf.default.disable_ipv6=1")
        self.run(namespace, "ip", "link", "add", "name", "bridge0", "type", "bridge", "mcast_snooping", "0")
        for interface in interfaces:
            self.run(namespace, "ip", "link", "set", interface, "master", "bridge0")
        self.run(namespace, "ip", "link", "set", "bridge0", "up")

    def unbridge(self, namespace):
        self.run(namespace, "ip", "link", "del", "bridge0")

    def run(self, namespace, *command, **options):
        """Runs a command inside the namespace to its end and returns what it printed."""
        return run(inside(namespace, command), **options)

    def try_run(self, namespace, *command, timeout=30):
        """The same for a command that may fail: returns the completed process."""
        return subprocess.run(
            inside(namespace, command),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def start(self, namespace, *command, log):
        """Starts a command inside the namespace; its output goes to a log file of that name. Ends with the lab."""
        path = os.path.join(self.logs, log)
        with open(path, "ab") as out:
            # A session of its own: Ctrl-C reaches the lab alone, which then ends its processes in order.
            process = subprocess.Popen(
                inside(namespace, command), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        process.log_path = path
        self._processes.append(process)
        return process

    def wait_until(self, what, condition, timeout_s, process=None):
        """Polls until the condition holds; says what was waited for, and the process's last words, if it never does."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            if process is not None and process.poll() is not None:
                raise LabError(f"{what}: the process ended with code {process.returncode}: {last_line(process)}")
            if time.monotonic() > deadline:
                words = f": {last_line(process)}" if process is not None else ""
                raise LabError(f"{what}: not within {timeout_s} s{words}")
            time.sleep(0.05)

    def http_get(self, namespace, url):
        """Status and body of a URL as seen from inside the namespace; (0, "") when nothing answers."""
        done = self.try_run(
            namespace, "curl", "--noproxy", "*", "-s", "-m", "3", "-w", "\n%{http_code}", url
        )
        body, _, status = done.stdout.rpartition("\n")
        return int(status or 0), body


def inside(namespace, command):
    return ["ip", "netns", "exec", namespace, *command]


def python(script, *arguments):
    """The command that runs one of the lab's own tools."""
    return [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), script), *arguments]


def run(command, timeout=30):
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise LabError(f"`{' '.join(command)}` did not end within {timeout} s") from None
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise LabError(f"`{' '.join(command)}` failed: {words[0] if words else f'code {done.returncode}'}")
    return done.stdout


def stop(process, signal_number=signal.SIGTERM):
    """Ends a process that the lab started; returns its exit code. It is killed if it takes longer than the grace."""
    if process.poll() is None:
        process.send_signal(signal_number)
        try:
            process.wait(STOP_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def last_line(process):
    with open(process.log_path, encoding="utf-8", errors="replace") as log:
        lines = [line.strip() for line in log if line.strip()]
    return lines[-1] if lines else "it said nothing"


def json_of(process):
    """What a tool that reports one JSON object as its last line has reported."""
    return json.loads(last_line(process))
