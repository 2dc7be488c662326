"""Expected clicks and conversions: views x click-through rate x conversion rate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks import Benchmarks
from microopt.forecast import Origin
from microopt.roster import Roster


def clicks(
    roster: Roster, views: NDArray[np.float64], ctr: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return `views * ctr`, the roster's own click-through rate where it has one.

    Parameters
    ----------
    views
        (n,) of the whole offer.
    ctr
        (n,) benchmark clicks a view.
    """
    own = roster.number("ctr")
    known = np.isfinite(own)
    return views * np.where(known, own, ctr), np.where(known, Origin.OWN, Origin.DEFAULT).astype(np.int8)


def conversions(
    roster: Roster, clicked: NDArray[np.float64], engaged: NDArray[np.float64], benchmarks: Benchmarks
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return `engagements * action_rate` where the roster has that rate, else `clicks * cvr * market_share * fit`.

    Parameters
    ----------
    clicked, engaged
        (n,) clicks and engagements of the whole offer.
    """
    usual = benchmarks.by_followers("conversion", "cvr", roster.numbers["followers"])
    own, action = roster.number("cvr"), roster.number("action_rate")
    cvr = np.where(np.isfinite(own), own, usual)
    share = np.nan_to_num(roster.number("market_share"), nan=1.0) * np.nan_to_num(roster.number("fit"), nan=1.0)
    converted = np.where(np.isfinite(action), engaged * action, clicked * cvr * share)
    origin = np.where(np.isfinite(own) | np.isfinite(action), Origin.OWN, Origin.DEFAULT)
    return converted, origin.astype(np.int8)
