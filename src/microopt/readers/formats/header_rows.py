"""Read the header of a table that takes one row, or several: groups above, headings or units below.

People put `Instagram` over `Followers | ER | Price` and merge the cells, of which a file keeps the first; they write
`(USD)` and `%` in a row of its own, or the same headings in a second language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd
from msgspec import Struct

from microopt.quantities.currencies import CURRENCY_CODES, CURRENCY_SIGNS
from microopt.quantities.number_units import UNIT_WORDS
from microopt.quantities.platforms import find_in_words, platform_name
from microopt.readers.formats.raw_table import RawTable, is_numeric, to_texts
from microopt.readers.words.price_headers import NO_AMOUNT_WORDS, is_price_header, split_header
from microopt.readers.words.range_ends import find_ends
from microopt.readers.words.vocabulary import ColumnKind, Vocabulary, alias_key
from microopt.roster.extra_costs import FEE_EXTRAS, OFFER_EXTRAS, SEEDING, amount_column

Rows = Sequence[Sequence[str]]
FIRST_CELLS = 1_000  # of a column, in which nearly every filled one has a filled cell
_BRACKETS = re.compile(r"[(\[](.{1,24})[)\]]")
# Columns of costs, which belong to the creator even where they follow the figures of a platform.
_COSTS = frozenset(
    {*FEE_EXTRAS, *map(amount_column, FEE_EXTRAS), *OFFER_EXTRAS, SEEDING, "product", "shipping", "commission"}
)
_SILENT_UNITS = {"#", "no", "no.", "number", "text"}  # which add nothing to a header


@cache
def _unit() -> re.Pattern[str]:
    """Return the pattern of a unit alone, which few tables have below their headers."""
    signs = sorted({*CURRENCY_CODES, *CURRENCY_SIGNS}, key=lambda sign: (-len(sign), sign))
    units = [*(rf"{re.escape(unit)}\.?" for unit in UNIT_WORDS), *map(re.escape, signs)]
    words = r"percent|pct|per (?:post|story|reel|video)|#|no\.?|number|text"
    return re.compile(rf"(?:in )?(?:{words}|{'|'.join(units)})", re.IGNORECASE)


class HeaderRows(Struct, frozen=True, kw_only=True):
    """A header.

    Attributes
    ----------
    headers
        One for each column, as one text.
    first, last
        Positions of its rows.
    known
        How many columns its main row names.
    """

    headers: list[str]
    first: int
    last: int
    known: int

    @property
    def note(self) -> str | None:
        """Where the header is, if it is not the first row alone."""
        if self.first != self.last:
            between = "and" if self.last == self.first + 1 else "to"
            return f"the header is in rows {self.first + 1} {between} {self.last + 1}"
        return f"the header was found in row {self.last + 1}" if self.last else None


def find_header(rows: Rows, vocabulary: Vocabulary) -> HeaderRows | None:
    """Return the header among the first rows of a table, or None if these are blank."""
    found = vocabulary.find_header_row(rows)
    if found is None:
        return None
    first = last = found[0]
    headers = [cell.strip() for cell in rows[first]]
    below = rows[first + 1 : first + 3]
    if first and _are_groups(rows[first - 1], headers, vocabulary):
        while first and _are_groups(rows[first - 1], headers, vocabulary):
            headers = _join_groups(rows[first - 1], headers, vocabulary)
            first -= 1
    elif below and _are_headings(below[0], headers, vocabulary):
        headers = _join_below(headers, below[0], vocabulary)
        last += 1
    elif len(below) == 2 and _are_groups_of_ends(below[0], below[1], headers):
        headers = _join_groups(headers, _join_groups(below[0], below[1], vocabulary), vocabulary)
        last += 2
    if last + 1 < len(rows) and _are_units(rows[last + 1], headers, vocabulary):
        headers = _join_units(headers, rows[last + 1])
        last += 1
    return HeaderRows(headers=headers, first=first, last=last, known=found[1])


def name_blank_headers(table: RawTable) -> None:
    """Name the columns that have cells and no header by their number, `column 4`; the last ones with neither go."""
    for position, header in enumerate(table.headers):
        if not header.strip() and _has_cells(table.columns[position]):
            table.headers[position] = f"column {position + 1}"
    while len(table.headers) > 1 and not table.headers[-1].strip():  # a table can have thousands: `,,,,`
        table.headers.pop()
        table.columns.pop()


def _has_cells(column: pd.Series[Any]) -> bool:
    if is_numeric(column):
        return bool(column.notna().any())
    return any(map(str.strip, to_texts(column.iloc[:FIRST_CELLS]))) or any(map(str.strip, to_texts(column)))


def _pad(cells: Sequence[str], width: int) -> list[str]:
    return [cell.strip() for cell in cells] + [""] * (width - len(cells))


def _has_digits(cells: Sequence[str]) -> bool:
    return any(any(map(str.isdigit, cell)) for cell in cells)


def _are_groups(above: Sequence[str], headers: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether the row above the headings has the names of groups: at least two, or one beside ungrouped columns.

    A title stands alone in the first column, above a heading; a group has at least two columns.
    """
    width = max(len(above), len(headers))
    cells, below = _pad(above, width), _pad(headers, width)
    filled = [i for i, cell in enumerate(cells) if cell]
    if not filled or len(filled) == width or any(len(cells[i]) > 40 for i in filled):
        return False
    if filled == [0] and (below[0] or vocabulary.find_column(cells[0]) is None):
        return False
    is_vertical = any(not below[i] for i in filled)
    has_platform = any(find_in_words(cells[i]) for i in filled)
    repeats = Counter(alias_key(cell) for cell in below if cell)
    if _find_range_ends(cells, below):
        return True
    is_group = any(not cells[i + 1] and below[i + 1] for i in filled if i + 1 < width)
    return is_group and (is_vertical or has_platform or max(repeats.values(), default=0) > 1)


def _join_groups(groups: Sequence[str], headings: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return headings with the groups that they need: a platform, a price, or what tells equal headings apart."""
    width = max(len(groups), len(headings))
    above, below = _pad(groups, width), _pad(headings, width)
    repeats = Counter(alias_key(cell) for cell in below if cell)
    ends = _find_range_ends(above, below)
    joined, group = [], ""
    for position, (cell, heading) in enumerate(zip(above, below, strict=True)):
        group = _plain_group(cell) or group
        if not heading:
            joined.append(cell)
            continue
        is_of_platform = platform_name(group) is not None and _is_figure(heading, vocabulary)
        needs_group = is_of_platform or position in ends or repeats[alias_key(heading)] > 1
        joined.append(f"{group} {heading}".strip() if needs_group else heading)
    return joined


def _find_range_ends(above: Sequence[str], below: Sequence[str]) -> set[int]:
    """Return the positions of pairs of headings under one group that are the ends of a range and do not say price."""
    spans: list[tuple[str, dict[int, tuple[str, ...]]]] = []
    for position, (cell, heading) in enumerate(zip(above, below, strict=True)):
        if cell and (not spans or cell != spans[-1][0]):
            spans.append((cell, {}))
        if spans and heading and not is_price_header(heading):
            spans[-1][1][position] = split_header(heading)
    return {position for _, headings in spans for pair in find_ends(headings).items() for position in pair}


def _are_groups_of_ends(groups: Sequence[str], ends: Sequence[str], headers: Sequence[str]) -> bool:
    """Whether two rows below the header are offers and the ends of their ranges, under prices or a platform."""
    width = max(map(len, (groups, ends, headers)))
    above, middle, below = (_pad(cells, width) for cells in (headers, groups, ends))
    if _has_digits([*middle, *below]) or not _find_range_ends(middle, below):
        return False
    over = {above[i] for i, cell in enumerate(middle) if cell not in ("", above[i])} - {""}
    return all(is_price_header(header) or find_in_words(header) for header in over)


def _is_figure(heading: str, vocabulary: Vocabulary) -> bool:
    """Whether a heading may name a figure of an account, rather than a cost, notes or a platform."""
    found = vocabulary.find_column(heading)
    if found is None:
        return find_in_words(heading) is None and NO_AMOUNT_WORDS.isdisjoint(split_header(heading))
    is_text = vocabulary.get_kind(found[0]) is ColumnKind.TEXT
    return not is_text and found[0] not in _COSTS and find_in_words(heading) is None


def _plain_group(cell: str) -> str:
    """Return the name of a group; of one that names a platform among other words, `Instagram stats`, the platform."""
    found = find_in_words(cell) if cell and platform_name(cell) is None else None
    return cell if found is None else found.platform.capitalize()


def _are_headings(below: Sequence[str], headers: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether the row below the header has headings too: under groups, or the same in other words."""
    width = max(len(below), len(headers))
    cells, above = _pad(below, width), _pad(headers, width)
    filled = [i for i, cell in enumerate(cells) if cell]
    known = vocabulary.count_known([cells[i] for i in filled])
    if _has_digits(cells):
        return False
    if _find_range_ends(above, cells):
        return True
    if known < 2:
        return False
    is_under_groups = any(not above[i] for i in filled)
    return is_under_groups or (known >= 3 and 2 * known >= len(filled))


def _join_below(headers: Sequence[str], below: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return the headings of two rows: those under groups joined to them, else the one of each pair that is known."""
    width = max(len(below), len(headers))
    cells, above = _pad(below, width), _pad(headers, width)
    if _find_range_ends(above, cells) or any(not head and cell for head, cell in zip(above, cells, strict=True)):
        return _join_groups(above, cells, vocabulary)
    return [
        cell if cell and vocabulary.find_column(head) is None and vocabulary.find_column(cell) else head
        for head, cell in zip(above, cells, strict=True)
    ]


def _are_units(below: Sequence[str], headers: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether the row below the header has nothing but units: `(USD)`, `%`, `in k`."""
    cells = _pad(below, len(headers))[: len(headers)]
    filled = [cell for cell in cells if cell]
    found = [vocabulary.find_column(header) for header in headers]
    named = [cell for cell, column in zip(cells, found, strict=True) if column and column[0] == "creator"]
    if not filled or any(cell and not _BRACKETS.fullmatch(cell) and cell.casefold() != "text" for cell in named):
        return False
    return all(_unit().fullmatch(cell) or _BRACKETS.fullmatch(cell) for cell in filled)


def _join_units(headers: Sequence[str], units: Sequence[str]) -> list[str]:
    return [_join_unit(header, unit) for header, unit in zip(headers, _pad(units, len(headers)), strict=False)]


def _join_unit(header: str, cell: str) -> str:
    match = _BRACKETS.fullmatch(cell)
    unit = match[1].strip() if match else cell
    if not _unit().fullmatch(unit) or unit.casefold() in _SILENT_UNITS or not header:
        return header
    return f"{header} ({unit})"
