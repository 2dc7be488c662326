"""Names of the files that a run makes next to a target, and the removal of those that killed runs left."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from math import inf
from pathlib import Path

from microopt.errors import OutputError
from microopt.storage.targets import write_error

OLD = 3600.0  # seconds
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


def remove_old_temp_files(target: Path) -> None:
    """Remove the temporary files that killed runs left next to a target an hour ago or earlier.

    It needs no lock: the processes of another computer, which have ids of their own, write for less than an hour. What
    cannot be removed is left to others.
    """
    with suppress(OutputError):
        remove_stale_files(target.parent, re.escape(_prefix_of_all(target)), min_age=OLD)


def remove_stale_files(folder: Path, prefix: str, *, min_age: float = 0.0) -> None:
    """Remove the temporary files of ended processes from a folder, but not those of another user in a shared one.

    Parameters
    ----------
    prefix
        A pattern of how their names begin.
    min_age
        Seconds for which a file must have been as it is.

    Raises
    ------
    OutputError
        If one cannot be removed.
    """
    pattern = re.compile(rf"{prefix}(\d+)-[a-z0-9_]{{8}}")
    newest = time.time() - min_age if min_age else inf  # the clock of another computer may be ahead
    try:
        files = [(file, match) for file in folder.iterdir() if (match := pattern.fullmatch(file.name))]
        for file, match in files:
            if not _is_running(int(match[1])):
                _remove(file, newest)
    except OSError as error:
        raise write_error(str(folder), error) from None


def _remove(file: Path, newest: float) -> None:
    with suppress(FileNotFoundError, PermissionError):  # another run removed it, or it is another user's
        if file.lstat().st_ctime <= newest:
            file.unlink()


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
