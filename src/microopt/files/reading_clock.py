"""When a command read its first byte: from then on its time limit counts, and the start of the program before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

_program_start: float | None = None


def note_program_start() -> None:
    """Count what passes until a command begins; waiting for its first byte comes later, and does not count."""
    global _program_start  # noqa: PLW0603 (a program starts once)
    _program_start = perf_counter()


def _seconds_since_start() -> float:
    return 0.0 if _program_start is None else perf_counter() - _program_start


class ReadingClock:
    """A clock that the first byte starts.

    Attributes
    ----------
    start
        The time of the first byte less what the start of the program took, as `time.perf_counter` counts, or None.
    """

    def __init__(self) -> None:
        self.start: float | None = None
        self._seconds_before = _seconds_since_start()
        self._at_start: Callable[[float], object] | None = None

    def note_byte(self) -> None:
        """Start, unless it has started."""
        if self.start is None:
            self.start = perf_counter() - self._seconds_before
            if self._at_start is not None:
                self._at_start(self.start)

    @contextmanager
    def at_start(self, call: Callable[[float], object]) -> Iterator[None]:
        """Call a function with the time of the start; at once if it has started.

        The time before this call counts too, such as that of imports; the wait for the first byte does not.
        """
        self._at_start, self._seconds_before = call, _seconds_since_start()
        if self.start is not None:
            call(self.start)
        try:
            yield
        finally:
            self._at_start = None
