"""What the cells below a header can be, from a sample: numbers, rates, money, links, platforms, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.quantities.currencies import find_currency
from microopt.quantities.keys import match_keys
from microopt.quantities.platforms import parse_platforms
from microopt.readers.cells.text import is_placeholder
from microopt.readers.formats.raw_table import is_numeric, to_texts
from microopt.readers.money.quotes import read_quotes
from microopt.readers.numbers.numeric_text import LOOSE, NumberColumn, parse_numbers

FIRST_ROWS = 400  # that are looked at for a sample
SAMPLE = 100  # filled cells of a sample
MOST = 0.5  # share of the filled cells that decides what a column holds
RATE_AT_MOST = 100.0  # the median of a column of percents with decimals
WHOLE_RATE_AT_MOST = 30.0  # the median of a column of whole percents
LONGEST_NAME = 4  # words
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}/\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_GENDERS = frozenset(
    {"f", "m", "w", "h", "d", "x", "male", "female", "man", "woman", "men", "women", "homme", "femme", "mann", "frau"}
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


class CellEvidence:
    """The cells of a column that show what they can be.

    Parameters
    ----------
    column
        As the format reader returned it.
    points_group
        Whether points group thousands in this file, as far as is known.
    """

    def __init__(self, column: pd.Series[Any], *, points_group: bool = False) -> None:
        self._column = column
        self._points_group = points_group
        self.is_numeric = is_numeric(column)  # whether the format reader found clean numbers

    @cached_property
    def _head(self) -> list[str]:
        return [cell.strip() for cell in to_texts(self._column.iloc[:FIRST_ROWS])]

    @cached_property
    def texts(self) -> list[str]:
        """The first filled cells."""
        filled = [cell for cell in self._head if not is_placeholder(cell)]
        if not filled and len(self._column) > FIRST_ROWS:
            filled = [cell.strip() for cell in to_texts(self._column.dropna().iloc[:SAMPLE])]
        return filled[:SAMPLE]

    @cached_property
    def filled_share(self) -> float:
        """The share of filled cells among the first rows."""
        return sum(not is_placeholder(cell) for cell in self._head) / max(1, len(self._head))

    @cached_property
    def _numbers(self) -> NumberColumn:
        return parse_numbers(pd.Series(self.texts, dtype=object), LOOSE)

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers of the sample, without those that cannot be read."""
        values = self._numbers.values
        return values[np.isfinite(values)]

    @cached_property
    def holds_numbers(self) -> bool:
        """Whether most filled cells are numbers; an empty column may hold any."""
        if self.is_numeric or not self.texts:
            return True
        return float(np.mean(self._numbers.bad)) <= MOST

    @cached_property
    def _fees(self) -> NumberColumn:
        cells = pd.Series(self.texts, dtype=object)
        return read_quotes(cells, self._numbers, lambda part: parse_numbers(part, LOOSE), "high", several=True)[0]

    @cached_property
    def holds_fees(self) -> bool:
        """Whether most filled cells are amounts as people write fees, ranges and words such as `gifted` among them."""
        return not self.texts or float(np.mean(self._fees.bad)) < MOST

    @property
    def fees(self) -> NDArray[np.float64]:
        """The amounts of the sample, with those of ranges and other quotes."""
        return self._fees.values[np.isfinite(self._fees.values)]

    @property
    def names_currency(self) -> bool:
        """Whether any cell names a currency, and most are fees."""
        return bool(self.texts) and not self.is_numeric and self.holds_fees and bool(self._fees.currencies)

    @cached_property
    def holds_money(self) -> bool:
        """Whether most filled cells name a currency."""
        index = None if self.is_numeric or not self.texts else self._numbers.currency_index
        return index is not None and float(np.mean(index >= 0)) >= MOST

    @property
    def holds_currencies(self) -> bool:
        """Whether most filled cells are a currency alone: its code, sign or name."""
        return bool(self.texts) and float(np.mean([find_currency(text) is not None for text in self.texts])) > MOST

    @cached_property
    def holds_percents(self) -> bool:
        """Whether most filled cells have a percent sign."""
        return not self.is_numeric and bool(self.texts) and float(np.mean(self._numbers.percent)) >= MOST

    @cached_property
    def holds_rates(self) -> bool:
        """Whether the numbers are rates rather than counts: percents, or small."""
        if not self.texts or not self.holds_numbers or self.holds_percents:
            return bool(self.texts) and self.holds_percents
        if self._points_group and self._share(lambda cell: _THOUSANDS.fullmatch(cell) is not None) >= MOST:
            return False
        median = float(np.median(self.values)) if len(self.values) else 0.0
        is_whole = bool((np.rint(self.values) == self.values).all())
        return median <= (WHOLE_RATE_AT_MOST if is_whole else RATE_AT_MOST)

    @cached_property
    def holds_links(self) -> bool:
        """Whether most filled cells are links."""
        return self._share(lambda cell: _LINK.fullmatch(cell) is not None) >= MOST

    @property
    def holds_digits(self) -> bool:
        """Whether most filled cells have a digit and are not links, as amounts in an unknown notation."""
        return not self.holds_links and self._share(lambda cell: any(map(str.isdigit, cell))) >= MOST

    @cached_property
    def holds_addresses(self) -> bool:
        """Whether most filled cells are e-mail addresses."""
        return self._share(lambda cell: _ADDRESS.fullmatch(cell) is not None) >= MOST

    @cached_property
    def holds_genders(self) -> bool:
        """Whether all filled cells are words for a gender: in French, `Genre` heads these."""
        return bool(self.texts) and all(cell.casefold() in _GENDERS for cell in self.texts)

    @cached_property
    def holds_platforms(self) -> bool:
        """Whether most filled cells name platforms."""
        return self._share(lambda cell: bool(parse_platforms(cell))) >= MOST

    @cached_property
    def holds_handles(self) -> bool:
        """Whether the cells can be the handles of different people: filled, without spaces, and hardly repeated."""
        one_word = self._share(lambda cell: " " not in cell)
        return self.filled_share >= 0.9 and one_word >= 0.9 and self.distinct_share >= 0.5 and not self._all_numbers

    @property
    def _all_numbers(self) -> bool:
        return self.is_numeric or (bool(self.texts) and self.holds_numbers)

    @cached_property
    def holds_text(self) -> bool:
        """Whether the column has filled cells and most of them are not numbers."""
        return bool(self.texts) and not self._all_numbers

    @cached_property
    def holds_names(self) -> bool:
        """Whether the column has text, and most of it is not longer than names are."""
        words = [len(cell.split()) for cell in self.texts]
        return self.holds_text and float(np.median(words)) <= LONGEST_NAME

    @cached_property
    def distinct_count(self) -> int:
        """The number of different texts among the filled cells."""
        return len(set(match_keys(self.texts)))

    @property
    def distinct_share(self) -> float:
        """The share of different texts among the filled cells; 1 if no cell is filled."""
        return self.distinct_count / len(self.texts) if self.texts else 1.0

    def _share(self, test: Callable[[str], bool]) -> float:
        if self.is_numeric or not self.texts:
            return 0.0
        return sum(map(test, self.texts)) / len(self.texts)
