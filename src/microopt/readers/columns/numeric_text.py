"""Parse text cells as numbers, a whole column at a time.

A column has few shapes (`text_shapes`), and each distinct shape is interpreted once: what its commas and points mean,
its unit, its currency, or that it is not a number. The digits of the cells are then parsed together by pandas. A cell
with an unknown shape is reported; it never becomes a number.
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

from microopt.quantities.currencies import currency_pattern, find_currency, shared_sign
from microopt.readers.columns.text_shapes import LONE_ZERO, find_shapes, join_lines, normalize_lines
from microopt.readers.formats.raw_table import is_numeric, to_texts

_NUMBER_BYTES = b"0123456789.+-"
_DROPPED = bytes(set(range(256)) - set(_NUMBER_BYTES) - {ord("\n")})
_DROPPED_COMMA = bytes(set(_DROPPED) - {ord(",")} | {ord(".")})
_COMMA_TO_POINT = bytes.maketrans(b",", b".")
_MISSING = re.compile(r"\s*(?:nan%?|n/?a|#n/a|null|none|-|–|—)?\s*")
_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9}
# Shapes that are only possible where the comma is the decimal mark, and where the point is.
_COMMA_ONLY = re.compile(rf"0\.000,0|0\.000\.000|(?<![\d.])0+,0{{1,2}}(?!\d)|0,0000|{LONE_ZERO},")
_POINT_ONLY = re.compile(rf"0,000\.0|0,000,000|(?<![\d,])0+\.0{{1,2}}(?!\d)|0\.0000|{LONE_ZERO}\.")

_MAY_GROUP = re.compile(r"[^\d.,%]*0{1,3}\.000(?![kmb%]| [kmb%])[^\d.,%]*")


class NumberColumn(Struct, kw_only=True, eq=False):
    """A column parsed as numbers.

    Attributes
    ----------
    values
        (n,) floats, NaN where the cell is empty or bad; percents are already divided by 100.
    percent
        (n,) whether the cell had a percent sign.
    bad
        (n,) whether the cell is not a number.
    currencies
        The currencies that the cells name: codes, or signs that several currencies share (`SHARED_SIGNS`).
    currency_index
        (n,) position in `currencies` of the cell's currency, or -1; None where no cell names a currency.
    decimal_comma
        Whether the comma was taken for the decimal mark.
    conflicting_cells
        Two cells that no single decimal mark explains, or None.
    may_group
        (n,) whether a lone point stands before exactly three digits, where it may group thousands, in a column where
        no cell shows what the point is; None if there is no such cell.
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
        filled = np.isfinite(self.values)
        marks = [self.percent] if self.currency_index is None else [self.percent, self.currency_index]
        return (
            bool(filled.any())
            and not self.bad.any()
            and self.conflicting_cells is None
            and all(len(np.unique(mark[filled])) == 1 for mark in marks)
        )


class _Meaning(Struct, frozen=True):
    """What the cells of one shape are: numbers with a scale and marks, missing, or not numbers."""

    is_known: bool
    is_missing: bool = False
    scale: float = 1.0
    is_percent: bool = False
    has_exponent: bool = False
    currency: str | None = None


_UNKNOWN = _Meaning(is_known=False)


def parse_numbers(column: pd.Series[Any]) -> NumberColumn:
    """Parse a column as numbers."""
    if is_numeric(column) or not len(column):
        values = column.to_numpy(dtype=np.float64)
        bad = np.isinf(values)
        values = np.where(bad, np.nan, values) if bad.any() else values
        return NumberColumn(values=values, percent=np.zeros(len(values), dtype=bool), bad=bad, currencies=[])
    blob = normalize_lines(join_lines(column))
    codes, shapes = find_shapes(blob)
    comma = _shapes_with_mark(shapes, _COMMA_ONLY, ",")
    point = _shapes_with_mark(shapes, _POINT_ONLY, ".")
    decimal_comma = bool(comma) and not point
    meanings = [_interpret(shape, "," if decimal_comma else ".") for shape in shapes]
    values = _parse_values(blob, codes, meanings, decimal_comma)
    unknown = np.asarray([not m.is_known for m in meanings], dtype=np.bool_)[codes] | np.isinf(values)
    values[unknown] = np.nan
    currencies = sorted({m.currency for m in meanings if m.currency})
    indices = np.asarray([currencies.index(m.currency) if m.currency else -1 for m in meanings], dtype=np.int8)
    return NumberColumn(
        values=values,
        percent=np.asarray([m.is_percent for m in meanings], dtype=np.bool_)[codes],
        bad=unknown,
        currencies=currencies,
        currency_index=indices[codes] if currencies else None,
        decimal_comma=decimal_comma,
        conflicting_cells=_find_conflict(column, codes, comma, point),
        may_group=None if decimal_comma else _find_grouping_points(codes, shapes),
    )


def looks_numeric(column: pd.Series[Any], sample: int = 200) -> bool:
    """Whether the first filled cells of a column are all numbers, so that parsing the whole column is worthwhile."""
    if is_numeric(column):
        return True
    filled = [cell for cell in to_texts(column.iloc[: 5 * sample]) if cell.strip()][:sample]
    shapes = find_shapes(normalize_lines(join_lines(pd.Series(filled, dtype=object))))[1] if filled else []
    return bool(shapes) and all(_interpret(shape, ".").is_known or _interpret(shape, ",").is_known for shape in shapes)


def _shapes_with_mark(shapes: list[str], pattern: re.Pattern[str], mark: str) -> list[int]:
    """Return which shapes are numbers that can only be written with this decimal mark."""
    return [i for i, shape in enumerate(shapes) if pattern.search(shape) and _interpret(shape, mark).is_known]


@cache
def _number_patterns(mark: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a number with a sign or unit, and of a plain number with an exponent."""
    group, part = (r"[,']", r"\.") if mark == "." else (r"[.']", ",")
    number = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,3}}(?: \d{{3}})+|\d+|{LONE_ZERO})(?:{part}\d+)?|{part}\d+"
    sign = currency_pattern()
    usual = rf" *(?P<before>{sign})? *[+-]?(?:{number}) ?(?P<unit>[kmb%])? *(?P<after>{sign})? *"
    signed_first = rf" *[+-](?P<first>{sign}) *(?:{number}) ?(?P<power>[kmb])? *"
    exponent = rf" *[+-]?(?:\d+|{LONE_ZERO})(?:\.\d+)?e[+-]?\d{{1,3}} *"
    return re.compile(f"{usual}|{signed_first}", re.ASCII), re.compile(exponent, re.ASCII)


def _interpret(shape: str, mark: str) -> _Meaning:
    """Interpret one shape; `mark` is the decimal mark of the column."""
    if _MISSING.fullmatch(shape):
        return _Meaning(is_known=True, is_missing=True)
    usual, exponent = _number_patterns(mark)
    match = usual.fullmatch(shape)
    if not match:
        return _Meaning(is_known=True, has_exponent=True) if exponent.fullmatch(shape) else _UNKNOWN
    unit = match["unit"] or match["power"] or ""
    signs = [match[name] for name in ("before", "after", "first") if match[name]]
    if len(signs) > 1 or (signs and unit == "%"):
        return _UNKNOWN
    currency = _currency_code(signs[0]) if signs else None
    return _Meaning(is_known=True, scale=_SCALES.get(unit, 1.0), is_percent=unit == "%", currency=currency)


def _currency_code(sign: str) -> str:
    """Return the code that a sign means, or the sign itself where several currencies share it (`SHARED_SIGNS`)."""
    return shared_sign(sign) or find_currency(sign) or sign.upper()


def _parse_values(
    blob: bytes, codes: NDArray[np.intp], meanings: list[_Meaning], decimal_comma: bool
) -> NDArray[np.float64]:
    """Parse the digits of each line, then apply its shape's scale; NaN where there is no number."""
    digits = blob.translate(_COMMA_TO_POINT, _DROPPED_COMMA) if decimal_comma else blob.translate(None, _DROPPED)
    readable = [m.is_known and not m.is_missing and not m.has_exponent for m in meanings]
    is_readable = np.asarray(readable, dtype=np.bool_)[codes]
    if not is_readable.all():
        lines = digits.split(b"\n")
        digits = b"\n".join([line if good else b"nan" for line, good in zip(lines, is_readable.tolist(), strict=True)])
    values = np.full(len(codes), np.nan)
    if is_readable.any():
        values = pd.read_csv(io.BytesIO(digits), header=None, dtype=np.float64)[0].to_numpy(copy=True)
    lines = blob.split(b"\n") if any(m.has_exponent for m in meanings) else []
    for code, meaning in enumerate(meanings):
        if meaning.has_exponent:
            for i in np.flatnonzero(codes == code):
                values[i] = float(lines[i])
    scale = np.asarray([m.scale for m in meanings])
    if (scale != 1).any():
        values = _scale_values(values, scale[codes])
    percent = np.asarray([m.is_percent for m in meanings], dtype=np.bool_)
    return np.where(percent[codes], values / 100, values) if percent.any() else values


def _scale_values(values: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers times their K, M or B, without rounding errors in the last digit: 8.3M is 8300000."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * scale
        rounded = np.rint(scaled)
        is_noisy = (scale != 1) & (np.abs(scaled - rounded) < 1e-12 * np.abs(rounded))
    return np.where(is_noisy, rounded, scaled)


def _find_grouping_points(codes: NDArray[np.intp], shapes: list[str]) -> NDArray[np.bool_] | None:
    """Return which cells have a point that may group thousands, where every point of the column may."""
    pointed = [i for i, shape in enumerate(shapes) if "." in shape and _interpret(shape, ".").is_known]
    if not pointed or not all(_MAY_GROUP.fullmatch(shapes[i]) for i in pointed):
        return None
    return np.isin(codes, pointed)


def _find_conflict(
    column: pd.Series[Any], codes: NDArray[np.intp], comma: list[int], point: list[int]
) -> tuple[str, str] | None:
    """Return a cell that only a decimal comma explains, and one that only a decimal point does, or None."""
    if not comma or not point:
        return None
    first, second = to_texts(column.iloc[[int(np.argmax(codes == shapes[0])) for shapes in (comma, point)]])
    return first, second
