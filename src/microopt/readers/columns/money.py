"""Money: one currency per roster, or exchange rates that make it one; whole cents; and price columns by format."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.readers.columns.numbers import parse_number_column
from microopt.readers.columns.numeric_text import NumberColumn
from microopt.readers.columns.text import join_columns
from microopt.readers.context import ReadContext
from microopt.readers.price_headers import PRICE_PREFIX, find_header_currency, parse_offer_header
from microopt.roster.roster import NO_FEE, Roster, TextColumn

MAX_FEE_CENTS = 1e13


def parse_money_column(context: ReadContext, name: str) -> tuple[NDArray[np.float64], NumberColumn]:
    """Parse a money column into the roster's one currency.

    Returns
    -------
    amounts, parsed
        (n,) amounts, NaN where the cell is empty; and the column as it was parsed.
    """
    parsed = parse_number_column(context, name)
    header = None if _all_name_currency(parsed) else find_header_currency(context.header(name))
    named = {*parsed.currencies, *([header] if header else [])}
    if context.options.exchange:
        return _convert_currency(context, name, parsed, header), parsed
    if len(named) > 1 or (named and context.currency and context.currency not in named):
        codes = ", ".join(sorted(named))
        message = f"column {context.header(name)} holds several currencies: {codes}"
        if len(named) == 1:
            message = f"column {context.header(name)} is in {codes}, another in {context.currency}"
        fix = "give rates in the campaign file: [exchange] EUR = 1.08, or convert the amounts to one currency"
        context.fault_column(name, "currency-mixed", message, fix)
    elif named:
        context.currency = next(iter(named))
        _check_campaign_currency(context, name)
    return parsed.values, parsed


def _all_name_currency(parsed: NumberColumn) -> bool:
    index = parsed.currency_index
    return index is not None and bool((index[np.isfinite(parsed.values)] >= 0).all())


def _check_campaign_currency(context: ReadContext, name: str) -> None:
    currency, expected = context.currency, context.options.currency
    if expected and currency != expected:
        message = f"column {context.header(name)} is in {currency}, the campaign in {expected}"
        fix = f"give the rate in the campaign file: [exchange] {currency} = 1.08, or set currency to {currency}"
        context.fault_column(name, "currency-other", message, fix)


def _convert_currency(context: ReadContext, name: str, parsed: NumberColumn, header: str | None) -> NDArray[np.float64]:
    """Convert every cell to the campaign's currency.

    A cell that names no currency is in the header's currency, or else in the campaign's.
    """
    home = context.currency = context.options.currency or "USD"
    rates = {home: 1.0} | {code: float(rate) for code, rate in context.options.exchange.items()}
    codes = [*parsed.currencies, header or home]  # a cell without a currency has index -1, the last
    unknown = sorted({*codes} - {*rates})
    if unknown:
        message = f"column {context.header(name)} holds {', '.join(unknown)}, for which there is no exchange rate"
        fix = f"add it in the campaign file: [exchange] {unknown[0]} = 1.08"
        context.fault_column(name, "currency-unknown", message, fix)
        return parsed.values
    factors = np.asarray([rates[code] for code in codes])
    index = parsed.currency_index
    index = np.full(len(parsed.values), -1, dtype=np.int8) if index is None else index
    if (factors != 1).any():
        context.note_interpretation(name, f"converted to {home}")
    with np.errstate(over="ignore"):
        converted: NDArray[np.float64] = parsed.values * factors[index]
    return converted


def to_cents(
    context: ReadContext, name: str, amounts: NDArray[np.float64], bad: NDArray[np.bool_], *, required: bool
) -> NDArray[np.int64]:
    """Return amounts in whole cents, `NO_FEE` where empty; note amounts out of range, and missing ones if required.

    Parameters
    ----------
    amounts
        (n,) NaN where the cell is empty or bad.
    bad
        (n,) whether the cell is not a number, which is noted already.
    """
    with np.errstate(over="ignore"):
        cents = np.where(np.isnan(amounts), NO_FEE, np.rint(np.nan_to_num(amounts) * 100))
    out_of_range = (cents > MAX_FEE_CENTS) | ((cents == 0) & (amounts > 0))
    what = "a fee" if name == "fee" else "an amount"
    message = f"{what} of {{value}} is beyond reason"
    context.fault_cells(name, out_of_range, "fee-range", message, "correct the number")
    if required:
        fix = "fill it in (0 is a gifted post), or have missing fees estimated with --estimate-fees"
        context.fault_cells(name, np.isnan(amounts) & ~bad, "fee-missing", "the fee is missing", fix)
    return np.where(out_of_range | (cents < 0), NO_FEE, cents).astype(np.int64)


class PriceColumn(Struct, frozen=True, kw_only=True):
    """A column with the price of one format.

    Attributes
    ----------
    name
        Its key in `ReadContext.columns`.
    offer, platform
        What its header names.
    """

    name: str
    offer: str
    platform: str


def find_price_columns(context: ReadContext) -> list[PriceColumn]:
    """Return the price columns, noting two that price the same offer."""
    found: dict[tuple[str, str], PriceColumn] = {}
    for name in [name for name in context.columns if name.startswith(PRICE_PREFIX)]:
        offer, platform = parse_offer_header(context.header(name))
        first = found.setdefault((offer, platform), PriceColumn(name=name, offer=offer, platform=platform))
        if first.name != name:
            headers = f"{context.header(first.name)!r} and {context.header(name)!r}"
            message = f"two columns give the price of a {offer}: {headers}"
            context.fault_column(name, "column-twice", message, "remove or rename one of the two")
        context.note_interpretation(name, " ".join(filter(None, (platform, offer))))
    return list(found.values())


def split_price_columns(
    context: ReadContext, roster: Roster, columns: list[PriceColumn], unpaid: NDArray[np.bool_]
) -> Roster:
    """Return the roster with one row for each price that a creator quotes, in the file's order.

    Parameters
    ----------
    unpaid
        (n,) who needs no fee: with no price quoted, such a creator has one offer of the first format, for nothing.
    """
    fees = []
    bad = np.zeros(len(roster), dtype=bool)
    for column in columns:
        amounts, parsed = parse_money_column(context, column.name)
        fees.append(to_cents(context, column.name, amounts, parsed.bad, required=False))
        bad |= parsed.bad
    table = np.stack(fees, axis=1)
    priced = table != NO_FEE
    unpriced = ~priced.any(axis=1)
    table[unpriced & ~bad & unpaid, 0] = 0
    if context.options.fees_required:
        fix = "fill in a price (0 is a gifted post), or have missing fees estimated with --estimate-fees"
        context.fault_cells(columns[0].name, unpriced & ~bad & ~unpaid, "fee-missing", "no price is given", fix)
    priced[unpriced, 0] = True
    rows, formats = np.nonzero(priced)
    expanded = roster.take(rows)
    codes = formats.astype(np.int32)
    offers = TextColumn(codes=codes, labels=tuple(column.offer for column in columns))
    texts = {**expanded.texts, "offer": offers}
    if "offer" in expanded.texts:
        texts["offer"] = join_columns([expanded.texts["offer"], offers], " ")
    if "platform" not in texts and any(column.platform for column in columns):
        texts["platform"] = TextColumn(codes=codes, labels=tuple(column.platform for column in columns))
    return replace(expanded, texts=texts, fee=table[rows, formats])
