"""Columns that hold money, or whose name says cost, and that no cost counts: they are told, never passed over."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.quantities.parse_and_format import format_money
from microopt.readers.columns.cell_evidence import CellEvidence
from microopt.readers.columns.decimal_mark import extra_style
from microopt.readers.columns.numeric_text import parse_numbers
from microopt.readers.context import ReadContext
from microopt.readers.price_headers import COST_WORDS, find_header_currency, split_header
from microopt.roster.roster import Roster

# Words of headers that are no costs: money that is brought in, figures of merit, budgets, what was paid already, times.
_OTHERS = """
cpm cpe cpc cpv cpa cpl cpr ecpm emv imv miv gmv aov roas roi revenue sales value worth earnings income turnover budget
paid deposit order orders click clicks engagement engagements view views mille thousand impression impressions
conversion conversions acquisition lead leads install installs follower followers low day days week weeks month months
year years duration period term terms date type note notes status currency
"""
OTHER_WORDS = frozenset(_OTHERS.split())
MOST_NAMED = 3


def note_uncounted_money(context: ReadContext, roster: Roster) -> None:
    """Add a note that names the columns of money that are not counted, and how they are."""
    found = [*_find(context, roster)]
    if not found:
        return
    names = [f"{header} ({amount})" for header, amount in found[:MOST_NAMED]]
    rest = len(found) - MOST_NAMED
    listed = ", ".join(names) + (f" and {rest} more" if rest > 0 else "")
    verb, which = ("is", "it") if len(found) == 1 else ("are", "one")
    header, amount = found[0]
    as_money = "written as amounts of money, " if amount.endswith("%") else ""
    fix = f"{as_money}{which} is counted with --map '{header}=extra_cost'"
    context.notes.append(f"{listed} {verb} not counted as a cost: {fix}")


def _find(context: ReadContext, roster: Roster) -> Iterator[tuple[str, str]]:
    """Yield the header of each such column, and what it comes to."""
    used = {*context.columns.values(), *context.ignored, *context.totals}
    for position, header in enumerate(context.table.headers):
        name, words = header.strip(), set(split_header(header))
        if position in used or not name or words & OTHER_WORDS:
            continue
        column = context.table.columns[position]
        cells = CellEvidence(column)
        says_cost = bool(words & COST_WORDS)
        if not (says_cost or (cells.holds_numbers and (cells.holds_money or find_header_currency(header)))):
            continue
        parsed = parse_numbers(column, extra_style(context))
        filled = np.isfinite(parsed.values) & (parsed.values != 0)
        if not filled.any() or _repeats_fee(parsed.values, roster):
            continue
        if parsed.percent[filled].all():
            yield name, f"such as {cells.texts[0]}"
            continue
        code = parsed.currencies[0] if len(parsed.currencies) == 1 else find_header_currency(header)
        total = round(float(np.nansum(np.where(parsed.percent, 0, parsed.values))) * 100)
        yield name, f"{format_money(total, code or context.currency or context.options.currency or 'USD')} in all"


def _repeats_fee(values: NDArray[np.float64], roster: Roster) -> bool:
    """Whether a column holds the fees once more."""
    return len(values) == len(roster) and bool(
        (np.rint(np.nan_to_num(values) * 100) == np.maximum(roster.fee, 0)).all()
    )
