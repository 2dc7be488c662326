"""RosterSummary: what a valid roster holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from microopt.plan.plan import RosterFacts
from microopt.roster.roster import ColumnUse


class Spread(Struct, frozen=True, kw_only=True):
    """The range of a column: lowest, median, highest, and how many cells are filled."""

    low: float
    median: float
    high: float
    filled: int


class RosterSummary(Struct, frozen=True, kw_only=True):
    """What a valid roster holds.

    Attributes
    ----------
    counts
        By column (tier, niche, platform): how many creators hold each value.
    spreads
        By column: its range; fees in money.
    columns
        What each header was taken for, and how it was read.
    """

    roster: RosterFacts
    counts: Mapping[str, Mapping[str, int]]
    spreads: Mapping[str, Spread]
    columns: tuple[ColumnUse, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "check"
