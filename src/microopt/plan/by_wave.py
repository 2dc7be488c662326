"""ByWave: what a plan has in one wave of its calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct

from microopt.quantities.units import Cents, Metrics


class ByWave(Struct, frozen=True, kw_only=True):
    """What a plan has in one wave: sums over the posts in it, and the limits of its budget.

    Attributes
    ----------
    wave
        The name of the wave.
    starts, ends
        Its first and its last day.
    demand
        What a post brings in it, as a multiple of what it brings in an ordinary wave.
    creators
        How many creators post in it; whoever posts in several waves is counted in each.
    posts
        How many posts it has.
    spend
        Cents.
    metrics
        Thousandths, by name; people who see posts of several waves are counted in each.
    revenue
        Expected revenue in cents, or None if no order value is known.
    at_least, at_most
        Cents that the budget of the wave asks for and allows, None where it has no such limit; with a carry-over, what
        earlier waves leave may be spent on top.
    """

    wave: str
    starts: date
    ends: date
    demand: Fraction
    creators: int
    posts: int
    spend: Cents
    metrics: Metrics
    revenue: Cents | None = None
    at_least: Cents | None = None
    at_most: Cents | None = None
