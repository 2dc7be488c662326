"""The ways creators are commonly chosen by hand, to hold a plan against.

They keep the budget and every upper limit on a count or a total; no floor, and no limit on a share of the plan, for
nobody who goes down a list can: they are freer than the plan.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign import METRICS
from microopt.case import Case
from microopt.forecasting.engagement import own_rate
from microopt.plan import Habit, Totals
from microopt.selection import named
from microopt.solver.greedy import fill
from microopt.solver.program import Program


def engagement_rate_habit(case: Case, program: Program) -> Habit:
    """Rank by engagement rate, and take from the top until the money is gone."""
    rate = own_rate(case.roster)
    usual = case.forecast.metrics["engagements"] / np.maximum(case.roster.numbers["followers"], 1) / 1000
    rate = np.where(np.isfinite(rate), rate, usual)
    units = () if case.roster.units is None else (-case.roster.units,)
    return _habit("rank by engagement rate", case, program, np.lexsort((case.forecast.cost, *units, -rate)))


def engagements_per_dollar_habit(case: Case, program: Program) -> Habit:
    """Rank by expected engagements per unit of cost."""
    ratio = case.forecast.metrics["engagements"] / np.maximum(case.forecast.cost, 1)
    return _habit("rank by engagements per dollar", case, program, np.argsort(-ratio, kind="stable"))


def mega_first_habit(case: Case, program: Program) -> Habit:
    """Take the most followed first."""
    order = np.lexsort((case.forecast.cost, -case.roster.numbers["followers"]))
    return _habit("most followers first", case, program, order)


def _habit(rule: str, case: Case, program: Program, order: NDArray[np.intp]) -> Habit:
    """Fill the budget with rows in this order, the included first."""
    alone = np.bincount(case.choice, minlength=case.choices)[case.choice] == 1  # no sets: a list is of offers
    order = order[alone[order]]
    first = [order[named(case.roster, name)[order]][:1] for name in case.campaign.include]
    start = case.choice[np.concatenate([order[:0], *first])].astype(np.intp)
    bought = case.rows(program.chosen(fill(program, case.choice[order].astype(np.intp), start=start)))
    metrics = {name: int(case.forecast.metrics[name][bought].sum()) for name in METRICS}
    spend, creators = int(case.forecast.cost[bought].sum()), len(np.unique(case.roster.creator_id[bought]))
    return Habit(rule=rule, totals=Totals(creators=creators, spend=spend, metrics=metrics))
