"""Marks that keep the columns of a line in place, whatever a terminal does with emoji and right-to-left names.

Terminals disagree on the width of an emoji that is made of several characters. Those that write right-to-left words
from the right also move the figures that follow such a word, unless a mark of direction is between them.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

from microopt.quantities.invisible import LEFT_TO_RIGHT_MARK

_STYLE = re.compile(r"\x1b\[[\d;]*m")
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
# Right-to-left words with one space between them, and what is written to them without a space.
_RTL_WORDS = re.compile(rf"[{_RTL}](?:[^\sA-Za-z,;:·()$\x1b]| (?=[{_RTL}]))*")
_EMOJI_OF_PARTS = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|[^\\s\x1b](?:[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d[^\\s\x1b])+"
)


def steady_line(line: str, *, terminal: bool) -> str:
    """Return a line with a mark of direction after right-to-left words.

    Parameters
    ----------
    terminal
        Whether the line is written to a terminal that is moved by escape sequences: after an emoji of several
        characters, the cursor is set to the column that the table counts on.
    """
    if line.isascii():
        return line
    if terminal:
        line = _with_columns(line)
    first = _RTL_WORDS.search(line)
    if first is None:
        return line
    # Some terminals take the direction of a line from its first letter.
    start = "" if re.search("[A-Za-z]", _STYLE.sub("", line[: first.start()])) else LEFT_TO_RIGHT_MARK
    return start + _RTL_WORDS.sub(lambda words: words[0] + LEFT_TO_RIGHT_MARK, line)


def _with_columns(line: str) -> str:
    """Return a line that sets the column after each emoji of several characters."""
    parts, start, column = [], 0, 1
    for emoji in _EMOJI_OF_PARTS.finditer(line):
        part = line[start : emoji.end()]
        column += _width(part)
        parts.append(f"{part}\x1b[{column}G")
        start = emoji.end()
    return "".join([*parts, line[start:]])


def _width(text: str) -> int:
    return cell_len(_STYLE.sub("", text))
