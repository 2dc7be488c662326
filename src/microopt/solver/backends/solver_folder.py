"""The folder of a solver that runs as a process of its own; neither outlives the run, even if the run is killed.

SIGKILL gives a process no time to end what it has started. So a shell waits for the end of a pipe that only
the run holds open; a kernel's `PR_SET_PDEATHSIG` is not on macOS, and would have to be set between fork and
exec, which is not safe in a process with threads. Where the shell was killed too, such as with all that a scheduler
had started, the next run removes the folder.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Lock

from microopt.signals import defer_signals

PREFIX = "microopt-cbc-"
NAME = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")
UNLOCKED_SECONDS = 60.0  # age from which a folder that no run has locked is not about to be locked
WATCH = """
while read -r line; do state=$line; done
for item in $state; do
    case $item in
        [0-9]*) kill -KILL "-$item" ;;
        *) rm -rf -- "$0/$item" ;;
    esac
done
"""


class _Watch:
    """A shell that, once the process is gone, kills its solvers and removes their folders."""

    def __init__(self, parent: str) -> None:
        null = subprocess.DEVNULL
        command = ["/bin/sh", "-c", WATCH, parent]
        self._shell = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=null, stderr=null, start_new_session=True)
        self._state: list[str] = []
        self._lock = Lock()
        atexit.register(self.close)

    def close(self) -> None:
        """End the shell."""
        atexit.unregister(self.close)
        self._shell.communicate()

    def change(self, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Tell the shell which process groups (numbers) and folders (names) there are now: groups first."""
        with self._lock:
            self._state = sorted([item for item in self._state if item not in remove] + [*add])
            assert self._shell.stdin is not None
            with suppress(BrokenPipeError):  # somebody ended the shell: the run goes on without it
                self._shell.stdin.write(f"{' '.join(self._state)}\n".encode())
                self._shell.stdin.flush()


@cache
def _watch(parent: str, _process: int) -> _Watch | None:
    """Return the watch of this process, which one that was forked from it does not share."""
    watch = None
    try:
        with defer_signals():
            watch = _Watch(parent)
    except OSError:  # a system without a shell: a run that is killed then leaves its solver to its time limit
        return None
    except KeyboardInterrupt:
        if watch is not None:
            watch.close()
        raise
    return watch


class SolverFolder:
    """A folder for the files of one solver, which is told apart by its process id while it runs."""

    def __init__(self, path: str, watch: _Watch | None) -> None:
        self.path, self._watch = Path(path), watch
        self._change(add=[self.path.name])

    def guard(self, process: subprocess.Popen[bytes]) -> None:
        """Have the process killed, with its group, if this one is."""
        self._change(add=[str(process.pid)])

    def release(self, process: subprocess.Popen[bytes]) -> None:
        """Forget a process that has ended: its number may become another's."""
        self._change(remove=[str(process.pid)])

    def forget(self) -> None:
        """Forget the folder, which has been removed."""
        self._change(remove=[self.path.name])

    def _change(self, **change: Sequence[str]) -> None:
        if self._watch is not None:
            self._watch.change(**change)


@contextmanager
def solver_folder() -> Iterator[SolverFolder]:
    """Make a folder for a solver, and remove it at the end of the block.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    _remove_abandoned_folders()
    watch, folder = _watch(tempfile.gettempdir(), os.getpid()), None
    try:
        with tempfile.TemporaryDirectory(prefix=PREFIX) as path:
            folder = SolverFolder(path, watch)
            handle = os.open(path, os.O_RDONLY)
            try:
                with suppress(OSError):  # a file system without locks: then nobody can lock the folder to remove it
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield folder
            finally:
                os.close(handle)
    finally:
        if folder is not None:
            folder.forget()  # last: a run may be killed while it removes the folder


@cache
def _remove_abandoned_folders() -> None:
    """Remove the folders of runs that were killed with all that they had started, once in a process."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:  # what cannot be listed is not ours to clean
        abandoned = [entry.path for entry in entries if NAME.fullmatch(entry.name) and _is_old_and_ours(entry)]
        for path in abandoned:
            _remove_unless_locked(path)


def _is_old_and_ours(entry: os.DirEntry[str]) -> bool:
    status = entry.stat(follow_symlinks=False)
    is_old = status.st_mtime < time.time() - UNLOCKED_SECONDS
    return entry.is_dir(follow_symlinks=False) and status.st_uid == os.geteuid() and is_old


def _remove_unless_locked(path: str) -> None:
    with suppress(OSError):  # another run has locked it, or is just removing it
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path)
        finally:
            os.close(handle)
