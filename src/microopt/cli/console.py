"""What the terminal can show, and writing to it."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, TextIO

from microopt.cli.printed_text import printed_text

if TYPE_CHECKING:
    from microopt.rendering.terminal.screen import Screen

PIPED_WIDTH = 120


def screen_for(stream: TextIO) -> Screen:
    """Return the screen behind a stream: a terminal's width and colour; on a pipe `COLUMNS` or 120, and no colour."""
    from microopt.rendering.terminal.screen import Screen

    terminal = stream.isatty()
    width = shutil.get_terminal_size((80 if terminal else PIPED_WIDTH, 24)).columns if terminal else _piped_width()
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return Screen(width=max(width, 40), color=terminal and not plain)


def _piped_width() -> int:
    text = os.environ.get("COLUMNS", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else PIPED_WIDTH


def write(stream: TextIO, text: str, *, instructs: bool = False) -> None:
    """Write text; what the stream cannot encode becomes `?`, and a reader that has closed (`head`) is not an error.

    Parameters
    ----------
    instructs
        Whether the lines are instructions to GitHub Actions: our annotations.
    """
    encoding = stream.encoding or "utf-8"
    put = getattr(stream, "write_unchecked", stream.write)
    try:
        put(printed_text(text, instructs=instructs).encode(encoding, "replace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # where the rest goes, the last flush included


def write_json(stream: TextIO, text: str) -> None:
    """Write JSON; what the stream's encoding lacks is written as JSON's own escapes, so that no value changes."""
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        text = "".join(mark if mark.isascii() else json.dumps(mark)[1:-1] for mark in text)
    write(stream, text)
