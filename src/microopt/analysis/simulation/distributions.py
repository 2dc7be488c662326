"""The distribution of a total over the simulated outcomes: mean, percentiles, worst tenth, histogram."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, fsum, log10, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.analysis.simulation.result import Distribution, Histogram
from microopt.planning.outcomes.outcomes import Integers

MOST_BINS = 25  # of a histogram, which has half as many at the least
NICE_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
LOW_TAIL, HIGH_TAIL = Fraction(1, 100), Fraction(3, 100)  # of the outcomes, outside the bins: the best reach very far
NORMAL_95 = 1.959963984540054  # deviations of a normal distribution that hold 95% of it


def integer_distribution(
    measure: str, totals: Integers, scale: int, planned: Fraction | None, *, high_is_worst: bool = False
) -> Distribution:
    """Return the distribution of a total.

    Parameters
    ----------
    totals
        (outcomes,) integers.
    scale
        How many of them make one of the user's units.
    """
    ordered = np.sort(totals)
    worst = ordered[::-1] if high_is_worst else ordered
    tenth = worst[: worst_count(len(totals))]
    p10, p50, p90 = (Fraction(int(ordered[place]), scale) for place in _places(len(ordered)))
    return Distribution(
        measure=measure,
        planned=planned,
        mean=Fraction(exact_sum(totals), len(totals) * scale),
        p10=p10,
        p50=p50,
        p90=p90,
        worst_tenth=Fraction(exact_sum(tenth), len(tenth) * scale),
    )


def ratio_distribution(
    measure: str, above: Integers, below: Integers, factor: Fraction, planned: Fraction | None
) -> Distribution | None:
    """Return the distribution of a ratio over the outcomes that have anything below the line; None if there is none.

    Parameters
    ----------
    above, below
        (outcomes,) integers above and below the line.
    factor
        What turns their quotient into the user's units.
    """
    known = below > 0
    if not known.any():
        return None
    ordered = np.sort(above[known] / below[known]) * float(factor)
    tenth = ordered[: worst_count(len(ordered))].tolist()
    p10, p50, p90 = (Fraction(float(ordered[place])) for place in _places(len(ordered)))
    return Distribution(
        measure=measure,
        planned=planned,
        mean=Fraction(fsum(ordered.tolist()) / len(ordered)),
        p10=p10,
        p50=p50,
        p90=p90,
        worst_tenth=Fraction(fsum(tenth) / len(tenth)),
    )


def worst_count(outcomes: int) -> int:
    """Return how many outcomes are the worst tenth, rounded up."""
    return ceil(Fraction(outcomes, 10))


def _places(outcomes: int) -> Iterator[int]:
    """Yield the places of P10, P50 and P90 in ascending outcomes: the least at which so many are no greater."""
    for share in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        yield ceil(share * outcomes) - 1


def exact_sum(values: NDArray[Any]) -> int:
    """Return the sum of integers, however large: in halves of 32 bits, which cannot overflow."""
    high, low = values >> 32, values & 0xFFFF_FFFF
    return (int(high.sum(dtype=np.int64)) << 32) + int(low.sum(dtype=np.int64))


def histogram(measure: str, totals: Integers, scale: int) -> Histogram:
    """Return up to 25 bins with round edges that hold all but the lowest 1% and the highest 3% of the outcomes."""
    ordered = np.sort(totals)
    low = Fraction(int(ordered[floor(LOW_TAIL * len(ordered))]), scale)
    high = Fraction(int(ordered[ceil((1 - HIGH_TAIL) * len(ordered)) - 1]), scale)
    edges = nice_edges(low, high)
    bounds = [ceil(edge * scale) for edge in edges]
    places = np.searchsorted(ordered, bounds, side="left").tolist()
    counts = tuple(after - before for before, after in pairwise(places))
    return Histogram(
        measure=measure, edges=tuple(edges), counts=counts, below=places[0], above=len(ordered) - places[-1]
    )


def nice_edges(low: Fraction, high: Fraction) -> Sequence[Fraction]:
    """Return round numbers at equal distances, the first at or below `low`, the last above `high`."""
    step = nice_step((high - low) / MOST_BINS) if high > low else nice_step(max(abs(low), Fraction(1)) / MOST_BINS)
    first, last = floor(low / step), floor(high / step) + 1
    return [step * number for number in range(first, last + 1)]


def nice_step(least: Fraction) -> Fraction:
    """Return the round number at or above a positive one: 1, 2, 2.5 or 5 times a power of ten."""
    power = Fraction(10) ** floor(log10(least))
    return next(power * step for step in (*NICE_STEPS, Fraction(20)) if power * step >= least)


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95% interval of a probability by Wilson's score, which holds at 0 and at 1 too.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209-212.
    """
    share, spread = successes / trials, NORMAL_95**2 / trials
    middle = share + spread / 2
    half = NORMAL_95 * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return (0.0 if successes == 0 else low), (1.0 if successes == trials else high)
