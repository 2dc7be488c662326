"""The signals that end a run, and what holds them back where they would do harm."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)

_interrupted = False


def note_interrupt(wanted: bool = True) -> None:
    """Note that the user wants what there is, or with False that a new search begins.

    A solve takes the KeyboardInterrupt for itself, and hands over its best plan: whoever would solve again asks
    `interrupted`.
    """
    global _interrupted  # noqa: PLW0603 (a signal is the process's own)
    _interrupted = wanted


def interrupted() -> bool:
    """Whether the user wants what there is, and no further search."""
    return _interrupted


@contextmanager
def defer_signals() -> Iterator[None]:
    """Defer signals to the end of the block, however it ends; several signals act as one.

    HiGHS' Python side needs this: a KeyboardInterrupt while it parses its arguments is lost, and reported as arguments
    of the wrong type. The start of a process needs it too, because the process would run on with nobody to end it, and
    the start of a thread, because an interrupt of its wait becomes a RuntimeError. Only the main thread receives
    signals; in any other thread there is nothing to defer.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}
    if (
        threading.current_thread() is not threading.main_thread() or None in before.values()
    ):  # None: a handler that Python did not install
        yield
        return
    deferred: list[tuple[int, FrameType | None]] = []
    try:
        for number in SIGNALS:
            signal.signal(number, lambda *arguments: deferred.append(arguments))
        yield
    finally:
        try:
            signal.signal(signal.SIGINT, before[signal.SIGINT])
        finally:  # a Ctrl-C at this point must not leave the other signal deferred for good
            signal.signal(signal.SIGTERM, before[signal.SIGTERM])
        for received, frame in deferred:
            handler = before[signal.Signals(received)]
            if callable(handler):
                handler(received, frame)
            elif handler is not signal.SIG_IGN:
                signal.raise_signal(received)


@contextmanager
def finish_first() -> Iterator[None]:
    """Defer signals to the end of the block, and raise no KeyboardInterrupt there: what was made must not be lost."""
    with ExitStack() as deferred:
        deferred.enter_context(defer_signals())
        yield
        with suppress(KeyboardInterrupt):
            deferred.close()
