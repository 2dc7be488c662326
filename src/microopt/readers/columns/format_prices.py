"""Find columns of prices whose headers name a format alone: `Post`, `Story`, `Reel` of a rate card."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microopt.readers.columns.cell_evidence import CellEvidence
from microopt.readers.price_headers import find_header_currency, is_format_header, is_price_header

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
    named = [i for i, header in enumerate(headers) if i not in taken and is_format_header(header)]
    certain = [i for i in named if cells[i].names_currency or _has_currency(headers[i], cells[i])]
    if has_fee or any(i not in taken and is_price_header(header) for i, header in enumerate(headers)):
        return certain
    prices = [i for i in named if i in certain or (not _is_plural(headers[i]) and _may_be_prices(cells[i]))]
    return prices if certain or len(prices) > 1 else []


def _has_currency(header: str, cells: CellEvidence) -> bool:
    return find_header_currency(header) is not None and bool(cells.texts) and cells.holds_fees


def _is_plural(header: str) -> bool:
    return header.strip().casefold().endswith("s")


def _may_be_prices(cells: CellEvidence) -> bool:
    return cells.holds_fees and bool(len(cells.fees)) and float(np.median(cells.fees)) >= LEAST_PRICE
