"""One command as a process of its own: its time and its peak memory. Run as a script, without site packages.

A process that is started by `fork` counts what its parent held until then as its own. So a measured command is started
by this small one, and never by a benchmark that has pandas in its memory.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from time import perf_counter
from types import FrameType

GRACE = 5  # seconds between TERM, which lets a command end its own children, and KILL


def main(arguments: list[str]) -> None:
    """Run `SECONDS BYTES OUT ERR COMMAND...` and print what it took.

    It is ended after so many seconds, with all its children; it may have so many bytes of addresses (0: any number).
    """
    seconds, room, out, err, *command = arguments
    start, late = perf_counter(), [False]
    pid = os.fork()
    if pid == 0:
        _become(command, int(room), out, err)

    def end(_signal: int, _frame: FrameType | None) -> None:
        _kill(pid, signal.SIGKILL if late[0] else signal.SIGTERM)
        late[0] = True

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, float(seconds), GRACE)
    try:
        _, status, used = os.wait4(pid, 0)
        took = perf_counter() - start
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _kill(pid, signal.SIGKILL)  # what it left running
    code = os.waitstatus_to_exitcode(status)
    cpu, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(json.dumps({"seconds": took, "cpu": cpu, "megabytes": megabytes, "code": code, "timed_out": late[0]}))


def _become(command: list[str], room: int, out: str, err: str) -> None:
    """Be the command, in a session of its own."""
    try:
        os.setsid()
        if room:
            resource.setrlimit(resource.RLIMIT_AS, (room, room))
        for number, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execv(command[0], command)
    finally:
        os._exit(127)


def _kill(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, number)


if __name__ == "__main__":
    main(sys.argv[1:])
