"""Where CBC is, and which version.

PuLP 3 bundles CBC, in a folder of its own for each system. It is found there without PuLP, which takes as long to
import as a plan of 1,000 creators takes to solve, and most plans are proven without CBC.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

BUNDLED_VERSION = "2.10.3"  # in every PuLP 3


def cbc_path() -> str:
    """Return the path of CBC: PuLP 3 bundles it, PuLP 4 finds it in the package cbcbox or on PATH."""
    if (bundled := bundled_path()) is not None and os.access(bundled, os.X_OK):
        return bundled
    import pulp

    command = getattr(pulp, "PULP_CBC_CMD", None)  # its import makes the file executable, which some installers forget
    return str(pulp.COIN_CMD().path if command is None else command.pulp_cbc_path)


def bundled_path() -> str | None:
    """Return where PuLP 3 has CBC for this system, or None if PuLP does not bundle it."""
    spec = find_spec("pulp")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return None
    system = {"win32": "win", "darwin": "osx"}.get(sys.platform, "linux")
    path = Path(folders[0], "solverdir", "cbc", system, _architecture(system), "cbc.exe" if system == "win" else "cbc")
    return str(path) if path.exists() else None


def _architecture(system: str) -> str:
    """Return PuLP's name of the processor; for macOS it has one file for all."""
    if sys.maxsize <= 2**32:
        return "i32"
    is_arm = platform.machine().lower() in ("aarch64", "arm64")
    return "arm64" if is_arm and system != "osx" else "i64"


def is_cbc_installed() -> bool:
    """Whether there is a CBC to run."""
    return shutil.which(cbc_path()) is not None


@cache
def cbc_version() -> str:
    """Return the version of the installed CBC, which only PuLP 4 leaves open."""
    if bundled_path() is not None:
        return BUNDLED_VERSION
    with suppress(OSError, subprocess.SubprocessError):
        status = subprocess.run([cbc_path(), "-quit"], capture_output=True, text=True, timeout=5, check=False).stdout
        if match := re.search(r"^Version: (\S+)", status, re.MULTILINE):
            return match[1]
    return "unknown"
