"""Plans that were found -> Front: those that none has more of both than, their weights, and what lies between two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.analysis.tradeoff.epsilon_constraint import EpsilonConstraintSearch, ParetoCandidate
from microopt.analysis.tradeoff.result import ParetoFront, ParetoPoint, Weights
from microopt.analysis.tradeoff.weights import supporting_weights
from microopt.campaign.campaign import Ideal
from microopt.plan.difference import Difference
from microopt.plan.plan import Totals
from microopt.planning.between import difference
from microopt.planning.build_plan import assumed, empty_warning, facts_of, picks_of, totals
from microopt.planning.optimize import ideal_of
from microopt.planning.problem import PlanningProblem
from microopt.solver.result import Termination

HALF = Fraction(1, 2)


class ParetoSearch(Struct, frozen=True, kw_only=True, eq=False):
    """What was looked for.

    Attributes
    ----------
    first, last
        The ends: the most of the first metric, and of the second where that was looked at.
    between
        What was found for each floor.
    left_out
        Steps that were not looked at.
    """

    first: ParetoCandidate
    last: ParetoCandidate | None
    between: tuple[ParetoCandidate, ...]
    left_out: int

    @property
    def found(self) -> tuple[ParetoCandidate, ...]:
        """All that was found."""
        return (self.first, *self.between, *(() if self.last is None else (self.last,)))


class _Plan(Struct, frozen=True, kw_only=True, eq=False):
    sought: ParetoCandidate
    bought: NDArray[np.bool_]
    totals: Totals
    amounts: tuple[int, int]


def build_pareto_front(
    floors: EpsilonConstraintSearch, searched: ParetoSearch, metrics: tuple[str, str], *, warnings: tuple[str, ...] = ()
) -> ParetoFront:
    """Return what was found as a front; a point that was found more than once is told once.

    Parameters
    ----------
    warnings
        To be kept with it.
    """
    case = floors.case
    plans = _efficient([_plan(case, found, metrics) for found in searched.found])
    ideals = tuple(_ideals(floors, searched, metrics, plans))
    points = tuple(_points(case, plans, _weights(plans, ideals)))
    unproven = [found for found in searched.found if not found.proven]
    limits = [found.limit.value for found in unproven if found.limit is not None]
    return ParetoFront(
        campaign=case.campaign,
        campaign_sha256=None,
        roster=facts_of(case),
        metrics=metrics,
        ideals=ideals,
        points=points,
        balanced=_balanced(points),
        steps=len(searched.found) + searched.left_out,
        left_out=searched.left_out,
        open=len(unproven),
        gap=max((found.gap for found in unproven), default=0.0),
        limit=limits[-1] if limits else None,
        seconds=0.0,
        backend=floors.solver.name,
        version=floors.solver.version,
        notes=(*case.roster.notes, *case.forecast.notes),
        warnings=(*warnings, *empty_warning(case, points[-1].picks)),
    )


def _plan(case: PlanningProblem, sought: ParetoCandidate, metrics: tuple[str, str]) -> _Plan:
    chosen = np.zeros(case.choices, dtype=bool)
    chosen[sought.picks] = True
    bought = case.rows(chosen)
    brought = totals(case, bought)
    amounts = (brought.metrics[metrics[0]], brought.metrics[metrics[1]])
    return _Plan(sought=sought, bought=bought, totals=brought, amounts=amounts)


def _efficient(plans: Sequence[_Plan]) -> list[_Plan]:
    """Return plans from the most of the first metric on, each with more of the second than the one before."""
    kept: list[_Plan] = []
    for plan in sorted(plans, key=lambda plan: (*plan.amounts, plan.sought.proven, -plan.totals.spend), reverse=True):
        if not kept or plan.amounts[1] > kept[-1].amounts[1]:
            kept.append(plan)
    return kept


def _ideals(
    floors: EpsilonConstraintSearch, searched: ParetoSearch, metrics: tuple[str, str], plans: Sequence[_Plan]
) -> Iterator[Ideal]:
    """Yield the best of each metric whose end was looked at; beside one that is not proven, another may have more."""
    for which, end in enumerate((searched.first, searched.last)):
        if end is not None:
            most = max(plan.amounts[which] for plan in plans)
            yield ideal_of(metrics[which], end.first, floors.aims[which], most)


def _weights(plans: Sequence[_Plan], ideals: Sequence[Ideal]) -> tuple[Weights | None, ...]:
    if len(ideals) < 2:
        return (None,) * len(plans)
    return supporting_weights([plan.amounts for plan in plans], (ideals[0].total, ideals[1].total))


def _points(case: PlanningProblem, plans: Sequence[_Plan], weights: Sequence[Weights | None]) -> Iterator[ParetoPoint]:
    for number, (plan, chosen_by) in enumerate(zip(plans, weights, strict=True)):
        yield ParetoPoint(
            status=(Termination.OPTIMAL if plan.sought.proven else Termination.FEASIBLE).value,
            totals=plan.totals,
            picks=picks_of(case, plan.bought),
            weights=chosen_by,
            assumed=assumed(case, plan.bought),
            change=_change(case, plans[number - 1], plan) if number else None,
        )


def _change(case: PlanningProblem, before: _Plan, after: _Plan) -> Difference:
    values = (Fraction(before.amounts[0], 1000), Fraction(after.amounts[0], 1000))
    return difference(case, before.sought.picks, after.sought.picks, values)


def _balanced(points: Sequence[ParetoPoint]) -> int | None:
    """Return the position of the point that equal weights choose; of two, of the one that costs less."""
    chosen = [
        (point.totals.spend, number)
        for number, point in enumerate(points)
        if point.weights is not None and point.weights.low <= HALF <= point.weights.high
    ]
    return min(chosen)[1] if chosen else None
