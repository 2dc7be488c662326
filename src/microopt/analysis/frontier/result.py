"""Frontier: the best plan of each budget, the gain from more budget, and the spend beyond which it no longer pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from msgspec import Struct

from microopt.campaign.campaign import Campaign, Ideal
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import RosterFacts, Totals
from microopt.quantities.units import Approximate, Cents, Metrics, Seconds


class NextImprovement(Struct, frozen=True, kw_only=True):
    """The smallest budget above a point's whose plan is better by a millionth or more.

    Attributes
    ----------
    budget
        Cents: a budget with a better plan; None if none is known.
    lower_bound
        Cents: no budget below it has a better plan. Equal to `budget` if that is exact; None if unknown.
    message
        Why no such budget exists, in a sentence, or empty.
    """

    budget: Cents | None = None
    lower_bound: Cents | None = None
    message: str = ""


class FrontierPoint(Struct, frozen=True, kw_only=True):
    """The best plan of one budget.

    Attributes
    ----------
    budget
        Cents.
    status
        `optimal`, `feasible`, `infeasible`, `unknown`, or `not looked at`.
    limit
        The limit that ended the search early, or None.
    objective, bound
        In the goal's unit; None if there is no plan.
    mix
        Totals by tier, from the largest.
    creators
        Names of the plan's creators, by engagements from the most.
    likely
        The 80% likely ranges of the totals by metric, if the results of all creators go up and down together.
    """

    budget: Cents
    status: str
    limit: str | None = None
    objective: Approximate | None = None
    bound: Approximate | None = None
    totals: Totals | None = None
    mix: Mapping[str, Totals] = {}
    creators: tuple[str, ...] = ()
    likely: Mapping[str, LikelyRange] = {}
    next_better: NextImprovement | None = None

    computed: ClassVar[tuple[str, ...]] = ("gap",)

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, as a share of the bound."""
        if self.objective is None or not self.bound:
            return 0.0
        return float(abs(self.bound - self.objective) / abs(self.bound))


LEAST_LEFT = 20  # a plan that leaves at least this part of its budget, a twentieth, leaves noticeable money


def leaves_money(campaign: Campaign, point: FrontierPoint) -> bool:
    """Whether the plan of a point needs noticeably less than its budget."""
    if point.totals is None:
        return False
    return (point.budget - campaign.budget_for(point.totals.spend)) * LEAST_LEFT >= point.budget


class FrontierSegment(Struct, frozen=True, kw_only=True):
    """The gain between two points with plans.

    Attributes
    ----------
    budget
        Cents from the first budget to the second.
    objective
        The increase of the value.
    metrics
        The increase of each metric, thousandths.
    """

    budget: Cents
    objective: Approximate
    metrics: Metrics


class OptimalSpend(Struct, frozen=True, kw_only=True):
    """The plan whose worth exceeds its cost by the most; more spend is not worth it.

    Attributes
    ----------
    spend
        Cents.
    worth
        Of the plan, in the currency's unit.
    proven
        Whether it is proven that no plan's worth exceeds its cost by more.
    """

    spend: Cents
    worth: Approximate
    proven: bool


class Frontier(Struct, frozen=True, kw_only=True):
    """The best plan of each of several budgets, with the same goal.

    Attributes
    ----------
    campaign
        With the highest of the budgets.
    points
        By budget, the lowest first.
    optimal_spend
        None unless the goal is money.
    seconds
        The duration of the analysis.
    unspent_reason
        Why the plan of the highest budget does not spend the rest of it; empty where it leaves little, or is not
        proven.
    """

    campaign: Campaign
    campaign_sha256: str | None
    roster: RosterFacts
    ideals: tuple[Ideal, ...]
    points: tuple[FrontierPoint, ...]
    optimal_spend: OptimalSpend | None
    backend: str
    version: str
    seconds: Seconds
    unspent_reason: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "frontier"
    computed: ClassVar[tuple[str, ...]] = ("status", "segments", "added", "dropped")

    @property
    def status(self) -> str:
        """`optimal` if all points are proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    @property
    def segments(self) -> tuple[FrontierSegment | None, ...]:
        """The gain from each point to the next; None if one of the two has no plan."""
        return tuple(self.segment(number) for number in range(len(self.points) - 1))

    @property
    def added(self) -> tuple[tuple[str, ...], ...]:
        """The creators of each point who are not in the plan before it; of the first plan, all."""
        return tuple(
            _names_missing(point.creators, before)
            for point, before in zip(self.points, self._previous_creators(), strict=True)
        )

    @property
    def dropped(self) -> tuple[tuple[str, ...], ...]:
        """The creators of the plan before each point who are not in its plan; none where it has no plan."""
        return tuple(
            () if point.totals is None else _names_missing(before, point.creators)
            for point, before in zip(self.points, self._previous_creators(), strict=True)
        )

    def _previous_creators(self) -> Iterator[tuple[str, ...]]:
        """Yield for each point the creators of the last plan before it."""
        creators: tuple[str, ...] = ()
        for point in self.points:
            yield creators
            creators = creators if point.totals is None else point.creators

    def proven(self, gap: float = 0.0) -> bool:
        """Whether every point is proven or within this gap of the best, and the optimal spend if it was found."""
        return (self.optimal_spend is None or self.optimal_spend.proven) and all(
            point.status in ("optimal", "infeasible") or (point.status == "feasible" and gap > 0 and point.gap <= gap)
            for point in self.points
        )

    @property
    def lacks_optimal_spend(self) -> bool:
        """Whether the goal is money, and the time was up before the optimal spend was found."""
        return self.campaign.goal.name == "worth" and self.optimal_spend is None

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers of all plans, those of the highest budget first."""
        return tuple(dict.fromkeys(tier for point in reversed(self.points) for tier in point.mix))

    def segment(self, number: int) -> FrontierSegment | None:
        """Return the gain from a point to the next, None if one of the two has no plan."""
        if number + 1 >= len(self.points):
            return None
        start, end = self.points[number], self.points[number + 1]
        if start.objective is None or end.objective is None or start.totals is None or end.totals is None:
            return None
        gained = {name: end.totals.metrics[name] - amount for name, amount in start.totals.metrics.items()}
        return FrontierSegment(
            budget=end.budget - start.budget, objective=end.objective - start.objective, metrics=gained
        )


def _names_missing(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that are not among the others, in order."""
    found = set(others)
    return tuple(name for name in names if name not in found)
