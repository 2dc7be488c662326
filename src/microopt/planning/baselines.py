"""Baseline plans: the ways in which creators are commonly chosen by hand, to compare a plan with.

They keep the budget and every upper limit on a count or a total. They ignore floors and limits on a share of the plan,
because nobody can keep those while going down a list. So they are freer than the plan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.metrics import METRICS
from microopt.forecast.engagement import ranking_rate
from microopt.plan.plan import BaselinePlan, Totals
from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import offers_named
from microopt.solver.heuristics import fill_by_rank
from microopt.solver.program import IntegerProgram


def engagement_rate_baseline(problem: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Rank by engagement rate, and buy from the top until the money is spent."""
    rate = ranking_rate(problem.roster)
    usual = problem.forecast.metrics["engagements"] / np.maximum(problem.roster.numbers["followers"], 1) / 1000
    rate = np.where(np.isfinite(rate), rate, usual)
    units = () if problem.roster.units is None else (-problem.roster.units,)
    return _fill_baseline("rank by engagement rate", problem, program, -rate, *units, problem.forecast.cost)


def engagements_per_dollar_baseline(problem: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Rank by expected engagements per unit of cost."""
    ratio = problem.forecast.metrics["engagements"] / np.maximum(problem.forecast.cost, 1)
    return _fill_baseline("rank by engagements per dollar", problem, program, -ratio)


def most_followers_baseline(problem: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Buy the creators with the most followers first."""
    followers = problem.roster.numbers["followers"]
    return _fill_baseline("most followers first", problem, program, -followers, problem.forecast.cost)


def _fill_baseline(rule: str, problem: PlanningProblem, program: IntegerProgram, *ranks: NDArray[Any]) -> BaselinePlan:
    """Fill the budget by rank, the lowest first; included creators come before all others."""
    # A ranked list holds single offers, so choices that are sets of offers are left out.
    single = np.flatnonzero(np.bincount(problem.choice, minlength=problem.choice_count) == 1)
    rows = np.searchsorted(problem.choice, single)
    ranks = tuple(rank[rows] for rank in ranks)
    included = [_first_by_rank(offers_named(problem.roster, name)[rows], ranks) for name in problem.campaign.include]
    start = single[np.concatenate([single[:0], *included])]
    bought = problem.select_rows(program.mask(fill_by_rank(program, single, ranks, start)))
    metrics = {name: int(problem.forecast.metrics[name][bought].sum()) for name in METRICS}
    spend, creators = int(problem.forecast.cost[bought].sum()), len(np.unique(problem.roster.creator_id[bought]))
    return BaselinePlan(rule=rule, totals=Totals(creators=creators, spend=spend, metrics=metrics))


def _first_by_rank(named: NDArray[np.bool_], ranks: tuple[NDArray[Any], ...]) -> NDArray[np.intp]:
    """Return the position of the named offer with the lowest rank, if there is one."""
    positions = np.flatnonzero(named)
    return positions[np.lexsort([rank[positions] for rank in reversed(ranks)])][:1]
