"""Pools of people whom several columns reach: how many they reach together, each person counted once.

An offer that reaches a share p of a pool leaves 1 - p of it, so that N persons under an exposure `u = sum a x`, with
`a = -ln(1 - p)`, leave `N e^-u` unreached (random duplication; Sainsbury). `N (1 - e^-u)` is concave in u: each of its
tangents lies above it, and the least of some tangents is what an integer program can hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, exp, log, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import sparse_lookup

EXPOSURE = 10**9  # parts of one unit of exposure: sums of them are exact
ULPS = 32 * 2.0**-53  # more than the rounding errors of the few operations on one pool


def net_reach_at(size: int, exposure: int) -> float:
    """Return how many of a pool are reached at an exposure in billionths, each once; in the unit of the size."""
    return size * (1 - exp(-exposure / EXPOSURE))


class ReachPool(Struct, frozen=True, kw_only=True, eq=False):
    """People, the columns that reach some of them, and what reaching them counts for.

    Attributes
    ----------
    label
        Whose audience it is.
    columns
        (k,) ascending positions.
    exposure
        (k,) billionths, >= 0: `-ln(1 - reach / size)`.
    size
        Thousandths of people.
    offset
        Billionths: the exposure of columns that are bought already.
    value
        Units of the objective for each thousandth of a person; 0 where only a row asks for them.
    row
        Position of the row whose sum its thousandths are added to; that row has no upper side.
    points
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
        """Return the exposure that some columns make, (k,)."""
        return sparse_lookup(self.columns, self.exposure, columns)

    def total_exposure(self, picks: NDArray[np.intp]) -> int:
        """Return the exposure that the picks and what was bought before make."""
        return self.offset + int(self.exposures_at(picks).sum())

    @property
    def max_exposure(self) -> int:
        """The exposure of all columns together."""
        return self.offset + int(self.exposure.sum())

    def net_reach(self, exposure: int) -> float:
        """Return the thousandths of people reached at this exposure, each person once."""
        return net_reach_at(self.size, exposure)

    def with_tangents(self, points: Iterable[int]) -> ReachPool:
        """Return the pool with tangents at these exposures as well."""
        return replace(self, tangent_points=tuple(sorted({*self.tangent_points, *points})))

    def restrict(self, columns: NDArray[np.intp], ones: NDArray[np.intp]) -> ReachPool:
        """Return the pool of some columns, numbered anew, those in `ones` being bought."""
        exposure = self.exposures_at(columns)
        kept = np.flatnonzero(exposure)
        return replace(self, columns=kept, exposure=exposure[kept], offset=self.total_exposure(ones))


class Envelope(Struct, frozen=True, kw_only=True, eq=False):
    """The least of a pool's tangents, piece by piece from its offset on.

    Attributes
    ----------
    base
        Thousandths of people reached at the offset.
    widths
        (p,) units of exposure that each piece is long; the last has no end.
    slopes
        (p,) thousandths of people for each unit of exposure, falling.
    """

    base: float
    widths: NDArray[np.float64]
    slopes: NDArray[np.float64]

    def value_at(self, exposure: float) -> float:
        """Return the thousandths of people at this many units of exposure beyond the offset: never fewer than true."""
        starts = np.concatenate([[0.0], np.cumsum(self.widths[:-1])])
        return self.base + float((self.slopes * np.clip(exposure - starts, 0.0, self.widths)).sum())


def envelope(pool: ReachPool) -> Envelope:
    """Return the pieces of a pool's tangents; one at the offset is always among them.

    The tangents at p and p + d meet at `p + 1 - d / (e^d - 1)`.
    """
    points = np.asarray([pool.offset, *(point for point in pool.tangent_points if point > pool.offset)]) / EXPOSURE
    gaps = np.diff(points)
    meets = points[:-1] + 1 - gaps * np.exp(-gaps) / -np.expm1(-gaps)  # so that no power overflows
    widths = np.diff(np.concatenate([points[:1], meets, [np.inf]]))
    return Envelope(
        base=pool.net_reach(pool.offset), widths=np.maximum(widths, 0.0), slopes=pool.size * np.exp(-points)
    )


def conjugate(pool: ReachPool, weight: float, price: float) -> float:
    """Return the most of `weight * net(u) - price * (u - offset)` over exposures u from the offset on, rounded up.

    Parameters
    ----------
    weight
        What a thousandth of a person counts, >= 0.
    price
        For each billionth of exposure, >= 0.
    """
    whole, price = weight * pool.size, price * EXPOSURE
    left = whole * exp(-pool.offset / EXPOSURE)
    gain = left
    if price >= left:
        gain = 0.0
    elif price > 0:
        gain = left - price - price * log(left / price)
    return whole - left + gain + ULPS * (whole + (price * (2 + log(left / price)) if 0 < price < left else 0.0))


def optimal_exposure(pool: ReachPool, weight: float, price: float) -> float:
    """Return the exposure, in units, at which one more unit is worth just its price; between offset and most."""
    low, high = pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE
    if not weight > 0 or not price > 0:
        return high
    return min(high, max(low, log(weight * pool.size / (price * EXPOSURE))))


def exposure_range(pool: ReachPool, weight: float, price: float, slack: float) -> tuple[float, float]:
    """Return between which exposures, in units, a plan costs its bound no more than `slack` in this pool.

    At d from where the price is met the loss is `price (e^-d - 1 + d)`, which is at least `price d^2 / 2` below and
    `price d^2 / (2 + d)` above.
    """
    low, high = pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE
    price *= EXPOSURE
    if not weight > 0 or not price > 0:
        return low, high
    middle, loss = optimal_exposure(pool, weight, price / EXPOSURE), max(slack, 0.0) / price
    return max(low, middle - sqrt(2 * loss)), min(high, middle + (loss + sqrt(loss * loss + 8 * loss)) / 2)


def tangent_grid(low: float, high: float, error: float) -> list[int]:
    """Return points from low to high, in billionths, whose tangents are nowhere between more than `error * size` off.

    Tangents a distance d apart are off by `size e^-u d^2 / 8` where they meet: points at equal distances h of
    `e^(-u/2)` are off by `size h^2 / 2`.

    Parameters
    ----------
    low, high
        Units of exposure.
    """
    start, end = exp(-low / 2), exp(-high / 2)
    count = 2 + ceil((start - end) / sqrt(2 * error))
    return [round(-2 * log(at) * EXPOSURE) for at in np.linspace(start, end, count).tolist() if at > 0]
