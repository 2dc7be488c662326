"""A roster as it was understood, as CSV that is read as the same roster again: canonical columns, plain numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan, ulp

import numpy as np

from microopt.readers.words.price_headers import is_price_header
from microopt.readers.words.vocabulary import ROSTER, ColumnKind
from microopt.rendering.data.csv_text import csv_text, quoted_cell, text_cell
from microopt.rendering.sanitize import escape_formula, plain_lines
from microopt.roster.roster import NO_FEE, Roster, TextColumn

REMARKS = "remarks"
FIRST = ("creator", "platform", "offer", "followers")
BYTE_ORDER_MARK = "\ufeff"  # so that spreadsheets read UTF-8, and a reader told another encoding does too
Cells = Sequence[str]
_UNUSED_FORMS = ("{} (not used)", "{} (note, not used)")  # no price has a note in its header
DIGITS = 15  # that a float keeps of any decimal


def roster_csv(roster: Roster, *, decimal: str | None = None, lists: Mapping[str, str] | None = None) -> str:
    """Return one row per offer, in the file's order, with what was changed or doubted in its last column.

    Parameters
    ----------
    decimal
        The decimal mark that the campaign demands of its rosters; a point by default.
    lists
        What divides the values of a cell, by column, where the campaign says so; a bar by default.
    """
    columns = dict(_columns(roster, decimal or ".", lists or {}))
    order = [*(name for name in FIRST if name in columns), *(name for name in columns if name not in FIRST)]
    header = (_header(name, roster.currency) for name in order)
    return BYTE_ORDER_MARK + csv_text(header, zip(*(columns[name] for name in order), strict=True))


def _columns(roster: Roster, decimal: str, lists: Mapping[str, str]) -> Iterator[tuple[str, Cells]]:
    """Yield the cells of each column, by its name in the file to be written."""
    kinds = ROSTER.kinds
    for name in kinds:
        if name == "fee":
            yield name, _figures([_money_cell(cents, decimal) for cents in roster.fee.tolist()], decimal)
        elif name in roster.numbers:
            is_share = kinds[name] in (ColumnKind.RATE, ColumnKind.SHARE)
            write = _percent_cell if is_share else _number_cell
            yield name, _figures([write(value, decimal) for value in roster.numbers[name].tolist()], decimal)
        elif name in roster.texts:
            yield name, _text_cells(roster.texts[name], lists.get(name) or "|")
    for name, column in roster.texts.items():
        if name in kinds or name == REMARKS or (header := _unclaimed_header(name, roster)) is None:
            continue
        numbers = roster.numbers.get(name)
        if numbers is None:
            yield header, _text_cells(column, lists.get(name) or "|")
        else:
            writers = [_percent_cell if label.rstrip().endswith("%") else _number_cell for label in column.labels]
            cells = zip(numbers.tolist(), column.codes.tolist(), strict=True)
            yield header, _figures([writers[code](value, decimal) for value, code in cells], decimal)
    yield REMARKS, _remark_cells(roster)


def _figures(cells: list[str], decimal: str) -> Cells:
    """Return numbers as cells: between quotes where their decimal mark separates cells."""
    return cells if decimal == "." else [quoted_cell(cell) for cell in cells]


def _header(name: str, currency: str | None) -> str:
    """Return a header; money names its currency."""
    if currency and ROSTER.kinds.get(name) is ColumnKind.MONEY:
        return f"{name} ({currency})"
    return name if name in ROSTER.kinds else text_cell(name)


def _unclaimed_header(name: str, roster: Roster) -> str | None:
    """Return a header under which an unknown column is read as unknown again, or None if there is no such header."""
    if not _would_be_taken(name, roster):
        return name
    changed = (form.format(name) for form in _UNUSED_FORMS)
    return next((header for header in changed if not _would_be_taken(header, roster)), None)


def _would_be_taken(header: str, roster: Roster) -> bool:
    """Whether a reader would take a header for a known column, although the file has that under its own name."""
    if is_price_header(header):
        return True
    for column, rank in ROSTER.find_columns(header):
        own_rank = dict(ROSTER.find_columns(column)).get(column, 0)
        is_there = column == "fee" or column in roster.numbers or column in roster.texts
        if (rank <= own_rank) if is_there else (header in roster.numbers):
            return True
    return False


def _text_cells(column: TextColumn, separator: str) -> Cells:
    labels = [_label(column, code, separator) for code in range(len(column.labels))]
    return [labels[code] for code in column.codes.tolist()]


def _label(column: TextColumn, code: int, separator: str) -> str:
    is_list = column.values is not None and len(column.values[code]) > 1
    text = separator.join(column.label_values(code)) if is_list else column.labels[code]
    return quoted_cell(escape_formula(plain_lines(text)))


def _money_cell(cents: int, decimal: str) -> str:
    if cents == NO_FEE:
        return ""
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100}{decimal}{cents % 100:02d}"


def _number_cell(value: float, decimal: str) -> str:
    """Return a number that reads the same whatever a lone mark stands for: never with exactly three decimals."""
    if isnan(value):
        return ""
    text = str(int(value)) if value.is_integer() else np.format_float_positional(value, trim="-")
    whole, _, decimals = text.partition(".")
    return f"{whole}{decimal}{decimals}{'0' * (len(decimals) == 3)}" if decimals else whole


def _percent_cell(value: float, decimal: str) -> str:
    """Return a proportion as the shortest percent that is this float, or the next, when it is divided by 100."""
    if isnan(value):
        return ""
    nearest = value * 100
    short = float(f"{nearest:.{DIGITS}g}")
    if abs(short / 100 - value) > ulp(value):
        candidates = (nearest + step * ulp(nearest) for step in (0, 1, -1, 2, -2))
        short = next((percent for percent in candidates if percent / 100 == value), nearest)
    return f"{_number_cell(short, decimal)}%"


def _remark_cells(roster: Roster) -> Cells:
    """Return the remarks on each row of the file, joined, for each offer."""
    cells = dict.fromkeys(roster.row.tolist(), "")
    for remark in roster.remarks:
        for row in remark.rows.tolist():
            if row in cells:
                cells[row] += ("; " if cells[row] else "") + remark.text
    return [text_cell(cells[row]) for row in roster.row.tolist()]
