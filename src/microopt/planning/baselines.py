"""Baseline plans: what the usual ways to choose creators by hand bring under the rules of the campaign.

Each goes down a ranked list of single offers, and the picks at its end make room for those further down that quotas and
shares need, so that the baseline and the plan keep the same rules. Where the list cannot keep one, the baseline names
it, and must not be called better or worse than the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.forecast.engagement import ranking_rate
from microopt.plan.plan import BaselinePlan
from microopt.planning.problem import PlanningProblem
from microopt.planning.totals import sum_totals
from microopt.roster.contract_status import contract_offers, contracts_by_label
from microopt.roster.selection import offers_named
from microopt.solver.constraint import all_columns
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.ranked_fill import fill_by_rank


def engagement_rate_baseline(problem: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Rank by engagement rate, and buy from the top until the money is spent."""
    units = () if problem.roster.units is None else (-problem.roster.units,)
    return _fill("rank by engagement rate", problem, program, _falling_rate(problem), *units, problem.forecast.cost)


def _falling_rate(problem: PlanningProblem) -> NDArray[np.float64]:
    """Return the engagement rate of each offer, the usual one where it is not known, with a minus sign."""
    rate = -ranking_rate(problem.roster)
    unknown = np.flatnonzero(~np.isfinite(rate))
    followers = np.maximum(problem.roster.numbers["followers"][unknown], 1)
    rate[unknown] = -(problem.forecast.metrics["engagements"][unknown] / followers / 1000)
    return rate


def engagements_per_dollar_baseline(problem: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Rank by expected engagements per unit of cost."""
    ratio = problem.forecast.metrics["engagements"] / np.maximum(problem.forecast.cost, 1)
    return _fill("rank by engagements per dollar", problem, program, -ratio)


def most_followers_baseline(problem: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Buy the creators with the most followers first."""
    followers = problem.roster.numbers["followers"]
    return _fill("most followers first", problem, program, -followers, problem.forecast.cost)


def _fill(rule: str, problem: PlanningProblem, program: IntegerProgram, *ranks: NDArray[Any]) -> BaselinePlan:
    columns = choose_by_rank(problem, program, ranks)
    totals = sum_totals(problem, problem.select_rows(program.mask(columns)))
    return BaselinePlan(rule=rule, totals=totals, broken=tuple(dict.fromkeys(program.violated_constraints(columns))))


def choose_by_rank(problem: PlanningProblem, program: IntegerProgram, ranks: Sequence[NDArray[Any]]) -> Columns:
    """Return the choices that a ranked list of single offers selects; included creators come before all others.

    Parameters
    ----------
    ranks
        (rows,) each: the rank of the offers, the lowest first, then the tie breakers. No NaN.
    """
    # A ranked list holds single offers, so choices that are sets of offers are left out, but for what is agreed.
    agreed = np.zeros(0, dtype=np.intp)
    if problem.choice_count == len(problem):
        single = rows = all_columns(len(problem))
    else:
        agreed = _agreed_choices(problem)
        alone = np.flatnonzero(np.bincount(problem.choice, minlength=problem.choice_count) == 1)
        single = np.union1d(alone, agreed)
        rows = np.searchsorted(problem.choice, single)
        ranks = tuple(rank[rows] for rank in ranks)
    included = [_first_by_rank(offers_named(problem.roster, name)[rows], ranks) for name in problem.campaign.include]
    start = single[np.concatenate([np.searchsorted(single, agreed), *included])]
    return fill_by_rank(program, single, ranks, start)


def _agreed_choices(problem: PlanningProblem) -> NDArray[np.intp]:
    """Return for each creator with contracts the smallest choice that keeps all of them, ascending."""
    kept: dict[int, NDArray[np.bool_]] = {}
    for offers in contract_offers(problem.roster, contracts_by_label(problem.campaign.running)).values():
        for creator in problem.roster.creator_id[offers][:1].tolist():
            kept[creator] = kept.get(creator, True) & problem.any_by_choice(offers)
    sizes = np.bincount(problem.choice, minlength=problem.choice_count)
    choices = [np.flatnonzero(holds) for holds in kept.values() if holds.any()]
    return np.asarray(sorted(own[np.argmin(sizes[own])] for own in choices), dtype=np.intp)


def _first_by_rank(named: NDArray[np.bool_], ranks: Sequence[NDArray[Any]]) -> NDArray[np.intp]:
    """Return the position of the named offer with the lowest rank, if there is one."""
    positions = np.flatnonzero(named)
    return positions[np.lexsort([rank[positions] for rank in reversed(ranks)])][:1]
