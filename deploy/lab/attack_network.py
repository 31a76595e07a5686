"""The demo's network: an internet, a gateway, and a victim behind a narrow link.

     attacker ──┐
     reflector ─┤                outside0      inside0
     reflector ─┼─ internet ────── gateway ────── access ═══════ victim
     client ────┘  (router)    bridge, or Breakwater   10 Mbit/s    (web server)

The narrow link lies behind the gateway, because no filter at its near end can empty a link that is already full at the
far end. Addresses: 198.18.0.0/15 (benchmarking, RFC 2544) and 2001:db8::/32 (documentation, RFC 3849).
"""

import json
import os
import time

from namespaces import LabError, python, stop

LINK_MBIT = 10
# 100 ms of full frames: a usual buffer, deep enough for TCP and no cure for a flood. In packets, as switches count.
LINK_QUEUE_PACKETS = LINK_MBIT * 1_000_000 // 8 // 10 // 1514
SHAPER_BURST_BYTES = 4_000

VICTIM_4, VICTIM_6 = "198.18.100.10", "2001:db8:100::10"
REFLECTORS = ("198.18.11.10", "198.18.12.10")
WEB_PORT = 80
PAGE_BYTES = 24_000
KEY = "k"
VALUE_BYTES = 100_000
# The reflectors' own uplinks. They also space the answers evenly: unshaped, they come in bursts whose gaps let
# legitimate packets slip through, the more so the busier the machine is.
REFLECTOR_MBIT = 60
METRICS = "http://127.0.0.1:9464"
LAUNCHER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "breakwater")


class AttackNetwork:
    """Everything in the picture, built and running, with a plain bridge as the gateway."""

    def __init__(self, lab):
        self._lab = lab
        self._breakwater = None
        self.internet = lab.namespace("internet")
        lab.sysctl(self.internet, "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        self.attacker = self._site("attacker", "198.18.1", None)
        self.client = self._site("client", "198.18.20", "2001:db8:20:")
        self.reflectors = [
            self._site(f"reflector{number}", address.rpartition(".")[0], None)
            for number, address in enumerate(REFLECTORS, 1)
        ]
        for namespace in self.reflectors:
            self._shape(namespace, "eth0", REFLECTOR_MBIT, packets=1000)
        self._protected_side()
        self._count_attack()
        self._start_servers()

    def _site(self, role, prefix_4, prefix_6):
        """A host on the internet with a network of its own: the router is .1, the host .10."""
        lab, namespace = self._lab, self._lab.namespace(role)
        lab.link((namespace, "eth0"), (self.internet, role))
        lab.address(namespace, "eth0", f"{prefix_4}.10/24")
        lab.address(self.internet, role, f"{prefix_4}.1/24")
        lab.run(namespace, "ip", "route", "add", "default", "via", f"{prefix_4}.1")
        if prefix_6:
            lab.address(namespace, "eth0", f"{prefix_6}:10/64")
            lab.address(self.internet, role, f"{prefix_6}:1/64")
            lab.run(namespace, "ip", "-6", "route", "add", "default", "via", f"{prefix_6}:1")
        return namespace

    def _protected_side(self):
        lab = self._lab
        self.gateway, access, self.victim = (lab.namespace(role) for role in ("gateway", "access", "victim"))
        # The far ends behave like wires; the gateway's cards keep their offloads, which are Breakwater's to prepare.
        lab.sysctl(self.gateway, "net.ipv6.conf.default.disable_ipv6=1")
        lab.link((self.internet, "uplink"), (self.gateway, "outside0"), wire_like="uplink")
        lab.link((access, "gateway"), (self.gateway, "inside0"), wire_like="gateway")
        lab.link((access, "victim"), (self.victim, "eth0"))
        lab.bridge(access, "gateway", "victim")
        self._shape(access, "victim", LINK_MBIT, LINK_QUEUE_PACKETS)
        lab.address(self.internet, "uplink", "198.18.100.1/24", "2001:db8:100::1/64")
        lab.address(self.victim, "eth0", f"{VICTIM_4}/24", f"{VICTIM_6}/64")
        lab.run(self.victim, "ip", "route", "add", "default", "via", "198.18.100.1")
        lab.run(self.victim, "ip", "-6", "route", "add", "default", "via", "2001:db8:100::1")
        lab.bridge(self.gateway, "outside0", "inside0")

    def _shape(self, namespace, interface, mbit, packets):
        lab, card = self._lab, ("dev", interface)
        rate = ("rate", f"{mbit}mbit", "burst", str(SHAPER_BURST_BYTES), "limit", "10000000")
        lab.run(namespace, "tc", "qdisc", "add", *card, "root", "handle", "1:", "tbf", *rate)
        lab.run(namespace, "tc", "qdisc", "add", *card, "parent", "1:1", "pfifo", "limit", str(packets))

    def _count_attack(self):
        """Exact counters in the kernel: what goes towards the gateway, and what reaches the victim's card."""
        self._lab.run(
            self.internet, "nft",
            "table inet count { counter attack { }; chain forward { type filter hook forward priority 0;"
            " oifname uplink udp sport 11211 counter name attack; }; }",
        )
        self._lab.run(
            self.victim, "nft",
            "table netdev count { counter attack { }; chain ingress { type filter hook ingress device eth0 priority 0;"
            " udp sport 11211 counter name attack; }; }",
        )

    def _start_servers(self):
        lab = self._lab
        for number, (namespace, address) in enumerate(zip(self.reflectors, REFLECTORS), 1):
            server = lab.start(
                namespace, "memcached", "-u", "nobody", "-l", address, "-U", "11211", "-m", "16", "-t", "1",
                log=f"memcached{number}.log",
            )
            prime = python("prime_memcached.py", address, KEY, str(VALUE_BYTES))
            lab.wait_until(
                f"memcached at {address}", lambda: lab.try_run(namespace, *prime).returncode == 0, 10, server
            )
        web = lab.start(self.victim, *python("web_server.py", str(WEB_PORT), str(PAGE_BYTES)), log="web.log")
        lab.wait_until("the victim's web server", self._page_answers, 10, web)

    def _page_answers(self):
        return all(self._lab.http_get(self.client, url)[0] == 200 for url in self.page_urls())

    @staticmethod
    def page_urls():
        return [f"http://{VICTIM_4}:{WEB_PORT}/", f"http://[{VICTIM_6}]:{WEB_PORT}/"]

    # --- traffic -------------------------------------------------------------------------------

    def start_attack(self, seconds, gets_per_second):
        return self._lab.start(
            self.attacker,
            *python("spoof_gets.py", VICTIM_4, str(seconds), str(gets_per_second), KEY, *REFLECTORS),
            log="attacker.log",
        )

    def start_client(self, seconds, pages_per_second, timeout_s):
        pages = python("fetch_pages.py", str(seconds), str(pages_per_second), str(timeout_s), str(PAGE_BYTES))
        pings = int(seconds * 5)
        return (
            self._lab.start(self.client, *pages, *self.page_urls(), log="client.log"),
            self._lab.start(
                self.client, "ping", "-q", "-i", "0.2", "-c", str(pings), "-W", "1", VICTIM_4, log="ping.log"
            ),
        )

    def attack_arriving(self):
        return self._counter(self.internet, "inet")

    def attack_at_victim(self):
        return self._counter(self.victim, "netdev")

    def _counter(self, namespace, family):
        """(frames, bytes) so far, layer-2 header included, which the hooks do not see."""
        listed = json.loads(self._lab.run(namespace, "nft", "-j", "list", "counter", family, "count", "attack"))
        counter = next(entry["counter"] for entry in listed["nftables"] if "counter" in entry)
        return counter["packets"], counter["bytes"] + 14 * counter["packets"]

    def settle(self):
        """Waits until no more of the last attack is on its way."""
        for _ in range(50):
            before = self.attack_arriving(), self.attack_at_victim()
            time.sleep(0.3)
            if (self.attack_arriving(), self.attack_at_victim()) == before:
                return
        raise LabError("the attack does not end: the reflectors still send after 15 s")

    # --- the filter ----------------------------------------------------------------------------

    def install_breakwater(self, policy):
        """Takes the bridge away and puts Breakwater in its place; returns when it forwards."""
        lab = self._lab
        lab.unbridge(self.gateway)
        self._breakwater = lab.start(self.gateway, LAUNCHER, "run", "-c", policy, log="breakwater.log")
        lab.wait_until(
            "Breakwater", lambda: lab.http_get(self.gateway, METRICS + "/readyz")[0] == 200, 60, self._breakwater
        )
        lab.wait_until("the first page through Breakwater", self._page_answers, 15, self._breakwater)

    def metrics(self):
        status, body = self._lab.http_get(self.gateway, METRICS + "/metrics")
        if status != 200:
            raise LabError(f"{METRICS}/metrics in the gateway answered {status or 'nothing'}")
        return body

    def stop_breakwater(self):
        """SIGTERM, and the cards back as they were; returns the exit code."""
        code = stop(self._breakwater)
        self._lab.run(self.gateway, LAUNCHER, "release")
        return code
