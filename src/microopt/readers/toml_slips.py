"""The two slips that most files which are not TOML have, with the corrected line: curly quotes and a missing comma."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

_CURLY = str.maketrans(dict.fromkeys("“”„‟‘’‚‛«»", '"'))  # quotes that word processors and chats put in place of "
_UNCLOSED = ("Unclosed array", "Unclosed inline table")  # how tomllib's messages begin where a comma is missing
_BEGINS_ENTRY = re.compile(r"""["'\[{\d]""")
_PLACE = re.compile(r"at line (\d+), column (\d+)")


class Slip(Struct, frozen=True):
    """What is wrong with a line, and how to correct it."""

    problem: str
    fix: str


def find_slip(lines: Sequence[str], error: str) -> Slip | None:
    """Return the slip that an error of tomllib comes from, or None if it is another one.

    Parameters
    ----------
    lines
        Those of the file.
    error
        The message, which names the line and the column.
    """
    place = _PLACE.search(error)
    if place is None or int(place[1]) > len(lines):
        return None
    number, column = int(place[1]), int(place[2]) - 1
    line = lines[number - 1]
    at, straight = line[column : column + 1], line.translate(_CURLY).strip()
    if at and at.translate(_CURLY) != at:
        return Slip(f'line {number} has {at} instead of "', f"write it with straight quotes: {straight}")
    in_array, in_table = map(error.startswith, _UNCLOSED)
    if (in_array and _BEGINS_ENTRY.match(at)) or (in_table and at.isalpha()):
        return _missing_comma(lines, number, column)
    return None


def _missing_comma(lines: Sequence[str], number: int, column: int) -> Slip:
    """Return the slip of an entry that no comma divides from the one before it, which may end an earlier line."""
    before, after = lines[number - 1][:column].rstrip(), lines[number - 1][column:].rstrip()
    if before:
        return Slip(f"line {number} lacks a comma", f"put it between the entries: {before.lstrip()}, {after}")
    earlier = next((place for place in range(number - 1, 0, -1) if lines[place - 1].strip()), 1)
    return Slip(f"line {earlier} lacks a comma at its end", f"put it there: {lines[earlier - 1].strip()},")
