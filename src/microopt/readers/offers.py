"""Price columns per format (`Story Price`, `Reel Price`) -> one offer each."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks import PLATFORMS
from microopt.readers.money import cents, money_column
from microopt.readers.reading import Reading
from microopt.roster import NO_FEE, Roster, TextColumn

_PRICE = re.compile(
    r"\b(?:price|fee|rate|cost)s?\b|\((?:usd|eur|gbp)\)|[$€£]|\b(?:usd|eur|gbp|per|for|avg)\b", re.IGNORECASE
)


class PricedFormat(Struct, frozen=True, kw_only=True):
    """A price column: `name` is its key in `Reading.columns`, `offer` and `platform` what its header says."""

    name: str
    offer: str
    platform: str


def priced_formats(headers: dict[str, str]) -> list[PricedFormat]:
    """Return what each price column offers.

    Parameters
    ----------
    headers
        Header by key in `Reading.columns`.
    """
    return [_format(name, header) for name, header in headers.items()]


def _format(name: str, header: str) -> PricedFormat:
    words = re.sub(r"[_\-/()]+", " ", _PRICE.sub(" ", header.replace("_", " "))).split()
    platform = next((word.casefold() for word in words if word.casefold() in PLATFORMS), "")
    offer = " ".join(word for word in words if word.casefold() != platform).casefold()
    return PricedFormat(name=name, offer=offer or "post", platform=platform)


def split_offers(reading: Reading, roster: Roster, formats: list[PricedFormat]) -> Roster:
    """Return the roster with one row for each price that a creator quotes, in the file's order."""
    fees = []
    for form in formats:
        values, read = money_column(reading, form.name)
        fees.append(cents(reading, form.name, values, read, required=False))
    table = np.stack(fees, axis=1)
    priced = table != NO_FEE
    unpriced = ~priced.any(axis=1)
    if reading.options.fees_required:
        fix = "fill in a price (0 is a gifted post), or have missing fees estimated with --estimate-fees"
        reading.fault_cells(formats[0].name, unpriced, "fee-missing", "no price is given", fix)
    priced[unpriced, 0] = True
    rows, which = np.nonzero(priced)
    taken = roster.take(rows)
    texts = {**taken.texts, "offer": _column([form.offer for form in formats], which)}
    if "platform" not in texts and any(form.platform for form in formats):
        texts["platform"] = _column([form.platform for form in formats], which)
    return replace(taken, texts=texts, fee=table[rows, which])


def _column(labels: list[str], codes: NDArray[Any]) -> TextColumn:
    return TextColumn(codes=codes.astype(np.int32), labels=tuple(labels))
