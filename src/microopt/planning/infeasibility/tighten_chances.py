"""Give up less of limits with a chance, and of the budget where there are such limits.

No row can price how far a limit with a chance must move: its scenarios are given up one by one. So a change that was
found is made smaller by further plans: those with the highest mean of what the limit is on, which are found soon, and
then plans that keep limits nearer to what the user wrote, step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import IDEAL_TOTAL, zero_objective
from microopt.planning.formulation.rules.chance import has_chance, limit_of_rule
from microopt.planning.infeasibility.relax_limits import RelaxedProblem, relax_to_fit, relaxation_price
from microopt.planning.problem import PlanningProblem
from microopt.solver.constraint import constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota import Quota

Relaxation: TypeAlias = tuple[RelaxedProblem, Columns]
Answer: TypeAlias = tuple[Columns | None, bool]
SolveForAnswer = Callable[[IntegerProgram], Answer]  # picks or None, and whether it is proven that there are none
ROUNDS = 8  # of plans
FIRST_STEP = 100  # a hundredth of a limit, twice as much after each plan found, but at most halfway
CLOSE = 1e-3  # of a limit: what is left is not worth another solve
CLOSE_BUDGET = 0.02  # of what a plan costs


def tighten_chances(
    problem: PlanningProblem, relaxation: Relaxation, solve_for_answer: SolveForAnswer
) -> tuple[Relaxation, bool]:
    """Return a relaxation that gives up no more, and whether it is proven that little less would do.

    Parameters
    ----------
    problem
        As the user stated it.
    relaxation
        A relaxation of it, and the picks that it was made for.
    solve_for_answer
        Solves a program; returns its picks, None if there is no plan or no time, and whether that is proven.
    """
    proven = False
    if any(change.label == "budget" for change in relaxation[0].changes):
        relaxation, _ = _tighten_budget(problem, relaxation, solve_for_answer, by_means=True)
        relaxation, proven = _tighten_budget(problem, relaxation, solve_for_answer, by_means=False)
    for rule in problem.campaign.rules:
        is_each_wave = rule.when is not None and rule.when.each  # several quotas, whose limit moves together
        if is_each_wave or not isinstance(rule, RangeRule) or not has_chance(rule):
            continue
        if _moved_to(relaxation[0], rule) is not None:
            relaxation, proven = _tighten_limit(problem, relaxation, rule, solve_for_answer)
    return relaxation, proven and len(relaxation[0].changes) == 1


def relax_chances(problem: PlanningProblem, solve_for_answer: SolveForAnswer) -> Relaxation | None:
    """Return the relaxation for the plan with the highest mean of what limits with a chance are on, if it is one.

    Such a plan keeps all other rules, is found soon, and reaches about as much in most scenarios as any plan.

    Parameters
    ----------
    problem, solve_for_answer
        As in `tighten_chances`.
    """
    program = formulate(problem.without_soft_rules(), zero_objective(problem))
    picks, _ = solve_for_answer(_by_means(program))
    if picks is None:
        return None
    relaxed = relax_to_fit(problem, problem.select_rows(program.mask(picks)))
    return (relaxed, picks) if relaxed.changes else None


def _tighten_limit(
    problem: PlanningProblem, relaxation: Relaxation, rule: RangeRule, solve_for_answer: SolveForAnswer
) -> tuple[Relaxation, bool]:
    """Return a relaxation with a limit nearer to what the user wrote."""
    wanted = limit_of_rule(problem, rule) * (-1 if rule.bounds.low is None else 1)
    proven, step = False, 0
    for _ in range(ROUNDS):
        label = _moved_to(relaxation[0], rule)
        if label is None:
            return relaxation, False
        program = _program(problem, relaxation[0])
        quota = next(each for each in program.quotas if each.label == label)
        floor = _reached(quota, relaxation[1])
        if wanted - floor <= CLOSE * abs(floor):
            return relaxation, proven
        step = max(step, abs(floor) // FIRST_STEP, 1)
        target = min((floor + wanted + 1) // 2, floor + step)
        picks, nothing = solve_for_answer(_with_floor(program, quota, target))
        better = None if picks is None else _improved(problem, relaxation, picks)
        if better is not None:
            relaxation, step = better, 2 * step
        else:
            wanted, proven = target, nothing
    return relaxation, False


def _tighten_budget(
    problem: PlanningProblem, relaxation: Relaxation, solve_for_answer: SolveForAnswer, *, by_means: bool
) -> tuple[Relaxation, bool]:
    """Return a relaxation with a budget nearer to the user's.

    Parameters
    ----------
    by_means
        Whether to try only the plan with the highest mean within each budget, which is found soon.
    """
    least, proven = problem.campaign.spendable or 0, False
    for _ in range(ROUNDS):
        program = _program(problem, relaxation[0])
        spent = program.total_cost(relaxation[1])
        if spent - least <= CLOSE_BUDGET * spent:
            return relaxation, proven
        target = (least + spent) // 2
        cheaper = program.with_row(constraint("cost", program.cost, upper=target))
        picks, nothing = solve_for_answer(_by_means(cheaper) if by_means else cheaper)
        better = None if picks is None else _improved(problem, relaxation, picks)
        if better is not None:
            relaxation = better
        else:
            least, proven = target, nothing
    return relaxation, False


def _improved(problem: PlanningProblem, relaxation: Relaxation, picks: Columns) -> Relaxation | None:
    """Return the relaxation for other picks, None if it changes something else or gives up as much."""
    known = relaxation[0]
    relaxed = relax_to_fit(problem, problem.select_rows(_program(problem, known).mask(picks)))
    if {change.label for change in relaxed.changes} - {change.label for change in known.changes}:
        return None
    return (relaxed, picks) if relaxation_price(relaxed) < relaxation_price(known) else None


def _by_means(program: IntegerProgram) -> IntegerProgram:
    """Return a program without its quotas, and with the means of what they are on as its objective."""
    sums = np.zeros(len(program))
    for quota in program.quotas:
        means = quota.amounts.mean(axis=0)
        sums[quota.columns] += means / max(1.0, float(np.abs(means).sum()))
    return replace(program, objective=_scaled(sums), quotas=())


def _program(problem: PlanningProblem, relaxed: RelaxedProblem) -> IntegerProgram:
    return formulate(relaxed.problem.without_soft_rules(), zero_objective(problem))


def _moved_to(relaxed: RelaxedProblem, rule: RangeRule) -> str | None:
    """Return a rule as it is after its change; None if it is not changed, or dropped."""
    return next((change.becomes for change in relaxed.changes if change.label == rule.label), None)


def _reached(quota: Quota, picks: Columns) -> int:
    """Return the highest floor that picks keep in as many rows as the quota asks for."""
    return int(np.sort(quota.activities(picks))[quota.may_fail])


def _with_floor(program: IntegerProgram, quota: Quota, floor: int) -> IntegerProgram:
    """Return a program with another floor of a quota, and with the mean of what that is on as its objective."""
    moved = replace(quota, floors=np.full(len(quota), floor, dtype=np.int64))
    sums = np.zeros(len(program))
    sums[quota.columns] = quota.amounts.sum(axis=0)
    quotas = tuple(moved if each is quota else each for each in program.quotas)
    return replace(program, objective=_scaled(sums), quotas=quotas)


def _scaled(sums: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return values as those of an objective: integers of a useful size."""
    return np.rint(sums * (IDEAL_TOTAL / (float(np.abs(sums).sum()) or 1.0))).astype(np.int64)
