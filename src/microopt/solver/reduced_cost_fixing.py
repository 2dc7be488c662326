"""Reduced-cost fixing: dual prices give an upper bound without trust in a solver, and leave few columns undecided.

For any prices y, with reduced costs `r = v - A'y`, no plan is worth more than

    U(y) = sum_i (upper_i y_i if y_i > 0 else lower_i y_i) + sum_j max(0, max_{o of j} r_o)

(Lagrangian duality). A pool of N people, at a price m for each unit of its exposure u, adds the maximum of
`w N (1 - e^-u) - m u` to the bound and m a_o to each r_o; w is the weight of a person: in the objective, and in a row
at that row's price. An integer variable adds the most that its reduced cost can earn. Forcing a column against the best
of its group costs the difference in reduced cost, so a column that costs more than U - L, with L the objective of the
incumbent, cannot be in a better plan (reduced-cost fixing; the columns that remain are the core of Balas and Zemel).
The price of a soft row is at most its penalty: a violation then costs no less than it earns. Where the lower bound of a
soft row is above its upper one, each plan pays at least the penalty of their difference, which is taken from U, and the
two change places. Columns that are too large for any plan (`fixed_at_zero`) are left out of the bound.

Reduced costs are doubles with a known error, and only decide which columns are selected. What the selection is worth is
then added up in integers, so that the bound is exact to the unit at any magnitude: rounding adds to it only where a
column is so near to being selected that its reduced cost does not tell.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, fsum, inf, nextafter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import k_smallest, max_abs
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota_expansion import expand
from microopt.solver.reach_pool import EXPOSURE, conjugate, exposure_range

ROUNDING = 2.0**-53
UNIFORM_ERROR = 2.0**-8  # objective units up to which one rounding error for all columns is small enough
FEW = 16  # factor by which the columns of a row exceed those that are selected where looking these up is faster
MAX_PRICE = 1e60  # no useful price is larger; sums stay finite
NEVER = 1e300  # deviation of a column that no plan has
MIN_POOL_PRICE = 1e-60  # no useful price of exposure is smaller; quotients stay finite


class PricedProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program evaluated at given dual prices.

    Attributes
    ----------
    prices
        (rows,) with the sign that each row's finite sides allow.
    pool_prices
        (pools,) price of a unit of exposure, >= 0.
    exact_bound
        U(y), never less than its exact value.
    deviation
        (n,) how much the bound falls at least if the column is forced against the selection.
    selected
        Columns that the prices select: the best of each group whose reduced cost exceeds 0 by more than its rounding
        error.
    """

    prices: NDArray[np.float64]
    pool_prices: NDArray[np.float64]
    exact_bound: Fraction
    deviation: NDArray[np.float64]
    selected: Columns

    @property
    def bound(self) -> float:
        """The bound as a double, rounded up."""
        nearest = float(self.exact_bound)
        return nearest if nearest >= self.exact_bound else nextafter(nearest, inf)

    @property
    def integer_bound(self) -> int:
        """The bound rounded down: objectives are integers."""
        return floor(self.exact_bound)

    def undecided(self, value: int) -> NDArray[np.bool_]:
        """Return which columns may differ from the selection in a plan worth at least `value`."""
        slack = float(self.exact_bound - value)
        return self.deviation <= slack + 1e-6 * max(1.0, abs(slack))

    def nearest(self, count: int, group: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return about `count` columns of smallest deviation, with the selected columns of their groups."""
        free = np.zeros(len(self.deviation), dtype=bool)
        free[k_smallest(self.deviation, count)] = True
        return self.with_group_choices(free, group)

    def with_group_choices(self, free: NDArray[np.bool_], group: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return the free columns with the selected columns of their groups."""
        touched = np.zeros(int(group.max(initial=-1)) + 1, dtype=bool)
        touched[group[free]] = True
        free = free.copy()
        free[self.selected[touched[group[self.selected]]]] = True
        return free

    def fixed_columns(self, free: NDArray[np.bool_]) -> Columns:
        """Return the selected columns that are not free."""
        return self.selected[~free[self.selected]]


def price_program(
    program: IntegerProgram, prices: NDArray[np.float64], pool_prices: NDArray[np.float64] | None = None
) -> PricedProgram:
    """Compute the bound and the deviations at these prices.

    A price with a sign that a row's open side forbids counts as 0, as does one that is not a number; the price of a
    soft row is capped at its penalty.

    Parameters
    ----------
    prices
        (rows,) any numbers; of a program with quotas, for the rows of the expanded program.
    pool_prices
        (pools,) any numbers, the price of a unit of exposure; a missing or negative one counts as 0.
    """
    if program.quotas:
        return _price_expanded(program, prices, pool_prices)
    prices = np.asarray([_feasible_price(y, row) for y, row in zip(prices, program.rows, strict=True)])
    pool_prices = np.zeros(len(program.pools)) if pool_prices is None else np.asarray(pool_prices)
    pool_prices = np.where((pool_prices >= MIN_POOL_PRICE) & (pool_prices <= MAX_PRICE), pool_prices, 0.0)
    exposure_prices = (pool_prices / EXPOSURE).tolist()
    excess, deviation, selected = _decisions(program, prices, pool_prices)
    weighted = zip(program.pools, person_weights(program, prices), exposure_prices, strict=True)
    net = [conjugate(pool, weight, m) for pool, weight, m in weighted]
    rounded = nextafter(nextafter(fsum([*excess.tolist(), *net]), inf), inf) if net or len(excess) else 0.0
    return PricedProgram(
        prices=prices,
        pool_prices=pool_prices,
        exact_bound=_lagrangian(program, prices, exposure_prices, selected) + Fraction(rounded),
        deviation=np.minimum(deviation, NEVER, out=deviation),
        selected=selected,
    )


def _price_expanded(
    program: IntegerProgram, prices: NDArray[np.float64], pool_prices: NDArray[np.float64] | None
) -> PricedProgram:
    """Return what `price_program` does of a program with quotas, at prices of the rows of the expanded program."""
    expanded = expand(program)
    priced = price_program(expanded.program, prices, pool_prices)
    selected = expanded.original_columns(priced.selected)
    return replace(priced, deviation=priced.deviation[: len(program)], selected=selected)


def _lagrangian(
    program: IntegerProgram, prices: NDArray[np.float64], exposure_prices: list[float], selected: Columns
) -> Fraction:
    """Return the objective of the selected columns plus the priced slack of all rows and their priced exposure."""
    total, mask = Fraction(program.linear_objective(selected)), program.mask(selected)
    for y, row in zip(prices.tolist(), program.rows, strict=True):
        lower, upper = row.lower, row.upper
        if row.penalty is not None and lower is not None and upper is not None and lower > upper:
            total -= Fraction(row.penalty) * (lower - upper)  # each activity is outside one bound or both
            lower, upper = upper, lower
        if y:
            limit = upper if y > 0 else lower
            few = len(selected) * FEW < len(row.columns)
            activity = row.activity(selected) if few else int(row.coefficients[mask[row.columns]].sum())
            total += Fraction(y) * (limit - activity)  # type: ignore[operator]
    for m, pool in zip(exposure_prices, program.pools, strict=True):
        if m:
            total += Fraction(m) * (pool.total_exposure(selected) - pool.offset)
    return total if program.integer is None else total + program.integer.bound_contribution(prices)


def _decisions(
    program: IntegerProgram, prices: NDArray[np.float64], pool_prices: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], Columns]:
    """Return what `_decide` does, with one rounding error for all columns if that is small enough."""
    reduced = program.reduced_costs(prices, pool_prices)
    reduced[program.fixed_at_zero] = -inf
    exposure_prices = (pool_prices / EXPOSURE).tolist()
    terms = [(abs(y), row.columns, row.coefficients) for y, row in zip(prices.tolist(), program.rows, strict=True)]
    terms += [(m, pool.columns, pool.exposure) for m, pool in zip(exposure_prices, program.pools, strict=True)]
    terms = [(y, columns, numbers) for y, columns, numbers in terms if y]
    largest = max_abs(program.objective) + sum(y * max_abs(numbers) for y, _, numbers in terms)
    steps = len(terms) + 8  # one subtraction per term; conversion, product, this product, and what it is added to
    error = steps * ROUNDING * largest
    if error <= UNIFORM_ERROR:
        decisions = _decide(program, reduced, np.asarray([error]))
        if decisions[0].sum() <= UNIFORM_ERROR:
            return decisions
    size = np.abs(program.objective.astype(float))
    for y, columns, numbers in terms:
        size[columns] += y * np.abs(numbers)
    return _decide(program, reduced, steps * ROUNDING * size)


def _decide(
    program: IntegerProgram, reduced: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], Columns]:
    """Return what rounding may hide of the gains of groups, the deviation of each column, and the selected columns.

    If the objective is the cost times a constant, any column can be selected without loss: such columns are not
    selected, and stay undecided.
    """
    if program.has_singleton_groups:
        deviation = np.abs(reduced) - errors
        close = np.flatnonzero(deviation <= 0)
        excess = reduced[close] + (errors if len(errors) == 1 else errors[close])
        return excess, np.maximum(deviation, 0.0, out=deviation), np.flatnonzero(reduced > errors)
    low, high = reduced - errors, reduced + errors
    winner, rival = _best_and_rival(program, low, high)
    pays = low[winner] > 0
    gain = np.where(pays, low[winner], 0.0)
    deviation = gain[program.group] - high
    deviation[winner[pays]] = (gain - rival)[pays]
    excess = np.where(pays, rival - gain, np.maximum(rival, high[winner]))
    return excess[excess > 0], np.maximum(deviation, 0.0), np.sort(winner[pays])


def person_weights(program: IntegerProgram, prices: NDArray[np.float64]) -> list[float]:
    """Return the weight of a thousandth of a person in each pool: in the objective, and in its row at that price."""
    return [
        float(pool.objective) + (0.0 if pool.row is None else max(0.0, -float(prices[pool.row])))
        for pool in program.pools
    ]


def exposure_ranges(program: IntegerProgram, priced: PricedProgram, slack: float) -> list[tuple[float, float]]:
    """Return the range of exposures, in units, of each pool in a plan worth at least the bound minus `slack`."""
    weighted = zip(program.pools, person_weights(program, priced.prices), priced.pool_prices.tolist(), strict=True)
    return [exposure_range(pool, weight, m / EXPOSURE, slack) for pool, weight, m in weighted]


def _feasible_price(price: float, row: Constraint) -> float:
    if not abs(price) <= MAX_PRICE or (price > 0 and row.upper is None) or (price < 0 and row.lower is None):
        return 0.0
    limit = MAX_PRICE if row.penalty is None else row.penalty
    return float(max(-limit, min(limit, price)))


def _best_and_rival(
    program: IntegerProgram, low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[Columns, NDArray[np.float64]]:
    """Return each group's best column, and what its other columns or none of them can be worth.

    Parameters
    ----------
    low, high
        (n,) between which each reduced cost is.
    """
    groups = program.groups
    grouped = low[groups.order]
    best = np.maximum.reduceat(grouped, groups.starts)
    ties = np.flatnonzero(grouped == best[groups.number])
    first = ties[np.diff(groups.number[ties], prepend=-1) > 0]
    others = high[groups.order]
    others[first] = -inf
    return groups.order[first], np.maximum(np.maximum.reduceat(others, groups.starts), 0.0)
