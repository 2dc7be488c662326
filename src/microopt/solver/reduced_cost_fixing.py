"""Row prices -> an upper bound that needs no trust in a solver, and which columns it leaves undecided.

For any prices y, with `r = v - A'y`, no plan is worth more than

    U(y) = sum_i (upper_i y_i if y_i > 0 else lower_i y_i) + sum_j max(0, max_{o of j} r_o)

(Lagrangian duality). A pool of N people, at a price m for each unit of its exposure u, adds the most of
`w N (1 - e^-u) - m u` to the bound and m a_o to each r_o; w is what a person counts for: in the value, and in a row at
that row's price. An amount adds what its reduced value earns at most. Forcing an offer against its group's best costs
the difference, so what costs more than U - L, with L the value of a plan in hand, cannot be in a better plan
(reduced-cost fixing; Balas and Zemel's core). The price of a soft row is at most its penalty: what is beyond its bounds
then costs no less than it earns.
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
ROUGH = 2.0**-8  # of a unit of value: what a rounding error that is the same for all may add to the bound
MOST = 1e60  # no price of use is larger; sums stay finite
LEAST = 1e-60  # no price of exposure of use is smaller; quotients stay finite


class PricedProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program seen at given row prices.

    Attributes
    ----------
    prices
        (rows,) with the sign that each row's finite sides allow.
    pool_prices
        (pools,) for each unit of exposure, >= 0.
    bound
        U(y), rounded outward.
    deviation
        (n,) what the bound loses if the column goes against the choice that prices make.
    choice
        Columns that prices buy: the best of each group with a reduced value above 0 by more than its rounding error.
    """

    prices: NDArray[np.float64]
    pool_prices: NDArray[np.float64]
    bound: float
    deviation: NDArray[np.float64]
    selected: Columns

    @property
    def integer_bound(self) -> int:
        """The bound as an integer: values are integers."""
        return floor(self.bound)

    def undecided(self, value: int) -> NDArray[np.bool_]:
        """Return which columns may differ from the choice in a plan worth at least `value`."""
        slack = self.bound - value
        return self.deviation <= slack + 1e-6 * max(1.0, abs(slack))

    def nearest(self, count: int, group: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return about `count` columns of least deviation, with the choice of each group they belong to."""
        free = np.zeros(len(self.deviation), dtype=bool)
        free[k_smallest(self.deviation, count)] = True
        return self.with_group_choices(free, group)

    def with_group_choices(self, free: NDArray[np.bool_], group: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return free columns with the choice of each group they belong to."""
        touched = np.zeros(int(group.max(initial=-1)) + 1, dtype=bool)
        touched[group[free]] = True
        free = free.copy()
        free[self.selected[touched[group[self.selected]]]] = True
        return free

    def fixed_columns(self, free: NDArray[np.bool_]) -> Columns:
        """Return the chosen columns that are not free."""
        return self.selected[~free[self.selected]]


def price_program(
    program: IntegerProgram, prices: NDArray[np.float64], pool_prices: NDArray[np.float64] | None = None
) -> PricedProgram:
    """Compute the bound and the deviations at these prices.

    Prices of a sign that a row's open side forbids are taken as 0, as are those that are no number; those of a soft row
    are cut at its penalty. Each reduced value is raised by more than its rounding error before the maximum is taken,
    and the sum is exact but for one unit in the last place.

    Parameters
    ----------
    prices
        (rows,) any numbers.
    pool_prices
        (pools,) any numbers, for each unit of exposure; none, or less than 0, is 0.
    """
    prices = np.asarray([_feasible_price(p, line) for p, line in zip(prices, program.rows, strict=True)])
    each = np.zeros(len(program.pools)) if pool_prices is None else np.asarray(pool_prices)
    each = np.where((each >= LEAST) & (each <= MOST), each, 0.0)
    fixed = Fraction(0)
    for y, line in zip(prices.tolist(), program.rows, strict=True):
        if y:
            fixed += Fraction(y) * (line.upper if y > 0 else line.lower)  # type: ignore[operator]
    scales = zip((each / EXPOSURE).tolist(), person_weights(program, prices), program.pools, strict=True)
    net = [conjugate(pool, weight, m) for m, weight, pool in scales]
    if program.integer is not None:
        fixed += program.integer.bound_contribution(prices)
    gains, deviation, choice = _group_decisions(program, *_safe_reduced_costs(program, prices, each))
    total = fsum([*gains.tolist(), *net, float(fixed)])
    bound = nextafter(nextafter(total, inf), inf)
    return PricedProgram(prices=prices, pool_prices=each, bound=bound, deviation=deviation, selected=choice)


def _safe_reduced_costs(
    program: IntegerProgram, prices: NDArray[np.float64], each: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return reduced values raised by no less than their rounding error, (n,), and the error: (n,), or one for all.

    One will do while what it adds to the bound stays far below the unit of value.
    """
    reduced = program.reduced_costs(prices, each)
    uses = [(abs(y), line.columns, line.coefficients) for y, line in zip(prices.tolist(), program.rows, strict=True)]
    uses += [
        (m, pool.columns, pool.exposure) for m, pool in zip((each / EXPOSURE).tolist(), program.pools, strict=True)
    ]
    uses = [(y, columns, numbers) for y, columns, numbers in uses if y]
    most = max_abs(program.objective) + sum(y * max_abs(numbers) for y, _, numbers in uses)
    steps = len(uses) + 6  # a subtraction each; conversion, product, quotient, the sum that raises, and this product
    error = steps * ROUNDING * most
    errors = np.asarray([error])
    if error * np.count_nonzero(reduced > -error) > ROUGH:
        size = np.abs(program.objective.astype(float))
        for y, columns, numbers in uses:
            size[columns] += y * np.abs(numbers)
        errors = steps * ROUNDING * size
    reduced += errors
    return reduced, errors


def _group_decisions(
    program: IntegerProgram, reduced: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], Columns]:
    """Return the groups' gains that are not 0, what deviating costs by column, and the columns bought.

    Where value is the cost times a constant, any column may be bought at no loss: those are not, and stay undecided.
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
    """Return what a thousandth of a person counts for in each pool: in the value, and in its row at its price."""
    return [
        float(pool.objective) + (0.0 if pool.row is None else max(0.0, -float(prices[pool.row])))
        for pool in program.pools
    ]


def exposure_ranges(program: IntegerProgram, priced: PricedProgram, slack: float) -> list[tuple[float, float]]:
    """Return between which exposures, in units, each pool is in a plan that is worth the bound less `slack`."""
    each = zip(program.pools, person_weights(program, priced.prices), priced.pool_prices.tolist(), strict=True)
    return [exposure_range(pool, weight, m / EXPOSURE, slack) for pool, weight, m in each]


def _feasible_price(price: float, line: Constraint) -> float:
    if not abs(price) <= MOST or (price > 0 and line.upper is None) or (price < 0 and line.lower is None):
        return 0.0
    most = MOST if line.penalty is None else line.penalty
    return float(max(-most, min(most, price)))


def _best_two(
    program: IntegerProgram, reduced: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return each group's best and second best reduced value (minus infinity if single), and the best's column."""
    groups = program.groups
    mine = reduced[groups.order]
    best = np.maximum.reduceat(mine, groups.starts)
    at = np.flatnonzero(mine == best[groups.number])
    first = at[np.diff(groups.number[at], prepend=-1) > 0]
    mine[first] = -inf
    return best, np.maximum.reduceat(mine, groups.starts), groups.order[first]
