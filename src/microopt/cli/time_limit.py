"""The time limit of a command holds from the first byte that it reads: reading and the solve after it have one clock.

While files are read, an alarm ends whatever is under way: a slow pipe, or a file that takes longer than it should. It
is off before anything is written.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import isinf
from time import perf_counter
from types import FrameType

from microopt.errors import TimeLimitError
from microopt.files.record import current_record

LEAST_SECONDS = 0.1  # that a solve gets, as with the shortest limit
MOST_SECONDS = 1e8  # three years, after which macOS sets no alarm
AGAIN_SECONDS = 0.1  # until the alarm is heard: one that another thread gets does not end a read that waits
LEAST_READING = 5.0  # seconds that reading gets with a shorter limit, which is one for the solve


class _TimeIsUp(BaseException):
    """The alarm; not an Exception, since readers take those of libraries for faults of the file."""


@contextmanager
def limited_reading(seconds: float) -> Iterator[None]:
    """End reading that takes longer than a time limit, from the first byte on; waiting for that one does not count.

    Raises
    ------
    TimeLimitError
        If it does.
    """
    if isinf(seconds) or threading.current_thread() is not threading.main_thread():
        yield  # only the main thread has signals
        return
    limit = max(seconds, LEAST_READING)
    before = signal.signal(signal.SIGALRM, _raise_time_is_up)
    try:
        with current_record().clock.at_start(lambda start: _set_alarm(start + limit)):
            yield
        signal.setitimer(signal.ITIMER_REAL, 0)  # here, so that an alarm of the last moment is taken below
    except _TimeIsUp:
        message = f"the time limit of {limit:g} seconds passed before the files were read: nothing was written"
        fix = "give more time, such as --time-limit 300, or save what comes from a slow pipe as a file first"
        raise TimeLimitError(message, fix=fix) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def seconds_left(seconds: float) -> float | None:
    """Return what is left of a time limit since the first byte that the command read; None without a limit."""
    if isinf(seconds):
        return None
    start = current_record().clock.start
    return seconds if start is None else max(seconds - (perf_counter() - start), min(seconds, LEAST_SECONDS))


def _set_alarm(end: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, min(max(end - perf_counter(), 1e-3), MOST_SECONDS), AGAIN_SECONDS)


def _raise_time_is_up(_number: int, _frame: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    raise _TimeIsUp
