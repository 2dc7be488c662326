"""What Ctrl-C and a scheduler's TERM do: end the program at once, or, during a solve, keep the best plan so far."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from microopt.cli.exit_codes import Exit
from microopt.signals import SIGNALS, interrupted, note_interrupt


def quit_at_once() -> None:
    """End at the signal, without unwinding: an import that is interrupted half way ends in any error."""
    for number in SIGNALS:
        signal.signal(number, _quit)


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


def _stop_searching(number: int, frame: object) -> None:
    if interrupted():
        _quit(number, frame)
    note_interrupt()
    raise KeyboardInterrupt


def _quit(number: int, frame: object) -> None:  # noqa: ARG001 (what a handler is given)
    try:
        os.write(sys.stderr.fileno(), b"Interrupted.\n")
    finally:  # also where standard error is full or closed
        os._exit(Exit.INTERRUPTED)
