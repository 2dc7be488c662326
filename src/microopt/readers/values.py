"""Cells -> numbers, a whole column at a time.

A column's cells are joined into one text, checked by one pattern, and rewritten by a few passes until `float` can
read each line: `12.5K` becomes `12.5e3`, `3.4%` becomes `3.4e-2`. A cell that the pattern does not know is reported;
it never becomes a number.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.readers.table import is_number, texts
from microopt.units import CURRENCY_CODES, CURRENCY_SIGNS

_SPACE = "[ \\u00a0\\u202f]"
_MISSING = re.compile(r"^[^\S\n]*(?:nan%?|n/?a|#n/a|null|none|-|–|—)?[^\S\n]*$", re.MULTILINE)
_SIGN = r"(?:r\$|[$€£¥₹]|" + "|".join(sorted(code.casefold() for code in CURRENCY_CODES)) + ")"
_POINT = rf"(?:\d{{1,3}}(?:[,']\d{{3}})+|\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d+)(?:\.\d+)?|\.\d+"
_COMMA = rf"(?:\d{{1,3}}(?:[.']\d{{3}})+|\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d+)(?:,\d+)?|,\d+"
_EXPONENT = r"(?:e[+-]?\d{1,3})?"
_CELL = (
    r"[^\S\n]*(?:{sign}{space}*)?[+-]?(?:{sign}{space}*)?(?:{number})(?:{exponent}|{space}?[kmb])"
    r"(?:{space}*(?:%|{sign}))?[^\S\n]*"
)
# What can only be written where the comma is the decimal mark, and where the point is.
_COMMA_ONLY = re.compile(r"\d\.\d{3},\d|\d\.\d{3}\.\d{3}|\d,\d{1,2}(?!\d)|\d,\d{4}")
_POINT_ONLY = re.compile(r"\d,\d{3}\.\d|\d,\d{3},\d{3}|\d\.\d{1,2}(?!\d)|\d\.\d{4}")
_CURRENCY = re.compile(_SIGN)


class Numbers(Struct, kw_only=True):
    """A column read as numbers.

    Attributes
    ----------
    values
        (n,) floats, NaN where the cell is empty or bad; a percent sign is already divided out.
    percent
        (n,) whether the cell had a percent sign.
    bad
        Positions and texts of the cells that are no number.
    currencies
        Codes of the currencies that the cells name.
    decimal_comma
        Whether the column was read with the comma as the decimal mark.
    contradiction
        Two cells that no one convention can read, or None.
    """

    values: NDArray[np.float64]
    percent: NDArray[np.bool_]
    bad: list[tuple[int, str]]
    currencies: set[str]
    decimal_comma: bool = False
    contradiction: tuple[str, str] | None = None


def read_numbers(column: pd.Series[Any]) -> Numbers:
    """Read a column as numbers, in whichever of the known ways its cells are written."""
    if is_number(column):
        values = column.to_numpy(dtype=np.float64)
        bad = [(int(i), str(values[i])) for i in np.flatnonzero(np.isinf(values))]
        return Numbers(values=values, percent=np.zeros(len(values), dtype=bool), bad=bad, currencies=set())
    cells = [cell.replace("\n", " ") for cell in texts(column)]
    text = _MISSING.sub("", "\n".join(cells).casefold())
    comma, point = _COMMA_ONLY.search(text), _POINT_ONLY.search(text)
    mark = "," if comma and not point else "."
    bad = _unknown(text, mark, cells)
    lines = text.split("\n")
    for position, _ in bad:
        lines[position] = ""
    values = _floats(lines, mark)
    bad += [(int(i), cells[i]) for i in np.flatnonzero(np.isinf(values))]
    values[[i for i, _ in bad]] = np.nan
    contradiction = (_line(text, comma), _line(text, point)) if comma and point else None
    return Numbers(
        values=values, percent=np.asarray(["%" in line for line in lines], dtype=bool), bad=bad,
        currencies=_currencies("\n".join(lines)), decimal_comma=mark == ",", contradiction=contradiction,
    )  # fmt: skip


@cache
def _unknown_cell(mark: str) -> re.Pattern[str]:
    """Return the pattern of a line that is no number; compiled when a column needs it, for it takes a while."""
    number = _POINT if mark == "." else _COMMA
    cell = _CELL.format(sign=_SIGN, space=_SPACE, number=number, exponent=_EXPONENT)
    return re.compile(f"^(?!{cell}$).+$", re.MULTILINE)


def _unknown(text: str, mark: str, cells: list[str]) -> list[tuple[int, str]]:
    bad, line, at = [], 0, 0
    for match in _unknown_cell(mark).finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        bad.append((line, cells[line]))
    return bad


def _floats(lines: list[str], mark: str) -> NDArray[np.float64]:
    text = _CURRENCY.sub("", "\n".join(lines))
    if mark == ",":
        text = text.replace(".", "").replace(",", ".")
    text = re.sub(r"[,' \u00a0\u202f\t\r]", "", text)
    for unit, power in (("k", "e3"), ("m", "e6"), ("b", "e9"), ("%", "e-2")):
        text = text.replace(unit, power)
    return np.asarray([float(line) if line else np.nan for line in text.split("\n")])


def _line(text: str, match: re.Match[str]) -> str:
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    return text[start : end if end >= 0 else len(text)]


def _currencies(text: str) -> set[str]:
    signs = {sign.casefold(): code for sign, code in CURRENCY_SIGNS.items()}
    return {signs.get(found, found.upper()) for found in set(_CURRENCY.findall(text))}
