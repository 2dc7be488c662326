"""Program: the integer program as arrays of integers and named rows; no marketing words, no solver.

Amount: a whole number that a plan may choose beside its columns, such as a cost that is still open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property, reduce
from math import floor, fsum, gcd

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import sparse_lookup
from microopt.solver.reach_pool import EXPOSURE, ULPS, ReachPool, envelope

Side = tuple[int, int | None, int | None]  # the sum of a row without the amount, and the row's bounds


class IntegerVariable(Struct, frozen=True, kw_only=True):
    """A whole number from 0 to `most` that adds `coefficient * number` to rows, and `value * number` to the value.

    Attributes
    ----------
    coefficients
        By the row's position; none is 0.
    most
        No plan may choose more.
    value
        What one more is worth.
    """

    coefficients: Mapping[int, int]
    upper: int
    objective: int = 1

    def largest_feasible(self, sides: Sequence[Side]) -> int | None:
        """Return the largest number at which these rows hold, None where none does.

        Parameters
        ----------
        sides
            Of the rows that the amount counts for, in the order of `coefficients`.
        """
        least, most = 0, self.upper
        for times, (activity, lower, upper) in zip(self.coefficients.values(), sides, strict=True):
            over, under = (upper, lower) if times > 0 else (lower, upper)
            if over is not None:
                most = min(most, (over - activity) // times)
            if under is not None:
                least = max(least, -((activity - under) // times))
        return most if least <= most else None

    def bound_contribution(self, prices: NDArray[np.float64]) -> Fraction:
        """Return the most that it can add to a bound at these prices of the rows, exactly."""
        used = sum((Fraction(float(prices[row])) * times for row, times in self.coefficients.items()), Fraction(0))
        return max(Fraction(0), (self.objective - used) * self.upper)


Columns = NDArray[np.intp]  # positions of the columns at 1, ascending


class Constraint(Struct, frozen=True, kw_only=True, eq=False):
    """`lower <= sum coefficients x[columns] <= upper`, all integers; None is an open side.

    Attributes
    ----------
    label
        The rule it stands for, as the user wrote it.
    columns
        (k,) ascending positions.
    coefficients
        (k,) integers.
    penalty
        What each unit beyond the bounds takes from the value (a soft row), or None where none may be beyond.
    unit
        How many of what the user writes one integer of the row stands for.
    """

    label: str
    columns: NDArray[np.intp]
    coefficients: NDArray[np.int64]
    lower: int | None = None
    upper: int | None = None
    penalty: float | None = None
    unit: Fraction = Fraction(1)

    def coefficients_at(self, columns: Columns) -> NDArray[np.int64]:
        """Return the coefficients of some columns, (k,): 0 where the row does not count one."""
        return sparse_lookup(self.columns, self.coefficients, columns)

    def activity(self, picks: Columns) -> int:
        """Return the row's sum over the picks."""
        return int(self.coefficients_at(picks).sum())

    def restrict(self, columns: Columns, ones: Columns) -> Constraint:
        """Return the row of some columns, numbered anew, those in `ones` being bought and the others not."""
        coefficients, spent = self.coefficients_at(columns), self.activity(ones)
        kept = np.flatnonzero(coefficients)
        return replace(
            self,
            columns=kept,
            coefficients=coefficients[kept],
            lower=None if self.lower is None else self.lower - spent,
            upper=None if self.upper is None else self.upper - spent,
        )

    def violation(self, activity: int) -> int:
        """Return how far a sum is outside the row's bounds, 0 within them."""
        short = 0 if self.lower is None else self.lower - activity
        over = 0 if self.upper is None else activity - self.upper
        return max(0, short, over)

    def holds(self, activity: int) -> bool:
        """Whether a plan may have this sum."""
        return self.penalty is not None or not self.violation(activity)


def constraint(
    label: str,
    coefficients: NDArray[np.int64],
    *,
    lower: int | None = None,
    upper: int | None = None,
    unit: Fraction = Fraction(1),
) -> Constraint:
    """Return a hard row, its zeros dropped.

    Parameters
    ----------
    coefficients
        (n,) of every column.
    unit
        As in `Row`.
    """
    columns = np.flatnonzero(coefficients != 0)
    kept = coefficients if len(columns) == len(coefficients) else coefficients[columns]
    return Constraint(label=label, columns=columns, coefficients=kept, lower=lower, upper=upper, unit=unit)


def reduce_by_gcd(line: Constraint) -> Constraint:
    """Return a hard row in lowest terms: coefficients divided by their greatest common divisor, bounds rounded inward.

    A soft row must not be: how far it is beyond its bounds would be rounded with them.
    """
    divisor = int(np.gcd.reduce(line.coefficients)) if len(line.coefficients) else 1
    if divisor <= 1:
        return line
    return replace(
        line,
        coefficients=line.coefficients // divisor,
        unit=line.unit * divisor,
        lower=None if line.lower is None else -(-line.lower // divisor),
        upper=None if line.upper is None else line.upper // divisor,
    )


class ColumnGroups(Struct, frozen=True, kw_only=True, eq=False):
    """The columns of a program, group by group.

    Attributes
    ----------
    order
        (n,) columns, those of a group together.
    starts
        (groups,) where each group starts among them.
    number
        (n,) the group of each of them, counted from 0.
    """

    order: Columns
    starts: NDArray[np.intp]
    number: NDArray[np.intp]


class IntegerProgram(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """Maximise `sum value x` and the value of net reach, less the penalties of soft rows, over binaries x, at most one
    of each group, within the other rows.

    What net reach and penalties add to the value, and net reach to a row, is rounded down to an integer once, after it
    is summed: this grid is what value, rows and bound are told on.

    Attributes
    ----------
    value
        (n,) integers.
    cost
        (n,) integers; among plans of equal value the cheaper wins.
    group
        (n,) group number of each column, from 0 up.
    rows
        The named rows.
    pools
        Audiences that count for the value, or for a row, by how many people are reached.
    amount
        A whole number that each plan chooses as large as its rows let it, or None.
    """

    objective: NDArray[np.int64]
    cost: NDArray[np.int64]
    group: NDArray[np.int32]
    rows: tuple[Constraint, ...]
    pools: tuple[ReachPool, ...] = ()
    integer: IntegerVariable | None = None

    @property
    def has_linear_objective(self) -> bool:
        """Whether no value is of net reach, so that a backend can prove it to the unit."""
        return not any(pool.objective or (pool.row is not None and self._is_soft_row(pool.row)) for pool in self.pools)

    @property
    def has_soft_rows(self) -> bool:
        """Whether there are soft rows."""
        return any(line.penalty is not None for line in self.rows)

    def _is_soft_row(self, number: int) -> bool:
        return self.rows[number].penalty is not None

    @cached_property
    def has_singleton_groups(self) -> bool:
        """Whether each column is a group of its own, in order."""
        last = len(self) - 1
        return last < 0 or (int(self.group[0]) == 0 and int(self.group[-1]) == last and bool(np.diff(self.group).all()))

    @cached_property
    def groups(self) -> ColumnGroups:
        """The columns group by group."""
        order = np.arange(len(self)) if (np.diff(self.group) >= 0).all() else np.argsort(self.group, kind="stable")
        starts = np.flatnonzero(np.diff(self.group[order], prepend=-1))
        number = np.repeat(np.arange(len(starts)), np.diff([*starts.tolist(), len(order)]))
        return ColumnGroups(order=order, starts=starts, number=number)

    def __len__(self) -> int:
        return len(self.objective)

    def mask(self, picks: Columns) -> NDArray[np.bool_]:
        """Return picks as a mask."""
        mask = np.zeros(len(self), dtype=bool)
        mask[picks] = True
        return mask

    def linear_objective(self, picks: Columns) -> int:
        """Return the value of the picks without net reach and penalties, exactly."""
        return int(self.objective[picks].sum())

    def objective_value(self, picks: Columns) -> int:
        """Return the value of the picks and their amount, net reach and penalties rounded down with it."""
        linear = self.linear_objective(picks)
        if self.integer is not None:
            linear += self.integer.objective * (self.integer_value(picks) or 0)
        if self.has_linear_objective and not self.has_soft_rows:
            return linear
        return linear + self._nonlinear_objective(
            picks, [pool.net_reach(pool.total_exposure(picks)) for pool in self.pools]
        )

    def integer_value(self, picks: Columns) -> int | None:
        """Return the largest amount at which the picks keep its rows, None where there is none."""
        if self.integer is None:
            return None
        mine = [self.rows[number] for number in self.integer.coefficients]
        return self.integer.largest_feasible([(line.activity(picks), line.lower, line.upper) for line in mine])

    def _nonlinear_objective(self, picks: Columns, reached: list[float], raised: float = 1.0) -> int:
        """Return what net reach adds to the value of a plan and penalties take from it, rounded down.

        Parameters
        ----------
        reached
            Thousandths of people, by pool.
        raised
            What the sums of them are multiplied by.
        """
        total = Fraction(
            fsum(float(pool.objective) * net for pool, net in zip(self.pools, reached, strict=True)) * raised
        )
        for number, line in enumerate(self.rows):
            if line.penalty is not None:
                net = fsum(net for pool, net in zip(self.pools, reached, strict=True) if pool.row == number)
                total -= Fraction(line.penalty) * line.violation(line.activity(picks) + floor(net * raised))
        return floor(total)

    def tangent_objective(self, picks: Columns) -> int:
        """Return the value of the picks by the tangents of the pools, rounded down: no less than they are worth."""
        if self.has_linear_objective:
            return self.objective_value(picks)
        over = [(pool.total_exposure(picks) - pool.offset) / EXPOSURE for pool in self.pools]
        reached = [envelope(pool).value_at(u) for pool, u in zip(self.pools, over, strict=True)]
        return max(
            self.objective_value(picks),
            self.linear_objective(picks) + self._nonlinear_objective(picks, reached, 1 + ULPS),
        )

    def activity(self, number: int, picks: Columns) -> int:
        """Return the sum of a row over the picks, with their amount, and net reach that counts for it rounded down."""
        net = [pool.net_reach(pool.total_exposure(picks)) for pool in self.pools if pool.row == number]
        times = 0 if self.integer is None else self.integer.coefficients.get(number, 0)
        beside = times * (self.integer_value(picks) or 0) if times else 0
        return self.rows[number].activity(picks) + beside + (floor(fsum(net)) if net else 0)

    def total_cost(self, picks: Columns) -> int:
        """Return the cost of the picks, exactly."""
        return int(self.cost[picks].sum())

    def can_increase_objective(self) -> NDArray[np.bool_]:
        """Return which columns can add to the value, (n,)."""
        adds = self.objective > 0
        for pool in self.pools:
            adds[pool.columns] |= pool.objective > 0 or (pool.row is not None and self._is_soft_row(pool.row))
        for line in self.rows:
            if line.penalty is not None:
                helps = (line.coefficients > 0) & (line.lower is not None)
                adds[line.columns] |= helps | ((line.coefficients < 0) & (line.upper is not None))
        return adds

    def violated_constraints(self, picks: Columns) -> list[str]:
        """Return the labels of the hard rows that the picks break, and `one of a group` where two picks share one."""
        labels = [line.label for i, line in enumerate(self.rows) if not line.holds(self.activity(i, picks))]
        if len(np.unique(self.group[picks])) < len(picks):
            labels.append("one of a group")
        return labels

    def restrict(self, free: NDArray[np.bool_], ones: Columns) -> IntegerProgram:
        """Return the program of the free columns, the columns in `ones` being bought and the others not.

        Column i of the result is the i-th free column. Groups that hold one of `ones` must have no free column. A plan
        is worth `linear(ones)` less there: people reached by `ones` still count.
        """
        columns = np.flatnonzero(free)
        _, group = np.unique(self.group[columns], return_inverse=True)
        return IntegerProgram(
            objective=self.objective[columns],
            cost=self.cost[columns],
            group=group.astype(np.int32),
            rows=tuple(line.restrict(columns, ones) for line in self.rows),
            pools=tuple(pool.restrict(columns, ones) for pool in self.pools),
            integer=self.integer,
        )

    def reduced_costs(self, prices: NDArray[np.float64], pool_prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each column is worth, its exposure of pools included, less what it uses of the rows, (n,).

        Parameters
        ----------
        prices, pool_prices
            (rows,) and (pools,), as in `Answer`.
        """
        worth = self.objective.astype(float)
        for price, pool in zip(pool_prices.tolist(), self.pools, strict=True):
            if price:
                worth[pool.columns] += price / EXPOSURE * pool.exposure
        for price, line in zip(prices.tolist(), self.rows, strict=True):
            if price and len(line.columns) == len(worth):
                worth -= price * line.coefficients
            elif price:
                worth[line.columns] -= price * line.coefficients
        return worth

    def with_row(self, line: Constraint) -> IntegerProgram:
        """Return the program with one more row."""
        return replace(self, rows=(*self.rows, line))

    def cheaper_than(self, cost: int) -> IntegerProgram:
        """Return the program of plans that cost less than this."""
        return self.with_row(reduce_by_gcd(constraint("cost", self.cost, upper=cost - 1)))

    def minimize_cost(self, value: int) -> IntegerProgram:
        """Return the program of the least cost at this value or above; its value is the cost, negated.

        All value must be linear.
        """
        assert self.has_linear_objective and not self.has_soft_rows
        floor = reduce_by_gcd(constraint("value", self.objective, lower=value))
        return replace(self, objective=-self.cost, rows=(*self.rows, floor))

    def excluding(self, picks: Columns) -> IntegerProgram:
        """Return the program with exactly these picks cut off: some column must differ."""
        signs = np.ones(len(self), dtype=np.int64)
        signs[picks] = -1
        cut = Constraint(label="cut", columns=np.arange(len(self)), coefficients=signs, lower=1 - len(picks))
        return self.with_row(cut)


def common_divisor(numbers: list[int]) -> int:
    """Return the greatest common divisor of integers, 1 for none."""
    return reduce(gcd, numbers, 0) or 1
