"""Tables of distributions and of exp that are the same on every machine.

Functions such as exp and log differ in their last digit from one machine to another. So they are only used to fill
tables, whose entries are rounded far above that digit; drawing looks numbers up, and adds, multiplies and divides them.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache
from math import exp, fsum, inf, log, sqrt
from statistics import NormalDist

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.forecast.shrinkage import winsorized_ratio

NDFloat = NDArray[np.float64]
LEVELS = 1 << 16  # of a quantile table: what 16 random bits tell apart
GRID = 1 << 20  # steps per unit of its entries
LOG_BITS = 12
LOG_STEPS = 1 << LOG_BITS  # per unit of the logs of which exp is taken
LARGEST_LOG = 64
SPREAD_STEPS, LARGEST_SPREAD = 128, 6.0
MEAN_GRID = 1 << 24
STUDENT_PARTS, SMALLEST_TAIL, FARTHEST_PLACE = 4_096, 1e-12, 8.0
CURVE_POINTS = 16_384  # at which a density is added up
MANY_DEGREES = 1_000.0  # from so many on, Student's t is taken to be normal


def on_grid(values: NDFloat, steps: int = GRID) -> NDFloat:
    """Return numbers rounded to a grid."""
    return np.rint(values * steps) / steps


@cache
def normal_table() -> NDFloat:
    """Return the middles of equally likely parts of the standard normal distribution, with variance 1."""
    inverse = NormalDist().inv_cdf
    upper = [inverse((level + 0.5) / LEVELS) for level in range(LEVELS // 2, LEVELS)]
    scale = 1 / sqrt(fsum(z * z for z in upper) / len(upper))
    half = on_grid(np.asarray(upper) * scale)
    table: NDFloat = np.concatenate([-half[::-1], half])
    return table


@cache
def mixing_table(degrees: float) -> NDFloat:
    """Return the factors that make a normal number one of Student's t distribution of the same variance.

    They are the square roots of (v - 2) / c for equally likely parts of the chi-squared distribution c with v degrees
    of freedom, in descending order; 1 throughout for a normal distribution.
    """
    if degrees >= MANY_DEGREES:
        return np.ones(LEVELS)
    shape = degrees / 2  # c / 2 is gamma distributed
    width = 8 / sqrt(shape) + 18 / shape
    logs = np.linspace(log(shape) - width, log(shape) + width, CURVE_POINTS)
    half = np.exp(_quantiles(logs, shape * logs - np.exp(logs), (np.arange(LEVELS) + 0.5) / LEVELS))
    return on_grid(np.sqrt((shape - 1) / half))


@cache
def student_parts(degrees: float) -> tuple[NDFloat, NDFloat]:
    """Return parts of Student's t distribution, scaled to variance 1: the median of each, ascending, and its chance.

    The upper half is divided in geometric steps, so that its tail is as well known as its middle.
    """
    places = np.linspace(-FARTHEST_PLACE, FARTHEST_PLACE, CURVE_POINTS)  # sinh of them covers the tails
    values, logs = np.sinh(places), np.log(np.cosh(places))
    if degrees >= MANY_DEGREES:
        logs -= values**2 / 2
    else:
        logs -= (degrees + 1) / 2 * np.log1p(values**2 / (degrees - 2))
    tail = np.geomspace(0.5, SMALLEST_TAIL, STUDENT_PARTS // 2 + 1)
    tail[-1] = 0.0
    middles = (tail[:-1] + tail[1:]) / 2
    lower = (np.arange(STUDENT_PARTS // 2) + 0.5) / STUDENT_PARTS
    points = np.sinh(_quantiles(places, logs, np.concatenate([lower, middles])))
    points[len(lower) :] *= -1  # by symmetry: sums of small chances are exact only from the lower end
    return points, np.concatenate([np.full(len(lower), 1 / STUDENT_PARTS), tail[:-1] - tail[1:]])


def _quantiles(points: NDFloat, log_density: NDFloat, chances: NDFloat) -> NDFloat:
    """Return the quantiles of a density on evenly spaced points."""
    density = np.exp(log_density - log_density.max())
    reached = np.cumsum(density) - density / 2
    quantiles: NDFloat = np.interp(chances * density.sum(), reached, points)
    return quantiles


@cache
def _exp_tables() -> tuple[NDFloat, NDFloat]:
    """Return exp of whole numbers from -LARGEST_LOG on, and exp of the steps of one unit, correctly rounded."""
    with localcontext() as context:
        context.prec = 40
        whole = [float(Decimal(number).exp()) for number in range(-LARGEST_LOG, LARGEST_LOG + 1)]
        step = (Decimal(1) / LOG_STEPS).exp()
        fractions, product = [], Decimal(1)
        for _ in range(LOG_STEPS):
            fractions.append(float(product))
            product *= step
    return np.asarray(whole), np.asarray(fractions)


def exp_of_steps(steps: NDArray[np.int64]) -> NDFloat:
    """Return exp of logs that are given in whole steps, `LOG_STEPS` a unit; they are clipped to `LARGEST_LOG`."""
    whole, fractions = _exp_tables()
    steps = np.clip(steps, -LARGEST_LOG * LOG_STEPS, LARGEST_LOG * LOG_STEPS)
    product: NDFloat = whole[(steps >> LOG_BITS) + LARGEST_LOG] * fractions[steps & (LOG_STEPS - 1)]
    return product


class CutLogs(Struct, frozen=True, kw_only=True, eq=False):
    """Where logs are cut, and the mean that exp of them then has, (n,) each.

    Attributes
    ----------
    spread
        The standard deviation, rounded to `SPREAD_STEPS` a unit.
    most
        In steps of `LOG_STEPS` a unit.
    """

    spread: NDFloat
    most: NDFloat
    mean: NDFloat


def cut_logs(spreads: NDFloat, degrees: float, quantile: float | None) -> CutLogs:
    """Return where logs with Student's t distribution are cut so that exp of them has the mean of likely ranges.

    That is the mean of a log-normal distribution of the same standard deviation, exp(s²/2), or what winsorizing at a
    quantile leaves of it (`winsorized_ratio`). Uncut, exp of such a log has no finite mean.

    Parameters
    ----------
    spreads
        (n,) standard deviations; above `LARGEST_SPREAD` they count as that.
    quantile
        The quantile of winsorizing, or None for none.
    """
    steps = np.rint(np.minimum(spreads, LARGEST_SPREAD) * SPREAD_STEPS).astype(np.int64)
    used, place = np.unique(steps, return_inverse=True)
    found = [_cut(step, degrees, quantile) for step in used.tolist()]
    most, mean = np.asarray(found, dtype=np.float64).reshape(-1, 2).T
    return CutLogs(spread=steps / SPREAD_STEPS, most=most[place], mean=mean[place])


@cache
def _cut(step: int, degrees: float, quantile: float | None) -> tuple[float, float]:
    spread = step / SPREAD_STEPS
    points, chances = student_parts(degrees)
    values = np.exp(np.minimum(spread * points, LARGEST_LOG))
    sums, above = np.cumsum(chances * values), np.cumsum(chances[::-1])[::-1] - chances
    means = sums + above * values  # if each is the largest that counts
    left = 1.0 if quantile is None else float(winsorized_ratio(np.asarray([spread]), quantile)[0])
    target = exp(spread**2 / 2) * left
    mean, first = round(target * MEAN_GRID) / MEAN_GRID, int(np.searchsorted(means, target))
    if first in (0, len(values)):  # a normal distribution, or a spread of hardly anything
        return inf, mean
    largest = (target - float(sums[first - 1])) / float(above[first - 1])
    return float(round(log(largest) * LOG_STEPS)), mean
