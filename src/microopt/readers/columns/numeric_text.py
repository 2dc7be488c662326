"""Cells -> numbers, a whole column at a time.

A column has few shapes (`lines`), and each distinct one is understood once: what its commas and points mean, its unit,
its currency, or that it is no number. What a shape keeps of its cells is then read by `float`. A cell that no shape
rule knows is reported; it never becomes a number.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.parse_and_format import CURRENCY_CODES, CURRENCY_SIGNS
from microopt.readers.columns.text_shapes import LONE_ZERO, find_shapes, join_lines, normalize_lines
from microopt.readers.formats.raw_table import is_numeric, to_texts

_NUMBER_BYTES = b"0123456789.+-"
_DROPPED = bytes(set(range(256)) - set(_NUMBER_BYTES) - {ord("\n")})
_DROPPED_COMMA = bytes(set(_DROPPED) - {ord(",")} | {ord(".")})
_COMMA_TO_POINT = bytes.maketrans(b",", b".")
_MISSING = re.compile(r"\s*(?:nan%?|n/?a|#n/a|null|none|-|–|—)?\s*")
_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9}
# What can only be written where the comma is the decimal mark, and where the point is.
_COMMA_ONLY = re.compile(rf"0\.000,0|0\.000\.000|(?<![\d.])0+,0{{1,2}}(?!\d)|0,0000|{LONE_ZERO},")
_POINT_ONLY = re.compile(rf"0,000\.0|0,000,000|(?<![\d,])0+\.0{{1,2}}(?!\d)|0\.0000|{LONE_ZERO}\.")

_MAY_GROUP = re.compile(r"[^\d.,%]*0{1,3}\.000(?![kmb%]| [kmb%])[^\d.,%]*")


class NumberColumn(Struct, kw_only=True, eq=False):
    """A column read as numbers.

    Attributes
    ----------
    values
        (n,) floats, NaN where the cell is empty or bad; a percent sign is already divided out.
    percent
        (n,) whether the cell had a percent sign.
    bad
        (n,) whether the cell is no number.
    currencies
        Codes of the currencies that the cells name.
    currency
        (n,) position in `currencies` of the cell's own, or -1.
    decimal_comma
        Whether the column was read with the comma as the decimal mark.
    contradiction
        Two cells that no one convention can read, or None.
    grouping
        (n,) whether a lone point stands before exactly three digits, as one that groups thousands would, in a column
        where no cell shows what the point is; None where there is no such cell.
    """

    values: NDArray[np.float64]
    percent: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    currencies: list[str]
    currency_index: NDArray[np.int8] | None = None
    decimal_comma: bool = False
    conflicting_cells: tuple[str, str] | None = None
    may_group: NDArray[np.bool_] | None = None

    @property
    def is_uniform(self) -> bool:
        """Whether all filled cells are numbers of one kind: all percent or none, all in one currency or in none."""
        known = np.isfinite(self.values)
        marks = [self.percent] if self.currency_index is None else [self.percent, self.currency_index]
        return (
            bool(known.any())
            and not self.bad.any()
            and self.conflicting_cells is None
            and all(len(np.unique(mark[known])) == 1 for mark in marks)
        )


class _Shape(Struct, frozen=True):
    """What one shape means: a divisor and a factor, its marks, or that it is missing or no number."""

    known: bool
    missing: bool = False
    scale: float = 1.0
    percent: bool = False
    exponent: bool = False
    currency: str | None = None


_UNKNOWN = _Shape(known=False)


def parse_numbers(column: pd.Series[Any]) -> NumberColumn:
    """Read a column as numbers, in whichever of the known ways its cells are written."""
    if is_numeric(column) or not len(column):
        values = column.to_numpy(dtype=np.float64)
        bad = np.isinf(values)
        values = np.where(bad, np.nan, values) if bad.any() else values
        return NumberColumn(values=values, percent=np.zeros(len(values), dtype=bool), bad=bad, currencies=[])
    blob = normalize_lines(join_lines(column))
    codes, found = find_shapes(blob)
    comma = _evidence(found, _COMMA_ONLY, ",")
    point = _evidence(found, _POINT_ONLY, ".")
    decimal_comma = bool(comma) and not point
    meanings = [_meaning(shape, "," if decimal_comma else ".") for shape in found]
    values = _floats(blob, codes, meanings, decimal_comma)
    grouping = None if decimal_comma else _grouping(codes, found)
    return _gathered(codes, meanings, values, decimal_comma, _contradiction(column, codes, comma, point), grouping)


def looks_numeric(column: pd.Series[Any], sample: int = 200) -> bool:
    """Whether the first filled cells of a column are all numbers, so that reading the whole as numbers is worth it."""
    if is_numeric(column):
        return True
    filled = [cell for cell in to_texts(column.iloc[: 5 * sample]) if cell.strip()][:sample]
    found = find_shapes(normalize_lines(join_lines(pd.Series(filled, dtype=object))))[1] if filled else []
    return bool(found) and all(_meaning(shape, ".").known or _meaning(shape, ",").known for shape in found)


def _evidence(found: list[str], only: re.Pattern[str], mark: str) -> list[int]:
    """Return which shapes are numbers that can only be written with this decimal mark."""
    return [i for i, shape in enumerate(found) if only.search(shape) and _meaning(shape, mark).known]


@cache
def _patterns(mark: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a number with a sign or unit, and of a bare number with an exponent."""
    group, part = (r"[,']", r"\.") if mark == "." else (r"[.']", ",")
    number = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,3}}(?: \d{{3}})+|\d+|{LONE_ZERO})(?:{part}\d+)?|{part}\d+"
    sign = r"r\$|[$€£¥₹]|" + "|".join(sorted(code.casefold() for code in CURRENCY_CODES))
    written = rf" *(?P<before>{sign})? *[+-]?(?:{number}) ?(?P<unit>[kmb%])? *(?P<after>{sign})? *"
    signed_first = rf" *[+-](?P<first>{sign}) *(?:{number}) ?(?P<power>[kmb])? *"
    exponent = rf" *[+-]?(?:\d+|{LONE_ZERO})(?:\.\d+)?e[+-]?\d{{1,3}} *"
    return re.compile(f"{written}|{signed_first}", re.ASCII), re.compile(exponent, re.ASCII)


def _meaning(shape: str, mark: str) -> _Shape:
    """Understand one shape; `mark` is the decimal mark of the column."""
    if _MISSING.fullmatch(shape):
        return _Shape(known=True, missing=True)
    plain, exponent = _patterns(mark)
    found = plain.fullmatch(shape)
    if not found:
        return _Shape(known=True, exponent=True) if exponent.fullmatch(shape) else _UNKNOWN
    unit, named = (
        found["unit"] or found["power"] or "",
        [found[name] for name in ("before", "after", "first") if found[name]],
    )
    if len(named) > 1 or (named and unit == "%"):
        return _UNKNOWN
    return _Shape(
        known=True, scale=_SCALES.get(unit, 1.0), percent=unit == "%", currency=_code(named[0]) if named else None
    )


def _code(sign: str) -> str:
    return {key.casefold(): code for key, code in CURRENCY_SIGNS.items()}.get(sign, sign.upper())


def _floats(blob: bytes, codes: NDArray[np.intp], meanings: list[_Shape], decimal_comma: bool) -> NDArray[np.float64]:
    """Read the digits that each line keeps, then apply its shape's scale; NaN where there is no number."""
    kept = blob.translate(_COMMA_TO_POINT, _DROPPED_COMMA) if decimal_comma else blob.translate(None, _DROPPED)
    readable = np.asarray([m.known and not m.missing and not m.exponent for m in meanings], dtype=np.bool_)[codes]
    if not readable.all():
        lines = kept.split(b"\n")
        kept = b"\n".join([line if good else b"nan" for line, good in zip(lines, readable.tolist(), strict=True)])
    values = np.full(len(codes), np.nan)
    if readable.any():
        values = pd.read_csv(io.BytesIO(kept), header=None, dtype=np.float64)[0].to_numpy(copy=True)
    whole = blob.split(b"\n") if any(m.exponent for m in meanings) else []
    for code, meaning in enumerate(meanings):
        if meaning.exponent:
            for i in np.flatnonzero(codes == code):
                values[i] = float(whole[i])
    scale = np.asarray([m.scale for m in meanings])
    if (scale != 1).any():
        values = _scaled(values, scale[codes])
    percent = np.asarray([m.percent for m in meanings], dtype=np.bool_)
    return np.where(percent[codes], values / 100, values) if percent.any() else values


def _scaled(values: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers times their K, M or B, without the last digit's noise: 8.3M is 8300000."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * scale
        whole = np.rint(scaled)
        noisy = (scale != 1) & (np.abs(scaled - whole) < 1e-12 * np.abs(whole))
    return np.where(noisy, whole, scaled)


def _grouping(codes: NDArray[np.intp], found: list[str]) -> NDArray[np.bool_] | None:
    """Return which cells have a point that may group thousands, where every point of the column may."""
    pointed = [i for i, shape in enumerate(found) if "." in shape and _meaning(shape, ".").known]
    if not pointed or not all(_MAY_GROUP.fullmatch(found[i]) for i in pointed):
        return None
    return np.isin(codes, pointed)


def _gathered(
    codes: NDArray[np.intp],
    meanings: list[_Shape],
    values: NDArray[np.float64],
    decimal_comma: bool,
    contradiction: tuple[str, str] | None,
    grouping: NDArray[np.bool_] | None,
) -> NumberColumn:
    unknown = np.asarray([not m.known for m in meanings], dtype=np.bool_)[codes] | np.isinf(values)
    values[unknown] = np.nan
    names = sorted({m.currency for m in meanings if m.currency})
    place = np.asarray([names.index(m.currency) if m.currency else -1 for m in meanings], dtype=np.int8)
    percent = np.asarray([m.percent for m in meanings], dtype=np.bool_)[codes]
    return NumberColumn(
        values=values,
        percent=percent,
        bad=unknown,
        currencies=names,
        currency_index=place[codes] if names else None,
        decimal_comma=decimal_comma,
        conflicting_cells=contradiction,
        may_group=grouping,
    )


def _contradiction(
    column: pd.Series[Any], codes: NDArray[np.intp], comma: list[int], point: list[int]
) -> tuple[str, str] | None:
    """Return a cell that only a decimal comma explains beside one that only a decimal point does."""
    if not comma or not point:
        return None
    one, other = to_texts(column.iloc[[int(np.argmax(codes == side[0])) for side in (comma, point)]])
    return one, other
