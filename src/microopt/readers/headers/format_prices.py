"""Find columns of prices whose headers name a format alone, `Post`, `Story`, or with a month, `Reel Apr`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microopt.quantities.format_words import all_format_words
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.words.price_headers import (
    MONTHS,
    find_header_currency,
    is_format_header,
    is_price_header,
    split_header,
)

LEAST_PRICE = 10.0  # the median of columns of bare numbers that are prices; smaller ones are numbers of posts


def find_format_prices(
    headers: Sequence[str], cells: Sequence[CellEvidence], taken: set[int], *, has_fee: bool
) -> list[int]:
    """Return the positions of headers that name a format alone and whose cells are prices.

    Cells are prices if they or their header name a currency. In a file without any other price, bare numbers are prices
    too if another column is one, or if at least two columns hold such numbers.

    Parameters
    ----------
    taken
        Positions of headers that belong to other columns.
    has_fee
        Whether one of these is the fee.
    """
    free = [i for i in range(len(headers)) if i not in taken]
    named = [i for i in free if is_format_header(headers[i])]
    dated = [i for i in free if i not in named and _names_month(headers[i])]
    certain = [i for i in sorted(named + dated) if cells[i].names_currency or _has_currency(headers[i], cells[i])]
    if has_fee or any(i not in taken and is_price_header(header) for i, header in enumerate(headers)):
        return certain
    prices = [i for i in certain if i in dated]
    prices += [i for i in named if i in certain or may_be_format_price(headers[i], cells[i])]
    return prices if certain or len(prices) > 1 else []


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
