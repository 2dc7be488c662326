"""Columns that microopt does not know: kept as text under their own name, and as numbers too if all cells are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.readers.headers.column_summary import is_column_name
from microopt.readers.numbers.decimal_mark import extra_style
from microopt.readers.numbers.numeric_text import looks_numeric, parse_numbers
from microopt.readers.words.vocabulary import ROSTER
from microopt.roster.roster import TextColumn


def parse_extra_columns(
    context: ReadContext, more_niches: tuple[int, ...]
) -> tuple[dict[str, TextColumn], dict[str, NDArray[np.float64]]]:
    """Return every other column as text, and as numbers too if all its cells are, in one currency or none."""
    texts: dict[str, TextColumn] = {}
    numbers: dict[str, NDArray[np.float64]] = {}
    for position, own_name in _extra_names(context, more_niches):
        column = context.table.columns[position]
        name = own_name if own_name not in texts else f"{own_name} (column {position + 1})"
        texts[name] = to_text_column(column)
        if looks_numeric(column) and name not in ROSTER.kinds:
            parsed = parse_numbers(column, extra_style(context))
            if parsed.is_uniform:
                numbers[name] = parsed.values
    return texts, numbers


def _extra_names(context: ReadContext, more_niches: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    """Yield the position of each extra column and the name that it is kept under.

    A column with the name of one of ours is left out where another column gives that; totals are marked as such.
    """
    assigned = {*context.columns.values(), *more_niches, *context.ignored}
    for position, header in enumerate(context.table.headers):
        name = header.strip()
        if position in assigned or not name:
            continue
        if position in context.totals:
            yield position, f"{name} (total)"
        elif not is_column_name(name) or position in context.unused:
            yield position, name
