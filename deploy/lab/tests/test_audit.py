"""`breakwater audit`: real services in a namespace, found when they amplify, quiet when its own lines were applied."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from namespaces import Lab, MissingPrerequisite, stop
from wire import LAUNCHER

HOST, OTHER, AUDITOR = "198.18.7.2", "198.18.7.3", "198.18.7.1"
CLEAN, FOUND, USAGE = 0, 1, 2


def program(name, package):
    path = shutil.which(name)
    if path is None:
        raise MissingPrerequisite(f"{name} is missing: apt-get install {package}")
    return path


class Audit(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="breakwater-audit-")
        self.addCleanup(shutil.rmtree, self.directory)
        # Services give their privileges up and must still reach their files.
        os.chmod(self.directory, 0o755)
        self.lab = Lab(self.directory).__enter__()
        self.addCleanup(self.lab.__exit__)
        self.host, self.auditor = self.lab.namespace("host"), self.lab.namespace("auditor")
        self.lab.link((self.host, "eth0"), (self.auditor, "eth0"))
        self.lab.address(self.host, "eth0", f"{HOST}/24")
        self.lab.address(self.auditor, "eth0", f"{AUDITOR}/24")
        self.policy = self.write("policy.yaml", f"protected: [{HOST}/32]\n")
        self.settings = self.write("memcached.conf", "-l 127.0.0.1\n-U 0\n")

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def audit(self, namespace, *arguments):
        """Exit code and report; settings of the machine that runs the tests are left out."""
        done = self.lab.try_run(
            namespace, LAUNCHER, "audit", "--json", "--memcached-conf", self.settings, *arguments, timeout=60
        )
        self.assertIn(done.returncode, (CLEAN, FOUND), done.stderr)
        return done.returncode, json.loads(done.stdout)

    def probe(self, *arguments):
        """The findings about the host, by vector, as an auditor sees them, and its whole report."""
        code, report = self.audit(self.auditor, "-c", self.policy, "--target", HOST, *arguments)
        findings = [finding for finding in report["findings"] if finding["id"] == "reflector"]
        self.assertEqual(bool(report["findings"]), code == FOUND)
        return {finding["what"].split(" ")[0]: finding for finding in findings}, report

    def factor(self, report, vector):
        return max(probe["amplification"] for probe in report["probes"] if probe["vector"] == vector)

    def service(self, *command, port):
        server = self.lab.start(self.host, *command, log=os.path.basename(command[0]) + ".log")
        listening = lambda: f":{port} " in self.lab.run(self.host, "ss", "-lnuH")  # noqa: E731
        self.lab.wait_until(f"{command[0]} on udp {port}", listening, 15, server)
        return server

    def memcached(self, *options, port=11211):
        path = program("memcached", "memcached")
        server = self.lab.start(self.host, path, "-u", "nobody", "-l", HOST, *options, log="memcached.log")
        listening = lambda: f"{HOST}:{port} " in self.lab.run(self.host, "ss", "-lntH")  # noqa: E731
        self.lab.wait_until("memcached", listening, 15, server)
        return server

    def test_should_find_memcached_with_udp_and_mend_it_with_the_lines_it_gives(self):
        self.memcached("-U", "11211")
        findings, report = self.probe()
        self.assertIn("memcached", findings)
        # "stats" of an idle server: some 15 bytes for over a thousand. Its values can be set far larger.
        self.assertGreater(self.factor(report, "memcached"), 50)
        code, inside = self.audit(self.host)
        self.assertEqual(FOUND, code)
        [finding] = inside["findings"]
        self.assertEqual("socket-udp", finding["id"])
        self.assertIn(f"udp {HOST}:11211", finding["where"])
        for tool in ("iptables", "nft"):
            with self.subTest(tool=tool):
                for line in findings["memcached"]["mends"][tool]:
                    self.lab.run(self.host, "sh", "-c", line)
                code, inside = self.audit(self.host)
                self.assertEqual((CLEAN, []), (code, inside["findings"]), tool)
                self.assertTrue(inside["firewall"]["udp_11211_dropped"])
                after, _ = self.probe()
                self.assertNotIn("memcached", after)
                self.lab.run(self.host, "nft", "flush", "ruleset")
                self.assertIn("memcached", self.probe()[0])

    def test_should_find_nothing_where_memcached_has_udp_off(self):
        self.memcached("-U", "0")
        findings, report = self.probe()
        self.assertEqual({}, findings)
        states = {probe["state"] for probe in report["probes"] if probe["vector"] == "memcached"}
        self.assertEqual({"closed"}, states)
        code, inside = self.audit(self.host)
        self.assertEqual(CLEAN, code, inside)
        self.assertIn(f"tcp {HOST}:11211: memcached listens for strangers' TCP: anyone can read and fill it", "\n".join(inside["notes"]))
        sockets = [(socket["protocol"], socket["address"], socket["process"]) for socket in inside["sockets"]]
        self.assertEqual([("tcp", HOST, "memcached")], sockets)

    def test_should_read_settings_as_the_memcached_that_runs_with_them_does(self):
        for options, udp in (("-U 11211", 11211), ("-U 11300 -p 11211", 11300), ("-p 11300", 0), ("-U 0", 0)):
            with self.subTest(options=options):
                port = 11300 if options == "-p 11300" else 11211
                server = self.memcached(*options.split(), port=port)
                said = self.lab.run(self.host, "ss", "-lnuH")
                self.settings = self.write("memcached.conf", f"-l {HOST}\n" + options.replace(" -", "\n-") + "\n")
                [settings] = self.audit(self.auditor)[1]["settings"]
                self.assertEqual(udp, settings["udp"])
                self.assertEqual(port, settings["tcp"])
                self.assertEqual(udp != 0, f"{HOST}:{udp} " in said, said)
                stop(server)

    def test_should_judge_and_mend_the_ports_that_memcached_opens(self):
        address = f"-l {HOST}"
        for options, tcp, udp in (
            (f"{address}:11333 -U 11211", [11333], [11333]),
            (f"{address}:11333 -U 0", [11333], []),
            (f"{address}:11333,{HOST} -p 11400 -U 11500", [11333, 11400], [11333, 11500]),
            (f"-M {address} -L -C -U 11211", [11211], [11211]),
            (f"--udp=11211 {address} --por 11300", [11300], [11211]),
            (f"--listen-b=5 {address} -- -U 11211", [11211], []),
        ):
            with self.subTest(options=options):
                server = self.lab.start(self.host, program("memcached", "memcached"), "-u", "nobody", *options.split(), log="memcached.log")
                listens = lambda: self.ports("-lntH") == tcp and self.ports("-lnuH") == udp  # noqa: E731
                self.lab.wait_until("memcached", listens, 15, server)
                self.settings = self.write("memcached.conf", options.replace(" -", "\n-") + "\n")
                code, report = self.audit(self.auditor)
                self.assertEqual((FOUND, tcp, udp), (code, *(report["settings"][0][key] for key in ("tcp_ports", "udp_ports"))))
                [finding] = report["findings"]
                for protocol, ports in (("tcp", tcp), ("udp", udp)):
                    said = [line for line in finding["mends"]["iptables"] if line.startswith("iptables") and protocol in line]
                    self.assertEqual(ports, [int(line.split("--dport ")[1].split()[0]) for line in said])
                stop(server)

    def ports(self, sockets):
        return sorted(int(line.split()[3].split(":")[-1]) for line in self.lab.run(self.host, "ss", sockets).splitlines())

    def test_should_call_dropped_only_what_is_dropped_whatever_it_means(self):
        self.memcached("-U", "11211")
        meter = "udp dport 11211 meter m4 '{ ip saddr limit rate over 100/second }' drop"
        chain = "nft add table inet t; nft add chain inet t in '{ type filter hook input priority 0; policy %s; }'; "
        rule = "nft add rule inet t in "
        for name, lines, dropped in (
            ("meter", chain % "accept" + rule + meter, False),
            ("policy", chain % "drop" + rule + "icmp type echo-request accept; " + rule + "tcp dport 11211 accept", True),
            ("queue", "iptables -P INPUT DROP; iptables -A INPUT -p udp --dport 11211 -j NFQUEUE --queue-bypass", False),
        ):
            with self.subTest(name=name):
                self.lab.run(self.host, "sh", "-ec", lines)
                report = self.audit(self.host)[1]
                said = [finding["id"] for finding in report["findings"]]
                self.assertEqual([] if dropped else ["socket-udp"], said, report)
                self.lab.run(self.host, "sh", "-c", "nft flush ruleset; iptables -P INPUT ACCEPT; iptables -F INPUT")

    def test_should_judge_both_families_of_a_socket_that_takes_both(self):
        listen = "import socket, time; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(('::', 11211)); time.sleep(99)"
        self.service("python3", "-c", listen, port=11211)
        for line in ("ip6tables -A INPUT -p udp --dport 11211 -j DROP", "iptables -A INPUT -p udp --dport 11211 -j DROP"):
            self.lab.run(self.host, "sh", "-c", line)
            found = [finding["where"] for finding in self.audit(self.host)[1]["findings"]]
            self.assertEqual(["udp6 *:11211"] if line.startswith("ip6") else [], found, line)

    def test_should_say_which_settings_it_may_not_read(self):
        nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        if self.lab.try_run(self.host, *nobody, "test", "-x", LAUNCHER).returncode:
            self.skipTest("the checkout lies where user nobody cannot read it")
        path = self.write("closed.conf", "-l 0.0.0.0\n-U 11211\n")
        os.chmod(path, 0o600)
        etc = os.path.join(self.directory, "etc")
        os.makedirs(etc)
        shutil.copy2(path, etc + "/memcached.conf")
        # The usual place is this machine's own: the test's file lies over it, for this process alone.
        over = f"mount -t overlay overlay -o lowerdir={etc}:/etc /etc && exec "
        for arguments, word in ((("--json",), '"unread" : [ "/etc/memcached.conf: '), ((), "note: /etc/memcached.conf: ")):
            with self.subTest(arguments=arguments):
                command = ("unshare", "-m", "sh", "-c", over + '"$@"', "sh", *nobody, LAUNCHER, "audit", *arguments)
                done = self.lab.try_run(self.host, *command, timeout=60)
                self.assertEqual(FOUND, done.returncode, done.stderr)
                self.assertIn("/etc/memcached.conf: cannot be read; run with sudo", done.stderr)
                self.assertIn(word, done.stdout)
                self.assertNotIn("nothing found", done.stdout)

    def test_should_keep_a_time_client_by_the_lines_that_close_its_server(self):
        ntpd = shutil.which("ntpd")
        if ntpd is None:
            self.skipTest("no ntpd; apt-get install ntpsec, which takes the place of the box's own time service")
        configuration = self.write("ntp.conf", f"restrict default\nrestrict {AUDITOR}\nserver 127.127.1.0\n")
        own = ("-n", "-c", configuration, "-u", "nobody:nogroup", "-f", self.directory + "/drift")
        server = self.service(ntpd, *own, port=123)
        mends = self.probe()[0]["ntp"]["mends"]
        stop(server)
        self.assertIn("allow must hold the servers that it asks itself", "\n".join(mends["breakwater"]))
        echo = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 123))\nwhile True: s.sendto(*s.recvfrom(99))"
        self.lab.start(self.auditor, "python3", "-c", echo, log="echo.log")
        # As ntpd does: asks from port 123, and hears whether the one who was asked answers, and whether a stranger may ask.
        ask = (
            "import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 123)); s.settimeout(1)\n"
            f"for _ in range(10):\n try: s.sendto(b'time?', ('{AUDITOR}', 123)); s.recvfrom(99); break\n except OSError: pass\n"
            "else: raise SystemExit('no answer')\n"
            "s.settimeout(2); print('ready', flush=True)\n"
            "try: print(s.recvfrom(99)[0].decode())\nexcept TimeoutError: print('nothing')"
        )
        for tool, heard in (("", "stranger"), ("iptables", "nothing"), ("nft", "nothing")):
            with self.subTest(tool=tool):
                for line in mends.get(tool, []):
                    self.lab.run(self.host, "sh", "-c", line)
                log = f"ask{tool}.log"
                client = self.lab.start(self.host, "python3", "-c", ask, log=log)
                said = lambda: self.read(log)  # noqa: E731
                self.lab.wait_until("an answer", lambda: "ready" in said(), 15, client)
                # From a port of its own, so that it is no answer.
                stranger = f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'stranger', ('{HOST}', 123))"
                self.lab.run(self.auditor, "python3", "-c", stranger)
                client.wait(10)
                self.assertEqual(["ready", heard], said().split())
                self.lab.run(self.host, "nft", "flush", "ruleset")

    def read(self, log):
        with open(os.path.join(self.lab.logs, log), encoding="utf-8") as file:
            return file.read()

    def test_should_find_an_amplifying_name_server_and_not_one_that_refuses(self):
        dnsmasq = program("dnsmasq", "dnsmasq-base")
        texts = [f"--txt-record=big.example,{'x' * 200}{number}" for number in range(10)]
        common = ["--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--pid-file="]
        self.service(dnsmasq, *common, "--port=53", f"--listen-address={HOST}", "--bind-interfaces", *texts, port=53)
        self.assertNotIn("dns", self.probe()[0], "it refuses what it does not know")
        findings, report = self.probe("--dns-name", "big.example")
        self.assertIn("dns", findings)
        self.assertGreater(self.factor(report, "dns"), 20)

    def test_should_find_a_talkative_time_server_and_not_a_restricted_one(self):
        ntpd = shutil.which("ntpd")
        if ntpd is None:
            self.skipTest("no ntpd; apt-get install ntpsec, which takes the place of the box's own time service")
        # ntpsec answers no questions about itself unless it is told whom to answer.
        for restrict, found in ((f"restrict {AUDITOR}", True), ("restrict default noquery", False)):
            with self.subTest(restrict=restrict):
                configuration = self.write("ntp.conf", f"restrict default\n{restrict}\nserver 127.127.1.0\n")
                server = self.service(
                    ntpd, "-n", "-c", configuration, "-u", "nobody:nogroup", "-f", self.directory + "/drift", port=123
                )
                findings, report = self.probe()
                self.assertEqual(found, "ntp" in findings, report["probes"])
                if found:
                    self.assertGreater(self.factor(report, "ntp"), 20)
                stop(server)

    def test_should_find_snmp_with_a_public_community(self):
        snmpd = program("snmpd", "snmpd")
        configuration = self.write("snmpd.conf", "rocommunity public\nsysServices 72\n")
        modules = "system_mib,sysORTable,snmp_mib,ifTable"
        self.service(snmpd, "-f", "-Lo", "-C", "-c", configuration, "-I", modules, f"udp:{HOST}:161", port=161)
        findings, report = self.probe()
        self.assertIn("snmp", findings)
        self.assertGreater(self.factor(report, "snmp"), 5)

    def test_should_ask_nobody_but_the_addresses_that_the_policy_protects(self):
        sniffed = os.path.join(self.directory, "sniffed.pcap")
        sniffer = self.lab.start(self.host, "tcpdump", "-i", "eth0", "-U", "-w", sniffed, log="tcpdump.log")
        self.lab.wait_until("tcpdump", lambda: os.path.exists(sniffed), 10, sniffer)
        targets = ("--target", HOST, "--target", OTHER)
        done = self.lab.try_run(self.auditor, LAUNCHER, "audit", "-c", self.policy, *targets, timeout=60)
        self.assertEqual(USAGE, done.returncode)
        self.assertEqual("", done.stdout)
        self.assertEqual(1, len(done.stderr.strip().splitlines()), done.stderr)
        self.assertIn("not in the protected", done.stderr)
        sniffer.terminate()
        sniffer.wait(10)
        seen = subprocess.run(["tcpdump", "-n", "-r", sniffed, "udp"], capture_output=True, text=True, check=True)
        self.assertEqual("", seen.stdout, "a refused call sends nothing")

    def test_should_say_it_for_people_with_the_lines_that_mend_it(self):
        self.memcached("-U", "11211")
        arguments = ("--memcached-conf", self.settings, "-c", self.policy, "--target", HOST)
        done = self.lab.try_run(self.auditor, LAUNCHER, "audit", *arguments, timeout=60)
        self.assertEqual(FOUND, done.returncode, done.stderr)
        said = rf"finding reflector at {HOST} udp 11211: memcached \(stats\) answers 15 bytes with \d+ in \d+ datagrams"
        self.assertRegex(done.stdout, said + r": amplifies [\d.]+ times")
        for line in ("    ufw prepend deny in proto udp to any port 11211", "    services:", "memcached.conf: -U 0"):
            self.assertIn(line, done.stdout)


if __name__ == "__main__":
    unittest.main()
