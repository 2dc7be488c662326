"""Update expected results with the results so far: first by platform, then for each creator.

Everybody meets the same product, landing page and brief, so that all offers of a platform are off by the same factor
(`shifts`). What a creator's results show beyond that is the creator's own, and moves only the creator's offers, as far
as the results can be trusted (`logs` for engagements and views, `counts` for clicks and conversions).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.progress import CampaignProgress
from microopt.forecast.forecast import ExpectedResults, Origin
from microopt.forecast.updating.counts import update_clicks, update_conversions
from microopt.forecast.updating.logs import update_engagement, update_views
from microopt.forecast.updating.notes import shift_notes
from microopt.forecast.updating.observations import Observation, find_observations
from microopt.roster.roster import Roster


def update_from_results(expected: ExpectedResults, roster: Roster, running: CampaignProgress) -> ExpectedResults:
    """Return the expectation given the results so far."""
    observations = list(find_observations(expected, roster, running))
    if not observations:
        return expected
    engagement_factor, rates = update_engagement(expected, roster, observations)
    view_factor = update_views(expected, roster, observations)
    click_factor = update_clicks(expected, roster, observations)
    conversion_factor, click_basis = update_conversions(expected, roster, observations)
    by_action = expected.by_action
    factors = {
        "engagements": engagement_factor,
        "impressions": view_factor,
        "clicks": view_factor * click_factor,
        "conversions": np.where(by_action, engagement_factor, view_factor * click_factor) * conversion_factor,
    }
    metrics = {name: values * factors.get(name, 1.0) for name, values in expected.metrics.items()}
    origins = _observed_origins(expected, observations, list(factors))
    cvr = np.where(by_action, expected.cvr, expected.cvr * conversion_factor)
    notes = (*expected.notes, *shift_notes(expected, observations, factors))
    return replace(
        expected, rates=rates, metrics=metrics, origins=origins, cvr=cvr, cvr_clicks=click_basis, notes=notes
    )


def _observed_origins(
    expected: ExpectedResults, observations: Sequence[Observation], metrics: Sequence[str]
) -> dict[str, NDArray[np.int8]]:
    """Return the origins of metrics, which are at most `SHRUNK` where results were measured."""
    origins = {name: codes.copy() for name, codes in expected.origins.items()}
    for observation in observations:
        for name in metrics:
            if observation.results.total(name) is not None:
                origins[name][observation.rows] = np.minimum(origins[name][observation.rows], Origin.SHRUNK)
    return origins
