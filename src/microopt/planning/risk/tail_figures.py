"""The figures of a plan for the worst outcomes, recomputed from its picks and its scenarios."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microopt.plan.tail import Tail, TailFigures
from microopt.planning.problem import PlanningProblem
from microopt.planning.risk.tail_goal import TailGoal
from microopt.solver.program import Columns
from microopt.solver.worst_mean import ScenarioSet


def measure_plan(tail: TailGoal, picks: Columns) -> TailFigures:
    """Return what a plan brings on average, and in its worst scenarios."""
    unit, goal = tail.by_means.unit, tail.goal
    return TailFigures(
        mean=int(tail.by_means.values[picks].sum()) * unit, worst=goal.worst_sum(picks) * unit / goal.worst
    )


def build_tail(
    problem: PlanningProblem, tail: TailGoal, picks: Columns, means: Sequence[int], sets: tuple[ScenarioSet, ...]
) -> Tail:
    """Return what is kept with a plan for the worst outcomes.

    Parameters
    ----------
    means
        The choices of the plan of means.
    """
    campaign = problem.campaign
    assert campaign.worst_share is not None
    return Tail(
        share=campaign.worst_share,
        scenarios=campaign.scenarios.count,
        seed=campaign.scenarios.seed,
        worst=tail.goal.worst,
        plan=measure_plan(tail, picks),
        of_means=measure_plan(tail, np.asarray(means, dtype=np.intp)),
        means=tuple(int(choice) for choice in means),
        sets=sets,
    )
