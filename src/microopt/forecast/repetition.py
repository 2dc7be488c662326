"""What further posts of a creator bring, and how much more people buy in some waves than in others.

A campaign with a calendar can buy several posts of a creator. The same people see them: engagement falls from post to
post, and what a post sells rises up to the third or fourth contact and falls after. The factors are those of
`[repetition]` in `benchmarks/defaults.toml`, which names their sources; a campaign replaces them in
`[forecast.repetition]`, or leaves them out (`repetition = false`).
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.campaign.calendar import Calendar
from microopt.roster.timing import PostTiming

NDFloat = NDArray[np.float64]
TABLE = "repetition"


def with_timing(
    metrics: dict[str, NDFloat],
    timing: PostTiming,
    units: NDArray[np.int64],
    calendar: Calendar | None,
    benchmarks: Benchmarks,
) -> dict[str, NDFloat]:
    """Return the results of offers as they are in their waves, by metric, (n,) each.

    A result of the k-th post of a creator is that of a first post times the factor of its metric for k; several units
    are as many posts, each with its own factor. Demand multiplies conversions alone: it says how much people buy, not
    how many see a post. Neither makes more conversions than clicks.

    Parameters
    ----------
    metrics
        What each offer brings as a first post in an ordinary wave.
    units
        (n,) how many posts each offer is.
    """
    factors = _factors(timing, units, benchmarks) if calendar is not None and calendar.repetition else {}
    results = {name: values * factors.get(name, 1.0) for name, values in metrics.items()}
    wanted = results["conversions"] * timing.demand
    most = np.maximum(results["clicks"], np.minimum(metrics["conversions"], wanted))
    return {**results, "conversions": np.minimum(wanted, most)}


def _factors(timing: PostTiming, units: NDArray[np.int64], benchmarks: Benchmarks) -> dict[str, NDFloat]:
    """Return what each row's results are multiplied by, by metric: the mean over its posts.

    A post beyond the last of the table is as that one.
    """
    names = ("reach", "impressions", "engagements", "clicks", "conversions")
    sums = {name: np.zeros(len(units)) for name in names}
    for number in range(int(units.max(initial=0))):
        bands, counts = benchmarks.bands(TABLE, (timing.contact + number).astype(np.float64)), number < units
        for name in names:
            sums[name] += np.where(counts, benchmarks.by_band(TABLE, name, bands), 0.0)
    return {name: total / units for name, total in sums.items()}


def distinct_contacts(calendar: Calendar, benchmarks: Benchmarks) -> int:
    """Return how many contacts a forecast tells apart: a later one is like the last of them."""
    last = ceil(max(benchmarks.table(TABLE)["floors"])) if calendar.repetition else 1
    return min(last, calendar.max_posts)
