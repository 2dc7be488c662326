"""The goal of the worst scenarios of a plan that was chosen for it, drawn again to measure other plans by it."""

from __future__ import annotations

from msgspec.structs import replace

from microopt.planning.risk.tail_goal import TailGoal, build_tail_goal
from microopt.planning.solved import SolvedProblem


def tail_goal_of(solved: SolvedProblem) -> TailGoal | None:
    """Return the goal of the worst scenarios of a solved problem, None where it was solved for the mean.

    The program of a plan has the cuts that bind for it, which bound what another plan brings, and do not tell it.
    """
    if solved.by_means is None or solved.tail is None:
        return None
    unit = solved.objective.unit * solved.tail.worst
    by_means = replace(solved.objective, values=solved.by_means.objective, unit=unit)
    return build_tail_goal(solved.problem, by_means, solved.ideals)
