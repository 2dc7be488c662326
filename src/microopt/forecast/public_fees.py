"""What an offer usually costs by public rate cards, for rosters with too few prices of their own."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks, geometric_midpoint
from microopt.campaign.campaign import Campaign
from microopt.forecast.cost import dollar_rate, round_two_digits
from microopt.forecast.deliverables import Deliverables
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
WIDTH = 10.0  # times its lower bound, where the last band is thought to end
LEAST_FACTOR = 0.01  # of a format's price, for one that a campaign sets to 0
ENDS = (log(1.0), log(1e10))  # followers that no account is beyond
MOST_MONEY = 1e13


def public_fees(
    roster: Roster, deliverables: Deliverables, campaign: Campaign, benchmarks: Benchmarks
) -> NDArray[np.int64] | None:
    """Return the usual fee of offers like these, in cents: `deliverables * fee of a post * price of the format`.

    At least `least` dollars for each deliverable. None if the dollars of public figures cannot be converted to the
    campaign's currency.
    """
    rate = dollar_rate(roster, campaign)
    if rate is None:
        return None
    post = public_fee_of_post(benchmarks, deliverables.platform, roster.numbers["followers"])
    return to_fees(
        np.maximum(post * deliverables.price, benchmarks.figure("fee_estimate", "least")) * rate, roster, deliverables
    )


def public_fee_of_post(benchmarks: Benchmarks, platform: NDArray[np.integer], followers: NDFloat) -> NDFloat:
    """Return the dollars of one deliverable of each platform's usual format, (n,).

    Rate cards tell a range for each band of followers. Its geometric midpoint is the fee in the geometric middle of the
    band, and in between fees are interpolated in logs, so that they have no steps where bands meet.

    Parameters
    ----------
    platform
        (n,) positions in `PLATFORMS`.
    """
    size = np.log(np.maximum(followers, 1.0))
    fees = np.empty(len(size))
    for code, name in enumerate(PLATFORMS):
        rows = np.flatnonzero(platform == code)
        if len(rows):
            fees[rows] = np.exp(np.interp(size[rows], *_curve(benchmarks, name)))
    return fees


def _curve(benchmarks: Benchmarks, platform: str) -> tuple[list[float], list[float]]:
    """Return logs of followers and of dollars, with the slopes of the outer bands continued beyond them."""
    table = benchmarks.table(f"fee.{platform}")
    floors = [max(floor, 1.0) for floor in table["floors"]]
    sizes = [log(low * sqrt(high / low)) for low, high in zip(floors, [*floors[1:], floors[-1] * WIDTH], strict=True)]
    fees = [log(max(geometric_midpoint(fee), LEAST_FACTOR)) for fee in table["fee"]]
    slopes = [
        (after - before) / (larger - smaller)
        for smaller, larger, before, after in zip(sizes, sizes[1:], fees, fees[1:], strict=False)
    ] or [1.0]
    low, high = ENDS
    return (
        [low, *sizes, high],
        [fees[0] + slopes[0] * (low - sizes[0]), *fees, fees[-1] + slopes[-1] * (high - sizes[-1])],
    )


def to_fees(money: NDFloat, roster: Roster, deliverables: Deliverables) -> NDArray[np.int64]:
    """Return the fees in cents of offers that cost so much for each deliverable, in units of the currency.

    Rounded to two significant digits, and at least one unit of money: no usual fee is more precise.
    """
    units = roster.unit_counts()
    counts = np.where(deliverables.count > 0, deliverables.count, units)  # an offer of nothing is priced as one
    of_unit = round_two_digits(np.minimum(money * counts / units, MOST_MONEY)) * 100
    return of_unit.astype(np.int64) * units
