"""The best plan of an answered campaign without some choices, or with one of them.

What does another plan of the same case have more? And who is only in one of the two.

What each rule costs: the best plan without it, by solving again; the prices of a relaxation would mislead.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.metrics import GROSS_SUFFIX, METRICS
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import RulePrice
from microopt.planning.build_plan import sum_totals
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram, constraint
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import SolveLimits, SolveResult, WarmStart
from microopt.solver.search import solve
from microopt.solver.subproblem import solve_subproblem

NO_COLUMNS = np.zeros(0, dtype=np.intp)


def creator_columns(solved: SolvedProblem, creator: str) -> Columns:
    """Return the choices of a creator, none where filters keep the creator out."""
    problem = solved.problem
    return np.unique(problem.choice[problem.roster.texts["creator"].contains_any({match_key(creator)})]).astype(np.intp)


def price_columns(solved: SolvedProblem) -> PricedProgram | None:
    """Return what the plan's prices make of each choice."""
    prices = solved.result.prices
    return None if prices is None else price_program(solved.program, prices, solved.result.pool_prices)


def solve_without(
    solved: SolvedProblem, columns: Columns, solver: Backend, limits: SolveLimits, *known: Columns
) -> SolveResult:
    """Return the best plan without these choices; some such plans may be known.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    free = np.ones(len(solved.program), dtype=bool)
    free[columns] = False
    return solve_subproblem(solved.program, free, NO_COLUMNS, solver, limits, replace(_warm_start(solved), plans=known))


def solve_with_one(
    solved: SolvedProblem,
    columns: Columns,
    solver: Backend,
    limits: SolveLimits,
    *known: Columns,
    priced: PricedProgram | None = None,
) -> SolveResult:
    """Return the best plan with one of these choices; some such plans may be known.

    Parameters
    ----------
    nearness
        As `priced` returns it: it spares a relaxation.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    mine = np.zeros(len(solved.program), dtype=np.int64)
    mine[columns] = 1
    forced = solved.program.with_row(constraint("the creator is in", mine, lower=1))
    everything, hint = np.ones(len(mine), dtype=bool), replace(_warm_start(solved), plans=known)
    if priced is not None:  # at this price of the row, the nearest of the choices is as good as not
        loss = float(priced.deviation[columns].min())
        hint = replace(hint, prices=np.append(priced.prices, -loss))
    return solve_subproblem(forced, everything, NO_COLUMNS, solver, limits, hint)


def _warm_start(solved: SolvedProblem) -> WarmStart:
    return WarmStart(prices=solved.result.prices, pool_prices=solved.result.pool_prices)


def compare_picks(
    problem: PlanningProblem, before: Columns, after: Columns, values: tuple[Fraction, Fraction]
) -> Difference:
    """Return what the plan `after` has more than the plan `before`.

    Parameters
    ----------
    before, after
        Choices of the case.
    values
        What the two are worth, in the goal's unit.
    """
    mine, others = (sum_totals(problem, _selected_rows(problem, picks)) for picks in (before, after))
    was, now = (set(problem.choice_creators[picks].tolist()) for picks in (before, after))
    gained = values[1] - values[0]
    return Difference(
        objective=gained,
        share=gained / abs(values[0]) if values[0] else None,
        creators=others.creators - mine.creators,
        spend=others.spend - mine.spend,
        metrics={name: others.metrics[name] - mine.metrics[name] for name in METRICS},
        added=creator_names(problem, now - was),
        dropped=creator_names(problem, was - now),
    )


def creator_names(problem: PlanningProblem, creators: set[int]) -> tuple[str, ...]:
    """Return the names of creators by their numbers, those of most engagements first."""
    return tuple(problem.roster.texts["creator"][row].strip() for row in top_offer_rows(problem, creators).values())


def top_offer_rows(problem: PlanningProblem, creators: set[int]) -> dict[int, int]:
    """Return the offer of most engagements of each of these creators by number, those of most engagements first."""
    rows = np.flatnonzero(np.isin(problem.roster.creator_id, sorted(creators)))
    engaged = problem.forecast.metrics["engagements"]
    best: dict[int, int] = {}
    for row in rows.tolist():
        creator = int(problem.roster.creator_id[row])
        if creator not in best or engaged[row] > engaged[best[creator]]:
            best[creator] = row
    return {creator: best[creator] for creator in sorted(best, key=lambda one: (-int(engaged[best[one]]), one))}


def _selected_rows(problem: PlanningProblem, picks: Columns) -> NDArray[np.bool_]:
    chosen = np.zeros(problem.choice_count, dtype=bool)
    chosen[picks] = True
    return problem.select_rows(chosen)


def rule_prices(solved: SolvedProblem, limits: SolveLimits, solver: Backend) -> tuple[RulePrice, ...]:
    """Return what the best plan without each rule has more, in the order of the rules.

    Parameters
    ----------
    limits
        For all of it: after the time, or an interrupt, what is left is told to be not looked at.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    time_budget = TimeBudget(limits)
    labels = tuple(dict.fromkeys(rule.label for rule in solved.problem.campaign.rules))
    found = []
    for number, label in enumerate(labels):
        share = 1 / (len(labels) - number)
        price = time_budget.run(partial(_price_rule, solved, label, solver), f"without {label}", share)
        found.append(price or RulePrice(label=label, status=NOT_LOOKED_AT))
    return tuple(found)


def _price_rule(solved: SolvedProblem, label: str, solver: Backend, limits: SolveLimits) -> RulePrice:
    answer = solved.result
    assert answer.columns is not None
    without = _relax_rows(solved.program, (label, label + GROSS_SUFFIX))
    hint = WarmStart(prices=answer.prices, plans=(answer.columns,))
    found = solve(without, solver, limits, cheapest=False, warm_start=hint)
    if found.columns is None or found.objective is None:
        return RulePrice(label=label, status=found.termination.value)
    unit = solved.objective.unit
    values = (solved.program.objective_value(answer.columns) * unit, found.objective * unit)
    change = compare_picks(solved.problem, answer.columns, found.columns, values)
    return RulePrice(label=label, status=found.termination.value, change=change)


def _relax_rows(program: IntegerProgram, labels: tuple[str, ...]) -> IntegerProgram:
    """Return the program whose rows of these labels hold whatever is bought; pools name rows by place, so they stay."""
    rows = [
        replace(line, lower=None, upper=None, penalty=None) if line.label in labels else line for line in program.rows
    ]
    return replace(program, rows=tuple(rows))
