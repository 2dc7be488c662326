"""Choose between headers that price one offer in several ways: net and gross, asked and agreed, for one and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.flag_values import format_header_map
from microopt.quantities.currencies import SHARED_SIGNS
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import format_names
from microopt.readers.cells.quote_phrases import open_words
from microopt.readers.cells.text import is_placeholder
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.headers.cell_evidence import MOST, CellEvidence
from microopt.readers.words.price_headers import (
    AGREED,
    ASKED,
    GROSS,
    NET,
    TOTAL,
    UNIT,
    find_header_currency,
    find_year,
    is_high_end,
    is_low_end,
    is_price_header,
    parse_plain_offer,
    split_header,
)
from microopt.readers.words.vocabulary import ROSTER

_PACKAGE = "package"  # the price of all, if another column prices one; else an offer of its own
_FILLING = {"agreed", "year"}  # what may differ where one price stands in for another that is still open


class Rival(Struct, frozen=True, kw_only=True):
    """A header that is not used because another prices the same offer.

    Attributes
    ----------
    chosen
        Position of the header that is used; None where a total is the sum of the prices by format.
    differs
        In what it differs from that one: `currency`, `agreed`, `total`, `net`, `year`.
    """

    chosen: int | None
    differs: frozenset[str] = frozenset()


def find_rivals(
    headers: Sequence[str],
    cells: Sequence[CellEvidence],
    taken: set[int],
    *,
    home: str | None,
    counts: CellEvidence | None,
) -> dict[int, Rival]:
    """Return the headers of prices that are not used, by position.

    Parameters
    ----------
    taken
        Positions of headers that belong to other columns.
    home
        The campaign's currency.
    counts
        The cells with numbers of deliverables, by which a total may be more than the price of one.
    """
    priced = [i for i, header in enumerate(headers) if i not in taken and _is_price(header) and cells[i].holds_fees]
    if len(priced) < 2:
        return {}
    is_unit = any(_words(headers[position]) & UNIT for position in priced)
    is_unit = is_unit or (counts is not None and _are_products(headers, cells, priced, counts))
    groups: dict[tuple[str, str, bool], list[int]] = {}
    for position in priced:
        offer, platform = parse_plain_offer(headers[position])
        offer = "post" if is_unit and offer == _PACKAGE else offer
        groups.setdefault((offer, platform, is_low_end(headers[position])), []).append(position)
    rivals: dict[int, Rival] = {}
    formats = sum(offer != "post" for offer, _, _ in groups)
    for (offer, _, _), group in groups.items():
        totals = [position for position in group if offer == "post" and _words(headers[position]) & TOTAL]
        if totals and formats > is_unit:
            rivals |= {position: Rival(chosen=None) for position in totals}
        left = [position for position in group if position not in rivals]
        rivals |= _choose(
            headers, cells, {position: _mark(headers[position], home, is_unit=is_unit) for position in left}
        )
    return rivals | _find_low_ends(headers, groups, rivals)


def _find_low_ends(
    headers: Sequence[str], groups: Mapping[tuple[str, str, bool], Sequence[int]], rivals: Mapping[int, Rival]
) -> dict[int, Rival]:
    """Return the low ends of ranges whose high ends are not used: `Price from` and `Price to` beside `Final price`."""
    found: dict[int, Rival] = {}
    for (offer, platform, is_low), lows in groups.items():
        others = [position for position in groups.get((offer, platform, False), ()) if is_low]
        ranges = [position for position in others if is_high_end(headers[position])]
        if ranges and all(position in rivals for position in ranges):
            found |= dict.fromkeys(lows, rivals[ranges[0]])
    return found


def _is_price(header: str) -> bool:
    return is_price_header(header) or any(column == "fee" for column, _ in ROSTER.find_columns(header))


def _are_products(
    headers: Sequence[str], cells: Sequence[CellEvidence], priced: Sequence[int], counts: CellEvidence
) -> bool:
    """Whether totals are the price of one times the number of deliverables."""
    totals = [cells[position].values for position in priced if _words(headers[position]) & TOTAL]
    prices = [cells[position].values for position in priced if not _words(headers[position]) & TOTAL]
    return any(
        len(total) == len(price) == len(counts.values)
        and len(total) > 0
        and float(np.mean(np.isclose(price * counts.values, total, rtol=0.01))) > MOST
        and not np.allclose(price, total)
        for total in totals
        for price in prices
    )


def _choose(
    headers: Sequence[str], cells: Sequence[CellEvidence], marks: Mapping[int, Mapping[str, int]]
) -> dict[int, Rival]:
    """Return the headers to which another one, with prices, is preferred; equal headers are not among them."""
    found = {}
    chosen = min(marks, key=lambda place: (not cells[place].texts, *marks[place].values(), place), default=0)
    for position, mark in marks.items():
        differs = {respect for respect, value in mark.items() if value != marks[chosen][respect]}
        signs = {find_header_currency(headers[place]) for place in (chosen, position)}
        differs |= {"currency"} if len(signs - {None}) > 1 else set()
        if differs:
            found[position] = Rival(chosen=chosen, differs=frozenset(differs))
    return found


def _mark(header: str, home: str | None, *, is_unit: bool) -> Mapping[str, int]:
    """Return the rank of a header in each respect, the most important first; the lower rank is preferred."""
    words, sign = _words(header), find_header_currency(header)
    meanings = SHARED_SIGNS.get(sign, (sign,)) if sign else ()
    is_total, is_one = is_total_header(header), bool(words & UNIT)
    return {
        "currency": 0 if home in meanings else 2 if meanings and home else 1,
        "agreed": 0 if words & AGREED else 2 if words & ASKED else 1,
        "total": (0 if is_total else 2 if is_one else 1) if is_unit else int(is_total),
        "net": 0 if words & NET else 2 if words & GROSS else 1,
        "year": -find_year(header),
    }


def _words(header: str) -> set[str]:
    return set(split_header(header))


def settle_rivals(context: ReadContext, rivals: Mapping[int, Rival]) -> None:
    """Note which of several prices are used; fill those that are not agreed yet with what was asked."""
    headers = [header.strip() for header in context.table.headers]
    sums = [position for position, rival in rivals.items() if rival.chosen is None]
    if sums:
        context.notes.append(f"{format_names([headers[n] for n in sums])} is not counted: it is a total of the prices")
    context.unused |= dict.fromkeys(sums, "not used: a total of the prices")
    replaced = {
        position: rival.chosen
        for position, rival in rivals.items()
        if rival.chosen is not None and not _may_hold_costs(headers[rival.chosen], rival)
    }
    context.rivals |= {*sums, *replaced}
    context.unused |= {position: f"not used: {headers[chosen]} is used" for position, chosen in replaced.items()}
    filled = {position for position in replaced if _fill(context, position, rivals[position])}
    if replaced:
        _note_choice(context, replaced, filled, is_net=any("net" in rivals[place].differs for place in replaced))


def is_total_header(header: str) -> bool:
    """Whether a header says that it prices all deliverables together."""
    return bool(_words(header) & (TOTAL | {_PACKAGE}))


def _may_hold_costs(chosen: str, rival: Rival) -> bool:
    """Whether a total may include costs on top of the fee; it is then noted as money that is not counted."""
    return rival.differs == {"total"} and not is_total_header(chosen)


def _note_choice(context: ReadContext, replaced: Mapping[int, int], filled: set[int], *, is_net: bool) -> None:
    headers = [header.strip() for header in context.table.headers]
    chosen = format_names([headers[place] for place in dict.fromkeys(replaced.values())])
    others = format_names([headers[place] for place in replaced])
    what = "the fee is" if "fee" in context.columns else "prices are"
    others = f"and from {others} where that has no amount" if filled else f"not from {others}"
    reason = ", as VAT is usually recovered" if is_net else ""
    other, used = next(iter(replaced.items()))
    flag = format_header_map(headers[other], "fee")
    flag = flag if "fee" in context.columns else format_header_map(headers[used], "ignore")
    context.notes.append(f"{what} read from {chosen}, {others}{reason} ({flag} uses {headers[other]})")


def _fill(context: ReadContext, position: int, rival: Rival) -> bool:
    """Fill the empty cells of the price that is used, if another may stand in; return whether any was filled."""
    columns, chosen = context.table.columns, rival.chosen
    currencies = {
        find_header_currency(context.table.headers[place]) for place in (position, chosen) if place is not None
    }
    if chosen is None or not rival.differs <= _FILLING or len(currencies) > 1:
        return False
    used, other = (np.asarray(to_texts(columns[place]), dtype=object) for place in (chosen, position))
    is_filled = _is_missing(used) & ~_is_missing(other)
    if not is_filled.any():
        return False
    columns[chosen] = pd.Series(np.where(is_filled, other, used), dtype=object)
    header, taken = (context.table.headers[place].strip() for place in (chosen, position))
    context.remark(is_filled, "price-filled", f"{header} has no amount: {taken} is taken")
    return True


def _is_missing(cells: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which cells have no price yet: they are empty, or say so, as `TBC` does."""
    codes, texts = pd.factorize(cells)
    missing = [is_placeholder(text) or not text.strip() or header_key(text) in open_words() for text in texts]
    is_missing: NDArray[np.bool_] = np.asarray(missing, dtype=np.bool_)[codes]
    return is_missing
