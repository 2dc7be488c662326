"""Let one run at a time work on a file, with locks of the operating system, which end with their process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from microopt.errors import OutputError
from microopt.storage.targets import check_writable, require_regular, write_error
from microopt.storage.temporary_files import bounded_name

POLL_SECONDS = 0.05  # between two attempts to take a lock

Notify = Callable[[str], None]


def _ignore(_message: str) -> None:
    """Do nothing."""


@contextmanager
def exclusive_lock(paths: Sequence[str], wait: float, report: Notify = _ignore) -> Iterator[None]:
    """Be the only run that works on these files until the block ends.

    The locks are files `.NAME.lock` next to them, which remain; a killed run leaves none of them locked.

    Parameters
    ----------
    paths
        Existing or future files; each is locked once, in one order by all runs, so that no two wait for each other.
    wait
        Seconds to wait for other runs, in all.
    report
        Called with a message about the run that is waited for.

    Raises
    ------
    OutputError
        If another run still holds a lock after that time, or a lock file cannot be written.
    """
    end = time.monotonic() + wait
    with ExitStack() as locks:
        targets = {lock_path(target): target for target in map(Path, map(os.path.realpath, paths))}
        for file in sorted(targets):
            locks.enter_context(_lock(targets[file], end, report))
        yield


def lock_path(target: Path) -> Path:
    """Return the lock file of a target."""
    return target.with_name(f".{bounded_name(target.name)}.lock")


@contextmanager
def _lock(target: Path, end: float, report: Notify) -> Iterator[None]:
    check_writable(str(target))  # filelock would create the folder
    file = lock_path(target)
    _refuse_special(file)
    lock = FileLock(file)
    holder = _describe_holder(file)  # before the first attempt, since filelock before version 4 empties the file
    try:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            report(f"waiting for {holder} to be done with {target}")
            lock.acquire(timeout=max(0.0, end - time.monotonic()), poll_interval=POLL_SECONDS)
        file.write_text(f"{os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n", encoding="utf-8")
    except Timeout:
        fix = "wait until it is done, or give it more time with --wait; a lock ends with the process that holds it"
        raise OutputError(f"{target} is in use by {holder}", fix=fix, code="locked") from None
    except OSError as error:
        lock.release()
        raise write_error(str(target), error) from None
    try:
        yield
    finally:
        lock.release()


def _refuse_special(file: Path) -> None:
    """Refuse a lock file that is a link, a pipe or a device."""
    try:
        require_regular(str(file), follow=False)
    except OSError as error:
        raise write_error(str(file), error) from None


def _describe_holder(file: Path) -> str:
    """Return who holds a lock, as far as its file says."""
    try:
        pid, since = file.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return "another run of microopt"
    return f"another run of microopt (process {pid}, since {since})"
