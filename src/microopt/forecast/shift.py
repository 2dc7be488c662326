"""By how much all of a platform is off the forecast: what its own results teach, drawn towards none.

The shift d of a platform, in logs, is N(0, t²). A result whose log lies r above what is expected, known to s², moves it
by a share: d = sum(r/s²) / (1/t² + sum(1/s²)), a random-effects mean (DerSimonian and Laird 1986; BDA ch. 5.4). Counts
are negative binomial, y of mean x exp(d) and shape a: d is the one root of

    d/t² = sum((y - x exp(d)) / (1 + x exp(d)/a)),

their posterior mode. A mean of logs of small counts would lie below the log of their mean: by a quarter at one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NDFloat = NDArray[np.float64]
ROUNDS, CLOSE, STEP = 100, 1e-10, 1.0


def shift_of_logs(each: NDFloat, variance: NDFloat, spread: float) -> float:
    """Return the shift that log results teach.

    Parameters
    ----------
    each, variance
        (lessons,) unbiased logs of result over expectation, and their variances.
    spread
        Standard deviation of what a platform may be off by, t.
    """
    weight = 1 / variance
    return float((each * weight).sum() / (1 / spread**2 + weight.sum()))


def shift_of_counts(counts: NDFloat, expected: NDFloat, shape: NDFloat, spread: float) -> float:
    """Return the shift that counts teach; see `shift_of_logs`.

    Parameters
    ----------
    expected
        (lessons,) the counts that were expected.
    shape
        (lessons,) of the gamma prior of each creator's own rate.
    """
    shift = 0.0
    for _ in range(ROUNDS):
        likely = expected * np.exp(shift)
        known = 1 + likely / shape
        slope = shift / spread**2 - float(((counts - likely) / known).sum())
        bend = 1 / spread**2 + float((likely * (1 + counts / shape) / known**2).sum())
        step = min(max(slope / bend, -STEP), STEP)
        shift -= step
        if abs(step) < CLOSE:
            break
    return shift
