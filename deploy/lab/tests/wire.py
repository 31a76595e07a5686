"""The tests' network: two hosts with Breakwater between them, and nothing else.

    outside host ── outside0 [gateway] inside0 ── inside host
"""

import os
import tempfile
import time

import metrics
from capture import Capture
from frames import INSIDE_4, INSIDE_6, OUTSIDE_4, OUTSIDE_6
from namespaces import Lab, LabError, stop

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
LAUNCHER = os.environ.get("BREAKWATER_LAUNCHER", os.path.join(ROOT, "breakwater"))
ADMIN = "http://127.0.0.1:9464"

PAIR = "pairs: [{name: uplink, outside: outside0, inside: inside0, backend: pcap}]\n"
PROTECTED = f'protected: [{INSIDE_4}/32, "{INSIDE_6}/128"]\n'
MEMCACHED_ONLY = PAIR + PROTECTED + "reflection: {defaults: off, memcached: drop}\nfragments: off\nlimits: []\n"
READY_S = 60


class Wire:
    """Use as a context manager; `install` puts Breakwater in, with this backend where the policy says pcap."""

    def __init__(self, backend="pcap"):
        self.backend = backend
        self._directory = tempfile.TemporaryDirectory(prefix="breakwater-test-")
        self.lab = Lab(self._directory.name)
        self.policy = os.path.join(self._directory.name, "policy.yaml")
        self.breakwater = None

    def __enter__(self):
        self.lab.__enter__()
        try:
            self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.lab.__exit__()
        self._directory.cleanup()

    def _build(self):
        lab = self.lab
        self.outside, self.gateway, self.inside = (lab.namespace(role) for role in ("outside", "gateway", "inside"))
        for host in (self.outside, self.inside):
            lab.without_listener_reports(host)
        lab.link((self.outside, "eth0"), (self.gateway, "outside0"), wire_like="eth0")
        lab.link((self.inside, "eth0"), (self.gateway, "inside0"), wire_like="eth0")
        for host in (self.outside, self.inside):
            lab.keep_neighbours(host, "eth0")
        lab.address(self.outside, "eth0", f"{OUTSIDE_4}/24", f"{OUTSIDE_6}/64")
        lab.address(self.inside, "eth0", f"{INSIDE_4}/24", f"{INSIDE_6}/64")

    def install(self, policy):
        """Starts Breakwater with the policy's text and returns when it forwards."""
        self.write_policy(policy)
        self.breakwater = self.lab.start(self.gateway, LAUNCHER, "run", "-c", self.policy, log="breakwater.log")
        self.lab.wait_until("Breakwater", self.ready, READY_S, self.breakwater)

    def write_policy(self, text):
        with open(self.policy, "w", encoding="utf-8") as file:
            file.write(text.replace("backend: pcap", f"backend: {self.backend}"))

    def ready(self):
        return self.lab.http_get(self.gateway, ADMIN + "/readyz")[0] == 200

    def end(self):
        """SIGTERM; returns (exit code, seconds it took)."""
        started = time.monotonic()
        return stop(self.breakwater), time.monotonic() - started

    def log(self):
        with open(self.breakwater.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def capture(self, namespace, direction):
        return Capture(self.lab, namespace, "eth0", direction)

    def samples(self):
        status, body = self.lab.http_get(self.gateway, ADMIN + "/metrics")
        if status != 200:
            raise LabError(f"/metrics answered {status or 'nothing'}")
        return metrics.parse(body)

    def at_rest(self):
        """The metrics once two scrapes in a row agree on what was received."""
        before = None
        for _ in range(50):
            samples = self.samples()
            received = metrics.total(samples, "breakwater_frames_received_total")
            if received == before:
                return samples
            before = received
            time.sleep(0.3)
        raise LabError("frames keep coming although nobody sends any")
