"""From the plan of means to the plan for the worst outcomes, with its proof."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from time import perf_counter

from msgspec.structs import replace

from microopt.plan.proof import Proof
from microopt.planning.formulation.objective import Objective
from microopt.planning.risk.tail_figures import build_tail
from microopt.planning.risk.tail_goal import build_tail_goal
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import Backend
from microopt.solver.cross_check import CrossCheckResult
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import SolveLimits
from microopt.solver.worst_mean_search import solve_worst_mean

BuildProof = Callable[[CrossCheckResult, Objective, IntegerProgram, float], Proof]
NOT_CHECKED = "a plan for the worst outcomes is checked by no second solver"


def plan_for_worst(
    means: SolvedProblem,
    *,
    solver: Backend,
    limits: SolveLimits,
    build_proof: BuildProof,
    start: float,
    weight: Fraction = Fraction(1),
    plans: tuple[Columns, ...] = (),
    is_second_wanted: bool = False,
) -> SolvedProblem:
    """Return the plan with the best mean of the worst scenarios.

    Parameters
    ----------
    means
        The plan of means.
    start
        When the search of both plans began.
    weight
        As in `build_tail_goal`.
    plans
        Further plans that are known.
    is_second_wanted
        Whether a second solver was to check the plan.

    Raises
    ------
    CampaignError
        As `build_tail_goal`.
    """
    problem = means.problem
    tail = build_tail_goal(problem, means.objective, means.ideals, weight)
    own = limits.reporting_as("worst outcomes", tail.objective.unit)
    found = solve_worst_mean(tail.goal, solver, own, (means.picks, *plans))
    result = replace(found.result, failure=found.result.failure or means.proof.failure)
    checked = CrossCheckResult(result=result, unconfirmed=NOT_CHECKED if is_second_wanted else "")
    assert result.columns is not None
    return SolvedProblem(
        problem=problem,
        ideals=means.ideals,
        objective=tail.objective,
        program=found.program,
        result=result,
        proof=build_proof(checked, tail.objective, found.program, perf_counter() - start),
        by_means=means.program,
        tail=build_tail(problem, tail, result.columns, means.picks.tolist(), found.sets),
    )
