"""Names of the files that a run makes next to a target, and the removal of those that killed runs left."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from microopt.storage.targets import write_error

MAX_NAME_BYTES = 200  # of the 255 that a name has on Linux and macOS: the rest is for what is added to it


def bounded_name(name: str) -> str:
    """Return a name, cut where it is so long that nothing can be added to it; two long names stay two."""
    data = os.fsencode(name)
    if len(data) <= MAX_NAME_BYTES:
        return name
    mark = f"~{sha256(data).hexdigest()[:16]}"
    return data[: MAX_NAME_BYTES - len(mark)].decode("utf-8", "ignore") + mark


def temporary_prefix(target: Path) -> str:
    """Return how the names of this process's temporary files for a target begin."""
    return f"{_prefix_of_all(target)}{os.getpid()}-"


def remove_stale_temp_files(paths: Sequence[str]) -> None:
    """Remove the temporary files that killed runs left next to these targets; call it while the targets are locked.

    Raises
    ------
    OutputError
        If one cannot be removed.
    """
    for path in paths:
        target = Path(os.path.realpath(path))
        remove_stale_files(target.parent, re.escape(_prefix_of_all(target)))


def remove_stale_files(folder: Path, prefix: str) -> None:
    """Remove the temporary files of ended processes from a folder; `prefix` is a pattern of how their names begin.

    Raises
    ------
    OutputError
        If one cannot be removed.
    """
    pattern = re.compile(rf"{prefix}(\d+)-[a-z0-9_]{{8}}")
    try:
        files = [(file, match) for file in folder.iterdir() if (match := pattern.fullmatch(file.name))]
        for file, match in files:
            if not _is_running(int(match[1])):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise write_error(str(folder), error) from None


def _prefix_of_all(target: Path) -> str:
    return f".{bounded_name(target.name)}."


def _is_running(pid: int) -> bool:
    """Whether another process has this id; the current one has no temporary files at this point."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it is another user's
        return True
    return True
