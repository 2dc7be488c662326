"""Name the columns that hold money, or whose header says cost, and that are not counted among the costs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.flag_values import format_header_map
from microopt.quantities.currencies import SHARED_SIGNS
from microopt.quantities.parse_and_format import format_money
from microopt.readers.columns.cell_evidence import CellEvidence
from microopt.readers.columns.decimal_mark import extra_style
from microopt.readers.columns.numeric_text import parse_numbers
from microopt.readers.context import ReadContext
from microopt.readers.price_headers import (
    COST_WORDS,
    NO_AMOUNT_WORDS,
    PAID_TO_OTHERS,
    RESULT_WORDS,
    TERM_WORDS,
    find_header_currency,
    split_header,
)
from microopt.roster.roster import Roster

# Words of headers of figures of merit, of money that is brought in, of budgets, and of what has been paid.
_MERITS = """
cpm cpe cpc cpv cpa cpl cpr ecpm emv imv miv gmv aov roas roi revenue sales value worth earnings income turnover budget
paid deposit low
"""
_NO_COST_WORDS = RESULT_WORDS | frozenset(_MERITS.split())
_NO_MONEY_WORDS = TERM_WORDS | NO_AMOUNT_WORDS
MOST_NAMED = 3


def note_uncounted_money(context: ReadContext, roster: Roster) -> None:
    """Add a note that names the columns of money that are not counted, and how they are."""
    found = [*_find(context, roster)]
    if not found:
        return
    names = [f"{header} ({amount})" for header, amount in found[:MOST_NAMED]]
    rest = len(found) - MOST_NAMED
    names += [f"{rest} more"] if rest > 0 else []
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    verb, noun = ("is", "a cost") if len(found) == 1 else ("are", "costs")
    header, amount = min(found, key=lambda column: column[1].endswith("%"))
    as_money = ", once it holds amounts of money" if amount.endswith("%") else ""
    flag = format_header_map(header, "extra_cost")
    context.notes.append(f"{listed} {verb} not counted as {noun} ({flag} counts it{as_money})")


def _find(context: ReadContext, roster: Roster) -> Iterator[tuple[str, str]]:
    """Yield the header of each such column, and what it comes to."""
    used = {*context.columns.values(), *context.ignored, *context.totals}
    for position, header in enumerate(context.table.headers):
        name, words = header.strip(), set(split_header(header))
        if position in used or not name or _is_no_cost(words):
            continue
        column = context.table.columns[position]
        cells = CellEvidence(column)
        says_cost = bool(words & COST_WORDS)
        if not (says_cost or ((cells.holds_money or find_header_currency(header)) and cells.holds_numbers)):
            continue
        parsed = parse_numbers(column, extra_style(context))
        filled = np.isfinite(parsed.values) & (parsed.values != 0)
        if not filled.any() or _repeats_fee(parsed.values, roster):
            continue
        if parsed.percent[filled].all():
            yield name, f"such as {cells.texts[0]}"
            continue
        total = round(float(np.nansum(np.where(parsed.percent, 0, parsed.values))) * 100)
        codes = _currencies(context, [*parsed.currencies, *filter(None, [find_header_currency(header)])])
        yield name, f"{format_money(total, codes[0])} in all" if len(codes) == 1 else f"in {' and '.join(codes)}"


def _is_no_cost(words: set[str]) -> bool:
    return bool(words & _NO_MONEY_WORDS) or bool(words & _NO_COST_WORDS and not words & PAID_TO_OTHERS - {"product"})


def _currencies(context: ReadContext, signs: list[str]) -> list[str]:
    """Return the currencies that these mean; the file's, where there are none, or a sign may mean it."""
    home = context.currency or context.options.currency or "USD"
    codes = [home if home in SHARED_SIGNS.get(sign, ()) else SHARED_SIGNS.get(sign, (sign,))[0] for sign in signs]
    return sorted({*codes}) or [home]


def _repeats_fee(values: NDArray[np.float64], roster: Roster) -> bool:
    """Whether a column holds the fees once more."""
    return len(values) == len(roster) and bool(
        (np.rint(np.nan_to_num(values) * 100) == np.maximum(roster.fee, 0)).all()
    )
