"""The apostrophe before a cell, or a part of it, that keeps a spreadsheet from running it as a formula.

Which character separates the cells of a CSV file is a setting of the computer that opens it: where that is a semicolon
or a tab, the text `x;=1+1` is two cells, and the second one is a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

GUARD = "'"
_SIGNS = "=+\\-@＝＋－＠"  # the wide ones count too where East Asian text is typed
_BREAKS = "\t\r\n"
_HANDLES = r"@[\w.]+(?:\|@[\w.]+)*"
_NUMBER = r"[+-]?\d[\d.,]*%?"
_FORMULA = rf"(?='*[^\S{_BREAKS}]*[{_SIGNS}])"
_AT_START, _BEHIND_SEPARATOR = r"\A", rf"(?<=[;{_BREAKS}])"
_BREAK = rf"(?='*[^\S{_BREAKS}]*[{_BREAKS}])"  # at the start, a spreadsheet drops it and reads what follows
_UNGUARDED = re.compile(
    rf"{_AT_START}(?!(?:{_HANDLES}|{_NUMBER})\Z){_FORMULA}"
    rf"|{_BEHIND_SEPARATOR}(?!(?:{_HANDLES}|{_NUMBER})[;{_BREAKS}]){_FORMULA}"  # the last part goes on in the next cell
    rf"|{_AT_START}{_BREAK}"
)
_GUARDED = re.compile(rf"(?:{_AT_START}|{_BEHIND_SEPARATOR}){GUARD}{_FORMULA}|{_AT_START}{GUARD}{_BREAK}")


def add_guards(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; numbers, handles and lists of handles are unchanged.

    What looks guarded already gets another apostrophe, so that `drop_guards` returns the text as it was.
    """
    return _UNGUARDED.sub(GUARD, text)


def drop_guards(cells: Sequence[str]) -> Sequence[str]:
    """Return cells without the apostrophes that guard formulas: `=1` for `'=1`; the same object if there are none."""
    if not any(GUARD in cell for cell in cells):
        return cells
    return [_GUARDED.sub("", cell) if GUARD in cell else cell for cell in cells]
