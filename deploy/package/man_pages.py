"""Writes breakwater(1) and one page per command from what `--help` says, so that pages and program agree.

usage: man_pages.py DIRECTORY VERSION JAVA_COMMAND...
"""

import os
import re
import subprocess
import sys

EXIT_STATUS = "0: done. 1: failed at run time. 2: what was typed or configured cannot be right."
# What a command's own help says of it, over as many lines as it takes.
OWN_EXIT_STATUS = re.compile(r"^Exit codes?:? (0\b[^.]*\.)\n?", re.MULTILINE)


def escape(text):
    """Text as roff takes it literally."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in lines)


def help_of(command, *names):
    done = subprocess.run(
        [*command, *names, "--help"], capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "80"}
    )
    return done.stdout.rstrip()


def page(name, version, text, see_also):
    """One page out of one command's help: usage, description, options; exit codes are told once."""
    usage, rest = split(text)
    own = OWN_EXIT_STATUS.search(rest)
    status = re.sub(r"\s+", " ", own[1]) if own else EXIT_STATUS
    rest = OWN_EXIT_STATUS.sub("", rest)
    summary = re.split(r"[.:]( |$)", re.sub(r"\s+", " ", rest))[0]
    return (
        f'.TH "{name.upper()}" 1 "" "breakwater {version}" "User Commands"\n'
        f".SH NAME\n{escape(name)} \\- {escape(summary)}\n"
        f".SH SYNOPSIS\n.nf\n{escape(usage)}\n.fi\n"
        f".SH DESCRIPTION\n.nf\n{escape(rest)}\n.fi\n"
        f".SH EXIT STATUS\n{escape(status)}\n"
        f".SH SEE ALSO\n{escape(see_also)}\n"
    )


def split(text):
    """The usage lines, of which all but the first are indented, and the rest."""
    lines = text.removeprefix("Usage: ").splitlines()
    end = next(i for i, line in enumerate(lines) if i and not line.startswith(" "))
    return "\n".join(lines[:end]), "\n".join(lines[end:])


def main():
    directory, version, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    top = help_of(command)
    names = re.findall(r"^  ([a-z]+) {2,}\S", top[top.index("Commands:") :], re.MULTILINE)
    names.remove("help")
    pages = {"breakwater": page("breakwater", version, top, ", ".join(f"breakwater-{name}(1)" for name in names))}
    for name in names:
        pages[f"breakwater-{name}"] = page(f"breakwater-{name}", version, help_of(command, name), "breakwater(1)")
    for name, text in pages.items():
        with open(os.path.join(directory, name + ".1"), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
