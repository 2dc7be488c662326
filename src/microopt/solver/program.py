"""The integer program: binary columns in groups, named rows, reach pools, and at most one general integer variable.

All coefficients are integers in arrays. This module knows nothing of marketing and calls no solver.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import floor, fsum

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.constraint import Constraint, constraint, reduce_by_gcd
from microopt.solver.fixed_at_zero import find_fixed_at_zero
from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.quota import Quota
from microopt.solver.reach_pool import EXPOSURE, ULPS, ReachPool, envelope

Columns = NDArray[np.intp]  # positions of columns, ascending; a plan is the positions of its columns at 1
DENSE = 1 / 8  # share of the columns that a restriction keeps, from which on rows are renumbered column by column
NO_COLUMNS: Columns = np.zeros(0, dtype=np.intp)


class ColumnGroups(Struct, frozen=True, kw_only=True, eq=False):
    """The columns of a program sorted by group.

    Attributes
    ----------
    order
        (n,) columns; those of one group are adjacent.
    starts
        (groups,) start of each group in `order`.
    number
        (n,) group of each entry of `order`, counted from 0.
    """

    order: Columns
    starts: NDArray[np.intp]
    number: NDArray[np.intp]


class IntegerProgram(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """Maximize `sum objective x` plus the value of net reach minus the penalties of soft rows, over binary x.

    At most one column of each group is 1, and every hard row holds. The net reach and penalties in the objective, and
    the net reach in a row, are summed first and then rounded down to an integer once: objective, activities and bound
    are all stated on that integer grid.

    Attributes
    ----------
    objective
        (n,) integer objective coefficients.
    cost
        (n,) integers; among plans of equal objective the cheaper wins.
    group
        (n,) group number of each column, from 0 up.
    rows
        The named rows.
    pools
        Audiences that count, in the objective or in a row, by how many people are reached.
    integer
        A general integer variable that each plan makes as large as its rows allow, or None.
    quotas
        Rows of which a plan may violate a few. A search replaces them by rows and columns (`quota_expansion`).
    """

    objective: NDArray[np.int64]
    cost: NDArray[np.int64]
    group: NDArray[np.int32]
    rows: tuple[Constraint, ...]
    pools: tuple[ReachPool, ...] = ()
    integer: IntegerVariable | None = None
    quotas: tuple[Quota, ...] = ()

    @property
    def has_linear_objective(self) -> bool:
        """Whether net reach has no part in the objective, so that a backend can prove an optimum to the unit."""
        return not any(pool.objective or (pool.row is not None and self._is_soft_row(pool.row)) for pool in self.pools)

    @property
    def has_soft_rows(self) -> bool:
        """Whether any row has a penalty."""
        return any(row.penalty is not None for row in self.rows)

    def _is_soft_row(self, number: int) -> bool:
        return self.rows[number].penalty is not None

    @property
    def augmented_rows(self) -> set[int]:
        """Positions of the rows in which net reach or the integer variable counts besides the columns."""
        return {pool.row for pool in self.pools if pool.row is not None} | {
            *(self.integer.coefficients if self.integer else ())
        }

    @cached_property
    def has_singleton_groups(self) -> bool:
        """Whether every column is a group of its own, in order."""
        last = len(self) - 1
        return last < 0 or (int(self.group[0]) == 0 and int(self.group[-1]) == last and bool(np.diff(self.group).all()))

    @cached_property
    def groups(self) -> ColumnGroups:
        """The columns sorted by group."""
        order = np.arange(len(self)) if (np.diff(self.group) >= 0).all() else np.argsort(self.group, kind="stable")
        starts = np.flatnonzero(np.diff(self.group[order], prepend=-1))
        number = np.repeat(np.arange(len(starts)), np.diff([*starts.tolist(), len(order)]))
        return ColumnGroups(order=order, starts=starts, number=number)

    @cached_property
    def fixed_at_zero(self) -> Columns:
        """Columns that are 0 in every plan, because they are too large for a row."""
        return find_fixed_at_zero(self)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all rows and quotas, each once."""
        return tuple(dict.fromkeys([*(row.label for row in self.rows), *(quota.label for quota in self.quotas)]))

    @property
    def can_be_selected(self) -> NDArray[np.bool_]:
        """Which columns are not fixed at 0, (n,)."""
        return ~self.mask(self.fixed_at_zero)

    def __len__(self) -> int:
        return len(self.objective)

    def mask(self, selected: Columns) -> NDArray[np.bool_]:
        """Return columns as a mask, (n,)."""
        mask = np.zeros(len(self), dtype=bool)
        mask[selected] = True
        return mask

    def linear_objective(self, selected: Columns) -> int:
        """Return the exact objective of the selected columns without net reach and penalties."""
        return int(self.objective[selected].sum())

    def objective_value(self, selected: Columns) -> int:
        """Return the objective of the selected columns and their integer variable, net reach and penalties included."""
        linear = self.linear_objective(selected)
        if self.integer is not None:
            linear += self.integer.objective * (self.integer_value(selected) or 0)
        if self.has_linear_objective and not self.has_soft_rows:
            return linear
        return linear + self._nonlinear_objective(
            selected, [pool.net_reach(pool.total_exposure(selected)) for pool in self.pools]
        )

    def integer_value(self, selected: Columns) -> int | None:
        """Return the largest integer variable that the selected columns allow, or None if there is none."""
        if self.integer is None:
            return None
        rows = [self.rows[number] for number in self.integer.coefficients]
        return self.integer.largest_feasible([(row.activity(selected), row.lower, row.upper) for row in rows])

    def _nonlinear_objective(self, selected: Columns, reached: list[float], factor: float = 1.0) -> int:
        """Return what net reach adds to the objective of a plan and penalties take from it, rounded down.

        Parameters
        ----------
        reached
            Thousandths of people reached in each pool.
        factor
            Multiplies the sums of `reached`.
        """
        people = fsum(float(pool.objective) * net for pool, net in zip(self.pools, reached, strict=True))
        total = Fraction(people * factor)
        for number, row in enumerate(self.rows):
            if row.penalty is not None:
                net = fsum(net for pool, net in zip(self.pools, reached, strict=True) if pool.row == number)
                total -= Fraction(row.penalty) * row.violation(row.activity(selected) + floor(net * factor))
        return floor(total)

    def tangent_objective(self, selected: Columns) -> int:
        """Return the objective measured by the tangents of the pools, rounded down: never below the true objective."""
        true = self.objective_value(selected)
        if self.has_linear_objective:
            return true
        added = [(pool.total_exposure(selected) - pool.offset) / EXPOSURE for pool in self.pools]
        reached = [envelope(pool).value_at(u) for pool, u in zip(self.pools, added, strict=True)]
        return max(true, self.linear_objective(selected) + self._nonlinear_objective(selected, reached, 1 + ULPS))

    def activity(self, number: int, selected: Columns) -> int:
        """Return the activity of a row, the integer variable and its net reach (rounded down) included."""
        net = [pool.net_reach(pool.total_exposure(selected)) for pool in self.pools if pool.row == number]
        coefficient = 0 if self.integer is None else self.integer.coefficients.get(number, 0)
        integer = coefficient * (self.integer_value(selected) or 0) if coefficient else 0
        return self.rows[number].activity(selected) + integer + (floor(fsum(net)) if net else 0)

    def total_cost(self, selected: Columns) -> int:
        """Return the exact cost of the selected columns."""
        return int(self.cost[selected].sum())

    def can_increase_objective(self) -> NDArray[np.bool_]:
        """Return which columns can increase the objective of some plan, (n,)."""
        increases = self.objective > 0
        for pool in self.pools:
            increases[pool.columns] |= pool.objective > 0 or (pool.row is not None and self._is_soft_row(pool.row))
        for row in self.rows:
            if row.penalty is not None:
                helps = (row.coefficients > 0) & (row.lower is not None)
                increases[row.columns] |= helps | ((row.coefficients < 0) & (row.upper is not None))
        return increases

    def violated_constraints(self, selected: Columns) -> list[str]:
        """Return the labels of violated hard rows and quotas; `one of a group` if selected columns share a group."""
        labels = [row.label for i, row in enumerate(self.rows) if not row.holds(self.activity(i, selected))]
        labels += [quota.label for quota in self.quotas if not quota.holds(selected)]
        if len(np.unique(self.group[selected])) < len(selected):
            labels.append("one of a group")
        return labels

    def restrict(self, free: NDArray[np.bool_], fixed: Columns) -> IntegerProgram:
        """Return the program over the free columns, with those in `fixed` at 1 and all others at 0.

        Column i of the result is the i-th free column. A group with a fixed column must have no free column. A plan of
        the result is worth `linear_objective(fixed)` less there; people whom `fixed` reaches still count.
        """
        columns, number = np.flatnonzero(free), None
        if len(columns) > len(self) * DENSE:
            number = np.where(free, np.cumsum(free) - 1, -1)
        groups = self.group[columns]
        steps = np.diff(groups)
        if (steps >= 0).all():
            group = np.cumsum(np.concatenate([[0], steps > 0]))[: len(columns)]
        else:
            _, group = np.unique(groups, return_inverse=True)
        return IntegerProgram(
            objective=self.objective[columns],
            cost=self.cost[columns],
            group=group.astype(np.int32),
            rows=tuple(row.restrict(columns, fixed, number) for row in self.rows),
            pools=tuple(pool.restrict(columns, fixed) for pool in self.pools),
            integer=self.integer,
            quotas=tuple(quota.restrict(columns, fixed) for quota in self.quotas),
        )

    def reduced_costs(self, prices: NDArray[np.float64], pool_prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each column's reduced cost: objective plus priced exposure, minus priced use of rows, (n,).

        Parameters
        ----------
        prices, pool_prices
            (rows,) and (pools,), as in `SolveResult`.
        """
        reduced = self.objective.astype(float)
        for price, pool in zip(pool_prices.tolist(), self.pools, strict=True):
            if price:
                reduced[pool.columns] += price / EXPOSURE * pool.exposure
        for price, row in zip(prices.tolist(), self.rows, strict=True):
            if price and len(row.columns) == len(reduced):
                reduced -= price * row.coefficients
            elif price:
                reduced[row.columns] -= price * row.coefficients
        return reduced

    def with_objective(self, objective: NDArray[np.int64]) -> IntegerProgram:
        """Return the program with another linear objective; the same columns are fixed at 0."""
        return replace(self, objective=objective).with_fixed_at_zero(self.fixed_at_zero)

    def with_fixed_at_zero(self, columns: Columns) -> IntegerProgram:
        """Return the program with these columns as those fixed at 0, so that none are looked for."""
        program = replace(self)
        program.__dict__["fixed_at_zero"] = columns
        return program

    def without_fixed_at_zero(self) -> IntegerProgram:
        """Return the program without the columns fixed at 0; no others are looked for."""
        if not len(self.fixed_at_zero):
            return self
        return self.restrict(self.can_be_selected, NO_COLUMNS).with_fixed_at_zero(NO_COLUMNS)

    def with_row(self, row: Constraint) -> IntegerProgram:
        """Return the program with one more row."""
        return replace(self, rows=(*self.rows, row))

    def cheaper_than(self, cost: int) -> IntegerProgram:
        """Return the program with plans of this cost or more cut off."""
        return self.with_row(reduce_by_gcd(constraint("cost", self.cost, upper=cost - 1)))

    def minimize_cost(self, objective: int) -> IntegerProgram:
        """Return the program that minimizes cost at this objective or better; its own objective is the negated cost.

        The objective must be linear.
        """
        assert self.has_linear_objective and not self.has_soft_rows
        floor = reduce_by_gcd(constraint("value", self.objective, lower=objective))
        return replace(self, objective=-self.cost, rows=(*self.rows, floor))

    def excluding(self, selected: Columns) -> IntegerProgram:
        """Return the program with exactly this plan cut off: some column must differ."""
        signs = np.ones(len(self), dtype=np.int64)
        signs[selected] = -1
        cut = Constraint(label="cut", columns=np.arange(len(self)), coefficients=signs, lower=1 - len(selected))
        return self.with_row(cut)
