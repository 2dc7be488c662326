"""The columns that can take the place of one column of a plan while all its other columns stay as they are.

With the rest of the plan fixed, a row of the program is a range for the coefficient of the one column that is sought,
so that no solver is needed: all columns are compared with all ranges, in exact integers.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, clip_bound
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE
from microopt.solver.sparse_ranges import SparseRanges

FIRST_BLOCK, GROWTH = 1 << 12, 4  # columns that are looked at together, the best first
WIDE = 1 / 8  # share of the columns that a row counts, from which it is looked at column by column
SLACK = 1e-9  # relative; more than the rounding errors of a score
NOTHING: frozenset[int] = frozenset()
Value = Callable[[Columns], int]
Numbers = NDArray[np.float64]


class ColumnSubstitute(Struct, frozen=True, kw_only=True):
    """A column that can take a place, and the objective of the plan with it."""

    column: int
    objective: int


class Substitutions(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The columns of a program that are of no group of a plan, as substitutes for one of its columns.

    Attributes
    ----------
    plan
        The columns of the plan, one at most of each group.
    waived
        By column of the plan: the rows that need not hold without it.
    value
        The objective of any plan, at most that of the program, where its rows do not tell all of it; None for the
        program's own.
    barred
        Columns that are no substitutes.
    """

    program: IntegerProgram
    plan: Columns
    waived: Mapping[int, frozenset[int]] = {}
    value: Value | None = None
    barred: Columns | None = None

    def best(self, column: int, count: int, *, least: int | None = None) -> list[ColumnSubstitute]:
        """Return the best substitutes of a column of the plan, each of another group, the best first.

        Of equal ones the cheaper comes first, then the one whose column is.

        Parameters
        ----------
        count
            How many at most.
        least
            The objective that a plan with a substitute has to exceed, None if any plan will do.
        """
        rest = self.plan[self.plan != column]
        if self._is_ordered:
            objective, constant = self.program.objective, self.program.linear_objective(rest)
            found = ((place, constant + int(objective[self._candidates[place]])) for place in self._feasible(column))
            return self._first_of_groups(found, count, least)
        places = np.concatenate([np.zeros(0, dtype=np.intp), *self._feasible_blocks(column)])
        return self._first_of_groups(self._by_value(rest, places, self.waived.get(column, NOTHING)), count, least)

    @cached_property
    def _is_ordered(self) -> bool:
        """Whether the order of the candidates is that of the plans that they make."""
        program = self.program
        linear = program.has_linear_objective and not program.has_soft_rows and program.integer is None
        return linear and self.value is None

    @cached_property
    def _checked(self) -> tuple[int, ...]:
        """The positions of the hard rows that are sums over the columns alone."""
        augmented = self.program.augmented_rows
        return tuple(n for n, row in enumerate(self.program.rows) if row.penalty is None and n not in augmented)

    @cached_property
    def _wide(self) -> tuple[int, ...]:
        return tuple(n for n in self._checked if len(self.program.rows[n].columns) > WIDE * len(self.program))

    @cached_property
    def _narrow(self) -> SparseRanges:
        """The other rows: of conflicts there may be thousands, of a few columns each."""
        wide = set(self._wide)
        numbers = [number for number in self._checked if number not in wide]
        return SparseRanges.of_rows(self.program, numbers, self.plan, self._candidates)

    @cached_property
    def _activities(self) -> dict[int, int]:
        """The activity of the plan in each wide row."""
        return {number: self.program.rows[number].activity(self.plan) for number in self._wide}

    @cached_property
    def others(self) -> Columns:
        """The columns of other groups than those of the plan, without those that are barred."""
        others = ~np.isin(self.program.group, self.program.group[self.plan])
        if self.barred is not None:
            others[self.barred] = False
        return np.flatnonzero(others)

    @cached_property
    def _candidates(self) -> Columns:
        """The columns of other groups that fit into some place of the plan by their size, the best first."""
        program = self.program
        fits = program.mask(self.others)
        waived = frozenset().union(*self.waived.values())
        for number in (number for number in self._wide if number not in waived):
            row = program.rows[number]
            own = row.coefficients_at(self.plan)
            low, high = _range(row, self._activities[number])
            low, high = low + int(own.min(initial=0)), high + int(own.max(initial=0))
            if not low <= 0 <= high:
                fits &= program.mask(row.columns)
            fits[row.columns[(row.coefficients < low) | (row.coefficients > high)]] = False
        columns = np.flatnonzero(fits)
        return columns[np.lexsort((columns, program.cost[columns], -program.objective[columns]))]

    def _feasible(self, column: int) -> Iterator[int]:
        for block in self._feasible_blocks(column):
            yield from block.tolist()

    def _feasible_blocks(self, column: int) -> Iterator[NDArray[np.intp]]:
        """Yield the places among the candidates of those that keep every row in place of a column, in their order."""
        waived = self.waived.get(column, NOTHING)
        ranges = [
            (row, *_range(row, self._activities[number] - row.activity(np.asarray([column]))))
            for number in self._wide
            if number not in waived
            for row in [self.program.rows[number]]
        ]
        ranges.sort(key=lambda item: item[1] <= 0 <= item[2])  # rows that the rest violates leave the fewest
        keeps_narrow = self._narrow.allowed(column, waived)
        start, size = 0, FIRST_BLOCK
        while start < len(self._candidates):
            places = np.arange(start, min(start + size, len(self._candidates)))
            places = places[keeps_narrow[places]]
            for row, low, high in ranges:
                coefficients = row.coefficients_at(self._candidates[places])
                places = places[(coefficients >= low) & (coefficients <= high)]
            yield self._within_quotas(column, places)
            start, size = start + size, size if self.program.quotas else size * GROWTH

    def _within_quotas(self, column: int, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the places at which no quota has more failing rows than it may."""
        for quota in self.program.quotas:
            rest = quota.activities(self.plan[self.plan != column])
            amounts = quota.amounts_at(self._candidates[places])
            failing = (rest[:, None] + amounts < quota.floors[:, None]).sum(axis=0)
            places = places[failing <= quota.may_fail]
        return places

    def _by_value(self, rest: Columns, places: NDArray[np.intp], waived: frozenset[int]) -> Iterator[tuple[int, int]]:
        """Yield feasible places with the objective of their plans, the best first.

        Scores are upper bounds but for their rounding: a plan is final once no score of a later one exceeds it.
        """
        scores, rounding = self._scores(rest, self._candidates[places])
        order, cost = np.argsort(-scores, kind="stable"), self.program.cost
        pending: list[tuple[int, int, int, int]] = []
        for number in order[np.isfinite(scores[order])].tolist():
            limit, place = float(scores[number]) + rounding, int(places[number])
            while pending and -pending[0][0] > limit:
                value, _, _, first = pending.pop(0)
                yield first, -value
            column = int(self._candidates[place])
            plan = np.sort(np.append(rest, column))
            if self._keeps_pools(plan, waived):
                objective = (self.value or self.program.objective_value)(plan)
                insort(pending, (-objective, int(cost[column]), column, place))
        for value, _, _, place in pending:
            yield place, -value

    def _keeps_pools(self, plan: Columns, waived: frozenset[int]) -> bool:
        """Whether a plan keeps the hard rows to which net reach is added."""
        rows = self.program.rows
        numbers = {pool.row for pool in self.program.pools if pool.row is not None} - waived
        return all(rows[n].holds(self.program.activity(n, plan)) for n in sorted(numbers) if rows[n].penalty is None)

    def _scores(self, rest: Columns, columns: Columns) -> tuple[Numbers, float]:
        """Return about the objective of the rest of the plan with each of these columns, and how far it may be off.

        Where what net reach adds is rounded down, the score is higher.
        """
        program, pools = self.program, self.program.pools
        terms = [program.objective[columns].astype(float) + program.linear_objective(rest)]
        terms.append(self._integer_scores(rest, columns))
        reached = [
            pool.size * -np.expm1(-(pool.total_exposure(rest) + pool.exposures_at(columns)) / EXPOSURE)
            for pool in pools
        ]
        terms += [pool.objective * people for pool, people in zip(pools, reached, strict=True) if pool.objective]
        for number, row in enumerate(program.rows):
            if row.penalty is not None:
                activity = row.activity(rest) + row.coefficients_at(columns).astype(float)
                activity += sum(people for pool, people in zip(pools, reached, strict=True) if pool.row == number)
                terms.append(-row.penalty * _violations(row, activity))
        largest = sum(float(np.abs(term[np.isfinite(term)]).max(initial=0)) for term in terms)
        return np.sum(terms, axis=0), 1 + SLACK * largest

    def _integer_scores(self, rest: Columns, columns: Columns) -> Numbers:
        """Return what the integer variable adds to the objective at its largest value; minus infinity without any."""
        variable = self.program.integer
        if variable is None:
            return np.zeros(len(columns))
        smallest, largest = (np.full(len(columns), bound) for bound in (variable.lower, variable.upper))
        for number, coefficient in variable.coefficients.items():
            row = self.program.rows[number]
            activity = row.activity(rest) + row.coefficients_at(columns)
            over, under = (row.upper, row.lower) if coefficient > 0 else (row.lower, row.upper)
            if over is not None:
                largest = np.minimum(largest, (over - activity) // coefficient)
            if under is not None:
                smallest = np.maximum(smallest, -((activity - under) // coefficient))
        return np.where(smallest <= largest, variable.objective * largest.astype(float), -np.inf)

    def _first_of_groups(
        self, found: Iterator[tuple[int, int]], count: int, least: int | None
    ) -> list[ColumnSubstitute]:
        """Return the first substitutes of different groups, as long as they exceed the least objective."""
        first: dict[int, ColumnSubstitute] = {}
        for place, objective in found:
            if len(first) == count or (least is not None and objective <= least):
                break
            column = int(self._candidates[place])
            first.setdefault(int(self.program.group[column]), ColumnSubstitute(column=column, objective=objective))
        return list(first.values())


def _range(row: Constraint, activity: int) -> tuple[int, int]:
    """Return the least and the largest coefficient that a row has room for at an activity of the rest."""
    low = -MAX_SUM if row.lower is None else clip_bound(row.lower) - activity
    return low, MAX_SUM if row.upper is None else clip_bound(row.upper) - activity


def _violations(row: Constraint, activity: Numbers) -> Numbers:
    beyond = np.zeros(len(activity))
    if row.lower is not None:
        beyond += np.maximum(0.0, row.lower - activity)
    if row.upper is not None:
        beyond += np.maximum(0.0, activity - row.upper)
    return beyond
