"""When a command read its first byte: from then on its time limit counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter


class ReadingClock:
    """A clock that the first byte starts.

    Attributes
    ----------
    start
        The time of the first byte, as `time.perf_counter` counts, or None.
    """

    def __init__(self) -> None:
        self.start: float | None = None
        self._at_start: Callable[[float], object] | None = None

    def note_byte(self) -> None:
        """Start, unless it has started."""
        if self.start is None:
            self.start = perf_counter()
            if self._at_start is not None:
                self._at_start(self.start)

    @contextmanager
    def at_start(self, call: Callable[[float], object]) -> Iterator[None]:
        """Call a function with the time of the start; at once if it has started."""
        self._at_start = call
        if self.start is not None:
            call(self.start)
        try:
            yield
        finally:
            self._at_start = None
