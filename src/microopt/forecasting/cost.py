"""What an offer costs: its fee, estimated where there is none and that was asked for, and handling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.errors import CampaignError
from microopt.forecast import Origin
from microopt.forecasting.deliverable import Deliverables
from microopt.roster import NO_FEE, Roster


def fees(roster: Roster, deliverables: Deliverables, *, estimate: bool) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return each offer's fee in cents and where it comes from.

    A missing fee is estimated as `deliverables * followers * view_rate * CPM / 1000`, to two significant digits: the
    benchmark CPM, which already carries platform, size and format, is known no better.

    Raises
    ------
    CampaignError
        If a fee is missing and estimates were not asked for.
    """
    missing = roster.fee == NO_FEE
    if missing.any() and not estimate:
        message = f"{int(missing.sum()):,} offers have no fee"
        raise CampaignError(
            message, fix="fill the fees in, or have them estimated with --estimate-fees", code="fee-missing"
        )
    views = deliverables.count * roster.numbers["followers"] * deliverables.view_rate
    estimated = _two_digits(views * deliverables.cpm / 1000) * 100
    cents = np.where(missing, estimated, roster.fee).astype(np.int64)
    return cents, np.where(missing, Origin.ESTIMATED, Origin.OWN).astype(np.int8)


def _two_digits(dollars: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to two significant digits, but never to fractions of a dollar."""
    unit = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(dollars, 1.0))) - 1, 0)
    rounded: NDArray[np.float64] = np.rint(dollars / unit) * unit
    return rounded
