"""By how much all offers of a platform are off the forecast, as far as several creators show it.

The shift d of a platform, in logs, is N(0, t²). A result whose log lies r above the expectation, known to s², pulls
with (r - d)/s² (random effects; DerSimonian and Laird 1986; Gelman et al., Bayesian Data Analysis, ch. 5.4). A count y
where x was expected, whose rate varies by v (the variance over the squared mean: of creators' rates, and of the posts'
about them), pulls with

    (y - x exp(d)) / (1 + x exp(d) v),

the score of a negative binomial of shape 1/v. The pulls of all creators would give the likeliest shift where they add
up to d/t². A single creator far above the others could then move a whole platform, though what distinguishes this
creator is theirs. So the shift is one on which all agree, whichever creator is left out: without the creator who pulls
most,

    d/t² = sum of the pulls - the largest pull  (for an upward shift; the smallest for a downward one)

and none if that is of the other sign. Leaving out one each time is the jackknife (Efron and Stein, Annals of Statistics
9(3), 1981); that the most cautious of the estimates counts, and not their spread, is a design decision.

How far creators vary is itself known only from few, and creators who posted first are often alike. With m creators
besides the one left out, t² is therefore taken m/(m + k) times: k is `creators` of `[live]`, a design figure. One
creator shifts nothing, two shift little, and many nearly as far as they show.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.forecast import ExpectedResults

NDFloat = NDArray[np.float64]
HALVINGS, LARGEST_SHIFT = 64, 50.0  # of the interval that contains a shift, in logs


def shift_from_logs(log_ratios: NDFloat, variance: NDFloat, spread: float) -> float:
    """Return the shift that log results of creators support, whichever of them is left out.

    Parameters
    ----------
    log_ratios, variance
        (creators,) unbiased logs of result over expectation, and their variances.
    spread
        Standard deviation t of platform shifts.
    """
    weight = 1 / variance
    pull = log_ratios * weight
    without = (pull.sum() - pull) / (1 / spread**2 + weight.sum() - weight)
    return max(float(without.min()), 0.0) + min(float(without.max()), 0.0)


def shift_from_counts(counts: NDFloat, expected: NDFloat, variation: NDFloat, spread: float) -> float:
    """Return the shift that counts of creators support, whichever of them is left out; see `shift_from_logs`.

    Parameters
    ----------
    counts, expected
        (creators,) counts, and what was expected.
    variation
        (creators,) variance of each creator's own rate over its squared mean.
    """

    def excess(shift: float, direction: float) -> float:
        """Return the pulls in a direction of all but who pulls most, less the pull towards none."""
        likely = expected * np.exp(direction * shift)
        pulls = direction * (counts - likely) / (1 + likely * variation)
        pulls[pulls.argmax()] = 0.0  # a huge one taken from the sum would leave its rounding
        return float(pulls.sum()) - shift / spread**2

    for direction in (1.0, -1.0):
        start = excess(0.0, direction)
        if start > 0:  # the excess falls as the shift grows
            near, far = 0.0, min(start * spread**2, LARGEST_SHIFT)
            for _ in range(HALVINGS):
                middle = (near + far) / 2
                near, far = (middle, far) if excess(middle, direction) > 0 else (near, middle)
            return direction * near
    return 0.0


def platform_shifts(
    expected: ExpectedResults,
    platforms: NDArray[np.int8],
    metric: str,
    estimate: Callable[[NDArray[np.bool_], float], float],
) -> NDFloat:
    """Return the shift of each offer's platform in logs, (n,).

    Parameters
    ----------
    platforms
        (creators,) the platform of each creator with results.
    metric
        The name in `[live]` of the standard deviation of platform shifts.
    estimate
        Returns the shift that some of the creators support, given the standard deviation of shifts for so few.
    """
    spread, shifts = expected.benchmarks.figure("live", metric), np.zeros(len(expected.cvr))
    for code in np.unique(platforms).tolist() if spread > 0 else ():
        chosen = platforms == code
        creators = int(np.count_nonzero(chosen))
        if creators > 1:
            few = few_creators_spread(expected.benchmarks, spread, creators)
            shifts[expected.deliverables.platform == code] = estimate(chosen, few)
    return shifts


def few_creators_spread(benchmarks: Benchmarks, spread: float, creators: int) -> float:
    """Return the standard deviation of platform shifts that so many creators, two or more, can show; see the module."""
    others = creators - 1
    return spread * sqrt(others / (others + benchmarks.figure("live", "creators")))
