"""A line of progress on a terminal's standard error for what takes over a second; nothing on a pipe."""

from __future__ import annotations

from fractions import Fraction
from shutil import get_terminal_size
from threading import Event, Thread
from time import perf_counter
from types import TracebackType
from typing import TextIO

from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.full_stop import end_sentence

PATIENCE = 1.0
TICK = 1.0
CLEAR_LINE = "\r\x1b[2K"


class Progress:
    """Shows what is being done, for how long, and how good the best plan so far is.

    Parameters
    ----------
    stream
        Where to; unless `verbose`, only a terminal is written to, in one line that is cleared at the end.
    quiet
        Write nothing.
    verbose
        Write a line for every report, to any stream.
    """

    def __init__(self, stream: TextIO, *, quiet: bool, verbose: bool = False) -> None:
        self.stream = stream
        self._quiet = quiet
        self._verbose = verbose and not quiet
        self.start = perf_counter()
        self._status = ("", "")
        self._line_visible = False
        self._finished = Event()
        shows = not quiet and not verbose and stream.isatty()
        self._ticker = Thread(target=self._tick, daemon=True) if shows else None

    def __enter__(self) -> Progress:
        if self._ticker is not None:
            self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finished.set()
        if self._ticker is not None:
            self._ticker.join()
        if self._line_visible:
            self._write_line("")

    def report(self, phase: str, value: Fraction | int | None = None, bound: Fraction | int | None = None) -> None:
        """Take a report: what is being done, and in the goal's own unit the best plan and what none can exceed."""
        seconds = perf_counter() - self.start
        if self._verbose:
            self.stream.write(f"{phase}: {seconds:.2f} s{_format_progress(value, bound)}\n")
        hint = "" if value is None else " (Ctrl-C keeps the best plan so far)"
        self._status = (phase, f"{_format_progress(value, bound)}{hint}")

    def note(self, text: str) -> None:
        """Write a note, unless nothing is to be written."""
        if not self._quiet:
            note = plain_text(end_sentence(text))
            self.stream.write(f"{CLEAR_LINE if self._line_visible else ''}Note: {note}\n")

    def _tick(self) -> None:
        wait = PATIENCE
        while not self._finished.wait(wait):
            phase, details = self._status
            if phase:
                self._write_line(f"{phase}: {perf_counter() - self.start:.0f} s{details}")
            wait = TICK

    def _write_line(self, text: str) -> None:
        self.stream.write(f"{CLEAR_LINE}{text[: get_terminal_size().columns - 1]}")  # a line that wraps is not cleared
        self.stream.flush()
        self._line_visible = True


def _format_progress(value: Fraction | int | None, bound: Fraction | int | None) -> str:
    """Return what is known of the best plan: its value, what bounds it, and how far these are apart."""
    best = "" if value is None else f", best plan {_amount(value)}"
    bound_text = "" if bound is None else f", bound {_amount(bound)}"
    if value is None or bound is None:
        return best + bound_text
    gap = abs(float(bound - value)) / max(abs(float(bound)), 1e-9)
    return f"{best}{bound_text}, gap {gap:.3%}"


def _amount(amount: Fraction | int) -> str:
    size = float(amount)
    return f"{size:,.0f}" if abs(size) >= 1_000 else f"{size:.4g}"
