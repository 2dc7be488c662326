"""In how many scenarios a plan keeps a rule."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.quantities.units import Approximate


class Chance(Struct, frozen=True, kw_only=True):
    """In how many of the scenarios a plan keeps a rule.

    Attributes
    ----------
    share
        The share of the scenarios in which it holds.
    asked
        The share that the rule asks for.
    scenarios
        How many scenarios there are.
    """

    share: Approximate
    asked: Fraction
    scenarios: int
