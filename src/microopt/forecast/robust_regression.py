"""Robust linear regression that few points cannot lead astray: outliers lose their weight, coefficients are drawn home.

Iteratively reweighted least squares with Huber's, then with Tukey's weights (Holland and Welsch, Robust regression
using iteratively reweighted least-squares, 1977), and a ridge that draws each coefficient towards a prior value
(Hoerl and Kennard, 1970; the posterior mode under a normal prior). The number of steps is fixed and the result is
rounded, so that the same points give the same line on every machine.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

NDFloat = NDArray[np.float64]
HUBER, TUKEY = 1.345, 4.685  # standard deviations, for 95% efficiency where errors are normal
HUBER_STEPS, TUKEY_STEPS = 10, 20
NORMAL_MAD = 1.4826  # standard deviations of a normal distribution in one median absolute deviation
LEAST_SPREAD = 0.05  # in logs: no market agrees more closely than on 5%
DIGITS = 6  # of coefficients; machines differ in the fifteenth


class Prior(Struct, frozen=True, eq=False):
    """What is known of the coefficients before any point: their values, and how far from these they may be.

    Attributes
    ----------
    values, spreads
        (k,) means and standard deviations; an infinite spread knows nothing.
    """

    values: NDFloat
    spreads: NDFloat


class RobustFit(Struct, frozen=True, eq=False):
    """A linear regression.

    Attributes
    ----------
    coefficients
        (k,).
    leverage
        (n,) how much of each point's value its own fitted value takes, from 0 to 1.
    """

    coefficients: NDFloat
    leverage: NDFloat


def fit_robustly(outcome: NDFloat, terms: NDFloat, weights: NDFloat, prior: Prior) -> RobustFit:
    """Return a linear regression.

    Parameters
    ----------
    outcome
        (n,) values to explain.
    terms
        (n, k) what explains them; the first column is the constant 1.
    weights
        (n,) positive: how much each point counts.
    prior
        The first coefficient, the level, starts from the median of what the others leave.
    """
    coefficients: NDFloat = prior.values.copy()
    coefficients[0] = weighted_quantile(outcome - terms[:, 1:] @ coefficients[1:], weights, 0.5)
    precision = 1 / prior.spreads**2
    for step in range(HUBER_STEPS + TUKEY_STEPS):
        residuals = outcome - terms @ coefficients
        spread = max(NORMAL_MAD * weighted_quantile(np.abs(residuals), weights, 0.5), LEAST_SPREAD)
        trust = (_huber if step < HUBER_STEPS else _tukey)(residuals / spread)
        weighted = terms * (weights * trust)[:, np.newaxis]
        ridge = spread**2 * precision
        matrix, right = weighted.T @ terms + np.diag(ridge), weighted.T @ outcome + ridge * prior.values
        coefficients = np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    leverage = np.einsum("ik,ki->i", weighted, np.linalg.solve(matrix, terms.T))
    return RobustFit(np.round(coefficients, DIGITS), np.clip(leverage, 0.0, 1.0))


def weighted_quantile(values: NDFloat, weights: NDFloat, share: float) -> float:
    """Return the smallest value at which the weights up to it reach a share of them all."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
    return float(values[order[min(place, len(order) - 1)]])


def _huber(residuals: NDFloat) -> NDFloat:
    weights: NDFloat = np.minimum(1.0, HUBER / np.maximum(np.abs(residuals), HUBER))
    return weights


def _tukey(residuals: NDFloat) -> NDFloat:
    weights: NDFloat = np.maximum(1 - (residuals / TUKEY) ** 2, 0.0) ** 2
    return weights
