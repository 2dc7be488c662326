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
STUDENT_LEVELS = 4_096
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
    """Return the factors that make a normal number one of Student's t distribution, with variance 1 like the former.

    They are the square roots of (v - 2) / c for equally likely parts of the chi-squared distribution c with v degrees
    of freedom, in descending order; 1 throughout for a normal distribution.
    """
    if degrees >= MANY_DEGREES:
        return np.ones(LEVELS)
    shape = degrees / 2  # c / 2 is gamma distributed
    width = 8 / sqrt(shape) + 18 / shape
    logs = np.linspace(log(shape) - width, log(shape) + width, CURVE_POINTS)
    half = np.exp(_quantiles(logs, shape * logs - np.exp(logs), LEVELS))
    variance = (shape - 1) / half
    return on_grid(np.sqrt(variance * (LEVELS / fsum(variance.tolist()))))


@cache
def student_table(degrees: float) -> NDFloat:
    """Return the middles of equally likely parts of Student's t distribution, scaled to variance 1, ascending."""
    if degrees >= MANY_DEGREES:
        return normal_table()[LEVELS // STUDENT_LEVELS // 2 :: LEVELS // STUDENT_LEVELS]
    places = np.linspace(-8.0, 8.0, CURVE_POINTS)  # sinh of them covers the tails
    values = np.sinh(places)
    logs = np.log(np.cosh(places)) - (degrees + 1) / 2 * np.log1p(values**2 / (degrees - 2))
    return np.sinh(_quantiles(places, logs, STUDENT_LEVELS))


def _quantiles(points: NDFloat, log_density: NDFloat, parts: int) -> NDFloat:
    """Return the middles of equally likely parts of a density on evenly spaced points."""
    density = np.exp(log_density - log_density.max())
    reached = np.cumsum(density) - density / 2
    middles: NDFloat = np.interp((np.arange(parts) + 0.5) / parts * density.sum(), reached, points)
    return middles


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
    values = np.exp(spread * student_table(degrees))
    count = len(values)
    left = 1.0 if quantile is None else float(winsorized_ratio(np.asarray([spread]), quantile)[0])
    target = exp(spread**2 / 2) * left
    sums = np.cumsum(values)
    means = (sums + (count - 1 - np.arange(count)) * values) / count  # if each is the largest that counts
    above = int(np.searchsorted(means, target))
    if above >= count:
        return inf, round(float(means[-1]) * MEAN_GRID) / MEAN_GRID
    below = float(sums[above - 1]) if above else 0.0
    largest = (target * count - below) / (count - above)
    return float(round(log(largest) * LOG_STEPS)), round(target * MEAN_GRID) / MEAN_GRID
