"""Writes breakwater(1) and one page per command from what `--help` says, so that pages and program agree.

usage: man_pages.py DIRECTORY VERSION JAVA_COMMAND...
"""

import os
import re
import subprocess
import sys

EXIT_STATUS = """.SH EXIT STATUS
0: done. 1: failed at run time. 2: what was typed or configured cannot be right.
"""


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
    """One page; the first paragraph of the help that is no synopsis is its description."""
    synopsis, _, rest = text.partition("\n\n") if "\n\n" in text else (text, "", "")
    summary = re.sub(r"\s+", " ", first_sentence(text))
    return (
        f'.TH "{name.upper()}" 1 "" "breakwater {version}" "User Commands"\n'
        f".SH NAME\n{escape(name)} \\- {escape(summary)}\n"
        f".SH SYNOPSIS\n.nf\n{escape(synopsis)}\n.fi\n"
        + (f".SH DESCRIPTION\n.nf\n{escape(rest)}\n.fi\n" if rest else "")
        + EXIT_STATUS
        + f".SH SEE ALSO\n{escape(see_also)}\n"
    )


def first_sentence(text):
    """What stands after the usage lines, up to a full stop."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if i and not line.startswith(" "))
    return " ".join(lines[start:]).split(". ")[0].split("  ")[0].rstrip(".")


def main():
    directory, version, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    top = help_of(command)
    names = re.findall(r"^  ([a-z]+) {2,}\S", top[top.index("Commands:") :], re.MULTILINE)
    pages = {"breakwater": page("breakwater", version, top, ", ".join(f"breakwater-{name}(1)" for name in names))}
    for name in names:
        if name != "help":
            pages[f"breakwater-{name}"] = page(f"breakwater-{name}", version, help_of(command, name), "breakwater(1)")
    for name, text in pages.items():
        with open(os.path.join(directory, name + ".1"), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
