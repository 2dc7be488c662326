"""Write `cli.md` with the help of every command: `python docs/make_cli.py`, or `--check` to compare."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from microopt.cli.app import app
from microopt.cli.exit_codes import Exit

PAGE = Path(__file__).resolve().parent / "cli.md"
MADE_WITH = f"<!-- Written by docs/make_cli.py with typer {version('typer')}. Do not edit. -->"
HEAD = f"""# Commands

{MADE_WITH}

What each command prints for `--help`, then the exit codes. Rules, filters and the campaign file: [rules.md](rules.md).
"""
EXITS = {
    Exit.OK: "a plan proven within the asked gap, or no problems found; an empty plan is a plan, with a warning",
    Exit.BUG: "a defect of microopt",
    Exit.USAGE: "a flag or the campaign is wrong, or a result cannot be written",
    Exit.ROSTER: "the roster is wrong, and the campaign is not",
    Exit.INFEASIBLE: "no plan can keep all the rules; the message names them",
    Exit.UNPROVEN: "a plan, stopped before its proof by a limit or Ctrl-C, or not confirmed in time by `--cross-check`",
    Exit.NO_PLAN: "a limit of time or memory came before any plan, or before `--cross-check` had confirmed that "
    "there is none",
    Exit.SOLVER: "the solver failed, its answer did not hold and was refused, or two solvers contradict each other; or "
    "`verify` found a plan false, or `store check` a store damaged",
    Exit.EXPECTATION: "a plan that does not meet an `--expect`, proven or not; it is written and shown like any other",
    Exit.UNREPORTED: "the run is done and its files are written, but standard output or the log could not be",
    Exit.INTERRUPTED: "stopped by Ctrl-C with no plan",
}
TAIL = """Results go to standard output, everything else to standard error; with `--format json` errors and diagnoses
are objects on standard output. Files of `-o` are written with codes 0, 5, 8 and 9, whole or not at all. What each fault
means and how to fix it: [faults.md](faults.md)."""
DROPPED = ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "TERMINAL_WIDTH", "CLICOLOR_FORCE")


def page() -> str:
    """Return the page."""
    parts = [HEAD.rstrip()]
    for name in ("", *commands()):
        parts += [f"## {f'microopt {name}'.strip()}", f"```text\n{help_of(name)}\n```"]
    rows = [f"| {code.value} | {EXITS[code]} |" for code in Exit]
    return "\n\n".join([*parts, "## Exit codes", "\n".join(["| Code | Means |", "|--:|---|", *rows]), TAIL]) + "\n"


def commands() -> dict[str, Any]:
    """Return the commands by name, those of a group after it: `store`, `store check`."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        found[name] = command
        if isinstance(command, TyperGroup):
            found |= {f"{name} {inner}": part for inner, part in command.commands.items()}
    return found


def help_of(command: str) -> str:
    """Return the help of a command as it is printed on a pipe of 100 columns, without colour."""
    env = {name: value for name, value in os.environ.items() if name not in DROPPED}
    env |= {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    words = [sys.executable, "-m", "microopt", *command.split(), "--help"]
    shown = subprocess.run(words, env=env, capture_output=True, encoding="utf-8", check=True).stdout
    return "\n".join(line.rstrip() for line in shown.strip("\n").splitlines()).strip("\n")


def stale(text: str) -> bool:
    """Whether a page is not what would be written; under another Typer, whether a flag or its text is missing."""
    if MADE_WITH in text:
        return _words(text) != _words(page())
    return any(_words(fact) not in _words(text) for fact in _facts())


def _words(text: str) -> str:
    """Return the words of a page, without frames and line breaks."""
    return " ".join(re.sub("[─│╭╮╰╯┌┐└┘]+", " ", text).split())


def _facts() -> Iterator[str]:
    """Yield what a page must hold, however help is laid out: every command, flag and text."""
    for name, command in commands().items():
        yield f"## microopt {name}"
        for parameter in command.params:
            yield from (opt for opt in parameter.opts if opt.startswith("-"))
            yield getattr(parameter, "help", None) or ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or with `--check` return 1 if it is stale."""
    parser = argparse.ArgumentParser(description="Write docs/cli.md from the help of every command.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is stale")
    check = parser.parse_args(arguments).check
    if not check:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.exists() or stale(PAGE.read_text(encoding="utf-8")):
        print("docs/cli.md is stale: run python docs/make_cli.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
