"""Price columns per format (`Story Price`, `Reel Price`) -> one offer each."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.readers.columns.money import cents, money_column
from microopt.readers.columns.text import joined
from microopt.readers.context import ReadContext
from microopt.readers.price_headers import PRICED, offer_in
from microopt.roster.roster import NO_FEE, Roster, TextColumn


class PricedFormat(Struct, frozen=True, kw_only=True):
    """A price column: `name` is its key in `Reading.columns`, `offer` and `platform` what its header says."""

    name: str
    offer: str
    platform: str


def priced_formats(reading: ReadContext) -> list[PricedFormat]:
    """Return what each price column offers, noting two that offer the same."""
    found: dict[tuple[str, str], PricedFormat] = {}
    for name in [name for name in reading.columns if name.startswith(PRICED)]:
        offer, platform = offer_in(reading.header(name))
        other = found.setdefault((offer, platform), PricedFormat(name=name, offer=offer, platform=platform))
        if other.name != name:
            rivals = f"{reading.header(other.name)!r} and {reading.header(name)!r}"
            message = f"two columns give the price of a {offer}: {rivals}"
            reading.fault_column(name, "column-twice", message, "remove or rename one of the two")
        reading.tell(name, " ".join(filter(None, (platform, offer))))
    return list(found.values())


def split_offers(
    reading: ReadContext, roster: Roster, formats: list[PricedFormat], unpaid: NDArray[np.bool_]
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
        values, read = money_column(reading, form.name)
        fees.append(cents(reading, form.name, values, read, required=False))
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
    texts = {**taken.texts, "offer": joined([taken.texts["offer"], offers], " ") if "offer" in taken.texts else offers}
    if "platform" not in texts and any(form.platform for form in formats):
        texts["platform"] = _column([form.platform for form in formats], which)
    return replace(taken, texts=texts, fee=table[rows, which])


def _column(labels: list[str], codes: NDArray[Any]) -> TextColumn:
    return TextColumn(codes=codes.astype(np.int32), labels=tuple(labels))
