"""Prints Debian's copyright file: the project's licence, each library's as the SBOM tells, and the texts they bring.

usage: copyright.py SBOM_JSON DIRECTORY_OF_JARS
"""

import json
import os
import sys
import zipfile

HEAD = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: the Breakwater authors
License: Apache-2.0
 On Debian systems, the text is in /usr/share/common-licenses/Apache-2.0.

Files: usr/lib/breakwater/runtime/*
Copyright: Oracle and others; see usr/lib/breakwater/runtime/legal
License: GPL-2.0-only with Classpath-exception-2.0
 The texts are in /usr/lib/breakwater/runtime/legal.
"""
NAMES = ("LICENSE", "LICENSE.TXT", "LICENSE.MD", "NOTICE", "NOTICE.TXT", "NOTICE.MD", "COPYING", "AL2.0", "LGPL2.1")


def licences(component):
    found = [entry.get("license", {}) for entry in component.get("licenses", [])]
    names = [one.get("id") or one.get("name") or "unknown" for one in found]
    names += [entry["expression"] for entry in component.get("licenses", []) if "expression" in entry]
    return " or ".join(names) or "unknown"


def texts(jar):
    """Licence texts that a jar carries, by their name in it."""
    with zipfile.ZipFile(jar) as archive:
        for name in sorted(archive.namelist()):
            if os.path.basename(name).upper() in NAMES:
                yield name, archive.read(name).decode("utf-8", "replace")


def indented(text):
    return "\n".join(" " + (line.rstrip() or ".") for line in text.splitlines())


def main():
    sbom, directory = sys.argv[1:]
    with open(sbom, encoding="utf-8") as file:
        components = json.load(file)["components"]
    print(HEAD)
    for component in sorted(components, key=lambda one: one["name"]):
        if component.get("group") == "io.breakwater":
            continue
        name = f"{component['name']}-{component['version']}.jar"
        jar = os.path.join(directory, name)
        if not os.path.exists(jar):
            sys.exit(f"copyright: {name} is in the SBOM and not among the jars; run mvn package")
        print(f"Files: usr/lib/breakwater/app/{name}\nCopyright: its authors\nLicense: {licences(component)}")
        for path, text in texts(jar):
            print(f" {path}:\n .\n{indented(text)}\n .")
        print()


if __name__ == "__main__":
    main()
