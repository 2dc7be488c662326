"""`all net reach >= N`: a lower bound on how many different people a plan reaches. Each such rule has its own pools."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule
from microopt.campaign.metrics import NET_REACH
from microopt.planning.audience_overlap import AudienceOverlap, build_overlap, largest_of_group
from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import matching_offers
from microopt.solver.constraint import Constraint
from microopt.solver.reach_pool import ReachPool


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each floor over the people outside all pools; those within are added by the pools of `pools`."""
    for rule in _floors(problem):
        selected = matching_offers(problem.roster, rule.selector)
        outside = people_by_choice(problem, np.where(selected, problem_overlap(problem).outside, 0))
        columns = np.flatnonzero(outside)
        assert rule.bounds.low is not None
        yield Constraint(
            label=rule.label,
            columns=columns,
            coefficients=outside[columns],
            lower=ceil(rule.bounds.low * 1000),
            unit=Fraction(1, 1000),
        )


def pools(problem: PlanningProblem, first: int) -> Iterator[ReachPool]:
    """Yield the pools of each floor.

    Parameters
    ----------
    first
        Position in the program of the first row that `rows` yields.
    """
    for number, rule in enumerate(_floors(problem)):
        yield from exposed_pools(problem, matching_offers(problem.roster, rule.selector), row=first + number)


def exposed_pools(
    problem: PlanningProblem, selected: NDArray[np.bool_], *, objective: float = 0.0, row: int | None = None
) -> Iterator[ReachPool]:
    """Yield each pool with the exposures of the choices that reach into it.

    Parameters
    ----------
    selected
        (rows,) which offers count.
    objective, row
        As in `ReachPool`.
    """
    for pool in problem_overlap(problem).pools:
        exposure = np.zeros(len(problem), dtype=np.int64)
        exposure[pool.rows] = pool.exposure
        total = people_by_choice(problem, np.where(selected, exposure, 0))
        columns = np.flatnonzero(total)
        yield ReachPool(
            label=pool.name,
            columns=columns,
            exposure=total[columns],
            size=pool.size,
            objective=objective,
            row=row,
        )


def people_by_choice(problem: PlanningProblem, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum over each choice's rows, of which those that reach the same people count once, (choices,)."""
    groups = problem_overlap(problem).same_people
    if groups is not None:
        groups = problem.choice.astype(np.intp) * (int(groups.max(initial=0)) + 1) + groups
    return problem.sum_by_choice(largest_of_group(values, groups))


def problem_overlap(problem: PlanningProblem) -> AudienceOverlap:
    """Return how the audiences of a problem overlap; the campaign must state its audience."""
    assert problem.campaign.audience is not None
    return build_overlap(problem.roster, problem.forecast.metrics["reach"], problem.campaign.audience)


def _floors(problem: PlanningProblem) -> Iterator[RangeRule]:
    for rule in problem.rules:
        if isinstance(rule, RangeRule) and rule.measure == NET_REACH and not rule.mean:
            yield rule
