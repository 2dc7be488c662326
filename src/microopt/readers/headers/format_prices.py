"""Find columns of prices whose headers do not say price: `Story`, `Reel Apr`, `Reel from` and `Reel to`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from microopt.quantities.currencies import find_currency
from microopt.quantities.format_words import all_format_words
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.words.price_headers import (
    MONTHS,
    find_header_currency,
    is_format_header,
    is_price_header,
    split_header,
)
from microopt.readers.words.range_ends import find_ends, may_be_end, split_ends
from microopt.readers.words.vocabulary import ROSTER

LEAST_PRICE = 10.0  # the median of columns of bare numbers that are prices; smaller ones are numbers of posts


def find_format_prices(
    headers: Sequence[str], cells: Sequence[CellEvidence], taken: set[int], *, has_fee: bool
) -> list[int]:
    """Return the positions of headers that name a format alone, or are the ends of a range, and whose cells are prices.

    Cells are prices if they or their header name a currency. In a file without any other price, bare numbers are prices
    too if another column is one, or if at least two columns hold such numbers, as the two of `Reel from` and `Reel to`
    do.

    Parameters
    ----------
    taken
        Positions of headers that belong to other columns.
    has_fee
        Whether one of these is the fee.
    """
    free = [i for i in range(len(headers)) if i not in taken]
    low_ends = _find_low_ends(headers, cells, free)
    names = {i: _common_name(headers, i, low_ends) for i in free if i not in low_ends.values()}
    named = [i for i in names if is_format_header(names[i])]
    dated = [i for i in names if i not in named and _names_month(names[i])]
    certain = [i for i in sorted(named + dated) if cells[i].names_currency or _has_currency(headers[i], cells[i])]
    certain += [high for high, low in low_ends.items() if is_price_header(headers[low])]
    if has_fee or any(i not in taken and is_price_header(header) for i, header in enumerate(headers)):
        return _with_low_ends(certain, low_ends)
    prices = [i for i in certain if i in dated]
    prices += [i for i in named if i in certain or may_be_format_price(names[i], cells[i])]
    prices += [] if prices else [i for i in low_ends if _is_fee(names[i], headers[i], cells[i])]
    prices = _with_low_ends(prices, low_ends)
    return prices if certain or len(prices) > 1 else []


def find_fee_ends(headers: Sequence[str], cells: Sequence[CellEvidence], taken: set[int], fee: int) -> list[int]:
    """Return the positions of the two ends of a range of which the user says that one is the fee; else nothing."""
    free = [i for i in range(len(headers)) if i == fee or i not in taken]
    return [i for pair in _find_low_ends(headers, cells, free).items() if fee in pair for i in pair]


def _find_low_ends(headers: Sequence[str], cells: Sequence[CellEvidence], free: Sequence[int]) -> dict[int, int]:
    """Return the position of the low end of each range of prices by that of its high end."""
    words = {i: split_header(headers[i]) for i in free}
    return find_ends({i: words[i] for i in free if may_be_end(words[i]) and cells[i].texts and cells[i].holds_fees})


def _common_name(headers: Sequence[str], position: int, low_ends: Mapping[int, int]) -> str:
    """Return a header without the end of a range that it says: `reel` for `Reel to`."""
    if position not in low_ends:
        return headers[position]
    words = split_ends(split_header(headers[low_ends[position]]), split_header(headers[position]))
    return " ".join(words or ())


def _with_low_ends(prices: Sequence[int], low_ends: Mapping[int, int]) -> list[int]:
    return sorted({*prices, *(low_ends[high] for high in prices if high in low_ends)})


def _is_fee(name: str, header: str, cells: CellEvidence) -> bool:
    """Whether a range is the fee: its name is one, as in `Budget from`, or it has none and is in a currency."""
    if not name or find_currency(name) is not None:
        return cells.names_currency or _has_currency(header, cells)
    return any(column == "fee" for column, _ in ROSTER.find_columns(name))


def may_be_format_price(header: str, cells: CellEvidence) -> bool:
    """Whether a header names one of a format and nothing else, and numbers below it are as large as prices."""
    return is_format_header(header) and not _is_plural(header) and _may_be_prices(cells)


def _names_month(header: str) -> bool:
    """Whether a header names a format, a month or a number, and nothing else.

    Figures of one month's posts have such headers too, so that bare numbers below them are not taken for prices.
    """
    rest = [word for word in split_header(header) if word not in MONTHS and not word.isdigit()]
    return not all_format_words().isdisjoint(rest) and is_format_header(" ".join(rest))


def _has_currency(header: str, cells: CellEvidence) -> bool:
    return find_header_currency(header) is not None and bool(cells.texts) and cells.holds_fees


def _is_plural(header: str) -> bool:
    return header.strip().casefold().endswith("s")


def _may_be_prices(cells: CellEvidence) -> bool:
    return cells.holds_fees and bool(len(cells.fees)) and float(np.median(cells.fees)) >= LEAST_PRICE
