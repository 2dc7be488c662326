"""Columns of money: amounts in one currency, whole cents, and price columns by format."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.readers.columns.currency import convert, find_named_currencies, settle_currencies
from microopt.readers.columns.numbers import parse_number_column
from microopt.readers.columns.text import join_columns
from microopt.readers.context import ReadContext
from microopt.readers.price_headers import PRICE_PREFIX, parse_offer_header
from microopt.readers.vocabulary import ColumnKind
from microopt.roster.roster import NO_FEE, Roster, TextColumn

MAX_FEE_CENTS = 1e13


class MoneyColumn(Struct, frozen=True, kw_only=True, eq=False):
    """A column of money in the file's one currency.

    Attributes
    ----------
    amounts
        (n,) NaN where the cell is empty or bad.
    bad
        (n,) whether the cell is not an amount, which is noted already.
    """

    amounts: NDArray[np.float64]
    bad: NDArray[np.bool_]


def read_money(context: ReadContext) -> dict[str, MoneyColumn]:
    """Read every column of money, by name, and convert them into one currency."""
    names = [name for name in context.columns if context.kind(name) is ColumnKind.MONEY]
    parsed = {name: parse_number_column(context, name) for name in names}
    worth = settle_currencies(context, {name: find_named_currencies(context, name, parsed[name]) for name in names})
    return {
        name: MoneyColumn(amounts=convert(column.values, column, worth[name]), bad=column.bad)
        for name, column in parsed.items()
    }


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
    context: ReadContext,
    roster: Roster,
    columns: list[PriceColumn],
    money: Mapping[str, MoneyColumn],
    unpaid: NDArray[np.bool_],
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
        quoted = money[column.name]
        fees.append(to_cents(context, column.name, quoted.amounts, quoted.bad, required=False))
        bad |= quoted.bad
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
