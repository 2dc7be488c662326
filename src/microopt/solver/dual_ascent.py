"""Dual ascent: initial dual prices, row by row, at which the selected columns come within the row's bounds.

The bound of `reduced_cost_fixing` is convex in the prices. Along the price of one row its slope changes at breakpoints,
where a column turns from selected to not selected; there the row's activity falls by the magnitude of the column's
coefficient, whatever its sign. So the best price of a row, given the others, is found by sorting columns by breakpoint,
or by bisection if columns of a group replace each other. Coordinate by coordinate this does not reach the minimum of
the bound, but comes near it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import prefix_within_capacity
from microopt.solver.constraint import Constraint
from microopt.solver.program import NO_COLUMNS, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE
from microopt.solver.reduced_cost_fixing import person_weights

PriceRow = Callable[[IntegerProgram, NDArray[np.float64], Constraint], float]
FEW = 1_000  # selected columns; with so few a sample would hold too few of them
SAMPLE = 100_000  # columns of a sample
PASSES = 6
SMALL = 10_000  # columns up to which there is time for so many passes; with more, a backend finds better prices sooner
GROUP_PASSES = 2  # passes if the price of a row is found by bisection
BISECTIONS = 60  # steps, after which the interval is below the rounding of a price
ROUGH_BISECTIONS = 24  # steps that suffice for an initial price


def initial_prices(program: IntegerProgram) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return prices of rows and pools whose bound is not far above the minimum; columns fixed at 0 do not count.

    Each column is treated as a group of its own at first; then the best of each group counts alone, of very many groups
    those of a sample. People of a pool are priced as if none of them had been reached yet.
    """
    zero, is_small = np.zeros(len(program.rows)), len(program) <= SMALL
    pool_prices = pool_prices_at_offset(program, zero)
    prices, reduced = _descend(program, pool_prices, zero, PASSES if is_small else 1, _breakpoint_price)
    if not program.has_singleton_groups and (is_small or np.count_nonzero(reduced > 0) > FEW):
        prices, _ = _descend(_sample(program), pool_prices, prices, GROUP_PASSES, _rough_clearing_price)
    return prices, pool_prices


def pool_prices_at_offset(program: IntegerProgram, prices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the value of one more unit of exposure in each pool if only its offset has been reached, (pools,).

    Parameters
    ----------
    prices
        (rows,) prices at which people count in rows.
    """
    weighted = zip(person_weights(program, prices), program.pools, strict=True)
    return np.asarray([weight * pool.size * exp(-pool.offset / EXPOSURE) for weight, pool in weighted])


def clearing_price(
    program: IntegerProgram, reduced: NDArray[np.float64], row: Constraint, bisections: int = BISECTIONS
) -> float:
    """Return the price of one row at which the best columns of all groups satisfy it, or come as near as possible.

    Parameters
    ----------
    reduced
        (n,) reduced costs at the prices of all other rows.
    bisections
        How precisely to search if groups have several columns.
    """
    if program.has_singleton_groups:
        return _breakpoint_price(program, reduced, row)
    for sign, limit in ((1, row.upper), (-1, row.lower)):
        price = 0.0 if limit is None else _bisect_price(program, reduced, row, sign, bisections)
        if price:
            return sign * price
    return 0.0


def _rough_clearing_price(program: IntegerProgram, reduced: NDArray[np.float64], row: Constraint) -> float:
    return clearing_price(program, reduced, row, ROUGH_BISECTIONS)


def _bisect_price(
    program: IntegerProgram, reduced: NDArray[np.float64], row: Constraint, sign: int, bisections: int
) -> float:
    """Return the lowest price of one side of a row at which the best columns of all groups satisfy it, >= 0.

    Parameters
    ----------
    sign
        1 for the upper side, -1 for the lower side.
    """
    groups, limit = program.groups, float(sign * (row.upper if sign > 0 else row.lower))  # type: ignore[operator]
    coefficients = np.zeros(len(program))
    coefficients[row.columns] = sign * row.coefficients
    reduced, coefficients = reduced[groups.order], coefficients[groups.order]

    def activity(price: float) -> float:
        net = reduced - price * coefficients
        best = np.maximum.reduceat(net, groups.starts)
        selected = (net == best[groups.number]) & (best[groups.number] > 0)
        return float(np.minimum.reduceat(np.where(selected, coefficients, np.inf), groups.starts)[best > 0].sum())

    if activity(0.0) <= limit:
        return 0.0
    low, high = 0.0, 1.0 + float(np.abs(reduced / np.where(coefficients, coefficients, np.inf)).max())
    for _ in range(bisections):
        middle = (low + high) / 2
        if activity(middle) > limit:
            low = middle
        else:
            high = middle
    return _capped_price(row, high, satisfied=activity(high) <= limit)


def _capped_price(row: Constraint, price: float, *, satisfied: bool) -> float:
    """Return the price of a row, capped at its penalty; the penalty itself if no price satisfies the row."""
    if row.penalty is None:
        return price
    return min(price, row.penalty) if satisfied else row.penalty


def _sample(program: IntegerProgram) -> IntegerProgram:
    """Return the program over every k-th group, with the bounds of its rows divided by k."""
    step = max(1, len(program) // SAMPLE)
    part = program.restrict((program.group % step == 0) & program.can_be_selected, NO_COLUMNS)
    rows = [
        replace(
            row,
            lower=None if row.lower is None else row.lower // step,
            upper=None if row.upper is None else row.upper // step,
        )
        for row in part.rows
    ]
    return replace(part, rows=tuple(rows)).with_fixed_at_zero(NO_COLUMNS)


def _descend(
    program: IntegerProgram,
    pool_prices: NDArray[np.float64],
    prices: NDArray[np.float64],
    passes: int,
    price_row: PriceRow,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return prices after some passes over the rows, the longest first, and the reduced costs at them."""
    prices = prices.copy()
    reduced = program.reduced_costs(prices, pool_prices)
    reduced[program.fixed_at_zero] = -inf
    net = {pool.row for pool in program.pools}  # activities of these rows do not depend on columns alone
    order = sorted(set(range(len(program.rows))) - net, key=lambda number: -len(program.rows[number].columns))
    for _ in range(passes):
        for number in order:
            row = program.rows[number]
            columns = slice(None) if len(row.columns) == len(reduced) else row.columns
            previous = prices[number] * row.coefficients if prices[number] else 0
            reduced[columns] += previous
            prices[number] = price_row(program, reduced, row)
            if prices[number]:
                reduced[columns] -= prices[number] * row.coefficients
    return prices, reduced


def _breakpoint_price(_: IntegerProgram, reduced: NDArray[np.float64], row: Constraint) -> float:
    """Return the clearing price of one row if each column is a group of its own; see `clearing_price`."""
    reduced = reduced if len(row.columns) == len(reduced) else reduced[row.columns]
    activity = int(row.coefficients[reduced > 0].sum())
    if row.upper is not None and activity > row.upper:
        sign, excess = 1.0, float(activity - row.upper)
    elif row.lower is not None and activity < row.lower:
        sign, excess = -1.0, float(row.lower - activity)
    else:
        return 0.0
    turn = sign * reduced / row.coefficients
    turning = np.flatnonzero((turn > 0) & (turn < inf))
    breakpoints, size = turn[turning], np.abs(row.coefficients[turning]).astype(float)
    total = float(size.sum())
    if total < excess:  # no price satisfies the row: all columns turn
        price = float(breakpoints.max(initial=0.0))
    elif excess <= total / 2:
        price = float(breakpoints[prefix_within_capacity(breakpoints, size, excess - 0.5)[-1]])
    else:  # few columns do not turn: they are found from the other end
        price = float(breakpoints[prefix_within_capacity(-breakpoints, size, total - excess)[-1]])
    return sign * _capped_price(row, price, satisfied=total >= excess)
