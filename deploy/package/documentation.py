"""Copies README.md and docs as the package keeps them, in one directory, so that their links lead on from there.

usage: documentation.py ROOT DIRECTORY

A link to what the package does not hold, such as a source file, becomes its words.
"""

import glob
import os
import posixpath
import re
import sys

PAGES = ("README.md", "docs/*.md", "docs/adr/*.md")
# Where the package keeps what the repository has elsewhere; the first that fits.
PLACES = (("docs/", ""), ("deploy/prometheus", "prometheus"), ("deploy/grafana", "grafana"), ("README.md", "README.md"))
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)")


def packaged(path):
    """Where the package keeps a path of the repository, or nothing."""
    if path.startswith("docs/") and not path.endswith(".md") and path != "docs/adr":
        return None
    return next((place + path.removeprefix(own) for own, place in PLACES if path.startswith(own)), None)


def rewritten(text, page):
    """The page's text with links as seen from where the package keeps it."""

    def link(found):
        words, target, anchor = found[1], found[2], found[3] or ""
        if not target or ":" in target:
            return found[0]
        place = packaged(posixpath.normpath(posixpath.join(posixpath.dirname(page), target)))
        if place is None:
            return words
        return f"[{words}]({posixpath.relpath(place, posixpath.dirname(packaged(page)) or '.')}{anchor})"

    return LINK.sub(link, text)


def main():
    root, directory = sys.argv[1:]
    for path in sorted(path for pages in PAGES for path in glob.glob(os.path.join(root, pages))):
        page = os.path.relpath(path, root)
        copy = os.path.join(directory, packaged(page))
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        with open(path, encoding="utf-8") as file:
            text = rewritten(file.read(), page)
        with open(copy, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
