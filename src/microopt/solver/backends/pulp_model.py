"""A program as PuLP's model: columns, rows, and the pieces of pools.

A pool of people is a piecewise linear function of its exposure: a bounded column for each piece between two tangents'
meeting points, and one row that gives them together no more exposure than is bought. That is the same as a column below
all tangents, without a row for each. What stands at the pool's offset is a constant: it is added here.
"""

from __future__ import annotations

from math import fsum, inf

import numpy as np
import pulp

from microopt.solver.backends.decode import HALF, PARTS
from microopt.solver.program import Constraint, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, ReachPool, envelope
from microopt.solver.result import SolveLimits

LARGE = 10_000  # columns that are built at once whatever the time
CARRIED = 10**7  # the largest coefficient of a row that is told: of 10^10, one is then still 1,000 tolerances
DECIMAL, BINARY = 10, 2  # bases by which no digit is lost: in a model file, which has 13 decimal ones, and in memory
TERM = 4e-6  # seconds that PuLP takes to build and write one term, at least


def build_model(
    program: IntegerProgram, *, relaxed: bool, base: int | None = None
) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Return the program in PuLP, columns and rows named by position (PuLP sorts by name).

    Parameters
    ----------
    base
        A row that has a column of a large coefficient is told in units of a power of this. None for none, as for prices
        of rows as they are.
    """
    problem = pulp.LpProblem("microopt", pulp.LpMaximize)
    kind = pulp.LpContinuous if relaxed else pulp.LpInteger
    columns = [problem.add_variable(f"x{i:08d}", 0, 1, kind) for i in range(len(program))]
    terms = zip(columns, program.objective.tolist(), strict=True)
    goal = [(column, value) for column, value in terms if value]
    pieces = [_add_pieces(problem, columns, number, pool) for number, pool in enumerate(program.pools)]
    for pool, parts in zip(program.pools, pieces, strict=True):
        goal += [(piece, slope * float(pool.objective)) for piece, slope in parts if pool.objective]
    amount = _add_integer(problem, kind, program, goal)
    for number, line in enumerate(program.rows):
        terms = zip(line.columns.tolist(), line.coefficients.tolist(), strict=True)
        total = pulp.LpAffineExpression([*((columns[i], value) for i, value in terms), *amount.get(number, ())])
        unit = 1 if base is None else _row_scale(line, base)
        if line.lower is not None and line.lower == line.upper and line.penalty is None:
            problem.addConstraint(_scaled(total, unit) == line.lower / unit, f"r{number:06d}e")
            continue
        if line.upper is not None:
            over = _add_slack(problem, f"o{number:06d}", line, goal)
            problem.addConstraint(_scaled(total - over, unit) <= line.upper / unit, f"r{number:06d}u")
        if line.lower is not None:
            total += _add_slack(problem, f"s{number:06d}", line, goal)
            net = [(pool, parts) for pool, parts in zip(program.pools, pieces, strict=True) if pool.row == number]
            total += pulp.LpAffineExpression([part for _, parts in net for part in parts])
            least = line.lower - fsum(pool.net_reach(pool.offset) + HALF for pool, _ in net)
            problem.addConstraint(_scaled(total, unit) >= (least if net else line.lower) / unit, f"r{number:06d}l")
    for number, members in enumerate(_multi_column_groups(program)):
        problem.addConstraint(pulp.LpAffineExpression([(columns[i], 1) for i in members]) <= 1, f"g{number:08d}")
    problem.setObjective(pulp.LpAffineExpression(goal))
    return problem, columns


def has_large_coefficients(program: IntegerProgram) -> bool:
    """Whether some row has a column of a large coefficient."""
    return any(_row_scale(line, BINARY) > 1 for line in program.rows)


def _row_scale(line: Constraint, base: int) -> int:
    """Return the power of a base that leaves no coefficient of a row over `CARRIED`."""
    largest, unit = int(np.abs(line.coefficients).max(initial=0)), 1
    while largest > CARRIED * unit:
        unit *= base
    return unit


def _scaled(total: pulp.LpAffineExpression, unit: int) -> pulp.LpAffineExpression:
    return total if unit == 1 else total / unit


def takes_too_long(program: IntegerProgram, limits: SolveLimits) -> bool:
    """Whether PuLP would take all of the time to build the program, which nothing can stop: very many columns."""
    terms = 2 * len(program) + sum(len(line.columns) for line in program.rows)
    return len(program) > LARGE and limits.seconds is not None and terms * TERM > limits.seconds


def _add_integer(
    problem: pulp.LpProblem, kind: str, program: IntegerProgram, goal: list[tuple[pulp.LpVariable, float]]
) -> dict[int, list[tuple[pulp.LpVariable, int]]]:
    """Add the amount of a program that has one, and return its term of each row that it counts for."""
    if program.integer is None:
        return {}
    column = problem.add_variable("a", 0, program.integer.upper, kind)
    goal.append((column, program.integer.objective))
    return {row: [(column, times)] for row, times in program.integer.coefficients.items()}


def _add_slack(
    problem: pulp.LpProblem, name: str, line: Constraint, goal: list[tuple[pulp.LpVariable, float]]
) -> pulp.LpAffineExpression:
    """Return what a soft row may be beyond one of its bounds, with its penalty in the goal; nothing for a hard row."""
    if line.penalty is None:
        return pulp.LpAffineExpression()
    column = problem.add_variable(name, 0)
    goal.append((column, -line.penalty))
    return pulp.LpAffineExpression([(column, 1)])


def _add_pieces(
    problem: pulp.LpProblem, columns: list[pulp.LpVariable], number: int, pool: ReachPool
) -> list[tuple[pulp.LpVariable, float]]:
    """Add the pieces of a pool, and return each with the thousandths of people that one unit of it reaches."""
    shape = envelope(pool)
    pieces = []
    for piece, (width, slope) in enumerate(zip(shape.widths.tolist(), shape.slopes.tolist(), strict=True)):
        column = problem.add_variable(f"z{number:06d}_{piece:06d}", 0, width * PARTS if width < inf else None)
        pieces.append((column, slope / PARTS))
    bought = zip(pool.columns.tolist(), (pool.exposure / (EXPOSURE / PARTS)).tolist(), strict=True)
    used = pulp.LpAffineExpression(
        [*((column, 1) for column, _ in pieces), *((columns[i], -exposure) for i, exposure in bought)]
    )
    problem.addConstraint(used <= 0, f"p{number:06d}")
    return pieces


def _multi_column_groups(program: IntegerProgram) -> list[list[int]]:
    """Return the members of each group that has more than one."""
    order = np.argsort(program.group, kind="stable")
    starts = np.flatnonzero(np.diff(program.group[order], prepend=-1))
    return [part.tolist() for part in np.split(order, starts[1:]) if len(part) > 1]
