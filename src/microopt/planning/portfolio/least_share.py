"""The fair goal: the least share of any campaign, as an integer variable that is made as large as the rows allow."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import UsageError
from microopt.planning.portfolio.creator_rows import JointColumns
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.joint_program import JointProgram
from microopt.solver.arrays import times
from microopt.solver.constraint import Constraint
from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.program import IntegerProgram

STEPS = 10_000  # parts of a share of 1 in which the least share is counted
DIGITS = 10**7  # to which the value of a campaign is counted in its row


def refuse_curved_goals(columns: JointColumns) -> None:
    """Refuse goals whose share is not a sum over what is booked.

    Raises
    ------
    UsageError
        If a campaign counts net reach or has soft rules.
    """
    for problem in columns.problems:
        if not problem.program.has_linear_objective or problem.program.has_soft_rows:
            message = f"--fair cannot compare {problem.name}, which counts net reach or has soft rules"
            fix = "leave out --fair, or give the campaign another goal and hard rules"
            raise UsageError(message, fix=fix, code="portfolio-fair")


def least_share_program(program: IntegerProgram, columns: JointColumns) -> IntegerProgram:
    """Return the program whose objective is the least share of any campaign, in steps of 0.01%."""
    rows = tuple(_share_rows(columns))
    first = len(program.rows)
    coefficients = {first + number: -step for number, (_, step) in enumerate(rows)}
    reached = [_reached(program, row, step) for row, step in rows]
    return replace(
        program.with_objective(np.zeros(len(program), dtype=np.int64)),
        rows=(*program.rows, *(row for row, _ in rows)),
        integer=IntegerVariable(
            coefficients=coefficients,
            lower=min((low for low, _ in reached), default=0),
            upper=min((high for _, high in reached), default=0),
        ),
    )


def _reached(program: IntegerProgram, row: Constraint, size: int) -> tuple[int, int]:
    """Return the least and the greatest share of a campaign, in steps, whatever it books: a cost has no least share."""
    group, amounts = program.group[row.columns], row.coefficients
    extremes = np.zeros((2, int(group.max(initial=0)) + 1), dtype=np.int64)
    np.minimum.at(extremes[0], group, amounts)
    np.maximum.at(extremes[1], group, amounts)
    low, high = ((int(each.sum()) - (row.lower or 0)) // size for each in extremes)
    return low, high


def first_prices(joint: JointProgram) -> NDArray[np.float64]:
    """Return prices of `least_share_program` at which each campaign counts the same, (rows,)."""
    rows = list(_share_rows(joint.columns))
    each = 1 / max(1, len(rows))
    counted = [step for _, step in rows]
    sizes = iter(counted)
    factors = []
    for problem in joint.columns.problems:
        best = _best_in_integers(problem)
        divisor = max(1, abs(best) // DIGITS)
        factors.append(each * STEPS / (divisor * next(sizes)) if best else 0.0)
    own = joint.first_prices(factors)
    return np.concatenate([own, [-each / step for step in counted]])


def with_least_share(program: IntegerProgram, columns: JointColumns, steps: int) -> IntegerProgram:
    """Return the program in which no campaign has less than this share, in steps of 0.01%."""
    rows = tuple(replace(row, lower=(row.lower or 0) + step * steps) for row, step in _share_rows(columns))
    return replace(program, rows=(*program.rows, *rows))


def _share_rows(columns: JointColumns) -> Iterator[tuple[Constraint, int]]:
    """Yield, for each campaign that has a share, its row and what a step of the share takes of it.

    With the value V x of a plan and the best V* alone, both in the integers of the goal, a share of t steps asks for
    `STEPS V x >= |V*| t - STEPS (|V*| - V*)`. Large values are divided first: those of a plan rounded down, the best
    alone rounded up, so that a share is never counted too high.
    """
    for number, problem in enumerate(columns.problems):
        best = _best_in_integers(problem)
        if not best:
            continue
        divisor = max(1, abs(best) // DIGITS)
        values, size = problem.objective.values // divisor, ceil(Fraction(abs(best), divisor))
        counting = np.flatnonzero(values)
        offset = STEPS * (size - ceil(Fraction(best, divisor)))
        row = Constraint(
            label=f"{problem.name}: least share",
            columns=counting + columns.of(number).start,
            coefficients=times(values[counting], STEPS).astype(np.int64),
            lower=-offset,
        )
        yield row, size


def _best_in_integers(problem: SharedProblem) -> int:
    return ceil(problem.best_alone / problem.objective.unit)
