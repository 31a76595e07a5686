"""The commands and policies that README.md and docs hold, with the place where each block is to be tried."""

import glob
import os
import re
import subprocess

from wire import ROOT

FENCE = re.compile(r"^( *)```(.*)$")
# What docs/install.md tells of them.
PLACES = {"box", "build", "clone", "router", "takes-long", "card"}
OPTIONS = {"finds"}
# Not commands; a block without a language would hide some.
OTHERS = {"text", "yaml"}


class Block:
    """One fenced block: `language`, the words after it, its text without indentation, and where it stands."""

    def __init__(self, path, line, words, text):
        self.where = f"{os.path.relpath(path, ROOT)}:{line}"
        self.file = os.path.relpath(path, ROOT)
        self.language, self.words = (words[0] if words else ""), words[1:]
        self.text = text

    @property
    def place(self):
        return self.words[0] if self.words else ""

    @property
    def may_find(self):
        """Exit code 1 means findings, not failure."""
        return "finds" in self.words


def blocks():
    """Every fenced block of README.md and docs, in order."""
    paths = [os.path.join(ROOT, "README.md"), *sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True))]
    return [block for path in paths for block in blocks_of(path)]


def blocks_of(path):
    found, begun = [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().splitlines(), 1):
            fence = FENCE.match(line)
            if fence and begun is None:
                begun, indent, words, lines = number, len(fence[1]), fence[2].split(), []
            elif fence:
                found.append(Block(path, begun, words, "\n".join(lines) + "\n"))
                begun = None
            elif begun is not None:
                lines.append(line[indent:])
    assert begun is None, f"{path}:{begun}: a block that does not end"
    return found


def commands(place, file=None):
    """The blocks of shell commands for one place, in order; of one file, if it is named."""
    return [block for block in blocks() if block.language == "sh" and block.place == place and file in (None, block.file)]


def lines(block):
    """The commands of a block, one each, without comments."""
    joined = block.text.replace("\\\n", " ")
    return [line for line in (re.sub(r"\s+#.*$", "", line).strip() for line in joined.splitlines()) if line and line[0] != "#"]


def parse(block):
    """What the shell finds wrong with a block, or nothing."""
    done = subprocess.run(["sh", "-n"], input=block.text, capture_output=True, text=True, timeout=10, check=False)
    return done.stderr
