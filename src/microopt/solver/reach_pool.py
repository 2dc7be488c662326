"""Pools of people whom several columns reach, and how many people they reach together, each person counted once.

An offer that reaches a share p of a pool leaves 1 - p of it unreached. With exposure `u = sum a x` and
`a = -ln(1 - p)`, `N e^-u` of N people stay unreached (random duplication; Sainsbury). `N (1 - e^-u)` is concave in u:
every tangent lies above it, and the minimum of a few tangents is what an integer program can hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, exp, log, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import sparse_lookup

EXPOSURE = 10**9  # integer parts of one unit of exposure, so that sums are exact
MAX_TANGENTS = 1000  # of one grid; a solve adds further tangents where its plans need them
ULPS = 32 * 2.0**-53  # relative; more than the rounding errors of the few operations on one pool


def net_reach_at(size: int, exposure: int) -> float:
    """Return how many people of a pool are reached at an exposure in billionths, in the unit of the size."""
    return size * (1 - exp(-exposure / EXPOSURE))


class ReachPool(Struct, frozen=True, kw_only=True, eq=False):
    """People, the columns that reach some of them, and what reaching them counts for.

    Attributes
    ----------
    label
        Name of the audience.
    columns
        (k,) ascending positions of the columns that reach into the pool.
    exposure
        (k,) their exposures in billionths, >= 0: `-ln(1 - reach / size)`.
    size
        Thousandths of people.
    offset
        Exposure of the columns fixed at 1, in billionths.
    objective
        Objective units for each thousandth of a person reached; 0 if only a row counts them.
    row
        Position of the row to whose activity the thousandths reached are added; that row has no upper bound.
    tangent_points
        Exposures whose tangents stand for the pool in a backend's model, ascending, offset included.
    """

    label: str
    columns: NDArray[np.intp]
    exposure: NDArray[np.int64]
    size: int
    offset: int = 0
    objective: float = 0.0
    row: int | None = None
    tangent_points: tuple[int, ...] = ()

    def exposures_at(self, columns: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the exposures of these columns, (k,): 0 for a column that does not reach into the pool."""
        return sparse_lookup(self.columns, self.exposure, columns)

    def total_exposure(self, selected: NDArray[np.intp]) -> int:
        """Return the exposure of the selected columns and the offset together."""
        return self.offset + int(self.exposures_at(selected).sum())

    @property
    def max_exposure(self) -> int:
        """The exposure of all columns and the offset together."""
        return self.offset + int(self.exposure.sum())

    def net_reach(self, exposure: int) -> float:
        """Return the thousandths of people reached at this exposure."""
        return net_reach_at(self.size, exposure)

    def with_tangents(self, points: Iterable[int]) -> ReachPool:
        """Return the pool with further tangents at these exposures."""
        return replace(self, tangent_points=tuple(sorted({*self.tangent_points, *points})))

    def restrict(self, columns: NDArray[np.intp], fixed: NDArray[np.intp]) -> ReachPool:
        """Return the pool over these columns, renumbered, with those in `fixed` at 1."""
        exposure = self.exposures_at(columns)
        nonzero = np.flatnonzero(exposure)
        return replace(self, columns=nonzero, exposure=exposure[nonzero], offset=self.total_exposure(fixed))


class Envelope(Struct, frozen=True, kw_only=True, eq=False):
    """The minimum of a pool's tangents as a piecewise linear function of exposure beyond the offset.

    Attributes
    ----------
    base
        Thousandths of people reached at the offset.
    widths
        (p,) length of each piece in units of exposure; the last is infinite.
    slopes
        (p,) thousandths of people for each unit of exposure, decreasing.
    """

    base: float
    widths: NDArray[np.float64]
    slopes: NDArray[np.float64]

    def value_at(self, exposure: float) -> float:
        """Return the thousandths of people at this exposure (in units) beyond the offset: never fewer than true."""
        starts = np.concatenate([[0.0], np.cumsum(self.widths[:-1])])
        return self.base + float((self.slopes * np.clip(exposure - starts, 0.0, self.widths)).sum())


def envelope(pool: ReachPool) -> Envelope:
    """Return the envelope of a pool's tangents; the tangent at the offset is always one of them.

    The tangents at p and p + d meet at `p + 1 - d / (e^d - 1)`.
    """
    points = np.asarray([pool.offset, *(point for point in pool.tangent_points if point > pool.offset)]) / EXPOSURE
    gaps = np.diff(points)
    meetings = points[:-1] + 1 - gaps * np.exp(-gaps) / -np.expm1(-gaps)  # in this form no power overflows
    widths = np.diff(np.concatenate([points[:1], meetings, [np.inf]]))
    return Envelope(
        base=pool.net_reach(pool.offset), widths=np.maximum(widths, 0.0), slopes=pool.size * np.exp(-points)
    )


def conjugate(pool: ReachPool, weight: float, price: float) -> float:
    """Return the maximum of `weight * net_reach(u) - price * (u - offset)` over u >= offset, rounded up.

    Parameters
    ----------
    weight
        Value of a thousandth of a person, >= 0.
    price
        Price of a billionth of exposure, >= 0.
    """
    total, price = weight * pool.size, price * EXPOSURE
    unreached = total * exp(-pool.offset / EXPOSURE)
    gain, rounding = unreached, total
    if price >= unreached:
        gain = 0.0
    elif price > 0:
        gain = unreached - price - price * log(unreached / price)
        rounding = total + price * (2 + log(unreached / price))
    return total - unreached + gain + ULPS * rounding


def optimal_exposure(pool: ReachPool, weight: float, price: float) -> float:
    """Return the exposure, in units, at which one more unit is worth exactly its price, within the pool's range."""
    low, high = pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE
    if not weight > 0 or not price > 0:
        return high
    return min(high, max(low, log(weight * pool.size / (price * EXPOSURE))))


def exposure_range(pool: ReachPool, weight: float, price: float, slack: float) -> tuple[float, float]:
    """Return the range of exposures, in units, at which a plan loses at most `slack` of the bound in this pool.

    At a distance d from the optimal exposure the loss is `price (e^-d - 1 + d)`, which is at least `price d^2 / 2`
    below it and `price d^2 / (2 + d)` above it.
    """
    low, high = pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE
    price *= EXPOSURE
    if not weight > 0 or not price > 0:
        return low, high
    middle, loss = optimal_exposure(pool, weight, price / EXPOSURE), max(slack, 0.0) / price
    return max(low, middle - sqrt(2 * loss)), min(high, middle + (loss + sqrt(loss * loss + 8 * loss)) / 2)


def tangent_grid(low: float, high: float, error: float) -> list[int]:
    """Return points from low to high, in billionths, whose tangents err by at most `error * size` between them.

    There are at most `MAX_TANGENTS` points, however small the error: if the bound is tiny compared to the people
    in the pools, that error takes millions of points and gigabytes of memory.

    Tangents a distance d apart err by `size e^-u d^2 / 8` where they meet: points at equal distances h of `e^(-u/2)`
    err by `size h^2 / 2`.

    Parameters
    ----------
    low, high
        Units of exposure.
    """
    start, end = exp(-low / 2), exp(-high / 2)
    count = min(MAX_TANGENTS, 2 + ceil((start - end) / sqrt(2 * error)))
    return [round(-2 * log(root) * EXPOSURE) for root in np.linspace(start, end, count).tolist() if root > 0]
