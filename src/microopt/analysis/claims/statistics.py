"""Estimates with 95% intervals: the difference of two means, the slope of a line."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

LEAST = 5  # values on each side, or points of a line: fewer give no interval worth the name
NDFloat = NDArray[np.float64]


class Estimate(Struct, frozen=True, kw_only=True):
    """A figure with its 95% interval."""

    mean: float
    low: float
    high: float


def difference(one: NDFloat, other: NDFloat) -> Estimate | None:
    """Return the mean of one less the mean of the other, by Welch's interval; None where either is too short.

    Degrees of freedom after Satterthwaite (Welch, Biometrika 34, 1947).
    """
    if min(len(one), len(other)) < LEAST:
        return None
    errors = [float(values.var(ddof=1)) / len(values) for values in (one, other)]
    mean, error = float(one.mean() - other.mean()), sqrt(sum(errors))
    if not error:
        return Estimate(mean=mean, low=mean, high=mean)
    parts = sum(e * e / (len(values) - 1) for e, values in zip(errors, (one, other), strict=True))
    reach = student(sum(errors) ** 2 / parts) * error
    return Estimate(mean=mean, low=mean - reach, high=mean + reach)


def slope(x: NDFloat, y: NDFloat) -> Estimate | None:
    """Return the least-squares slope of y in x; None where there are too few points, or all have one x."""
    apart = x - x.mean() if len(x) else x
    square = float(apart @ apart)
    if len(x) < LEAST or square <= 1e-12 * len(x):
        return None
    mean = float(apart @ (y - y.mean())) / square
    rest = y - y.mean() - mean * apart
    reach = student(len(x) - 2) * sqrt(float(rest @ rest) / (len(x) - 2) / square)
    return Estimate(mean=mean, low=mean - reach, high=mean + reach)


def student(freedom: float) -> float:
    """Return the 97.5% quantile of Student's t.

    Cornish-Fisher in 1 / freedom (Abramowitz and Stegun 26.7.5), within 0.1% from 4 degrees on.
    """
    z = NormalDist().inv_cdf(0.975)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))
