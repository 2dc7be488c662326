"""Name the columns that hold money, or whose header says cost, and that are not counted among the costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.flag_values import format_header_map
from microopt.quantities.currencies import SHARED_SIGNS
from microopt.quantities.format_words import all_format_words
from microopt.quantities.parse_and_format import format_money, format_names, join_words
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import is_numeric, to_texts
from microopt.readers.headers.cell_evidence import MOST, CellEvidence
from microopt.readers.headers.format_prices import may_be_format_price
from microopt.readers.headers.header_claims import is_cost_header
from microopt.readers.numbers.decimal_mark import money_style
from microopt.readers.numbers.numeric_text import NumberColumn, parse_numbers
from microopt.readers.words.price_headers import (
    COST_WORDS,
    NO_AMOUNT_WORDS,
    PAID_TO_OTHERS,
    RESULT_WORDS,
    TERM_WORDS,
    TOTAL,
    find_header_currency,
    is_price_header,
    names_share,
    split_header,
)
from microopt.roster.extra_costs import amount_column
from microopt.roster.roster import Roster

# Words of headers of figures of merit, of money that is brought in, of budgets, and of what has been paid.
_MERITS = """
cpm cpe cpc cpv cpa cpl cpr ecpm emv imv miv gmv aov roas roi revenue sales value worth earnings income turnover budget
paid deposit low
"""
_NO_COST_WORDS = RESULT_WORDS | frozenset(_MERITS.split())
_NO_MONEY_WORDS = TERM_WORDS | NO_AMOUNT_WORDS
_SUCH_AS = "such as "  # before a share of the fee; amounts of money are added up
MOST_NAMED = 3
MOST_ROWS = 20_000  # that are looked at for an amount


def note_uncounted_money(context: ReadContext, roster: Roster) -> None:
    """Add notes that name the columns of money that are not counted, and how they are."""
    _note_possible_prices(context)
    uncounted = [*_find(context, roster)]
    totals = [column.header for column in uncounted if column.is_total]
    if totals:
        verb = "looks like a total that includes" if len(totals) == 1 else "look like totals that include"
        context.notes.append(f"{format_names(totals)} {verb} the fee: not counted")
    found = [(column.header, column.amount) for column in uncounted if not column.is_total]
    if not found:
        return
    names = [f"{header} ({amount})" for header, amount in found[:MOST_NAMED]]
    rest = len(found) - MOST_NAMED
    names += [f"{rest} more"] if rest > 0 else []
    verb, noun = ("is", "a cost") if len(found) == 1 else ("are", "costs")
    header, amount = min(found, key=lambda column: column[1].startswith(_SUCH_AS))
    how = _how_to_count(context, header, is_share=amount.startswith(_SUCH_AS))
    context.notes.append(f"{join_words(names)} {verb} not counted as {noun} ({how})")


def _how_to_count(context: ReadContext, header: str, *, is_share: bool) -> str:
    if not is_share:
        return f"{format_header_map(header, 'extra_cost')} counts it"
    taken = next(
        (context.header(name) for name in ("agency", amount_column("agency")) if name in context.columns), None
    )
    if taken is not None:
        return f"add it to {taken} to count it"
    return f"{format_header_map(header, 'agency')} counts it as a share of the fee"


class _Uncounted(Struct, frozen=True, kw_only=True):
    """A column of money that is not counted: its header, what it comes to, and whether it includes the fee."""

    header: str
    amount: str = ""
    is_total: bool = False


def _find(context: ReadContext, roster: Roster) -> Iterator[_Uncounted]:
    fee_is_chosen = "fee" in context.options.columns.values()
    used = {*context.columns.values(), *context.ignored, *context.totals, *context.rivals}
    for position, header in enumerate(context.table.headers):
        name, words = header.strip(), set(split_header(header))
        is_other = _is_not_cost(words) and not is_cost_header(header)
        if position in used or not name or is_other or (fee_is_chosen and is_price_header(header)):
            continue
        column = context.table.columns[position]
        cells = _evidence_of_amounts(column)
        says_cost = bool(words & COST_WORDS) or is_cost_header(header)
        is_share = cells.holds_percents and (says_cost or names_share(header))
        if not (says_cost or is_share or ((cells.holds_money or find_header_currency(header)) and cells.holds_numbers)):
            continue
        parsed = parse_numbers(column, money_style(context))
        filled = np.isfinite(parsed.values) & (parsed.values != 0)
        if not filled.any():
            continue
        fees = _Fees.of(context, roster)
        if fees.are(parsed.values):
            continue
        if parsed.percent[filled].all() or (says_cost and _are_fractions(parsed, filled)):
            yield _Uncounted(header=name, amount=f"{_SUCH_AS}{cells.texts[0]}")
            continue
        if fees.are_in(parsed.values, is_called_total=not words.isdisjoint(TOTAL)):
            yield _Uncounted(header=name, is_total=True)
            continue
        total = round(float(np.nansum(np.where(parsed.percent, 0, parsed.values))) * 100)
        codes = _currencies(context, [*parsed.currencies, *filter(None, [find_header_currency(header)])])
        amount = f"{format_money(total, codes[0])} in all" if len(codes) == 1 else f"in {' and '.join(codes)}"
        yield _Uncounted(header=name, amount=amount)


def _evidence_of_amounts(column: pd.Series[Any]) -> CellEvidence:
    """Return what the cells with digits can be: words such as `TBD` and `gifted` say nothing against the others."""
    if is_numeric(column):
        return CellEvidence(column)
    amounts = [cell for cell in to_texts(column.iloc[:MOST_ROWS]) if any(map(str.isdigit, cell))]
    return CellEvidence(pd.Series(amounts, dtype=object))


def _note_possible_prices(context: ReadContext) -> None:
    """Note numbers under the name of a format, `IG Reel`, that may be its prices in a list with other prices."""
    used = {*context.columns.values(), *context.ignored, *context.totals, *context.rivals}
    names = [
        header.strip()
        for position, header in enumerate(context.table.headers)
        if position not in used
        and not all_format_words().isdisjoint(split_header(header))
        and may_be_format_price(header, CellEvidence(context.table.columns[position]))
    ]
    if names and "fee" not in context.options.columns.values():
        verb, them = ("holds", "these are") if len(names) == 1 else ("hold", "they are")
        currency = context.currency or context.options.currency or "USD"
        fix = f"if {them} prices, name the currency in the header: {names[0]} ({currency})"
        context.notes.append(f"{join_words(names)} {verb} numbers that are not used; {fix}")


def _are_fractions(parsed: NumberColumn, filled: NDArray[np.bool_]) -> bool:
    """Whether the numbers are shares such as 0.15: not above 1, and without a currency."""
    return parsed.currency_index is None and bool((parsed.values[filled] < 1).all())


def _is_not_cost(words: set[str]) -> bool:
    return bool(words & _NO_MONEY_WORDS) or bool(words & _NO_COST_WORDS and not words & PAID_TO_OTHERS - {"product"})


def _currencies(context: ReadContext, signs: list[str]) -> list[str]:
    """Return the currencies that these signs mean; the file's if there are no signs, or one may mean it."""
    home = context.currency or context.options.currency or "USD"
    codes = [home if home in SHARED_SIGNS.get(sign, ()) else SHARED_SIGNS.get(sign, (sign,))[0] for sign in signs]
    return sorted({*codes}) or [home]


class _Fees(Struct, frozen=True, eq=False):
    """The fees of each row of the file, in whole units: the sum over its offers, and the highest; 0 without a fee."""

    total: NDArray[np.float64]
    highest: NDArray[np.float64]

    @classmethod
    def of(cls, context: ReadContext, roster: Roster) -> _Fees:
        """Return the fees of a roster."""
        by_row = pd.Series(np.maximum(roster.fee, 0) / 100).groupby(roster.row)
        rows = context.table.row
        total, highest = by_row.sum().reindex(rows), by_row.max().reindex(rows)
        return cls(np.asarray(total.fillna(0), dtype=np.float64), np.asarray(highest.fillna(0), dtype=np.float64))

    def are(self, values: NDArray[np.float64]) -> bool:
        """Whether a column repeats the fees, or holds the sum of a creator's."""
        stated = np.isfinite(values) & (self.total > 0)
        return bool(stated.any()) and any(
            float(np.mean(np.isclose(values[stated], fees[stated], atol=0.01, rtol=0))) > MOST
            for fees in (self.total, self.highest)
        )

    def are_in(self, values: NDArray[np.float64], *, is_called_total: bool) -> bool:
        """Whether a column is at least the fee in most rows, so that it is not on top of it.

        Unless its header says so, a column of few amounts is no total, however large they are.
        """
        has_fee = self.highest > 0
        stated = np.isfinite(values) & (values != 0) & has_fee
        rows = stated if is_called_total else has_fee
        return bool(stated.any()) and float(np.mean((stated & (values >= self.highest))[rows])) > MOST
