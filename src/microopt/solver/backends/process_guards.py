"""Hold Ctrl-C back where it would be lost, or would lose something.

Keep what a library prints at the level of the process off standard output, where the plan goes.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def defer_signals() -> Iterator[None]:
    """Let a signal that comes meanwhile act at the end, whatever that end is; several act as one.

    HiGHS' Python side needs it: a KeyboardInterrupt within the reading of its arguments is lost, and told as arguments
    of the wrong type. So does the start of a process, which would run on with nobody to end it, and of a thread, which
    waits in a way that an interrupt turns into a RuntimeError. Only the main thread is told of signals; in another one
    there is nothing to hold.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}
    if threading.current_thread() is not threading.main_thread() or None in before.values():  # None: not Python's
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    try:
        for number in SIGNALS:
            signal.signal(number, lambda *signalled: came.append(signalled))
        yield
    finally:
        try:
            signal.signal(signal.SIGINT, before[signal.SIGINT])
        finally:  # a Ctrl-C that comes here must not leave the other held for good
            signal.signal(signal.SIGTERM, before[signal.SIGTERM])
        for signalled, frame in came:
            handler = before[signal.Signals(signalled)]
            if callable(handler):
                handler(signalled, frame)
            elif handler is not signal.SIG_IGN:
                signal.raise_signal(signalled)


STDOUT = 1


@contextmanager
def suppress_stdout() -> Iterator[None]:
    """Send what is written to standard output meanwhile nowhere.

    HiGHS needs it: from 1.16 its first instance prints a banner, before any option can forbid that.
    """
    try:
        kept = os.dup(STDOUT)
    except OSError:  # the process was started without a standard output: nothing can reach it
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    try:
        yield
    finally:
        os.dup2(kept, STDOUT)
        os.close(nowhere)
        os.close(kept)
