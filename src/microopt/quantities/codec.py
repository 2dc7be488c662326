"""Money, shares and counts as JSON numbers, and back without a loss."""

from __future__ import annotations

from fractions import Fraction

Number = float | int


def money(cents: int | None) -> float | None:
    """Return cents in the currency's unit."""
    return None if cents is None else cents / 100


def cents(amount: float) -> int:
    """Return the cents that `money` wrote."""
    return round(Fraction(amount) * 100)


def thousandths(amount: float) -> int:
    """Return the thousandths that a metric was written from."""
    return round(Fraction(amount) * 1000)


def number(value: Fraction) -> Number:
    """Return a fraction as an integer where it is one."""
    return int(value) if value.denominator == 1 else float(value)


def maybe(value: Fraction | None) -> Number | None:
    """Return a fraction as a number, or None."""
    return None if value is None else number(value)


def read_back(shown: Number) -> Fraction:
    """Return the fraction that a number stands for as it is written: 1.08 is 27/25."""
    return Fraction(repr(shown))
