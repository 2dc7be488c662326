"""Frontier: what each budget buys at best, what the next dollar buys, and where spending stops being worth it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from microopt.campaign.campaign import Campaign, Ideal
from microopt.plan.plan import RosterFacts, Totals
from microopt.quantities.units import Approximate, Cents, Metrics, Seconds

NOT_LOOKED_AT = "not looked at"


class NextImprovement(Struct, frozen=True, kw_only=True):
    """The least budget above a point's that buys a better plan: better by a millionth or more.

    Attributes
    ----------
    budget
        Cents: buys one; None where none is known that does.
    lower_bound
        Cents: none below it buys one. As much as `budget` where that is exact; None where nothing is known.
    message
        Why there is none, in a sentence, or empty.
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
        What cut the search short, or None.
    objective, bound
        In the goal's unit; None where there is no plan.
    mix
        Totals by tier, from the largest.
    creators
        Names of the plan's creators, those of most engagements first.
    """

    budget: Cents
    status: str
    limit: str | None = None
    objective: Approximate | None = None
    bound: Approximate | None = None
    totals: Totals | None = None
    mix: Mapping[str, Totals] = {}
    creators: tuple[str, ...] = ()
    next_better: NextImprovement | None = None

    computed: ClassVar[tuple[str, ...]] = ("gap",)

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, as a share of the bound."""
        if self.objective is None or not self.bound:
            return 0.0
        return float(abs(self.bound - self.objective) / abs(self.bound))


class FrontierSegment(Struct, frozen=True, kw_only=True):
    """What the money between two points with plans buys.

    Attributes
    ----------
    budget
        Cents from one budget to the other.
    objective
        By which the value rises.
    metrics
        By which each metric rises, thousandths.
    """

    budget: Cents
    objective: Approximate
    metrics: Metrics


class OptimalSpend(Struct, frozen=True, kw_only=True):
    """Where spending stops being worth it: the plan whose worth is most above what it costs.

    Attributes
    ----------
    spend
        Cents. More is not worth what it costs.
    worth
        Of the plan, in money.
    proven
        Whether no plan's worth is further above its cost.
    """

    spend: Cents
    worth: Approximate
    proven: bool


class Frontier(Struct, frozen=True, kw_only=True):
    """The best plan of each of several budgets, all by one goal.

    Attributes
    ----------
    campaign
        At the highest of the budgets.
    points
        By budget, the lowest first.
    optimal_spend
        Where the goal is money, else None.
    seconds
        That all of it took.
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
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "frontier"
    computed: ClassVar[tuple[str, ...]] = ("status", "segments")

    @property
    def status(self) -> str:
        """`optimal` where all of it is proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    @property
    def segments(self) -> tuple[FrontierSegment | None, ...]:
        """What the money from each point to the next buys; None where one of the two has no plan."""
        return tuple(self.segment(number) for number in range(len(self.points) - 1))

    def proven(self, gap: float = 0.0) -> bool:
        """Whether every point is proven or within this gap of the best."""
        return all(
            point.status in ("optimal", "infeasible") or (point.status == "feasible" and gap > 0 and point.gap <= gap)
            for point in self.points
        )

    @property
    def tiers(self) -> tuple[str, ...]:
        """Return the tiers of any of the plans, those of the highest budget first."""
        return tuple(dict.fromkeys(tier for point in reversed(self.points) for tier in point.mix))

    def segment(self, number: int) -> FrontierSegment | None:
        """Return what the money from a point to the next buys, None where one of the two has no plan."""
        if number + 1 >= len(self.points):
            return None
        start, end = self.points[number], self.points[number + 1]
        if start.objective is None or end.objective is None or start.totals is None or end.totals is None:
            return None
        gained = {name: end.totals.metrics[name] - amount for name, amount in start.totals.metrics.items()}
        return FrontierSegment(
            budget=end.budget - start.budget, objective=end.objective - start.objective, metrics=gained
        )
