"""One run at a time on a file: the operating system's locks, which end with the process that holds them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from microopt.errors import OutputError
from microopt.storage.atomic_write import check_writable, write_error

POLL_SECONDS = 0.05  # seconds between two looks whether a lock is free

Notify = Callable[[str], None]


def _unheard(_phase: str) -> None:
    """Take a report and do nothing with it."""


@contextmanager
def exclusive_lock(paths: Sequence[str], wait: float, report: Notify = _unheard) -> Iterator[None]:
    """Be the only run that works on these files until the block ends.

    The locks are files `.NAME.lock` beside them, which stay there; a run that is killed leaves none of them locked.

    Parameters
    ----------
    paths
        Files that are there or will be; each is locked once, in one order for all runs: two never wait for each other.
    wait
        Seconds to wait for other runs, in all.
    report
        Called with whom is waited for.

    Raises
    ------
    OutputError
        If another run still holds one of them then, or a lock file cannot be written.
    """
    end = time.monotonic() + wait
    with ExitStack() as held:
        for target in sorted({os.path.realpath(path) for path in paths}):
            held.enter_context(_locked(Path(target), end, report))
        yield


def lock_path(target: Path) -> Path:
    """Return the lock file of a target."""
    return target.with_name(f".{target.name[:100]}.lock")


@contextmanager
def _locked(target: Path, end: float, report: Notify) -> Iterator[None]:
    check_writable(str(target))  # the library would make the folder
    file = lock_path(target)
    lock = FileLock(file)
    holder = _holder(file)  # read before the first try: a library before filelock 4 empties the file when it tries
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


def _holder(file: Path) -> str:
    """Return who holds a lock, as far as its file tells."""
    try:
        pid, since = file.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return "another run of microopt"
    return f"another run of microopt (process {pid}, since {since})"
