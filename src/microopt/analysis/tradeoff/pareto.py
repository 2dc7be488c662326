"""Build the Pareto front from the plans found: its points, the weights that choose each, and the steps between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.analysis.tradeoff.epsilon_constraint import EpsilonConstraintSearch, ParetoCandidate
from microopt.campaign.campaign import Campaign, Ideal
from microopt.plan.difference import Difference
from microopt.plan.plan import PickSummary, RosterFacts, Totals
from microopt.planning.build_picks import build_picks
from microopt.planning.build_plan import assumed_shares, empty_plan_warning
from microopt.planning.counterfactuals import compare_picks
from microopt.planning.optimize import ideal_from_result
from microopt.planning.problem import PlanningProblem
from microopt.planning.totals import sum_totals
from microopt.quantities.units import Approximate, Keys, Seconds
from microopt.solver.result import Termination

Amounts = tuple[int, int]


def supporting_weights(amounts: Sequence[Amounts], ideals: Amounts) -> tuple[Weights | None, ...]:
    """Return the range of weights at which each plan is worth at least as much as all others, or None.

    Parameters
    ----------
    amounts
        The totals of the two metrics of each plan.
    ideals
        The divisors of the two metrics before weighting; a metric with a divisor of 0 drops out.
    """
    shares = [
        tuple(Fraction(amount, ideal or 1) for amount, ideal in zip(weights, ideals, strict=True))
        for weights in amounts
    ]
    return tuple(_supporting_interval(own, shares) for own in shares)


def _supporting_interval(own: tuple[Fraction, ...], shares: Sequence[tuple[Fraction, ...]]) -> Weights | None:
    """Return the weights w at which `w * first + (1 - w) * second` is highest for this plan, or None."""
    low, high = Fraction(0), Fraction(1)
    for other_shares in shares:
        first, second = own[0] - other_shares[0], own[1] - other_shares[1]
        slope = first - second  # the lead over the other plan is `second + w * slope`
        if slope > 0:
            low = max(low, -second / slope)
        elif slope < 0:
            high = min(high, -second / slope)
        elif second < 0:
            return None
    return Weights(low=low, high=high) if low <= high else None


# A trade-off has two metrics in place of the goal and the ideals of its campaign.
WITHOUT_GOAL = tuple(name for name in Campaign.__struct_fields__ if name not in ("goal", "ideals"))


class Weights(Struct, frozen=True, kw_only=True):
    """The range of weights of the first metric at which no other point of the front is worth more.

    The value of a point is `w` times its share of the best possible of the first metric, and `1 - w` times that of the
    second.

    Attributes
    ----------
    low, high
        From 0 to 1 inclusive; equal for a single weight.
    """

    low: Approximate
    high: Approximate


class ParetoPoint(Struct, frozen=True, kw_only=True):
    """One plan of a Pareto front.

    Attributes
    ----------
    status
        `optimal` if proven that no plan has more of one metric without less of the other, else `feasible`.
    picks
        By tier from the largest, then by expected engagements.
    weights
        None if no weights choose it, only a floor, or if the other end of the front is not known.
    change
        Its difference from the previous point, or None for the first; the value is the first metric.
    assumed
        The share of its engagements and conversions that rests on benchmarks, by metric.
    """

    status: str
    totals: Totals
    picks: tuple[PickSummary, ...]
    weights: Weights | None
    change: Difference | None
    assumed: Mapping[str, float]


class ParetoFront(Struct, frozen=True, kw_only=True):
    """The trade-off between two metrics.

    Attributes
    ----------
    metrics
        The two metrics.
    ideals
        The best total of each; without the second if a limit or an interrupt came first.
    points
        From the most of the first metric to the most of the second; at least one. Each has less of the first metric and
        more of the second than the previous one.
    balanced
        Position of the plan of equal weights, which for engagements and conversions is the plan of the balanced goal;
        None if it was not searched.
    steps
        The number requested, including the ends; a point of several steps is there once. The plan of equal weights is
        searched besides.
    not_examined
        The number of searches left out because of a limit or an interrupt.
    unproven
        The number of searches that ended without proof.
    gap
        The largest gap of these searches, as a share of the bound.
    limit
        What ended the last of these searches early, or None.
    seconds
        The total time.
    """

    campaign: Annotated[Campaign, Keys(WITHOUT_GOAL)]
    campaign_sha256: str | None
    roster: RosterFacts
    metrics: tuple[str, str]
    ideals: tuple[Ideal, ...]
    points: tuple[ParetoPoint, ...]
    balanced: int | None
    steps: int
    not_examined: int
    unproven: int
    gap: float
    limit: str | None
    seconds: Seconds
    backend: str
    version: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "tradeoff"
    computed: ClassVar[tuple[str, ...]] = ("status", "shares")

    @property
    def status(self) -> str:
        """`optimal` where all of it is proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    @property
    def shares(self) -> tuple[Mapping[str, Approximate | None], ...]:
        """Of each point, by metric: its share of the best possible."""
        return tuple({metric: self.share(point, metric) for metric in self.metrics} for point in self.points)

    def share(self, point: ParetoPoint, metric: str) -> Fraction | None:
        """Return a point's total of a metric as a share of the best possible, or None if that is not known."""
        total = next((ideal.total for ideal in self.ideals if ideal.metric == metric), 0)
        return Fraction(point.totals.metrics[metric], total) if total else None

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all searches were made, and each is proven or within this gap of the best."""
        return not self.not_examined and (not self.unproven or 0 < gap >= self.gap)


class ParetoSearch(Struct, frozen=True, kw_only=True, eq=False):
    """The outcome of all searches.

    Attributes
    ----------
    first, last
        The ends: the most of the first metric, and of the second if searched.
    equal_weights
        The plan of equal weights, if searched.
    between
        The candidate found for each floor.
    left_out
        The number of searches that were not made.
    """

    first: ParetoCandidate
    last: ParetoCandidate | None
    equal_weights: ParetoCandidate | None
    between: tuple[ParetoCandidate, ...]
    left_out: int

    @property
    def candidates(self) -> tuple[ParetoCandidate, ...]:
        """All candidates found, that of equal weights first: of equally good ones it is kept."""
        found = (self.equal_weights, self.first, *self.between, self.last)
        return tuple(candidate for candidate in found if candidate is not None)


class _FrontPlan(Struct, frozen=True, kw_only=True, eq=False):
    candidate: ParetoCandidate
    purchased: NDArray[np.bool_]
    totals: Totals
    amounts: tuple[int, int]


def build_pareto_front(
    search: EpsilonConstraintSearch,
    pareto_search: ParetoSearch,
    metrics: tuple[str, str],
    *,
    warnings: tuple[str, ...] = (),
) -> ParetoFront:
    """Build the front from the candidates; a point that was found more than once is there once.

    Parameters
    ----------
    warnings
        Warnings to store with it.
    """
    problem = search.problem
    plans = _non_dominated([_evaluate(problem, candidate, metrics) for candidate in pareto_search.candidates])
    ideals = tuple(_known_ideals(search, pareto_search, metrics, plans))
    points = tuple(_pareto_points(problem, plans, _plan_weights(plans, ideals)))
    unproven = [candidate for candidate in pareto_search.candidates if not candidate.proven]
    limits = [candidate.limit.value for candidate in unproven if candidate.limit is not None]
    return ParetoFront(
        campaign=problem.campaign,
        campaign_sha256=None,
        roster=problem.roster_facts,
        metrics=metrics,
        ideals=ideals,
        points=points,
        balanced=_position(search, pareto_search.equal_weights, plans, metrics),
        steps=len(pareto_search.candidates) + pareto_search.left_out,
        not_examined=pareto_search.left_out,
        unproven=len(unproven),
        gap=max((candidate.gap for candidate in unproven), default=0.0),
        limit=limits[-1] if limits else None,
        seconds=0.0,
        backend=search.solver.name,
        version=search.solver.version,
        notes=(*problem.roster.notes, *problem.forecast.notes),
        warnings=(*warnings, *empty_plan_warning(problem, points[-1].picks)),
    )


def _evaluate(problem: PlanningProblem, candidate: ParetoCandidate, metrics: tuple[str, str]) -> _FrontPlan:
    chosen = np.zeros(problem.choice_count, dtype=bool)
    chosen[candidate.picks] = True
    purchased = problem.select_rows(chosen)
    plan_totals = sum_totals(problem, purchased)
    amounts = (plan_totals.metrics[metrics[0]], plan_totals.metrics[metrics[1]])
    return _FrontPlan(candidate=candidate, purchased=purchased, totals=plan_totals, amounts=amounts)


def _non_dominated(plans: Sequence[_FrontPlan]) -> list[_FrontPlan]:
    """Return the non-dominated plans in descending order of the first metric."""
    efficient: list[_FrontPlan] = []
    for plan in sorted(
        plans, key=lambda plan: (*plan.amounts, plan.candidate.proven, -plan.totals.spend), reverse=True
    ):
        if not efficient or plan.amounts[1] > efficient[-1].amounts[1]:
            efficient.append(plan)
    return efficient


def _known_ideals(
    search: EpsilonConstraintSearch, points: ParetoSearch, metrics: tuple[str, str], plans: Sequence[_FrontPlan]
) -> Iterator[Ideal]:
    """Yield the best total of each metric whose end was searched; another plan may exceed an end that is not proven."""
    for index, end in enumerate((points.first, points.last)):
        if end is not None:
            best = max(plan.amounts[index] for plan in plans)
            yield ideal_from_result(metrics[index], end.first, search.objectives[index], best)


def _plan_weights(plans: Sequence[_FrontPlan], ideals: Sequence[Ideal]) -> tuple[Weights | None, ...]:
    if len(ideals) < 2:
        return (None,) * len(plans)
    return supporting_weights([plan.amounts for plan in plans], (ideals[0].total, ideals[1].total))


def _pareto_points(
    problem: PlanningProblem, plans: Sequence[_FrontPlan], weights: Sequence[Weights | None]
) -> Iterator[ParetoPoint]:
    for number, (plan, weight_range) in enumerate(zip(plans, weights, strict=True)):
        yield ParetoPoint(
            status=(Termination.OPTIMAL if plan.candidate.proven else Termination.FEASIBLE).value,
            totals=plan.totals,
            picks=tuple(build_picks(problem, plan.purchased)),
            weights=weight_range,
            assumed=assumed_shares(problem, plan.purchased),
            change=_step_change(problem, plans[number - 1], plan) if number else None,
        )


def _step_change(problem: PlanningProblem, previous: _FrontPlan, current: _FrontPlan) -> Difference:
    values = (Fraction(previous.amounts[0], 1000), Fraction(current.amounts[0], 1000))
    return compare_picks(problem, previous.candidate.picks, current.candidate.picks, values)


def _position(
    search: EpsilonConstraintSearch,
    candidate: ParetoCandidate | None,
    plans: Sequence[_FrontPlan],
    metrics: tuple[str, str],
) -> int | None:
    """Return the position of a candidate among the plans, or of one that has no less of both if it is not proven."""
    if candidate is None:
        return None
    own = _evaluate(search.problem, candidate, metrics).amounts
    return next(number for number, plan in enumerate(plans) if plan.amounts[0] >= own[0] and plan.amounts[1] >= own[1])
