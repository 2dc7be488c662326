"""What Ctrl-C and a scheduler's TERM do: end the program at once, or, during a solve, keep the best plan so far.

In a process that works for another one, a signal ends nothing but a solve: its best plan is written, and whoever waits
for the process ends it where that takes too long.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from microopt.cli.exit_codes import Exit
from microopt.signals import SIGNALS, interrupted, note_interrupt

_waits_for_search = False  # whether a signal outside of a solve is kept for the next one
_stop_wanted = False


def quit_at_once() -> None:
    """End at the signal, without unwinding: an import that is interrupted half way ends in any error."""
    for number in SIGNALS:
        signal.signal(number, _quit)


def stop_at_next_search() -> None:
    """Keep a signal for the next solve, in a process that works for another one."""
    global _waits_for_search  # noqa: PLW0603 (signals are the process's own)
    _waits_for_search = True
    for number in SIGNALS:
        signal.signal(number, _want_stop)


def stop_wanted() -> bool:
    """Whether a signal is kept for the next solve."""
    return _stop_wanted


def check_stop() -> None:
    """Begin no solve once a signal is kept for it.

    Raises
    ------
    KeyboardInterrupt
        If one is.
    """
    if _stop_wanted:
        note_interrupt()
        raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first signal, so that a solve can hand over what it has; end at a second one."""
    note_interrupt(False)
    before = {number: signal.signal(number, _stop_searching) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _want_stop(number: int, frame: object) -> None:  # noqa: ARG001 (what a handler is given)
    global _stop_wanted  # noqa: PLW0603 (a signal is the process's own)
    _stop_wanted = True


def _stop_searching(number: int, frame: object) -> None:
    if _waits_for_search:
        _want_stop(number, frame)
    if interrupted():
        if _waits_for_search:
            return
        _quit(number, frame)
    note_interrupt()
    raise KeyboardInterrupt


def _quit(number: int, frame: object) -> None:  # noqa: ARG001 (what a handler is given)
    try:
        os.write(sys.stderr.fileno(), b"Interrupted.\n")
    finally:  # also where standard error is full or closed
        os._exit(Exit.INTERRUPTED)
