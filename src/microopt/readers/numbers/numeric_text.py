"""Parse text cells as numbers, a whole column at a time.

A column has few shapes (`text_shapes`), and each distinct shape is interpreted once (`number_shapes`). What can only be
read one way is read so. What three digits after a lone mark are, `1.234`, follows from the column's kind, its other
cells and the rest of the file (`NumberStyle`). The digits of the cells are then parsed together (`digits`). A cell with
an unknown shape is reported; it never becomes a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.readers.cells.text_shapes import find_shapes, join_lines, normalize_lines
from microopt.readers.formats.raw_table import cell_text, factorize_cells, is_numeric, to_texts
from microopt.readers.numbers.digits import mark_rows, parse_values, scale_values
from microopt.readers.numbers.number_shapes import (
    UNKNOWN_SHAPE,
    ShapeMeaning,
    interpret_shape,
    split_count_and_rate,
    split_range,
)
from microopt.readers.numbers.unit_meanings import settle_units

MANY_CELLS = 50_000  # from which it pays to find equal cells first, where the sample repeats some
SAMPLE_SLICES, SLICE_CELLS = 8, 512
MOST_DISTINCT = 0.97  # of the sample
_OTHER_MARK = {".": ",", ",": "."}
_OPTIONAL_MASKS = (
    "currency_index",
    "points_as_thousands",
    "commas_as_thousands",
    "against_mark",
    "rounded",
    "ranges",
    "with_rate",
    "scaled",
    "assumed_units",
)
NDFloat = NDArray[np.float64]
NDBool = NDArray[np.bool_]


class ThreeDigits(Enum):
    """What three digits after a lone mark are, `12.400`, in a column that does not show it itself."""

    UNKNOWN = "unknown"  # as in the rest of the file
    PEOPLE = "people"  # thousands; never decimals, whatever else the column holds
    COUNT = "count"  # thousands, unless other cells of the column have decimals
    MONEY = "money"  # thousands: money has two decimals
    SURCHARGE = "surcharge"  # decimals in percents, and where the file has that mark; else thousands, as in money
    RATE = "rate"  # decimals


class NumberStyle(Struct, frozen=True, kw_only=True):
    """How the numbers of a column may be written.

    Attributes
    ----------
    three_digits
        What three digits after a lone mark are.
    decimal
        The decimal mark that the user states, or None.
    find_mark
        Returns the decimal mark of the rest of the file, or None if it shows none.
    is_loose
        Whether the column is known to hold numbers, so that `5w` is not five weeks.
    has_rounded
        Whether rounded numbers such as `~9k` and `120K+` are numbers.
    has_ranges
        Whether `300-500` is a number, the middle.
    scale
        What the header multiplies numbers without a unit by.
    unit_scales
        What units with two meanings, `mil` and `B`, multiply by, where that is settled.
    find_languages
        Returns the languages of the headers, by which such units are settled.
    """

    three_digits: ThreeDigits = ThreeDigits.UNKNOWN
    decimal: str | None = None
    find_mark: Callable[[], str | None] = lambda: None
    is_loose: bool = False
    has_rounded: bool = False
    has_ranges: bool = False
    scale: float = 1.0
    unit_scales: Mapping[str, float] = {}
    find_languages: Callable[[], frozenset[str]] = frozenset


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
        Whether a comma was taken for the decimal mark.
    conflicting_cells
        Two cells that no single decimal mark explains, or None.
    points_as_thousands, commas_as_thousands
        (n,) whether the digits after a lone point, `12.400`, or comma were taken for thousands; None if there is no
        such cell.
    against_mark
        (n,) whether the cell cannot be written with the decimal mark that the user states; None if all can.
    rounded, ranges, with_rate
        (n,) whether the cell is rounded (`120K+`), a range (`300-500`), or also holds a rate (`56.33(0.04)`); None if
        no cell is.
    scaled
        (n,) whether the header's unit was applied to the cell; None if it was applied to no cell.
    unit_scales
        What units with two meanings were taken to multiply by.
    assumed_units
        (n,) whether the cell has such a unit whose meaning is only assumed; None if none has.
    """

    values: NDFloat
    percent: NDBool
    bad: NDBool
    currencies: list[str]
    currency_index: NDArray[np.int8] | None = None
    decimal_comma: bool = False
    conflicting_cells: tuple[str, str] | None = None
    points_as_thousands: NDBool | None = None
    commas_as_thousands: NDBool | None = None
    against_mark: NDBool | None = None
    rounded: NDBool | None = None
    ranges: NDBool | None = None
    with_rate: NDBool | None = None
    scaled: NDBool | None = None
    unit_scales: Mapping[str, float] = {}
    assumed_units: NDBool | None = None

    def take(self, rows: NDArray[np.integer[Any]]) -> NumberColumn:
        """Return the column with these of its cells."""
        taken = {name: mask[rows] for name in _OPTIONAL_MASKS if (mask := getattr(self, name)) is not None}
        percent, bad = (
            mask[rows] if mask.any() else np.zeros(len(rows), dtype=np.bool_) for mask in (self.percent, self.bad)
        )
        return replace(self, values=self.values[rows], percent=percent, bad=bad, **taken)

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


PLAIN = NumberStyle()
LOOSE = NumberStyle(is_loose=True, has_rounded=True, has_ranges=True)


def parse_numbers(column: pd.Series[Any], style: NumberStyle = PLAIN) -> NumberColumn:
    """Parse a column as numbers; cells that repeat are parsed once."""
    if is_numeric(column) or not len(column):
        return _pass_numbers(column, style)
    if not _repeats_cells(column):
        return _parse_cells(column, style)
    codes, distinct = factorize_cells(column)
    return _parse_cells(pd.Series(distinct, dtype=object), style).take(codes)


def _repeats_cells(column: pd.Series[Any]) -> bool:
    """Whether so many cells of a long column are equal that finding these is faster than parsing them all."""
    if len(column) < MANY_CELLS:
        return False
    starts = range(0, len(column) - SLICE_CELLS, len(column) // SAMPLE_SLICES)
    sample = [cell for start in starts for cell in to_texts(column.iloc[start : start + SLICE_CELLS])]
    return len(set(sample)) < MOST_DISTINCT * len(sample)


def _parse_cells(column: pd.Series[Any], style: NumberStyle) -> NumberColumn:
    blob = normalize_lines(join_lines(column))
    codes, shapes = find_shapes(blob)
    meanings = [_interpret(shape, style) for shape in shapes]
    chosen = _Choice.of(meanings, style)
    units, assumed = settle_units(
        meanings, style.unit_scales, style.find_languages, lambda: style.decimal or style.find_mark()
    )
    values = parse_values(blob, codes, meanings, chosen.marks, units)
    is_bad = [not meaning.is_known or bad for meaning, bad in zip(meanings, chosen.against, strict=True)]
    bad = np.asarray(is_bad, dtype=np.bool_)[codes] | np.isinf(values)
    values[bad] = np.nan
    currencies = sorted({meaning.currency for meaning in meanings if meaning.currency})
    indices = np.asarray([currencies.index(m.currency) if m.currency else -1 for m in meanings], dtype=np.int8)
    parsed = NumberColumn(
        values=values,
        percent=mark_rows([meaning.is_percent for meaning in meanings], codes),
        bad=bad,
        currencies=currencies,
        currency_index=indices[codes] if currencies else None,
        decimal_comma=chosen.has_decimal_comma,
        conflicting_cells=_first_cells(column, codes, chosen.conflict),
        points_as_thousands=_if_any(chosen.find_thousands("."), codes),
        commas_as_thousands=_if_any(chosen.find_thousands(","), codes),
        against_mark=_if_any(chosen.against, codes),
        rounded=_if_any([meaning.is_rounded for meaning in meanings], codes),
        unit_scales=units,
        assumed_units=_if_any([meaning.unit in assumed for meaning in meanings], codes),
    )
    if style.scale != 1:
        _apply_header_unit(parsed, mark_rows([m.is_bare and not m.is_missing for m in meanings], codes), style.scale)
    if style.has_ranges and bad.any():
        _parse_two_numbers(parsed, blob, codes, shapes, replace(style, unit_scales=units))
    return parsed


def _interpret(shape: str, style: NumberStyle) -> ShapeMeaning:
    meaning = interpret_shape(shape, is_loose=style.is_loose)
    return UNKNOWN_SHAPE if (meaning.is_rounded or meaning.is_counted) and not style.has_rounded else meaning


def _pass_numbers(column: pd.Series[Any], style: NumberStyle) -> NumberColumn:
    values = column.to_numpy(dtype=np.float64)
    bad = np.zeros(len(values), dtype=np.bool_)
    if column.dtype.kind == "f":
        bad = np.isinf(values)
        values = np.where(bad, np.nan, values) if bad.any() else values
    parsed = NumberColumn(values=values, percent=np.zeros(len(values), dtype=bool), bad=bad, currencies=[])
    if style.scale != 1:
        _apply_header_unit(parsed, np.isfinite(values), style.scale)
    return parsed


def _if_any(flags: list[bool], codes: NDArray[np.intp]) -> NDBool | None:
    return mark_rows(flags, codes) if any(flags) else None


def looks_numeric(column: pd.Series[Any], sample: int = 200) -> bool:
    """Whether the first filled cells of a column are all numbers, so that parsing the whole column is worthwhile."""
    if is_numeric(column):
        return True
    filled = [cell for cell in to_texts(column.iloc[: 5 * sample]) if cell.strip()][:sample]
    shapes = find_shapes(normalize_lines(join_lines(pd.Series(filled, dtype=object))))[1] if filled else []
    return bool(shapes) and all(_interpret(shape, PLAIN).is_known for shape in shapes)


class _Choice(Struct, frozen=True, kw_only=True):
    """How each shape of a column is read.

    Attributes
    ----------
    marks
        The decimal mark of each shape, "" where it has no mark.
    as_thousands
        Whether digits after a lone mark were taken for thousands.
    against
        Whether a shape cannot be read with the mark that the user states.
    conflict
        Two shapes that no decimal mark explains, or None.
    """

    marks: list[str]
    as_thousands: list[bool]
    against: list[bool]
    conflict: tuple[int, int] | None

    @property
    def has_decimal_comma(self) -> bool:
        """Whether the comma is the decimal mark, by more than the assumption that a point groups thousands."""
        is_sure = any(mark == "," and not assumed for mark, assumed in zip(self.marks, self.as_thousands, strict=True))
        return is_sure and "." not in self.marks

    def find_thousands(self, lone_mark: str) -> list[bool]:
        """Return whether digits after this lone mark were taken for thousands, by shape."""
        pairs = zip(self.marks, self.as_thousands, strict=True)
        return [assumed and mark != lone_mark for mark, assumed in pairs]

    @classmethod
    def of(cls, meanings: list[ShapeMeaning], style: NumberStyle) -> _Choice:
        """Choose how to read each shape of a column."""
        if style.decimal:
            return _follow_stated_mark(meanings, style, style.decimal)
        conflict = _find_conflict(meanings)
        shown = _shown_marks(meanings)
        marks, as_thousands = [], []
        for code, meaning in enumerate(meanings):
            if not meaning.is_open:
                marks.append(meaning.marks if meaning.has_mark else "")
                as_thousands.append(False)
                continue
            mark, doubt = _read_lone_mark(meaning, meanings, shown, style)
            if doubt is not None:
                conflict = conflict or (doubt, code)
            marks.append(mark)
            as_thousands.append(mark != meaning.lone_mark)
        return cls(marks=marks, as_thousands=as_thousands, against=[False] * len(meanings), conflict=conflict)


def _follow_stated_mark(meanings: list[ShapeMeaning], style: NumberStyle, decimal: str) -> _Choice:
    against = [m.has_mark and not _can_have_mark(m, decimal, style.three_digits) for m in meanings]
    marks = [decimal if meaning.has_mark else "" for meaning in meanings]
    return _Choice(marks=marks, as_thousands=[False] * len(meanings), against=against, conflict=None)


def _can_have_mark(meaning: ShapeMeaning, decimal: str, kind: ThreeDigits) -> bool:
    """Whether a number can be written with a decimal mark; the other one then groups thousands, which no rate has."""
    is_rate = kind is ThreeDigits.RATE or (kind is ThreeDigits.SURCHARGE and meaning.is_percent)
    return decimal in meaning.marks and (decimal in meaning.body or not (is_rate and meaning.is_open))


def _shown_marks(meanings: list[ShapeMeaning]) -> set[str]:
    """Return the decimal marks that a column shows: in plain numbers, or else in those with a unit or percent sign."""
    sure = [meaning for meaning in meanings if meaning.has_mark and len(meaning.marks) == 1]
    plain = {meaning.marks for meaning in sure if meaning.is_bare}
    return plain or {meaning.marks for meaning in sure}


def _read_lone_mark(
    meaning: ShapeMeaning, meanings: list[ShapeMeaning], shown: set[str], style: NumberStyle
) -> tuple[str, int | None]:
    """Return the decimal mark of a number such as `1.234`, and a shape that contradicts it, or None."""
    lone, kind = meaning.lone_mark, style.three_digits
    if kind is ThreeDigits.RATE or meaning.is_percent:
        return lone, None
    if kind is ThreeDigits.SURCHARGE and not meaning.currency and style.find_mark() == lone:
        return lone, None
    has_thousands = kind is not ThreeDigits.UNKNOWN and meaning.is_bare and style.scale == 1
    if not has_thousands:
        if len(shown) == 2:
            return ".", next(code for code, other in enumerate(meanings) if other.has_mark and other.marks == ",")
        return next(iter(shown), None) or style.find_mark() or ".", None
    decimal = [code for code, other in enumerate(meanings) if other.is_bare and other.decimal_mark == lone]
    if not decimal or kind is ThreeDigits.PEOPLE:
        return _OTHER_MARK[lone], None
    if kind is ThreeDigits.COUNT or all(meanings[code].decimals == 3 for code in decimal):
        return lone, None
    return lone, next(code for code in decimal if meanings[code].decimals != 3)


def _find_conflict(meanings: list[ShapeMeaning]) -> tuple[int, int] | None:
    """Return two shapes of plain numbers in which one mark is a decimal mark and groups digits, or None."""
    for mark in ",.":
        decimal = [code for code, m in enumerate(meanings) if m.is_bare and m.decimal_mark == mark]
        groups = [code for code, m in enumerate(meanings) if m.is_bare and m.group_mark == mark]
        if decimal and groups:
            return decimal[0], groups[0]
    return None


def _first_cells(
    column: pd.Series[Any], codes: NDArray[np.intp], conflict: tuple[int, int] | None
) -> tuple[str, str] | None:
    if conflict is None:
        return None
    first, second = (cell_text(column, int(np.argmax(codes == code))) for code in conflict)
    return first.strip(), second.strip()


def _apply_header_unit(parsed: NumberColumn, mask: NDBool, scale: float) -> None:
    mask = mask & np.isfinite(parsed.values)
    if mask.any():
        parsed.values = np.where(mask, scale_values(parsed.values, scale), parsed.values)
        parsed.scaled = mask


def _parse_two_numbers(
    parsed: NumberColumn, blob: bytes, codes: NDArray[np.intp], shapes: list[str], style: NumberStyle
) -> None:
    """Parse the cells with two numbers: the middle of a range, the count of a count and its rate."""
    parts = replace(style, has_ranges=False)
    for split in (split_range, split_count_and_rate):
        has_two = [not _interpret(shape, style).is_known and bool(split(shape)) for shape in shapes]
        rows = np.flatnonzero(mark_rows(has_two, codes))
        if not len(rows):
            continue
        lines = blob.split(b"\n")
        pairs = [split(lines[row].decode("utf-8", "surrogateescape")) or ("", "") for row in rows.tolist()]
        first, second = (parse_numbers(pd.Series(cells, dtype=object), parts) for cells in zip(*pairs, strict=True))
        is_range = split is split_range
        good = ~first.bad & (first.values <= second.values) if is_range else ~first.bad
        values = (first.values + second.values) / 2 if is_range else first.values
        parsed.values[rows[good]] = values[good]
        parsed.percent[rows[good]] = first.percent[good]
        parsed.bad[rows[good]] = False
        found = np.zeros(len(codes), dtype=np.bool_)
        found[rows[good]] = True
        if is_range:
            parsed.ranges = found
        else:
            parsed.with_rate = found
