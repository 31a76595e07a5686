"""A real browser on the console: installs what it needs and plays the scenes of watch.mjs. Screenshots: target/console."""

import os
import shutil
import subprocess
import unittest

from wire import ROOT

BROWSER = os.path.join(ROOT, "deploy", "lab", "browser")
MODULES = os.path.join(ROOT, "target", "browser")
SCREENSHOTS = os.path.join(ROOT, "target", "console")
SCENE_S = 150


def install_modules():
    """Puts what the lock file names into the build's output; raises SkipTest where that cannot be had."""
    for program in ("chromium", "node", "npm"):
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"{program} is missing; run: sudo apt-get install chromium nodejs npm")
    os.makedirs(MODULES, exist_ok=True)
    lock, installed = os.path.join(BROWSER, "package-lock.json"), os.path.join(MODULES, "package-lock.json")
    if os.path.isdir(os.path.join(MODULES, "node_modules", "axe-core")) and same(lock, installed):
        return
    shutil.copy(os.path.join(BROWSER, "package.json"), MODULES)
    shutil.copy(lock, installed)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=MODULES, capture_output=True, text=True, timeout=180, check=False,
    )
    if done.returncode:
        os.remove(installed)
        words = [line for line in done.stderr.splitlines() if "error" in line] or ["no word why"]
        raise unittest.SkipTest(f"npm could not fetch playwright-core and axe-core: {words[0]}")


def same(one, other):
    if not os.path.exists(other):
        return False
    with open(one, "rb") as first, open(other, "rb") as second:
        return first.read() == second.read()


def start(lab, namespace, scene, url, **settings):
    """Starts a scene inside the namespace; settings are given to it as environment."""
    os.makedirs(SCREENSHOTS, exist_ok=True)
    settings |= {"BROWSER_MODULES": MODULES, "CHROMIUM": shutil.which("chromium")}
    environment = [f"{name}={value}" for name, value in settings.items()]
    node = ("node", os.path.join(BROWSER, "watch.mjs"), scene, url, SCREENSHOTS)
    return lab.start(namespace, "env", *environment, *node, log=scene + ".log")


def said(process):
    with open(process.log_path, encoding="utf-8") as log:
        return log.read()


def finish(test, process):
    """Waits for the end of a scene, which is to have found no problem."""
    code = process.wait(SCENE_S)
    test.assertEqual(0, code, said(process))
