"""Reduced-cost fixing: dual prices give an upper bound without trust in a solver, and leave few columns undecided.

For any prices y, with reduced costs `r = v - A'y`, no plan is worth more than

    U(y) = sum_i (upper_i y_i if y_i > 0 else lower_i y_i) + sum_j max(0, max_{o of j} r_o)

(Lagrangian duality). A pool of N people, at a price m for each unit of its exposure u, adds the maximum of
`w N (1 - e^-u) - m u` to the bound and m a_o to each r_o; w is the weight of a person: in the objective, and in a row
at that row's price. An integer variable adds the most that its reduced cost can earn. Forcing a column against the best
of its group costs the difference in reduced cost, so a column that costs more than U - L, with L the objective of the
incumbent, cannot be in a better plan (reduced-cost fixing; the columns that remain are the core of Balas and Zemel).
The price of a soft row is at most its penalty: a violation then costs no less than it earns.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, fsum, inf, nextafter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import k_smallest, max_abs
from microopt.solver.program import Columns, Constraint, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, conjugate, exposure_range

ROUNDING = 2.0**-53
UNIFORM_ERROR = 2.0**-8  # objective units that one rounding error for all columns may add to the bound
MAX_PRICE = 1e60  # no useful price is larger; sums stay finite
MIN_POOL_PRICE = 1e-60  # no useful price of exposure is smaller; quotients stay finite


class PricedProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program evaluated at given dual prices.

    Attributes
    ----------
    prices
        (rows,) with the sign that each row's finite sides allow.
    pool_prices
        (pools,) price of a unit of exposure, >= 0.
    bound
        U(y), rounded outward.
    deviation
        (n,) how much the bound falls if the column is forced against the selection.
    selected
        Columns that the prices select: the best of each group whose reduced cost exceeds 0 by more than its rounding
        error.
    """

    prices: NDArray[np.float64]
    pool_prices: NDArray[np.float64]
    bound: float
    deviation: NDArray[np.float64]
    selected: Columns

    @property
    def integer_bound(self) -> int:
        """The bound rounded down: objectives are integers."""
        return floor(self.bound)

    def undecided(self, value: int) -> NDArray[np.bool_]:
        """Return which columns may differ from the selection in a plan worth at least `value`."""
        slack = self.bound - value
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
    soft row is capped at its penalty. Each reduced cost is raised by more than its rounding error before the maximum is
    taken, and the sum is exact up to one unit in the last place.

    Parameters
    ----------
    prices
        (rows,) any numbers.
    pool_prices
        (pools,) any numbers, the price of a unit of exposure; a missing or negative one counts as 0.
    """
    prices = np.asarray([_feasible_price(y, row) for y, row in zip(prices, program.rows, strict=True)])
    pool_prices = np.zeros(len(program.pools)) if pool_prices is None else np.asarray(pool_prices)
    pool_prices = np.where((pool_prices >= MIN_POOL_PRICE) & (pool_prices <= MAX_PRICE), pool_prices, 0.0)
    constant = Fraction(0)
    for y, row in zip(prices.tolist(), program.rows, strict=True):
        if y:
            constant += Fraction(y) * (row.upper if y > 0 else row.lower)  # type: ignore[operator]
    if program.integer is not None:
        constant += program.integer.bound_contribution(prices)
    weighted = zip((pool_prices / EXPOSURE).tolist(), person_weights(program, prices), program.pools, strict=True)
    net = [conjugate(pool, weight, m) for m, weight, pool in weighted]
    gains, deviation, selected = _group_decisions(program, *_safe_reduced_costs(program, prices, pool_prices))
    total = fsum([*gains.tolist(), *net, float(constant)])
    bound = nextafter(nextafter(total, inf), inf)
    return PricedProgram(prices=prices, pool_prices=pool_prices, bound=bound, deviation=deviation, selected=selected)


def _safe_reduced_costs(
    program: IntegerProgram, prices: NDArray[np.float64], pool_prices: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return reduced costs raised by at least their rounding error, (n,), and that error: (n,), or one for all.

    One error for all columns will do while it adds far less than one objective unit to the bound.
    """
    reduced = program.reduced_costs(prices, pool_prices)
    exposure_prices = (pool_prices / EXPOSURE).tolist()
    terms = [(abs(y), row.columns, row.coefficients) for y, row in zip(prices.tolist(), program.rows, strict=True)]
    terms += [(m, pool.columns, pool.exposure) for m, pool in zip(exposure_prices, program.pools, strict=True)]
    terms = [(y, columns, numbers) for y, columns, numbers in terms if y]
    largest = max_abs(program.objective) + sum(y * max_abs(numbers) for y, _, numbers in terms)
    steps = len(terms) + 6  # one subtraction per term; conversion, product, quotient, the raising sum, and this product
    error = steps * ROUNDING * largest
    errors = np.asarray([error])
    if error * np.count_nonzero(reduced > -error) > UNIFORM_ERROR:
        size = np.abs(program.objective.astype(float))
        for y, columns, numbers in terms:
            size[columns] += y * np.abs(numbers)
        errors = steps * ROUNDING * size
    return reduced + errors, errors


def _group_decisions(
    program: IntegerProgram, reduced: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], Columns]:
    """Return the nonzero gains of groups, the deviation of each column, and the selected columns.

    If the objective is the cost times a constant, any column can be selected without loss: such columns are not
    selected, and stay undecided.
    """
    if program.has_singleton_groups:
        even = (reduced > 0) & (reduced <= 2 * errors)
        return reduced[reduced > 0], np.where(even, 0.0, np.abs(reduced)), np.flatnonzero((reduced > 0) & ~even)
    best, second, winner = _best_two(program, reduced)
    gain = np.maximum(best, 0.0)
    deviation = gain[program.group] - reduced
    deviation[winner] = gain - np.maximum(second, 0.0)
    deviation[winner[best <= 0]] = -best[best <= 0]
    even = (best > 0) & (best <= 2 * (errors if len(errors) == 1 else errors[winner]))
    deviation[winner[even]] = 0.0
    return gain[gain > 0], np.maximum(deviation, 0.0), np.sort(winner[(best > 0) & ~even])


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


def _best_two(
    program: IntegerProgram, reduced: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return each group's best and second-best reduced cost (minus infinity if there is none), and the best column."""
    groups = program.groups
    grouped = reduced[groups.order]
    best = np.maximum.reduceat(grouped, groups.starts)
    ties = np.flatnonzero(grouped == best[groups.number])
    first = ties[np.diff(groups.number[ties], prepend=-1) > 0]
    grouped[first] = -inf
    return best, np.maximum.reduceat(grouped, groups.starts), groups.order[first]
