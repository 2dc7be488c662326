"""RosterSummary: the content of a valid roster."""

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
    """The content of a valid roster.

    Attributes
    ----------
    counts
        By column (tier, niche, platform): how many creators hold each value.
    spreads
        By column: its range; fees in money.
    columns
        How each header was understood, and how its cells were read.
    """

    roster: RosterFacts
    counts: Mapping[str, Mapping[str, int]]
    spreads: Mapping[str, Spread]
    columns: tuple[ColumnUse, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "check"
