"""Sums over the offers bought."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.metrics import metrics_of
from microopt.plan.plan import Totals
from microopt.planning.problem import PlanningProblem

Mask = NDArray[np.bool_]


def sum_totals(problem: PlanningProblem, selection: Mask) -> Totals:
    """Return the sums over the offers bought."""
    return Totals(
        creators=len(np.unique(problem.roster.creator_id[selection])),
        spend=int(problem.forecast.cost[selection].sum()),
        metrics={
            name: int(problem.forecast.metrics[name][selection].sum()) for name in metrics_of(problem.forecast.metrics)
        },
        revenue=_revenue(problem, selection),
        profit=_profit(problem, selection),
        extra_costs=_extra_costs(problem, selection),
    )


def _extra_costs(problem: PlanningProblem, selection: Mask) -> dict[str, int]:
    """Return what the offers bought cost on top of fees, in cents by line, without lines of 0."""
    lines = {name: int(line[selection].sum()) for name, line in problem.forecast.extra_costs.items()}
    return {name: cents for name, cents in lines.items() if cents}


def _revenue(problem: PlanningProblem, selection: Mask) -> int | None:
    """Return the revenue of the offers bought, None where the revenue of any of them is unknown."""
    if problem.forecast.revenue is None or (problem.forecast.revenue[selection] < 0).any():
        return None
    return int(problem.forecast.revenue[selection].sum())


def _profit(problem: PlanningProblem, selection: Mask) -> int | None:
    """Return what is kept of the revenue of the offers bought, less their cost; None where the revenue is unknown."""
    kept = problem.forecast.kept_revenue
    if kept is None or (kept[selection] < 0).any():
        return None
    return int(kept[selection].sum() - problem.forecast.cost[selection].sum())
