"""Let one run at a time work on a file, with locks of the operating system, which end with their process."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from errno import EACCES, EAGAIN, EINVAL, ELOOP, EPERM
from pathlib import Path
from shlex import quote

from microopt.errors import OutputError
from microopt.storage.regular_file import open_regular
from microopt.storage.targets import check_writable, require_regular
from microopt.storage.temporary_files import bounded_name

POLL_SECONDS = 0.05  # between two attempts to take a lock
ATTEMPTS = 100  # to open a lock file that other runs make and that somebody removes
NOTE = re.compile(
    r"([0-9]{1,10}) ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n"
)  # the text of a lock file
MAX_NOTE_BYTES = 64

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
    check_writable(str(target))
    file = lock_path(target)
    try:
        require_regular(str(file), follow=False)
        lock = _acquire(file, end, lambda holder: report(f"waiting for {holder} to be done with {target}"))
    except OSError as error:
        raise _lock_file_error(target, file, error) from None
    if isinstance(lock, str):
        fix = "wait until it is done, or give it more time with --wait; a lock ends with the process that holds it"
        raise OutputError(f"{target} is in use by {lock}; the lock is {file}", fix=fix, code="locked")
    try:
        lock.note_holder()
        yield
    finally:
        lock.close()


def _acquire(file: Path, end: float, report: Notify) -> _LockFile | str:
    """Return the locked file, or who still holds it at the end."""
    waits = False
    while True:
        lock = _open_in_place(file)
        if lock.is_held:
            return lock
        holder = lock.describe_holder()
        lock.close()
        if not waits:
            report(holder)
            waits = True
        if time.monotonic() >= end:
            return holder
        time.sleep(POLL_SECONDS)


class _LockFile:
    """An open lock file, locked if nobody else holds it.

    Whoever may only read it can lock it all the same, and leaves no note in it.
    """

    def __init__(self, file: Path, handle: int, *, writable: bool) -> None:
        self._file, self._handle, self._writable, self._noted = file, handle, writable, False
        self.is_held = True
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.is_held = False
        except OSError:  # a file system without locks
            self.close()
            raise

    def is_in_place(self) -> bool:
        """Whether it is the file that everybody else finds: it may have been removed since it was opened."""
        try:
            return os.path.samestat(os.fstat(self._handle), self._file.lstat())
        except FileNotFoundError:
            return False

    def describe_holder(self) -> str:
        """Return who holds the lock, as far as its file says."""
        found = NOTE.fullmatch(self._text())
        return f"another run of microopt (process {found[1]}, since {found[2]})" if found else "another run of microopt"

    def note_holder(self) -> None:
        """Write into the file who holds the lock, unless it holds another text: then it is somebody's file."""
        text = self._text()
        if self._writable and (not text or NOTE.fullmatch(text)):
            self._noted = True
            with suppress(OSError):  # a full disk: the lock holds all the same
                os.ftruncate(self._handle, 0)
                os.pwrite(self._handle, f"{os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)

    def close(self) -> None:
        """Remove the note, and give the lock back."""
        if self._noted:  # the next holder may be one who cannot write another
            os.ftruncate(self._handle, 0)
        os.close(self._handle)

    def _text(self) -> str:
        return os.pread(self._handle, MAX_NOTE_BYTES, 0).decode("ascii", "replace")


def _open_in_place(file: Path) -> _LockFile:
    """Open a lock file, or make it, and lock it if nobody else holds it."""
    for _ in range(ATTEMPTS):
        if (lock := _open(file)) is not None:
            if not lock.is_held or lock.is_in_place():
                return lock
            lock.close()
    raise OSError(EAGAIN, "others remove it again and again", str(file))


def _open(file: Path) -> _LockFile | None:
    """Open a lock file, or make it; None if others removed or made it in the same moment."""
    try:
        return _LockFile(file, open_regular(file, os.O_RDWR | os.O_NOFOLLOW), writable=True)
    except PermissionError:  # another user's
        return _LockFile(file, open_regular(file, os.O_RDONLY | os.O_NOFOLLOW), writable=False)
    except FileNotFoundError:
        pass
    try:
        handle = open_regular(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        return None
    os.fchmod(handle, 0o644 | file.parent.stat().st_mode & 0o022)  # who may write to the folder may write to it
    return _LockFile(file, handle, writable=True)


def _lock_file_error(target: Path, file: Path, error: OSError) -> OutputError:
    if error.errno in (ELOOP, EINVAL):  # a link, a pipe
        fix = f"remove it: rm {quote(str(file))}"
    elif error.errno in (EACCES, EPERM) and file.exists():
        fix = f"have its owner open it to you: chmod a+rw {quote(str(file))}"
    else:
        fix = f"use a folder that you can write to, on a disk that knows locks, such as ~/{target.name}"
    return OutputError(f"cannot lock {target} with {file}: {error.strerror}", fix=fix)
