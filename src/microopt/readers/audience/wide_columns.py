"""Columns that hold one share of the audience each: `Audience DE`, `% Female`, `18-24`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.target_audience import TargetAudience
from microopt.quantities.parse_and_format import join_words
from microopt.readers.audience.headers import parse_header
from microopt.readers.audience.row_shares import FIX, DimensionShares
from microopt.readers.audience.shares import AudiencePart
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.numbers.decimal_mark import extra_style
from microopt.readers.numbers.numeric_text import parse_numbers

_CODE_OF_GEORGIA = re.compile(r"(?<![^\W_])GE(?![^\W_])", re.IGNORECASE)
NDFloat = NDArray[np.float64]


class _WideColumn(Struct, frozen=True, kw_only=True, eq=False):
    """The shares of one part of the audience: (n,) as written, but for percent signs; NaN where a row has none."""

    header: str
    part: AudiencePart
    values: NDFloat
    percent: NDArray[np.bool_]


def read_wide(
    context: ReadContext, positions: Sequence[tuple[int, AudiencePart]], target: TargetAudience
) -> dict[str, DimensionShares]:
    """Return the shares of each dimension that columns of their own give; note faults of their cells.

    Numbers without a percent sign are percents where any column of the dimension has one above 1.
    """
    columns = []
    for position, part in positions:
        if (column := _read_column(context, position, part)) is None:
            del context.audience[position]
        else:
            columns.append(column)
    found: dict[str, DimensionShares] = {}
    for dimension in dict.fromkeys(column.part.dimension for column in columns):
        own = [column for column in columns if column.part.dimension == dimension]
        if dimension == "country" and not _have_target(context, own, target):
            continue
        in_percent = any((column.values[~column.percent] > 1).any() for column in own)
        shares = DimensionShares.empty(own[0].header, len(context.table.row), is_gender=dimension == "gender")
        for column in own:
            scaled = np.where(column.percent, column.values, column.values / 100) if in_percent else column.values
            rows = np.flatnonzero(np.isfinite(scaled))
            shares.add(column.part, rows, scaled[rows], target)
        found[dimension] = shares
    return found


def _read_column(context: ReadContext, position: int, part: AudiencePart) -> _WideColumn | None:
    """Return the shares of a column; None where its cells are no shares, as those of `Female` may be."""
    header, cells = context.table.headers[position].strip(), context.table.columns[position]
    parsed = parse_numbers(cells, extra_style(context))
    filled = np.isfinite(parsed.values)
    plain = parsed.values[filled & ~parsed.percent]
    parsed_header = parse_header(header)
    is_marked = parsed_header is not None and parsed_header.is_marked
    if len(plain) and np.median(plain) > 100:
        if is_marked:
            context.notes.append(f"{header} is not used for the audience: it holds numbers of people, not shares")
        return None
    if not is_marked and (parsed.bad.any() or (plain > 100).any() or not filled.any()):
        return None
    texts = to_texts(cells) if parsed.bad.any() or (parsed.values < 0).any() else []
    for mask, message in (
        (parsed.bad, "{value} is not a share of the audience"),
        (parsed.values < 0, "{value} is below zero"),
    ):
        rows = np.flatnonzero(mask)
        values = [texts[row] for row in rows[: context.faults.remaining]]
        context.faults.add_cells(header, context.table.row[rows].tolist(), values, "audience-share", message, FIX)
    return _WideColumn(header=header, part=part, values=parsed.values, percent=parsed.percent)


def _have_target(context: ReadContext, columns: Sequence[_WideColumn], target: TargetAudience) -> bool:
    """Whether any column is of a country of the target; note the countries that have none."""
    named = {column.part.country for column in columns}
    for column in columns:
        if column.part.country == "GE" and _CODE_OF_GEORGIA.search(column.header) and "DE" in target.countries:
            context.notes.append(f"{column.header}: GE is read as Georgia; for Germany write DE")
    missing = [code for code in target.countries if code not in named]
    if missing:
        counted = "it counts as none" if named & {*target.countries} else "the creators' countries are taken instead"
        context.notes.append(f"no column gives the audience in {join_words(missing)}: {counted}")
    return len(missing) < len(target.countries)
