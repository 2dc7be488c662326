"""The ways creators are commonly chosen by hand, to hold a plan against.

They keep the budget and every upper limit on a count or a total; no floor, and no limit on a share of the plan, for
nobody who goes down a list can: they are freer than the plan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.metrics import METRICS
from microopt.forecast.engagement import own_rate
from microopt.plan.plan import BaselinePlan, Totals
from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import offers_named
from microopt.solver.greedy import fill_by_rank
from microopt.solver.program import IntegerProgram


def engagement_rate_habit(case: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Rank by engagement rate, and take from the top until the money is gone."""
    rate = own_rate(case.roster)
    usual = case.forecast.metrics["engagements"] / np.maximum(case.roster.numbers["followers"], 1) / 1000
    rate = np.where(np.isfinite(rate), rate, usual)
    units = () if case.roster.units is None else (-case.roster.units,)
    return _habit("rank by engagement rate", case, program, -rate, *units, case.forecast.cost)


def engagements_per_dollar_habit(case: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Rank by expected engagements per unit of cost."""
    ratio = case.forecast.metrics["engagements"] / np.maximum(case.forecast.cost, 1)
    return _habit("rank by engagements per dollar", case, program, -ratio)


def mega_first_habit(case: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Take the most followed first."""
    followers = case.roster.numbers["followers"]
    return _habit("most followers first", case, program, -followers, case.forecast.cost)


def _habit(rule: str, case: PlanningProblem, program: IntegerProgram, *ranks: NDArray[Any]) -> BaselinePlan:
    """Fill the budget with rows by rank, the least first, the included before all."""
    alone = np.flatnonzero(np.bincount(case.choice, minlength=case.choices) == 1)  # no sets: a list is of offers
    rows = np.searchsorted(case.choice, alone)
    ranks = tuple(rank[rows] for rank in ranks)
    first = [_first(offers_named(case.roster, name)[rows], ranks) for name in case.campaign.include]
    start = alone[np.concatenate([alone[:0], *first])]
    bought = case.rows(program.chosen(fill_by_rank(program, alone, ranks, start)))
    metrics = {name: int(case.forecast.metrics[name][bought].sum()) for name in METRICS}
    spend, creators = int(case.forecast.cost[bought].sum()), len(np.unique(case.roster.creator_id[bought]))
    return BaselinePlan(rule=rule, totals=Totals(creators=creators, spend=spend, metrics=metrics))


def _first(named: NDArray[np.bool_], ranks: tuple[NDArray[Any], ...]) -> NDArray[np.intp]:
    """Return the position of the named one of least rank, if there is one."""
    mine = np.flatnonzero(named)
    return mine[np.lexsort([rank[mine] for rank in reversed(ranks)])][:1]
