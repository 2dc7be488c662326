"""Fill the console blocks of the pages with what the commands print now: `python docs/make_sessions.py`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```console\n\$ (microopt [^\n]*)\n.*?```", re.DOTALL)


def filled(text: str) -> str:
    """Return the page with each console block's output made anew."""
    return BLOCK.sub(lambda match: f"```console\n$ {match[1]}\n{_output(match[1])}```", text)


def _output(command: str) -> str:
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    run = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=True,
    )  # fmt: skip
    return re.sub(r"in \d+\.\d+ s\b", "in 0.20 s", run.stdout)


if __name__ == "__main__":
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
