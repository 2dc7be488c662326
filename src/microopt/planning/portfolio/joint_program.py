"""The joint program: the columns and rows of every campaign, and the rows by which they share creators and money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.planning.formulation.objective import IDEAL_TOTAL
from microopt.planning.portfolio.creator_rows import JointColumns, SharedCreatorRow
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.house_rows import house_cost
from microopt.solver.arrays import check_exact_sum
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota import Quota
from microopt.solver.reach_pool import ReachPool


class JointProgram(Struct, frozen=True, kw_only=True, eq=False):
    """The program of a portfolio.

    Attributes
    ----------
    program
        With the rows of campaigns and of the house, and those rows on creators that have mattered so far.
    columns
        Whose its columns are.
    creator_rows
        All rows on creators.
    used
        Positions of those that are in the program, which come last in it.
    """

    program: IntegerProgram
    columns: JointColumns
    creator_rows: tuple[SharedCreatorRow, ...]
    used: tuple[int, ...] = ()

    @property
    def unit(self) -> Fraction:
        """What one integer of the objective is worth: a part of the weighted sum of shares."""
        return objective_unit(self.columns.problems)

    @property
    def first_creator_row(self) -> int:
        """The position of the first row on a creator."""
        return len(self.program.rows) - len(self.used)

    @property
    def factors(self) -> tuple[float, ...]:
        """What one integer of each campaign's objective is in the joint objective."""
        return tuple(float(_factor(problem) / self.unit) for problem in self.columns.problems)

    def first_prices(self, factors: Sequence[float]) -> NDArray[np.float64]:
        """Return prices of the rows from those of the plans alone, (rows,): what is shared costs nothing yet.

        Parameters
        ----------
        factors
            What one integer of each campaign's objective is in the objective that is priced.
        """
        prices = np.zeros(len(self.program.rows))
        first = 0
        for problem, factor in zip(self.columns.problems, factors, strict=True):
            last, alone = first + len(problem.program.rows), problem.alone.result.prices
            if alone is not None and len(alone) == last - first:
                prices[first:last] = alone * factor
            first = last
        return prices

    def picks_of(self, campaign: int, selected: Columns) -> Columns:
        """Return the selected columns of a campaign, in its own numbers."""
        own = self.columns.of(campaign)
        picks: Columns = selected[(selected >= own.start) & (selected < own.stop)] - own.start
        return picks

    def violated(self, selected: Columns) -> tuple[int, ...]:
        """Return the rows on creators, by position, that are not in the program yet and do not hold."""
        unused = set(range(len(self.creator_rows))) - set(self.used)
        return tuple(
            number
            for number in sorted(unused)
            if self.creator_rows[number].row.violation(self.creator_rows[number].row.activity(selected))
        )

    def with_creator_rows(self, added: Sequence[int]) -> JointProgram:
        """Return the program with further rows on creators."""
        rows = tuple(self.creator_rows[number].row for number in added)
        program = replace(self.program, rows=(*self.program.rows, *rows))
        return replace(self, program=program, used=(*self.used, *added))


def objective_unit(problems: Sequence[SharedProblem]) -> Fraction:
    """Return what one integer of the joint objective is worth in the weighted sum of shares."""
    return sum((problem.entry.member.weight for problem in problems), Fraction(0)) / IDEAL_TOTAL


def join_programs(
    columns: JointColumns, house: Sequence[Constraint], creator_rows: Sequence[SharedCreatorRow]
) -> JointProgram:
    """Return the program of all campaigns with the rows of the house, and none of those on creators yet."""
    problems = columns.problems
    factors = [_factor(problem) / objective_unit(problems) for problem in problems]
    values = [problem.objective.values * float(factor) for problem, factor in zip(problems, factors, strict=True)]
    check_exact_sum("the goals", np.concatenate(values))
    rows: list[Constraint] = []
    pools: list[ReachPool] = []
    quotas: list[Quota] = []
    for number, (problem, factor) in enumerate(zip(problems, factors, strict=True)):
        start, name = columns.starts[number], problem.name
        per_unit = float(factor)
        pools += [_moved_pool(pool, start, len(rows), per_unit) for pool in problem.program.pools]
        rows += [_moved_row(row, start, name, per_unit) for row in problem.program.rows]
        quotas += [
            replace(quota, label=f"{name}: {quota.label}", columns=quota.columns + start)
            for quota in problem.program.quotas
        ]
    program = IntegerProgram(
        objective=np.rint(np.concatenate(values)).astype(np.int64),
        cost=house_cost(problems).amounts,
        group=np.concatenate(list(_groups(problems))).astype(np.int32),
        rows=(*rows, *house),
        pools=tuple(pools),
        quotas=tuple(quotas),
    )
    return JointProgram(program=program, columns=columns, creator_rows=tuple(creator_rows))


def _factor(problem: SharedProblem) -> Fraction:
    """Return what one integer of a campaign's objective adds to the sum of shares; 0 if its best alone is 0."""
    best = abs(problem.best_alone)
    return problem.entry.member.weight * abs(problem.objective.unit) / best if best else Fraction(0)


def _groups(problems: Sequence[SharedProblem]) -> Iterator[NDArray[np.int32]]:
    first = 0
    for problem in problems:
        yield problem.program.group + first
        first += int(problem.program.group.max(initial=-1)) + 1


def _moved_row(row: Constraint, start: int, name: str, factor: float) -> Constraint:
    """Return a row of a campaign as one of the joint program."""
    penalty = None if row.penalty is None else row.penalty * factor
    return replace(row, label=f"{name}: {row.label}", columns=row.columns + start, penalty=penalty)


def _moved_pool(pool: ReachPool, start: int, first_row: int, factor: float) -> ReachPool:
    row = None if pool.row is None else pool.row + first_row
    return replace(pool, columns=pool.columns + start, row=row, objective=pool.objective * factor)
