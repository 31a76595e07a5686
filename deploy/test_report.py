"""Sums up the test reports that Maven left under every module.

usage: test_report.py ROOT

Prints one line per module, one per failed or skipped test with its reason, and last "passed failed skipped" in numbers.
"""

import glob
import os
import sys
import xml.etree.ElementTree


def reason(element):
    """What the test said, on one line: an assertion's first line is often no more than its title."""
    text = element.get("message") or element.text or ""
    return " ".join(text.split())[:200] or "no reason given"


def main():
    root = sys.argv[1]
    sums = [0, 0, 0]
    for module in sorted(os.listdir(root)):
        reports = glob.glob(os.path.join(glob.escape(root), module, "target", "*-reports", "TEST-*.xml"))
        counts, lines = [0, 0, 0], []
        for report in sorted(reports):
            for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
                name = f"{case.get('classname', '').rpartition('.')[2]}.{case.get('name')}"
                broken = next((case.find(kind) for kind in ("failure", "error") if case.find(kind) is not None), None)
                skipped = case.find("skipped")
                if broken is not None:
                    lines.append(f"  FAIL  {name}: {reason(broken)}")
                elif skipped is not None:
                    lines.append(f"  skip  {name}: {reason(skipped)}")
                counts[1 if broken is not None else 2 if skipped is not None else 0] += 1
        if reports:
            print(f"  {module}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
            print("\n".join(lines) + "\n" if lines else "", end="")
        sums = [one + other for one, other in zip(sums, counts)]
    print(*sums)


if __name__ == "__main__":
    main()
