"""What a post brings by its place in a schedule, forecast once for all posts that cannot differ."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import Campaign
from microopt.forecast.fee_model import FeeModel
from microopt.forecast.forecast import Forecast
from microopt.forecast.model import forecast
from microopt.forecast.repetition import distinct_contacts
from microopt.planning.schedule_pool.grid import Integers
from microopt.roster.agreed_fees import less_agreed_discounts
from microopt.roster.contract_status import with_agreed_fees
from microopt.roster.retainers import retainer_shares, with_retainer
from microopt.roster.roster import Roster


class Posts(Struct, frozen=True, kw_only=True, eq=False):
    """Posts at their places in schedules.

    Attributes
    ----------
    rows
        (posts,) the offer of each, which says its wave too.
    before
        (posts,) how many posts of the creator come before it.
    steps
        (posts,) the position of the discount of its schedule.
    """

    rows: NDArray[np.intp]
    before: NDArray[np.int32]
    steps: Integers


def forecast_posts(
    offers: Roster, posts: Posts, campaign: Campaign, calendar: Calendar, fee_model: FeeModel
) -> tuple[Roster, Forecast]:
    """Return posts as rows of a roster with their contacts, and what each brings.

    That depends on the offer, on the number of the contact and on the discount, and on nothing else of the schedule:
    each such combination is forecast once.

    Raises
    ------
    CampaignError
        As `forecast` says.
    """
    figures = override_benchmarks(default_benchmarks(), campaign.forecast)
    shares, most = retainer_shares(calendar.retainer), distinct_contacts(calendar, figures)
    kind = (posts.rows * most + np.minimum(posts.before, most - 1)) * len(shares) + posts.steps
    kinds, place = _number_used(kind, len(offers) * most * len(shares))
    rows, at = np.divmod(kinds, most * len(shares))
    different = with_retainer(_with_contacts(offers.take(rows), at // len(shares)), shares, at % len(shares))
    different = with_agreed_fees(less_agreed_discounts(different), campaign.running)
    expected = forecast(different, campaign, fee_model=fee_model)
    return _with_contacts(different.take(place), posts.before), expected.take(place)


def _number_used(numbers: NDArray[np.intp], most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the distinct ones of some numbers below `most`, ascending, and the position of each among them."""
    used = np.zeros(most, dtype=bool)
    used[numbers] = True
    return np.flatnonzero(used), (np.cumsum(used) - 1)[numbers]


def _with_contacts(offers: Roster, before: NDArray[np.integer[Any]]) -> Roster:
    """Return posts with the number of each as a contact, from 1."""
    assert offers.timing is not None
    return replace(offers, timing=replace(offers.timing, contact=(before + 1).astype(np.int32)))
