"""Prices to begin with: row by row, the price at which what is bought comes within the row's bounds.

The bound of `prune` is convex in the prices. Along one of them its slope changes where a column turns from bought to
not bought; the sum of the row falls there by the size of the column's coefficient, whichever sign that has. So the best
price of a row, the others given, is found by putting columns in the order in which they turn, or by halving where they
turn into others of their group. Row by row this does not end at the least bound, but near it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import k_smallest, prefix_within_capacity
from microopt.solver.program import Constraint, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE
from microopt.solver.reduced_cost_fixing import person_weights

PriceRow = Callable[[IntegerProgram, NDArray[np.float64], Constraint], float]
FEW = 1_000  # columns bought: a sample would hold too few
SAMPLE = 100_000  # columns
NEAR = 10_000  # columns of which the few that are bought come
PASSES = 6
GROUP_PASSES = 2  # where the price of a row is found by halving
HALVINGS = 60  # of a price: what is left is below its rounding
ROUGHLY = 24  # of them, where prices are only to begin with


def initial_prices(program: IntegerProgram) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return prices of rows and pools whose bound is not far above the least.

    After the first pass, which takes each column for itself, a part of them tells prices as well: where few are bought,
    those that come near to it, else a sample of all. People of a pool are priced as if nobody had been reached yet.
    """
    nothing = np.zeros(len(program.rows))
    pool_prices = pool_prices_at_offset(program, nothing)
    prices, worth = _descend(program, pool_prices, nothing, 1, _breakpoint_price)
    if len(program) <= NEAR:
        part = program
    elif np.count_nonzero(worth > 0) <= FEW:
        part = _core(program, worth)
    else:
        part = _sample(program)
    passes, settle = (PASSES, _breakpoint_price) if part.has_singleton_groups else (GROUP_PASSES, _rough_clearing_price)
    return _descend(part, pool_prices, prices, passes, settle)[0], pool_prices


def pool_prices_at_offset(program: IntegerProgram, prices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what one more unit of exposure is worth in each pool where only what is bought already counts, (pools,).

    Parameters
    ----------
    prices
        (rows,) in rows, too, people count at these prices.
    """
    scales = zip(person_weights(program, prices), program.pools, strict=True)
    return np.asarray([weight * pool.size * exp(-pool.offset / EXPOSURE) for weight, pool in scales])


def clearing_price(
    program: IntegerProgram, worth: NDArray[np.float64], line: Constraint, halvings: int = HALVINGS
) -> float:
    """Return the price of one row at which the best of each group keep it, or come as near as a price can bring them.

    Parameters
    ----------
    worth
        (n,) of the columns, at the prices of all other rows.
    halvings
        How closely the price is looked for where groups have several columns.
    """
    if program.has_singleton_groups:
        return _breakpoint_price(program, worth, line)
    for sign, limit in ((1, line.upper), (-1, line.lower)):
        price = 0.0 if limit is None else _bisect_price(program, worth, line, sign, halvings)
        if price:
            return sign * price
    return 0.0


def _rough_clearing_price(program: IntegerProgram, worth: NDArray[np.float64], line: Constraint) -> float:
    return clearing_price(program, worth, line, ROUGHLY)


def _bisect_price(
    program: IntegerProgram, worth: NDArray[np.float64], line: Constraint, sign: int, halvings: int
) -> float:
    """Return the least price of one side of a row at which the best of each group together keep it, >= 0.

    Parameters
    ----------
    sign
        1 for the upper side, -1 for the lower.
    """
    groups, limit = program.groups, float(sign * (line.upper if sign > 0 else line.lower))  # type: ignore[operator]
    needs = np.zeros(len(program))
    needs[line.columns] = sign * line.coefficients
    value, need = worth[groups.order], needs[groups.order]

    def used(price: float) -> float:
        left = value - price * need
        best = np.maximum.reduceat(left, groups.starts)
        bought = (left == best[groups.number]) & (best[groups.number] > 0)
        return float(np.minimum.reduceat(np.where(bought, need, np.inf), groups.starts)[best > 0].sum())

    if used(0.0) <= limit:
        return 0.0
    low, high = 0.0, 1.0 + float(np.abs(value / np.where(need, need, np.inf)).max())
    for _ in range(halvings):
        middle = (low + high) / 2
        if used(middle) > limit:
            low = middle
        else:
            high = middle
    return _capped_price(line, high, keeps=used(high) <= limit)


def _capped_price(line: Constraint, price: float, *, keeps: bool) -> float:
    """Return the price of a row, at most its penalty; that is its price where none keeps it."""
    if line.penalty is None:
        return price
    return min(price, line.penalty) if keeps else line.penalty


def _core(program: IntegerProgram, worth: NDArray[np.float64]) -> IntegerProgram:
    """Return the columns whose worth at the prices is the largest part of what they are worth and use."""
    free = np.zeros(len(program), dtype=bool)
    free[k_smallest(-worth / (np.abs(program.objective) + np.abs(worth) + 1), NEAR)] = True
    return program.restrict(free, np.zeros(0, dtype=np.intp))


def _sample(program: IntegerProgram) -> IntegerProgram:
    """Return every so manieth group, with as large a part of the room in each row."""
    step = max(1, len(program) // SAMPLE)
    part = program.restrict(program.group % step == 0, np.zeros(0, dtype=np.intp))
    rows = [
        replace(
            line,
            lower=None if line.lower is None else line.lower // step,
            upper=None if line.upper is None else line.upper // step,
        )
        for line in part.rows
    ]
    return replace(part, rows=tuple(rows))


def _descend(
    program: IntegerProgram,
    pool_prices: NDArray[np.float64],
    prices: NDArray[np.float64],
    passes: int,
    settle: PriceRow,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return prices after some passes over the rows, the longest first, and what columns are worth at them."""
    prices = prices.copy()
    worth = program.reduced_costs(prices, pool_prices)
    net = {pool.row for pool in program.pools}  # their sums are not of columns alone
    order = sorted(set(range(len(program.rows))) - net, key=lambda number: -len(program.rows[number].columns))
    for _ in range(passes):
        for number in order:
            line = program.rows[number]
            mine = slice(None) if len(line.columns) == len(worth) else line.columns
            before = prices[number] * line.coefficients if prices[number] else 0
            worth[mine] += before
            prices[number] = settle(program, worth, line)
            if prices[number]:
                worth[mine] -= prices[number] * line.coefficients
    return prices, worth


def _breakpoint_price(_: IntegerProgram, worth: NDArray[np.float64], line: Constraint) -> float:
    """Return the price of one row where each column is a group of its own; see `settled`."""
    worth = worth if len(line.columns) == len(worth) else worth[line.columns]
    activity = int(line.coefficients[worth > 0].sum())
    if line.upper is not None and activity > line.upper:
        sign, away = 1.0, float(activity - line.upper)
    elif line.lower is not None and activity < line.lower:
        sign, away = -1.0, float(line.lower - activity)
    else:
        return 0.0
    turn = sign * worth / line.coefficients
    turning = np.flatnonzero(turn > 0)
    at, size = turn[turning], np.abs(line.coefficients[turning]).astype(float)
    total = float(size.sum())
    if total < away:  # no price brings it there: all turn
        price = float(at.max(initial=0.0))
    elif away <= total / 2:
        price = float(at[prefix_within_capacity(at, size, away - 0.5)[-1]])
    else:  # few stay: they are found from the other end
        price = float(at[prefix_within_capacity(-at, size, total - away)[-1]])
    return sign * _capped_price(line, price, keeps=total >= away)
