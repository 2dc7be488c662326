"""Build a program as a PuLP model for CBC: columns, rows, and the pieces of pools as in the model of HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf

import numpy as np
import pulp

from microopt.solver.backends.decode import HALF, PARTS
from microopt.solver.backends.row_bounds import DECIMAL, MAX_COEFFICIENT, row_unit, safe_bounds, slack_size
from microopt.solver.constraint import Constraint
from microopt.solver.program import IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, ReachPool, envelope
from microopt.solver.result import SolveLimits

LARGE = 10_000  # columns up to which a model is built whatever the time limit
SECONDS_PER_TERM = 4e-6  # that PuLP takes at least to build and write one term


def build_model(program: IntegerProgram, *, minimize: bool = False) -> pulp.LpProblem:
    """Return the program as a PuLP model, with columns and rows named by position (PuLP sorts by name).

    A row with a large coefficient is written in units of a power of ten, which costs no digit in a model file.

    Parameters
    ----------
    minimize
        Whether to negate the objective, for a solver that is asked to minimize. The sense of the model means nothing:
        PuLP 3 and 4 negate the objective of a maximization in different places, that of a minimization nowhere.
    """
    problem = pulp.LpProblem("microopt", pulp.LpMinimize)
    columns = [problem.add_variable(f"x{i:08d}", 0, 1, pulp.LpInteger) for i in range(len(program))]
    terms = zip(columns, program.objective.tolist(), strict=True)
    goal = [(column, value) for column, value in terms if value]
    pieces = [_add_pieces(problem, columns, number, pool) for number, pool in enumerate(program.pools)]
    for pool, parts in zip(program.pools, pieces, strict=True):
        goal += [(piece, slope * float(pool.objective)) for piece, slope in parts if pool.objective]
    integer = _add_integer(problem, program, goal)
    for number, row in enumerate(program.rows):
        terms = zip(row.columns.tolist(), row.coefficients.tolist(), strict=True)
        total = [*((columns[i], value) for i, value in terms), *integer.get(number, ())]
        unit = row_unit(row, MAX_COEFFICIENT, DECIMAL)
        lower, upper = safe_bounds(row)
        if lower is not None and lower == upper and row.penalty is None:
            problem.addConstraint(_scaled(total, unit) == lower / unit, f"r{number:06d}e")
            continue
        if upper is not None:
            over = [(column, -size) for column, size in _add_slack(problem, f"o{number:06d}", row, goal)]
            problem.addConstraint(_scaled([*total, *over], unit) <= upper / unit, f"r{number:06d}u")
        if lower is not None:
            total += _add_slack(problem, f"s{number:06d}", row, goal)
            net = [(pool, parts) for pool, parts in zip(program.pools, pieces, strict=True) if pool.row == number]
            total += [part for _, parts in net for part in parts]
            rest = lower - fsum(pool.net_reach(pool.offset) + HALF for pool, _ in net) if net else lower
            problem.addConstraint(_scaled(total, unit) >= rest / unit, f"r{number:06d}l")
    for number, members in enumerate(_multi_column_groups(program)):
        problem.addConstraint(_scaled([(columns[i], 1) for i in members]) <= 1, f"g{number:08d}")
    problem.setObjective(_scaled(goal, -1 if minimize else 1))
    return problem


def has_large_coefficients(program: IntegerProgram) -> bool:
    """Whether any row has a coefficient above `MAX_COEFFICIENT`."""
    return any(row_unit(row, MAX_COEFFICIENT) > 1 for row in program.rows)


def _scaled(terms: Sequence[tuple[pulp.LpVariable, float]], unit: int = 1) -> pulp.LpAffineExpression:
    """Return a sum of terms in a unit; each term is divided here because PuLP 4 multiplies by a rounded reciprocal."""
    make = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)  # PuLP 4, PuLP 3
    return make([(column, value if unit == 1 else value / unit) for column, value in terms])


def takes_too_long(program: IntegerProgram, limits: SolveLimits) -> bool:
    """Whether building the model would take all of the time: with very many columns, nothing can interrupt PuLP."""
    terms = 2 * len(program) + sum(len(row.columns) for row in program.rows)
    return len(program) > LARGE and limits.seconds is not None and terms * SECONDS_PER_TERM > limits.seconds


def _add_integer(
    problem: pulp.LpProblem, program: IntegerProgram, goal: list[tuple[pulp.LpVariable, float]]
) -> dict[int, list[tuple[pulp.LpVariable, int]]]:
    """Add the program's integer variable, if any, and return its term in each row that it enters."""
    if program.integer is None:
        return {}
    column = problem.add_variable("a", program.integer.lower, program.integer.upper, pulp.LpInteger)
    goal.append((column, program.integer.objective))
    return {row: [(column, coefficient)] for row, coefficient in program.integer.coefficients.items()}


def _add_slack(
    problem: pulp.LpProblem, name: str, row: Constraint, goal: list[tuple[pulp.LpVariable, float]]
) -> list[tuple[pulp.LpVariable, int]]:
    """Add a penalized slack column for one side of a soft row, and return it with the units of the row that it counts.

    For a hard row nothing is added or returned.
    """
    if row.penalty is None:
        return []
    column, size = problem.add_variable(name, 0), slack_size(row)
    goal.append((column, -row.penalty * size))
    return [(column, size)]


def _add_pieces(
    problem: pulp.LpProblem, columns: list[pulp.LpVariable], number: int, pool: ReachPool
) -> list[tuple[pulp.LpVariable, float]]:
    """Add the pieces of a pool, and return each with the thousandths of people that one unit of it reaches."""
    shape = envelope(pool)
    pieces = []
    for piece, (width, slope) in enumerate(zip(shape.widths.tolist(), shape.slopes.tolist(), strict=True)):
        column = problem.add_variable(f"z{number:06d}_{piece:06d}", 0, width * PARTS if width < inf else None)
        pieces.append((column, slope / PARTS))
    exposures = zip(pool.columns.tolist(), (pool.exposure / (EXPOSURE / PARTS)).tolist(), strict=True)
    used = _scaled([*((column, 1) for column, _ in pieces), *((columns[i], -exposure) for i, exposure in exposures)])
    problem.addConstraint(used <= 0, f"p{number:06d}")
    return pieces


def _multi_column_groups(program: IntegerProgram) -> list[list[int]]:
    """Return the columns of each group that has more than one."""
    parts = np.split(program.groups.order, program.groups.starts[1:])
    return [part.tolist() for part in parts if len(part) > 1]
