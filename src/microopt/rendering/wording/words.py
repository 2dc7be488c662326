"""What a sentence needs of a language; English without the package of locales, for outputs that need no extra."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

from microopt.quantities.parse_and_format import format_money, format_percent, join_words

WHOLE_FROM = 100_00  # cents


class Words(Protocol):
    """The texts and figures of a language. `microopt.rendering.language.language.Language` is one."""

    def text(self, message: str, **values: object) -> str:
        """Return a text with values in its places such as `{budget}`."""

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the text for a count, which has the place `{count}`."""

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with at most so many decimals."""

    def money(self, cents: int | Fraction, currency: str, *, whole: bool = False) -> str:
        """Return an amount of money; with `whole`, one from 100 units on without cents."""

    def share(self, share: float | Fraction) -> str:
        """Return a share in percent, a small one with a decimal, and never 100% for what is not quite all."""

    def join(self, words: Sequence[str]) -> str:
        """Return words as a list in a sentence."""


class PlainEnglish:
    """English, as a terminal writes it."""

    def text(self, message: str, **values: object) -> str:
        """Return a text with its values."""
        return message.format(**values) if values else message

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the text for a count."""
        return (one if count == 1 else many).format(count=self.number(count), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number without zeros at its end."""
        text = f"{value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if digits else text

    def money(self, cents: int | Fraction, currency: str, *, whole: bool = False) -> str:
        """Return an amount of money."""
        rounded = round(cents)
        return format_money(rounded, currency, whole_units=True if whole and abs(rounded) >= WHOLE_FROM else None)

    def share(self, share: float | Fraction) -> str:
        """Return a share in percent."""
        return format_percent(float(share))

    def join(self, words: Sequence[str]) -> str:
        """Return words as a list."""
        return join_words(words)


ENGLISH_WORDS = PlainEnglish()
