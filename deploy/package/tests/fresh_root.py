"""Minimal Debian roots for the tests, made by debootstrap once and kept in BREAKWATER_TEST_ROOTS (/var/cache/breakwater-tests unless set)."""

import hashlib
import os
import re
import shutil
import subprocess

from wire import ROOT

ROOTS = os.environ.get("BREAKWATER_TEST_ROOTS", "/var/cache/breakwater-tests")
SUITE = "bookworm"


def dependencies():
    """What the package asks for: of alternatives the first."""
    with open(os.path.join(ROOT, "deploy", "package", "debian", "control"), encoding="utf-8") as control:
        asked = re.search(r"(?m)^Depends: (.*)$", control.read())[1]
    return tuple(alternatives.split("|")[0].strip() for alternatives in asked.split(","))


# What a box has that boots and is looked at; the package's own dependencies too, for it is installed without a network.
BOX_PACKAGES = ("systemd-sysv", "dbus", "sudo", "curl", "tcpdump", "nftables", *dependencies())


def command(*words, timeout=600, env=None, cwd=None):
    done = subprocess.run(words, capture_output=True, text=True, timeout=timeout, check=False, env=env, cwd=cwd)
    if done.returncode:
        raise AssertionError(f"{' '.join(words)}: code {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def inside(root, *words):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    return command("chroot", root, *words, env=environment)


def pristine_root():
    """A minimal Debian."""
    path = os.path.join(ROOTS, SUITE)
    if not os.path.exists(path + ".done"):
        os.makedirs(ROOTS, exist_ok=True)
        shutil.rmtree(path, ignore_errors=True)
        command("debootstrap", "--variant=minbase", SUITE, path, "http://deb.debian.org/debian")
        done(path)
    return path


def root_with(name, packages):
    """The same with packages installed; none of their services was started."""
    which = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:8]
    path = os.path.join(ROOTS, f"{SUITE}-{name}-{which}")
    if not os.path.exists(path + ".done"):
        shutil.rmtree(path, ignore_errors=True)
        copy_of(pristine_root(), path)
        inside(path, "apt-get", "update", "-qq")
        inside(path, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
        done(path)
    return path


def done(path):
    open(path + ".done", "w", encoding="ascii").close()


def copy_of(root, path):
    """A copy in which apt finds its servers as it does here, and no service starts."""
    command("cp", "-a", "--reflink=auto", root, path)
    for name in ("/etc/resolv.conf", "/etc/hosts"):
        shutil.copy(name, path + name)
    policy = path + "/usr/sbin/policy-rc.d"
    with open(policy, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\nexit 101\n")
    os.chmod(policy, 0o755)
    for settings in os.listdir("/etc/apt/apt.conf.d"):
        if "proxy" in settings.lower():
            shutil.copy("/etc/apt/apt.conf.d/" + settings, path + "/etc/apt/apt.conf.d/")
