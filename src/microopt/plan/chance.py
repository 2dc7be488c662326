"""In how many scenarios a plan keeps a rule, and in how many any plan can."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.quantities.units import Approximate


class FreshChance(Struct, frozen=True, kw_only=True):
    """In how many draws that a plan was not chosen by it keeps a rule.

    Attributes
    ----------
    share
        The share of the draws in which it holds.
    draws, seed
        How many were drawn, and with which seed: the next one.
    """

    share: Approximate
    draws: int
    seed: int


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
    fresh
        In how many other draws it holds, which the plan was not chosen by; None of what is not a plan.
    """

    share: Approximate
    asked: Fraction
    scenarios: int
    fresh: FreshChance | None = None


class BestChance(Struct, frozen=True, kw_only=True):
    """In how many of the scenarios any plan can keep a rule that no plan keeps in as many as it asks for.

    Attributes
    ----------
    share
        The share of the scenarios in which the best plan found keeps it.
    at_most
        The share of the scenarios that no plan exceeds; equal to `share` if that is proven to be the best.
    asked
        The share that the rule asks for.
    scenarios
        How many scenarios there are.
    """

    label: str
    share: Approximate
    at_most: Approximate
    asked: Fraction
    scenarios: int
