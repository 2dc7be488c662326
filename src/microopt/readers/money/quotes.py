"""Read what people write where an amount of money is expected: `$1,200 - 1,500`, `from 300`, `2 reels 900`, `gifted`.

Only cells that are not plain amounts come here, and each distinct shape of such a cell is parsed once
(`quote_phrases`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.readers.cells.quote_phrases import Phrase, read_phrase
from microopt.readers.cells.text_shapes import find_shapes, join_lines, normalize_lines
from microopt.readers.numbers.numeric_text import NumberColumn

Parser = Callable[["pd.Series[Any]"], NumberColumn]
MOST_OF_RANGE = 100.0  # times the low end; a wider range is not a quote but a date or a slip
MOST_DELIVERABLES = 100
LEAST_BARE_PRICE = 20.0  # of several in a cell, without a currency


class Quotes(Struct, kw_only=True, eq=False):
    """What a column of money says besides amounts; nothing where all cells are plain amounts.

    Attributes
    ----------
    low, deliverables, product
        (n,) the low end of a range, the number of deliverables that the amount is for, and what a gifted product is
        worth; NaN where not stated.
    pay
        (n,) `PayType` where words stand for one.
    is_open
        (n,) whether the fee is said to be not known yet.
    flagged
        By flag (`Phrase.flags`): (n,) which cells have it.
    offers
        By offer that a cell names: (n,) which cells name it.
    more
        The second, third, ... offers of cells that have several.
    """

    low: NDArray[np.float64]
    deliverables: NDArray[np.float64]
    product: NDArray[np.float64]
    pay: NDArray[np.int8]
    is_open: NDArray[np.bool_]
    flagged: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    offers: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    more: list[MoreOffers] = field(default_factory=list)

    def flag(self, name: str, mask: NDArray[np.bool_]) -> None:
        """Add cells to those with a flag."""
        if mask.any():
            self.flagged[name] = self.flagged.get(name, np.zeros(len(mask), dtype=np.bool_)) | mask


class MoreOffers(Struct, kw_only=True, eq=False):
    """The further offers of some cells: their amounts, NaN where a cell has none, and what is said besides."""

    amounts: NDArray[np.float64]
    quotes: Quotes


def read_quotes(
    raw: pd.Series[Any], parsed: NumberColumn, parse: Parser, ends: str, *, several: bool = False
) -> tuple[NumberColumn, Quotes | None]:
    """Return a column of money with the amounts of cells that are not plain amounts, and what else they say.

    Parameters
    ----------
    raw
        The cells.
    parsed
        The column as plain numbers; only its bad cells are read here.
    parse
        Parses plain amounts as the column's are.
    ends
        One of `QUOTE_ENDS`: which end of a range is taken.
    several
        Whether a cell may hold several offers.
    """
    rows = np.flatnonzero(parsed.bad)
    if not len(rows):
        return parsed, None
    blob = normalize_lines(join_lines(raw.iloc[rows]))
    codes, shapes = find_shapes(blob)
    phrases = [read_phrase(shape) for shape in shapes]
    if not any(phrases):
        return parsed, None
    order = np.argsort(codes, kind="stable")
    cells_by_shape = np.split(order, np.cumsum(np.bincount(codes, minlength=len(shapes)))[:-1])
    lines = blob.split(b"\n")
    stated = [
        _StatedAmounts(phrase=phrase, rows=rows[cells], lines=[lines[cell] for cell in cells.tolist()])
        for phrase, cells in zip(phrases, cells_by_shape, strict=True)
        if phrase is not None and (several or not phrase.parts)
    ]
    return _apply_phrases(parsed, stated, parse, ends)


class _StatedAmounts(Struct, frozen=True, eq=False):
    """The cells of one phrase: their rows in the column, and their text."""

    phrase: Phrase
    rows: NDArray[np.intp]
    lines: list[bytes]

    def amounts(self, place: int, unit: str) -> list[str]:
        """Return one amount of each cell as plain text, with this unit; a currency at one end counts for both."""
        start, end = self.phrase.spans[place]
        currency = self.phrase.currencies[place] or next(filter(None, self.phrase.currencies), "")
        after = f"{unit} {currency}".rstrip()
        return [line[start:end].decode() + after for line in self.lines]

    def counts(self) -> NDArray[np.float64]:
        """Return the number of deliverables of each cell, NaN where none is stated."""
        if self.phrase.count_span is None:
            return np.full(len(self.rows), np.nan)
        start, end = self.phrase.count_span
        digits = [line[start:end] for line in self.lines]
        return np.asarray([int(text) if text.isdigit() else np.nan for text in digits], dtype=np.float64)


def _apply_phrases(
    parsed: NumberColumn, stated: list[_StatedAmounts], parse: Parser, ends: str
) -> tuple[NumberColumn, Quotes]:
    """Return the column with the amounts of these cells in place of bad ones, and what they say besides."""
    column, quotes = _copy(parsed), empty_quotes(len(parsed.values))
    for cells in stated:
        if cells.phrase.parts:
            _apply_parts(column, quotes, cells, parse, ends)
        elif cells.phrase.spans:
            _apply_amounts(column, quotes, _parse_cells(cells, parse, ends))
        else:
            column.bad[cells.rows] = False
            column.values[cells.rows] = 0.0 if cells.phrase.pay else np.nan
            quotes.pay[cells.rows] = cells.phrase.pay
            quotes.is_open[cells.rows] = cells.phrase.is_open
    return column, quotes


class _ParsedAmounts(Struct, frozen=True, eq=False):
    """The amounts of the cells of one phrase, (m,) each; `good` says where they make sense."""

    phrase: Phrase
    rows: NDArray[np.intp]
    amounts: NDArray[np.float64]
    low: NDArray[np.float64]
    counts: NDArray[np.float64]
    currencies: NDArray[np.object_]
    good: NDArray[np.bool_]


def _parse_cells(cells: _StatedAmounts, parse: Parser, ends: str) -> _ParsedAmounts:
    low, high, currencies, good = _parse_ends(cells, parse)
    counts = cells.counts()
    if cells.phrase.count_span is not None:
        good &= (counts >= 1) & (counts <= MOST_DELIVERABLES)
    amounts = choose_end(low, high, ends)
    if "times" in cells.phrase.flags:
        amounts = amounts * counts
    if {"count", "times"} & cells.phrase.flags:  # `3 stories` is not a price
        good &= (high >= LEAST_BARE_PRICE) | (currencies != "")
    if "slash" in cells.phrase.flags:  # `2/500` is something else
        good &= low >= LEAST_BARE_PRICE
    low = low if cells.phrase.flags & {"range", "from"} else np.full(len(low), np.nan)
    return _ParsedAmounts(cells.phrase, cells.rows, amounts, low, counts, currencies, good)


def _apply_amounts(column: NumberColumn, quotes: Quotes, parsed: _ParsedAmounts) -> None:
    rows, good = parsed.rows[parsed.good], parsed.good
    column.bad[rows] = False
    column.values[rows] = parsed.amounts[good]
    _set_currencies(column, rows, parsed.currencies[good])
    _state(quotes, parsed, good)
    if "worth" in parsed.phrase.flags:
        quotes.product[rows], column.values[rows] = parsed.amounts[good], 0.0
        quotes.pay[rows] = parsed.phrase.pay


def _state(quotes: Quotes, parsed: _ParsedAmounts, good: NDArray[np.bool_]) -> None:
    """Note what cells say besides their amounts."""
    rows, phrase = parsed.rows[good], parsed.phrase
    quotes.deliverables[rows] = parsed.counts[good]
    quotes.low[rows] = parsed.low[good]
    for names, kept in ((phrase.flags, quotes.flagged), ([phrase.offer] if phrase.offer else [], quotes.offers)):
        for name in names:
            kept.setdefault(name, np.zeros(len(quotes.low), dtype=np.bool_))[rows] = True


def _apply_parts(column: NumberColumn, quotes: Quotes, cells: _StatedAmounts, parse: Parser, ends: str) -> None:
    """Apply cells with several offers: the first as any other cell, the others as further offers.

    All are in one currency. A small number without one may count something else: `2 reels, 3 stories` has no price.
    """
    given = next((sign for part in cells.phrase.parts for sign in part.currencies if sign), "")
    parts = []
    for part in cells.phrase.parts:
        offer = replace(part, currencies=tuple(sign or given for sign in part.currencies), offer=part.work)
        parsed = _parse_cells(_StatedAmounts(offer, cells.rows, cells.lines), parse, ends)
        parts.append(parsed)
    good = np.logical_and.reduce([part.good & (part.currencies == parts[0].currencies) for part in parts])
    good &= np.logical_and.reduce([(part.amounts >= LEAST_BARE_PRICE) | (part.currencies != "") for part in parts])
    _apply_amounts(column, quotes, replace(parts[0], good=good))
    quotes.flagged.setdefault("several", np.zeros(len(quotes.low), dtype=np.bool_))[cells.rows[good]] = True
    for place, offers in enumerate(parts[1:]):
        if place == len(quotes.more):
            size = len(quotes.low)
            quotes.more.append(MoreOffers(amounts=np.full(size, np.nan), quotes=empty_quotes(size)))
        quotes.more[place].amounts[offers.rows[good]] = offers.amounts[good]
        _state(quotes.more[place].quotes, offers, good)
        for flag in offers.phrase.flags:
            quotes.flagged.setdefault(flag, np.zeros(len(quotes.low), dtype=np.bool_))[offers.rows[good]] = True


def _parse_ends(
    cells: _StatedAmounts, parse: Parser
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_], NDArray[np.bool_]]:
    """Return the two ends of each cell's range, equal where it is one amount, its currency, and whether it is one.

    In `1.2-1.5k` the unit counts for both ends, in `800-1.2k` it cannot.
    """
    units = cells.phrase.units
    texts = [cells.amounts(place, unit) for place, unit in enumerate(units)]
    is_shared = len(units) == 2 and units[1] and not units[0]
    if is_shared:
        texts.append(cells.amounts(0, units[1]))
    amounts = parse(pd.Series([text for column in texts for text in column], dtype=object))
    values = amounts.values.reshape(len(texts), -1)
    low, high = values[0], values[len(units) - 1]
    if is_shared:
        low = np.where(values[2] <= high, values[2], low)
    names = np.asarray([*amounts.currencies, ""], dtype=object)
    index = np.full(len(amounts.values), -1) if amounts.currency_index is None else amounts.currency_index
    currencies = names[index].reshape(len(texts), -1)
    good = ~(amounts.bad | amounts.percent | ~np.isfinite(amounts.values)).reshape(len(texts), -1).any(axis=0)
    good &= (currencies == currencies[0]).all(axis=0)
    good &= (low <= high) & ((high <= low * MOST_OF_RANGE) | (low == high))
    return low, high, currencies[0], good


def choose_end(low: NDArray[np.float64], high: NDArray[np.float64], ends: str) -> NDArray[np.float64]:
    """Return the end of each range that is taken: one of `QUOTE_ENDS`."""
    return {"high": high, "middle": (low + high) / 2, "low": low}[ends]


def _copy(parsed: NumberColumn) -> NumberColumn:
    index = parsed.currency_index
    return replace(
        parsed,
        values=parsed.values.copy(),
        bad=parsed.bad.copy(),
        currencies=list(parsed.currencies),
        currency_index=None if index is None else index.copy(),
    )


def _set_currencies(column: NumberColumn, rows: NDArray[np.intp], currencies: NDArray[np.object_]) -> None:
    """Set the currencies of some cells, in the column itself; an empty text means no currency."""
    for currency in sorted({*currencies} - {""}):
        if column.currency_index is None:
            column.currency_index = np.full(len(column.values), -1, dtype=np.int8)
        if currency not in column.currencies:
            column.currencies.append(currency)
        column.currency_index[rows[currencies == currency]] = column.currencies.index(currency)


def empty_quotes(rows: int) -> Quotes:
    """Return what a column of plain amounts says besides them: nothing."""
    return Quotes(
        low=np.full(rows, np.nan),
        deliverables=np.full(rows, np.nan),
        product=np.full(rows, np.nan),
        pay=np.zeros(rows, dtype=np.int8),
        is_open=np.zeros(rows, dtype=np.bool_),
    )
