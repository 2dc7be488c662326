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
HINTS = (" (Ctrl-C keeps the best plan so far)", " (Ctrl-C keeps it)")
LEAST_GAP = 0.000_01  # that is shown as a figure: a search can take long within less

Details = dict[str, str]  # parts of a line in their order, by what they tell


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
        self._status: tuple[str, Details] = ("", {})
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
            self.stream.write(f"{phase}: {seconds:.2f} s{''.join(_format_progress(value, bound).values())}\n")
        self._status = (phase, _format_progress(value, bound))

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
                begin = f"{phase}: {perf_counter() - self.start:.0f} s"
                self._write_line(begin + _fitting(details, get_terminal_size().columns - 1 - len(begin)))
            wait = TICK

    def _write_line(self, text: str) -> None:
        self.stream.write(f"{CLEAR_LINE}{text[: get_terminal_size().columns - 1]}")  # a line that wraps is not cleared
        self.stream.flush()
        self._line_visible = True


def _format_progress(value: Fraction | int | None, bound: Fraction | int | None) -> Details:
    """Return what is known of the best plan: its value, what bounds it, and how far these are apart."""
    best = {} if value is None else {"plan": f", best plan {_amount(value)}"}
    bounded = {} if bound is None else {"bound": f", bound {_amount(bound)}"}
    if value is None or bound is None:
        return best | bounded
    return best | bounded | {"gap": f", gap {_gap(float(value), float(bound)) if value != bound else '0%'}"}


def _gap(value: float, bound: float) -> str:
    gap = abs(bound - value) / max(abs(bound), 1e-9)
    return f"{gap:.3%}" if gap >= LEAST_GAP else f"under {LEAST_GAP:.3%}"


def _fitting(details: Details, width: int) -> str:
    """Return what is known of the best plan in so many characters: first the gap, then the plan, then the bound."""
    hints = HINTS if "plan" in details else ()
    kept = [[*details], [name for name in details if name != "bound"], ["gap"], []]
    texts = ["".join(details.get(name, "") for name in names) for names in kept]
    choices = [*(f"{texts[0]}{hint}" for hint in hints), texts[0], *texts[1:]]
    return next((text for text in choices if len(text) <= width), "")


def _amount(amount: Fraction | int) -> str:
    size = float(amount)
    return f"{size:,.0f}" if abs(size) >= 1_000 else f"{size:.4g}"
