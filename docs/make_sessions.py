"""Fill the console blocks of the pages with what the commands print now: `python docs/make_sessions.py`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
A_DAY = "1796083200"  # 1 December 2026, in seconds since 1970: no wave of an example is over
BLOCK = re.compile(r"```console\n(\$ microopt [^\n]*\n.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)$", re.MULTILINE)


def filled(text: str) -> str:
    """Return the page with each console block's output made anew."""
    return BLOCK.sub(lambda match: f"```console\n{_session(COMMAND.findall(match[1]))}```", text)


def _session(commands: Sequence[str]) -> str:
    """Return commands with what they print, run in a folder that holds the examples and takes the files they write."""
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples", Path(folder) / "examples")
        return "".join(f"$ {command}\n{_output(command, folder)}" for command in commands)


def _output(command: str, folder: str) -> str:
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "SOURCE_DATE_EPOCH": A_DAY}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    run = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return re.sub(r"in \d+\.\d+ s\b", "in 0.20 s", run.stdout)


if __name__ == "__main__":
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
