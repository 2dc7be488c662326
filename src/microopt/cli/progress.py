"""A line of progress on a terminal's standard error for what takes over a second; nothing on a pipe."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType
from typing import TextIO

PATIENCE = 1.0


class Progress:
    """Shows how a solve goes on.

    Parameters
    ----------
    stream
        Where to; without `every` only a terminal is written to, in one line that is cleared at the end.
    quiet
        Write nothing.
    every
        Write a line for every report, to any stream.
    """

    def __init__(self, stream: TextIO, *, quiet: bool, every: bool = False) -> None:
        self.stream = stream
        self.shown = False
        self.every = every
        self.silent = quiet or not (every or stream.isatty())
        self.start = perf_counter()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            self._line("")

    def report(self, phase: str, value: int | None, bound: int | None) -> None:
        """Take a report of a solve."""
        seconds = perf_counter() - self.start
        if self.silent or (seconds < PATIENCE and not self.every):
            return
        gap = (
            f", at most {(bound - value) / max(1, abs(bound)):.3%} from the best"
            if value is not None and bound is not None
            else ""
        )
        if self.every:
            self.stream.write(f"{phase}: {seconds:.2f} s{gap}\n")
        else:
            self._line(f"{phase}: {seconds:.0f} s{gap} (Ctrl-C keeps the best plan so far)")

    def _line(self, text: str) -> None:
        self.stream.write(f"\r\x1b[2K{text}")
        self.stream.flush()
        self.shown = True
