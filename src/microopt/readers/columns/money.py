"""Money columns: one currency a roster, or exchange rates that make it one; cents are whole.

Price columns per format (`Story Price`, `Reel Price`) -> one offer each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.readers.columns.numbers import check_number_column
from microopt.readers.columns.numeric_text import NumberColumn
from microopt.readers.columns.text import join_columns
from microopt.readers.context import ReadContext
from microopt.readers.price_headers import PRICE_PREFIX, find_header_currency, parse_offer_header
from microopt.roster.roster import NO_FEE, Roster, TextColumn

MAX_FEE_CENTS = 1e13  # cents


def parse_money(reading: ReadContext, name: str) -> tuple[NDArray[np.float64], NumberColumn]:
    """Read a money column in the roster's one currency; empty cells are NaN."""
    values, read = check_number_column(reading, name)
    header = None if _all_named(read) else find_header_currency(reading.header(name))
    written = {*read.currencies, *([header] if header else [])}
    if reading.options.exchange:
        return _exchanged(reading, name, values, read, header), read
    if len(written) > 1 or (written and reading.currency and reading.currency not in written):
        codes = ", ".join(sorted(written))
        message = f"column {reading.header(name)} holds several currencies: {codes}"
        if len(written) == 1:
            message = f"column {reading.header(name)} is in {codes}, another in {reading.currency}"
        fix = "give rates in the campaign file: [exchange] EUR = 1.08, or convert the amounts to one currency"
        reading.fault_column(name, "currency-mixed", message, fix)
    elif written:
        reading.currency = next(iter(written))
        _same_as_campaign(reading, name)
    return values, read


def _all_named(read: NumberColumn) -> bool:
    return read.currency_index is not None and bool((read.currency_index[np.isfinite(read.values)] >= 0).all())


def _same_as_campaign(reading: ReadContext, name: str) -> None:
    mine, asked = reading.currency, reading.options.currency
    if asked and mine != asked:
        message = f"column {reading.header(name)} is in {mine}, the campaign in {asked}"
        fix = f"give the rate in the campaign file: [exchange] {mine} = 1.08, or set currency to {mine}"
        reading.fault_column(name, "currency-other", message, fix)


def _exchanged(
    reading: ReadContext, name: str, values: NDArray[np.float64], read: NumberColumn, header: str | None
) -> NDArray[np.float64]:
    """Convert every cell to the campaign's currency; a cell that names none is in the header's or the campaign's."""
    home = reading.options.currency or "USD"
    reading.currency = home
    rates = {home: 1.0} | {code: float(rate) for code, rate in reading.options.exchange.items()}
    names = [*read.currencies, header or home]  # a cell that names none has place -1: the last
    unknown = sorted({*names} - {*rates})
    if unknown:
        message = f"column {reading.header(name)} holds {', '.join(unknown)}, for which there is no exchange rate"
        fix = f"add it in the campaign file: [exchange] {unknown[0]} = 1.08"
        reading.fault_column(name, "currency-unknown", message, fix)
        return values
    factors = np.asarray([rates[code] for code in names])
    place = read.currency_index if read.currency_index is not None else np.full(len(values), -1, dtype=np.int8)
    if (factors != 1).any():
        reading.note_interpretation(name, f"converted to {home}")
    with np.errstate(over="ignore"):
        converted: NDArray[np.float64] = values * factors[place]
    return converted


def to_cents(
    reading: ReadContext, name: str, values: NDArray[np.float64], read: NumberColumn, *, required: bool
) -> NDArray[np.int64]:
    """Return fees in whole cents, `NO_FEE` where empty, noting those beyond reason and, if required, the missing."""
    with np.errstate(over="ignore"):
        amounts = np.where(np.isnan(values), NO_FEE, np.rint(np.nan_to_num(values) * 100))
    odd = (amounts > MAX_FEE_CENTS) | ((amounts == 0) & (values > 0))
    what = "a fee" if name == "fee" else "an amount"
    reading.fault_cells(name, odd, "fee-range", f"{what} of {{value}} is beyond reason", "correct the number")
    if required:
        fix = "fill it in (0 is a gifted post), or have missing fees estimated with --estimate-fees"
        reading.fault_cells(name, np.isnan(values) & ~read.bad, "fee-missing", "the fee is missing", fix)
    return np.where(odd | (amounts < 0), NO_FEE, amounts).astype(np.int64)


class PriceColumn(Struct, frozen=True, kw_only=True):
    """A price column: `name` is its key in `Reading.columns`, `offer` and `platform` what its header says."""

    name: str
    offer: str
    platform: str


def find_price_columns(reading: ReadContext) -> list[PriceColumn]:
    """Return what each price column offers, noting two that offer the same."""
    found: dict[tuple[str, str], PriceColumn] = {}
    for name in [name for name in reading.columns if name.startswith(PRICE_PREFIX)]:
        offer, platform = parse_offer_header(reading.header(name))
        other = found.setdefault((offer, platform), PriceColumn(name=name, offer=offer, platform=platform))
        if other.name != name:
            rivals = f"{reading.header(other.name)!r} and {reading.header(name)!r}"
            message = f"two columns give the price of a {offer}: {rivals}"
            reading.fault_column(name, "column-twice", message, "remove or rename one of the two")
        reading.note_interpretation(name, " ".join(filter(None, (platform, offer))))
    return list(found.values())


def split_price_columns(
    reading: ReadContext, roster: Roster, formats: list[PriceColumn], unpaid: NDArray[np.bool_]
) -> Roster:
    """Return the roster with one row for each price that a creator quotes, in the file's order.

    Parameters
    ----------
    unpaid
        (n,) who needs no fee: with none quoted such a creator has one offer, of the first format, for nothing.
    """
    fees = []
    bad = np.zeros(len(roster), dtype=bool)
    for form in formats:
        values, read = parse_money(reading, form.name)
        fees.append(to_cents(reading, form.name, values, read, required=False))
        bad |= read.bad
    table = np.stack(fees, axis=1)
    priced = table != NO_FEE
    table[~priced.any(axis=1) & ~bad & unpaid, 0] = 0
    unpriced = ~priced.any(axis=1) & ~bad & ~unpaid
    if reading.options.fees_required:
        fix = "fill in a price (0 is a gifted post), or have missing fees estimated with --estimate-fees"
        reading.fault_cells(formats[0].name, unpriced, "fee-missing", "no price is given", fix)
    priced[~priced.any(axis=1), 0] = True
    rows, which = np.nonzero(priced)
    taken = roster.take(rows)
    offers = _column([form.offer for form in formats], which)
    texts = {
        **taken.texts,
        "offer": join_columns([taken.texts["offer"], offers], " ") if "offer" in taken.texts else offers,
    }
    if "platform" not in texts and any(form.platform for form in formats):
        texts["platform"] = _column([form.platform for form in formats], which)
    return replace(taken, texts=texts, fee=table[rows, which])


def _column(labels: list[str], codes: NDArray[Any]) -> TextColumn:
    return TextColumn(codes=codes.astype(np.int32), labels=tuple(labels))
