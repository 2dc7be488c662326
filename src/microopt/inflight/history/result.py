"""History: a campaign's plans, night after night."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from microopt.campaign.progress import ContractState
from microopt.plan.plan import Totals
from microopt.plan.replan_summary import ReplanSummary, RosterChange
from microopt.plan.wave_pacing import WavePacing
from microopt.quantities.units import Cents


class ContractTransition(Struct, frozen=True, kw_only=True):
    """A contract that is in another state than the night before.

    Attributes
    ----------
    before
        None where nothing was known of it.
    waves
        Of a calendar, those for which the state changed so; empty where it did for all that is agreed with the creator.
    """

    creator: str
    before: ContractState | None
    after: ContractState
    waves: tuple[str, ...] = ()


class HistoryResults(Struct, frozen=True, kw_only=True):
    """What the posts had brought by a night.

    Attributes
    ----------
    creators
        Of how many there were results.
    metrics
        Totals by metric; one that nobody counted is missing.
    as_of
        The last day with results as ISO 8601, None where they have no dates.
    """

    creators: int
    posts: float
    metrics: Mapping[str, float]
    as_of: str | None = None


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """One plan of a history.

    Attributes
    ----------
    path
        Where it was found: a file, or a run of a store.
    previous
        The seal of the plan that it was made from, None for a first plan.
    made_at
        When it was made, as ISO 8601 in UTC, None where nothing tells.
    planned_for
        Of a calendar, the day by which its waves had begun or were over, as ISO 8601; None where the plan states none.
    totals
        Expected of the plan.
    replan
        The step from the plan before, None for a first plan.
    transitions
        Contracts that are in another state than in the plan before; empty where that is missing.
    results
        So far, None where there are none.
    waves
        The same by wave of the calendar, with what was planned; empty without one.
    previous_missing
        Whether the plan that it was made from is missing.
    forks
        The seals of other plans that were made from the same one.
    """

    path: str
    seal: str
    previous: str | None
    made_at: str | None
    name: str | None
    status: str
    currency: str
    budget: Cents | None
    totals: Totals
    planned_for: str | None = None
    replan: ReplanSummary | None = None
    transitions: tuple[ContractTransition, ...] = ()
    results: HistoryResults | None = None
    waves: tuple[WavePacing, ...] = ()
    previous_missing: bool = False
    forks: tuple[str, ...] = ()

    @property
    def day(self) -> str | None:
        """The day of the plan as ISO 8601: the one for which it was planned, else the one on which it was made."""
        return self.planned_for or (self.made_at and self.made_at[:10])

    @property
    def added(self) -> tuple[RosterChange, ...]:
        """Creators added since the previous plan."""
        return () if self.replan is None else tuple(entry for entry in self.replan.switches if entry.added)

    @property
    def dropped(self) -> tuple[RosterChange, ...]:
        """Creators dropped since the previous plan."""
        return () if self.replan is None else tuple(entry for entry in self.replan.switches if not entry.added)


class History(Struct, frozen=True, kw_only=True):
    """Plans from the first to the last: each follows the one that it was made from.

    Attributes
    ----------
    source
        The folder or store that they were found in.
    omitted
        How many were left out at the beginning, since only the last were asked for.
    """

    source: str
    entries: tuple[HistoryEntry, ...]
    omitted: int = 0
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "history"
