"""Hold Ctrl-C back where it would be lost, or would lose something."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held() -> Iterator[None]:
    """Let a signal that comes meanwhile act at the end.

    HiGHS' Python side needs it: a KeyboardInterrupt within the reading of its arguments is lost, and told as arguments
    of the wrong type. So does the start of a process, which would run on with nobody to end it, and of a thread, which
    waits in a way that an interrupt turns into a RuntimeError. Only the main thread is told of signals; in another one
    there is nothing to hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    before = {number: signal.signal(number, lambda *signalled: came.append(signalled)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for signalled, frame in came:
        handler = before[signal.Signals(signalled)]
        if callable(handler):
            handler(signalled, frame)
        elif handler is not signal.SIG_IGN:
            signal.raise_signal(signalled)
