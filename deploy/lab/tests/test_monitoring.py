"""Rules, dashboard and documentation agree with a real Prometheus that watches a real Breakwater under attack."""

import json
import os
import re
import shutil
import subprocess
import unittest
import urllib.parse

import live_attack
from wire import ADMIN, ROOT, Wire

RULES = os.path.join(ROOT, "deploy", "prometheus")
DASHBOARD = os.path.join(ROOT, "deploy", "grafana", "breakwater.json")
README = os.path.join(ROOT, "README.md")
PROMETHEUS = "http://127.0.0.1:9090"
ATTACK_S = 180
# Five scrapes, and the slowest alert of an attack with its `for`, on a busy machine.
DATA_S = 90

SCRAPED = re.compile(r"(?<![\w:])(?:breakwater|jvm|process|system)_\w+(?![\w:])")
RECORDED = re.compile(r"\b\w+:breakwater_\w+:\w+\b")
# Metrics that are neither totals nor measured in a unit: counts, and 1 or 0.
PLAIN = {
    "breakwater_attack_active",
    "breakwater_blocks",
    "breakwater_pair_forwarding",
    "breakwater_pair_monitor",
    "breakwater_port_up",
    "breakwater_sources_tracked",
}


def need(test, *programs):
    for program in programs:
        if shutil.which(program) is None:
            test.skipTest(f"{program} is missing; run: sudo apt-get install prometheus prometheus-alertmanager")


def dashboard_queries():
    """(where, query) of each panel, annotation and variable, with Grafana's own variables filled in."""
    with open(DASHBOARD, encoding="utf-8") as file:
        dashboard = json.load(file)
    found = [
        (f"{panel['title']} {target['refId']}", target["expr"])
        for panel in dashboard["panels"]
        for target in panel.get("targets", [])
    ]
    found += [(f"annotation {entry['name']}", entry["expr"]) for entry in dashboard["annotations"]["list"]]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            series = re.fullmatch(r"label_values\((.*), \w+\)", variable["query"]["query"])[1]
            found.append((f"variable {variable['name']}", series))
    return [(where, query.replace("$__rate_interval", "1m").replace("$box", ".*")) for where, query in found]


class Files(unittest.TestCase):
    def check(self, *command):
        need(self, command[0])
        done = subprocess.run(command, cwd=RULES, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def test_should_hold_rules_that_prometheus_takes(self):
        self.check("promtool", "check", "rules", "--lint-fatal", "breakwater.rules.yml")
        self.check("promtool", "check", "config", "prometheus.yml")

    def test_should_alert_when_and_as_the_unit_tests_of_the_rules_say(self):
        self.check("promtool", "test", "rules", "breakwater.tests.yml")

    def test_should_hold_an_example_that_alertmanager_takes(self):
        self.check("amtool", "check-config", "alertmanager.yml")

    def test_should_send_pages_to_the_pager_and_tickets_to_the_channel(self):
        for severity, receiver in (("page", "pager"), ("ticket", "channel")):
            routes = ("config", "routes", "test", "--config.file=alertmanager.yml", f"severity={severity}")
            self.assertEqual(receiver, self.check("amtool", *routes).strip())

    def test_should_test_every_alert_that_there_is(self):
        with open(os.path.join(RULES, "breakwater.rules.yml"), encoding="utf-8") as file:
            alerts = set(re.findall(r"- alert: (\w+)", file.read()))
        with open(os.path.join(RULES, "breakwater.tests.yml"), encoding="utf-8") as file:
            tested = set(re.findall(r"- alertname: (\w+)", file.read()))
        self.assertEqual(alerts, tested)


class UnderAttack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need(cls, "prometheus")
        cls.wire = Wire().__enter__()
        cls.addClassCleanup(cls.wire.__exit__)
        cls.wire.install(live_attack.POLICY)
        live_attack.start(cls.wire, ATTACK_S)
        cls.start_prometheus()
        cls.wait_for_data()

    @classmethod
    def skipTest(cls, reason):
        raise unittest.SkipTest(reason)

    @classmethod
    def start_prometheus(cls):
        lab = cls.wire.lab
        cls.prometheus = lab.start(
            cls.wire.gateway, "prometheus", "--config.file", cls.hurried_configuration(),
            "--storage.tsdb.path", os.path.join(lab.logs, "tsdb"), "--web.listen-address", "127.0.0.1:9090",
            log="prometheus.log",
        )
        ready = PROMETHEUS + "/-/ready"
        lab.wait_until("Prometheus", lambda: lab.http_get(cls.wire.gateway, ready)[0] == 200, 30, cls.prometheus)

    @classmethod
    def hurried_configuration(cls):
        """The file of the repository, but for five times as many scrapes."""
        with open(os.path.join(RULES, "prometheus.yml"), encoding="utf-8") as file:
            text = re.sub(r"(?m)^(  (?:scrape|evaluation)_interval:) 5s$", r"\1 1s", file.read())
        if text.count("_interval: 1s") != 2:
            raise AssertionError("prometheus.yml has other intervals than the test takes for granted")
        path = os.path.join(cls.wire.lab.logs, "prometheus.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("breakwater.rules.yml", os.path.join(RULES, "breakwater.rules.yml")))
        return path

    @classmethod
    def wait_for_data(cls):
        firing = 'ALERTS{alertname="BreakwaterAttack", alertstate="firing"}'
        late = "pair:breakwater_frames_late:ratio5m"
        cls.wire.lab.wait_until(
            "alerts and recorded series in Prometheus",
            lambda: cls.numbers(firing) and cls.numbers(late),
            DATA_S,
            cls.prometheus,
        )

    @classmethod
    def ask(cls, path):
        _, body = cls.wire.lab.http_get(cls.wire.gateway, PROMETHEUS + path)
        return json.loads(body)

    @classmethod
    def numbers(cls, query):
        """The query's samples now, but for those that are no number."""
        answer = cls.ask("/api/v1/query?query=" + urllib.parse.quote(query))
        if answer["status"] != "success":
            raise AssertionError(f"{query}: {answer['error']}")
        return [sample for sample in answer["data"]["result"] if sample["value"][1] != "NaN"]

    def families(self):
        """Metric families of the page: name to (type, help)."""
        _, page = self.wire.lab.http_get(self.wire.gateway, ADMIN + "/metrics")
        helps = dict(re.findall(r"^# HELP (\S+) ?(.*)$", page, re.MULTILINE))
        types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE))
        return {name: (kind, helps.get(name, "")) for name, kind in types.items()}

    def test_should_answer_every_query_of_the_dashboard(self):
        queries = dashboard_queries()
        self.assertGreater(len(queries), 30)
        empty = [f"{where}: {query}" for where, query in queries if not self.numbers(query)]
        self.assertEqual([], empty)

    def test_should_evaluate_every_rule(self):
        groups = self.ask("/api/v1/rules")["data"]["groups"]
        broken = [f"{rule['name']}: {rule['lastError']}" for group in groups for rule in group["rules"] if rule["health"] != "ok"]
        self.assertEqual([], broken)
        recorded = [rule["name"] for group in groups for rule in group["rules"] if rule["type"] == "recording"]
        self.assertEqual([], [name for name in recorded if not self.numbers(name)])

    def test_should_page_about_the_attack_and_nothing_else(self):
        alerts = [alert["labels"] for alert in self.ask("/api/v1/alerts")["data"]["alerts"] if alert["state"] == "firing"]
        attacks = {(alert["vector"], alert["target"]) for alert in alerts if alert["alertname"] == "BreakwaterAttack"}
        expected = {("memcached", live_attack.VICTIM_4), ("ntp", live_attack.VICTIM_4), ("ssdp", live_attack.VICTIM_6)}
        self.assertEqual(expected, attacks)
        # Two busy cores may well lose frames or be late; that is what those alerts are for.
        load = {"BreakwaterShedding", "BreakwaterKernelDrops", "BreakwaterLatencyBudgetExceeded", "BreakwaterRingFilling"}
        others = {alert["alertname"] for alert in alerts} - {"BreakwaterAttack"} - load
        self.assertEqual(set(), others)

    def test_should_name_only_metrics_that_exist(self):
        rules = [
            (rule["name"], rule["query"]) for group in self.ask("/api/v1/rules")["data"]["groups"] for rule in group["rules"]
        ]
        recorded = {name for name, _ in rules}
        scraped = set(self.ask("/api/v1/label/__name__/values")["data"])
        for where, query in rules + dashboard_queries():
            for name in SCRAPED.findall(query):
                self.assertIn(name, scraped, where)
            for name in RECORDED.findall(query):
                self.assertIn(name, recorded, where)
        self.assertTrue(any(SCRAPED.findall(query) for _, query in rules))

    def test_should_give_every_metric_a_meaning_a_unit_and_a_line_in_the_readme(self):
        with open(README, encoding="utf-8") as file:
            told = set(re.findall(r"`(breakwater_\w+)`", file.read()))
        own = {name: family for name, family in self.families().items() if name.startswith("breakwater_")}
        self.assertGreater(len(own), 15)
        for name, (kind, meaning) in own.items():
            self.assertGreater(len(meaning), 8, f"{name} says nothing")
            self.assertIn(name, told, "README.md does not tell of it")
            self.assertTrue(
                name.endswith("_total") if kind == "counter" else name.endswith(("_seconds", "_ratio")) or name in PLAIN,
                f"{name} ({kind}) has no unit",
            )
        self.assertEqual(set(), {name for name in told if name.endswith("_total")} - set(own), "README.md tells of these")


if __name__ == "__main__":
    unittest.main()
