"""Figures as a story tells them: rounded to what is known of them, in the words and the numbers of a language."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, log10

from babel.numbers import format_compact_decimal, format_currency, format_percent
from msgspec import Struct

from microopt.plan.likely_range import LikelyRange
from microopt.quantities.parse_and_format import shorten
from microopt.quantities.units import Cents
from microopt.rendering.language.language import COMPACT_FROM, Language
from microopt.rendering.sanitize import plain_text

MOST_NAME = 60  # characters of a name in a sentence
WHOLE_FROM = 9.95  # conversions from here on have no decimal
EN_DASH = "–"
MOST_KEPT = 10_000  # texts


class Figure(Struct, frozen=True, kw_only=True):
    """An expected result with its 80% likely range.

    Attributes
    ----------
    amount, low, high
        In people, events or units of money; the ends are None where no range is known, or the result is final.
    text, low_text, high_text
        The same in words; the ends are empty where they are None.
    final
        Whether the result is in, and no longer uncertain.
    """

    amount: float
    text: str
    low: float | None = None
    high: float | None = None
    low_text: str = ""
    high_text: str = ""
    final: bool = False

    @property
    def range_text(self) -> str:
        """The likely range, or empty."""
        if not self.high_text or self.low_text == self.high_text:
            return self.high_text
        return f"{self.low_text}{EN_DASH}{self.high_text}"


def result_figure(language: Language, name: str, thousandths: int, likely: LikelyRange | None = None) -> Figure:
    """Return a result by the name of its metric, in thousandths."""
    amount = thousandths / 1000
    text = write_result(language, name, amount)
    if likely is None or likely.final:
        return Figure(amount=amount, text=text, final=likely is not None)
    low, high = likely.low / 1000, likely.high / 1000
    return Figure(
        amount=amount,
        text=text,
        low=low,
        high=high,
        low_text=_write_end(language, name, low, high),
        high_text=_write_end(language, name, high, high),
    )


def write_result(language: Language, name: str, amount: float) -> str:
    """Return an amount of a metric: conversions below 10 have a decimal."""
    if name == "conversions" and amount < WHOLE_FROM:
        return _number(language, round(amount, 1))
    return _count(language, round(amount) if amount < COMPACT_FROM else _three_digits(amount))


def _write_end(language: Language, name: str, end: float, high: float) -> str:
    """Return an end of a range in the unit of its other end, in the digits that a terminal shows: 8,400, 22K, 127K."""
    if end < 100:
        return _number(language, round(end, 1) if name == "conversions" and end < WHOLE_FROM else round(end))
    rounded = round_digits(end, 2 if len(str(int(end))) % 3 else 3)
    return _number(language, rounded) if high < COMPACT_FROM or end < 1000 else _compact(language, rounded)


# Thousands of creators have the same few rounded figures, and to write one takes a while.
@lru_cache(maxsize=MOST_KEPT)
def _number(language: Language, value: float) -> str:
    return language.number(value, 1)


@lru_cache(maxsize=MOST_KEPT)
def _count(language: Language, value: int) -> str:
    return language.count(value)


@lru_cache(maxsize=MOST_KEPT)
def _compact(language: Language, value: int) -> str:
    short = str(format_compact_decimal(value, locale=language.locale, fraction_digits=1))
    return language.number(value) if short.isdigit() else short  # German has no short thousands


@lru_cache(maxsize=MOST_KEPT)
def write_money(language: Language, cents: Cents, currency: str) -> str:
    """Return an amount of money, from 100 units on in whole units."""
    return language.money(cents, currency, whole=True)


def round_digits(amount: float, digits: int) -> int:
    """Return a number of people or events with so many significant digits, an end of a range as a terminal has it."""
    if amount < 1:
        return round(amount)
    place: float = 10 ** (floor(log10(amount)) + 1 - digits)
    return round(round(amount / place) * place)


def _three_digits(amount: float) -> int:
    """Return a number of at least 10,000 people or events in three digits; half a unit rounds up, as in a terminal."""
    place: int = 10 ** (floor(log10(amount)) - 2)
    return floor(amount / place + 0.5) * place


def in_sentence(language: Language, amount: float) -> str:
    """Return a number of people or events within a sentence: exact below 10,000 as in a tile, else 61,200."""
    rounded = round(amount) if amount < COMPACT_FROM else _three_digits(amount)
    return language.number(rounded) if rounded < 1_000_000 else language.count(rounded)


def money_per(language: Language, spend: int, thousandths: int, currency: str) -> str:
    """Return the cost of one result, empty if none is expected."""
    return money_each(language, Fraction(spend * 1000, thousandths), currency) if thousandths else ""


def money_each(language: Language, cents: Fraction, currency: str) -> str:
    """Return what one of something costs; below half a cent, in four decimals."""
    if 0 < cents < Fraction(1, 2):
        pattern = language.locale.currency_formats["standard"].pattern.replace("0.00", "0.0000")
        return str(format_currency(float(cents) / 100, currency, pattern, language.locale, currency_digits=False))
    return write_money(language, round(cents), currency)


def fine_percent(language: Language, share: float) -> str:
    """Return a small share, such as an engagement rate, with up to two decimals."""
    pattern = language.locale.percent_formats[None].pattern.replace("0", "0.##", 1)
    return str(format_percent(share, pattern, locale=language.locale))


def rounded_up_percent(language: Language, share: Fraction) -> str:
    """Return a share in percent, rounded up in the second decimal: never less than what is true."""
    return fine_percent(language, ceil(share * 10_000) / 10_000)


def rounded_down_percent(language: Language, share: Fraction) -> str:
    """Return a share in percent, rounded down in the first decimal: never more than what is true."""
    return fine_percent(language, floor(share * 1000) / 1000)


def ratio(language: Language, value: Fraction | float) -> str:
    """Return a ratio in three digits: 0.33, 1.4, 12.9."""
    return language.number(float(value), 2 if value < 9.995 else 1 if value < 99.95 else 0)


def change(language: Language, part: Fraction | float) -> str:
    """Return a relative change with its sign: +50%, −15%."""
    return f"{'−' if part < 0 else '+'}{language.percent(abs(float(part)))}"


def name_of(creator: str) -> str:
    """Return the name of a creator as a sentence shows it."""
    return shorten(plain_text(creator), MOST_NAME)


def names_of(language: Language, creators: Sequence[str], most: int = 3) -> str:
    """Return names as a list in a sentence, the first few of many; one name more is no longer than `1 other`."""
    shown = [name_of(creator) for creator in creators[: most + (len(creators) == most + 1)]]
    rest = len(creators) - len(shown)
    if rest:
        shown.append(language.text("{count} others", count=language.number(rest)))
    return language.join(shown)
