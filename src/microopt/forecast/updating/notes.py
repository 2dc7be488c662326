"""Say how the results so far moved the forecast of a platform's other offers, and on how many results that rests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS
from microopt.campaign.progress import RESULT_METRICS
from microopt.forecast.forecast import ExpectedResults
from microopt.forecast.updating.observations import (
    Observation,
    group_by_creator,
    is_counted,
    offer_rows,
    post_counts,
)
from microopt.quantities.parse_and_format import format_number_of

NDFloat = NDArray[np.float64]
LEAST_SHIFT = 0.01  # of a platform's forecast, from which on it is reported
BASES = {  # the metrics whose results move a metric
    "impressions": ("impressions",),
    "engagements": ("engagements",),
    "clicks": ("impressions", "clicks"),
    "conversions": ("impressions", "clicks", "conversions"),
}
BASES_BY_ACTION = {**BASES, "conversions": ("engagements", "conversions")}


def shift_notes(
    expected: ExpectedResults, observations: Sequence[Observation], factors: Mapping[str, NDFloat]
) -> Iterator[str]:
    """Yield how the results so far moved the forecast of a platform's offers that have no results themselves."""
    codes = expected.deliverables.platform
    observed_codes = codes[offer_rows(observations)]
    others = np.ones(len(codes), dtype=bool)
    others[np.concatenate([observation.rows for observation in observations])] = False
    for code in np.unique(observed_codes).tolist():
        rows = others & (codes == code)
        if not rows.any():
            continue
        own = [observations[position] for position in np.flatnonzero(observed_codes == code).tolist()]
        bases = BASES_BY_ACTION if expected.by_action[rows].all() else BASES
        shares = {name: float(np.median(factors[name][rows])) - 1 for name in RESULT_METRICS}
        moved = [name for name, share in shares.items() if abs(share) >= LEAST_SHIFT]
        groups = groupby(moved, key=lambda name: _basis(own, bases[name]))
        changes = [f"{', '.join(f'{name} {shares[name]:+.0%}' for name in names)} ({basis})" for basis, names in groups]
        if changes:
            change = ", ".join(changes)
            yield f"the results so far changed the forecast of all other {PLATFORMS[code]} offers: {change}"


def _basis(observations: Sequence[Observation], metrics: Sequence[str]) -> str:
    """Return on how many posts and creators a change rests that results of these metrics made."""
    counted = np.any([is_counted(observations, metric) for metric in metrics], axis=0)
    posts = round(float(post_counts(observations)[counted].sum()))
    creators = len(np.unique(group_by_creator(observations).group[counted]))
    return f"from {format_number_of(posts, 'post')} by {format_number_of(creators, 'creator')}"
