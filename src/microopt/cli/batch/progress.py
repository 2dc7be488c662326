"""How far a batch is, in a line on a terminal's standard error; nothing on a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from shutil import get_terminal_size
from time import perf_counter
from types import TracebackType
from typing import TextIO

from microopt.cli.progress import CLEAR_LINE, PATIENCE
from microopt.inflight.batch.result import BatchEntry
from microopt.quantities.parse_and_format import format_names
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.batch import entry_line

MOST_NAMES = 4


class BatchProgress:
    """Shows how many campaigns are done and which ones run; it has no thread, since workers are forked meanwhile.

    Parameters
    ----------
    stream
        Where to; unless `verbose`, only a terminal is written to, in one line that is cleared at the end.
    total
        How many campaigns there are.
    quiet
        Write nothing.
    verbose
        Write a line for each campaign as it ends, to any stream.
    """

    def __init__(self, stream: TextIO, total: int, *, quiet: bool, verbose: bool = False) -> None:
        self._stream, self._total, self._start = stream, total, perf_counter()
        self._shows = not quiet and not verbose and stream.isatty()
        self._verbose = verbose and not quiet
        self._is_visible = False

    def __enter__(self) -> BatchProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_visible:
            self._stream.write(CLEAR_LINE)
            self._stream.flush()

    def report(self, done: int, running: Sequence[str], entry: BatchEntry | None) -> None:
        """Take how many campaigns are done, the names of those that run, and the one that just ended."""
        if self._verbose and entry is not None:
            self._stream.write(f"{entry_line(entry)}\n")
            self._stream.flush()
        seconds = perf_counter() - self._start
        if self._shows and seconds >= PATIENCE:
            names = plain_text(format_names(list(running), MOST_NAMES))
            text = f"{done} of {self._total} campaigns done, {seconds:.0f} s: {names}"
            self._stream.write(f"{CLEAR_LINE}{text[: get_terminal_size().columns - 1]}")
            self._stream.flush()
            self._is_visible = True
