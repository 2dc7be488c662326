"""From the plan of means to the plan for the worst outcomes, with its proof."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from time import perf_counter

from msgspec.structs import replace

from microopt.plan.proof import Proof
from microopt.planning.formulation.objective import Objective
from microopt.planning.risk.safest_of_means import safest_of_means
from microopt.planning.risk.tail_figures import build_tail
from microopt.planning.risk.tail_goal import TailGoal, build_tail_goal
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
    is_safest: bool = False,
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
    is_safest
        Whether the plan of means is already the one that `safest_of_means` finds.

    Raises
    ------
    CampaignError
        As `build_tail_goal`.
    """
    problem = means.problem
    tail = build_tail_goal(problem, means.objective, means.ideals, weight)
    begun, limits = perf_counter(), limits.reporting_as("worst outcomes", tail.objective.unit)
    if not is_safest:
        means = safest_of_means(means, tail, solver, limits)
    own = limits.remaining(begun)
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
        tail=build_tail(problem, tail, result.columns, _compared(means, tail, result.columns).tolist(), found.sets),
    )


def _compared(means: SolvedProblem, tail: TailGoal, picks: Columns) -> Columns:
    """Return the plan of means to compare with: the plan itself where it is one, and brings more in the worst."""
    value = means.program.objective_value
    is_one = value(picks) >= value(means.picks) and tail.goal.worst_sum(picks) > tail.goal.worst_sum(means.picks)
    return picks if is_one else means.picks
