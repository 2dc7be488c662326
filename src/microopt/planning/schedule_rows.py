"""The rows of every schedule of a campaign with a calendar, with what each brings at its place in its schedule."""

from __future__ import annotations

import numpy as np
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
from microopt.planning.schedule_pool.build_pool import build_pool, first_schedules
from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.pool import SchedulePool
from microopt.roster.contract_status import with_agreed_fees
from microopt.roster.retainers import retainer_shares, retainer_step, with_retainer
from microopt.roster.roster import Roster
from microopt.roster.schedules import contacts, enumerate_schedules, posts_by_choice

FewSchedules = tuple[SchedulePool, FoundSchedules]
ScheduleRows = tuple[Roster, Forecast, NDArray[np.int32], FewSchedules | None]


def sort_by_wave(offers: Roster) -> Roster:
    """Return offers in canonical order with those of each creator in the order of time."""
    assert offers.timing is not None
    order = np.lexsort([offers.timing.wave, offers.creator_id])
    return offers if np.array_equal(order, np.arange(len(order))) else offers.take(order)


def forecast_schedules(offers: Roster, campaign: Campaign, calendar: Calendar, fee_model: FeeModel) -> ScheduleRows:
    """Return the offers and the forecast of every row of every schedule, the choice that each belongs to, and the pool.

    Of very many schedules, those of few posts are returned, and the pool of all; else the pool is None. What a row
    brings depends on its offer, its wave, the number of its contact and the discount of its schedule, and on nothing
    else of it: each such combination is forecast once.

    Parameters
    ----------
    offers
        By creator, in order of time, with each number of units.

    Raises
    ------
    CampaignError
        If there are too many schedules, or as `forecast` says.
    """
    pool = build_pool(offers, campaign, calendar, fee_model)
    if pool is not None:
        few = first_schedules(pool, offers, campaign, calendar)
        rows, choice = pool.rows_of(few)
        return pool.cases.take(rows), pool.forecast.take(rows), choice, (pool, few)
    schedules = enumerate_schedules(offers, campaign.one_offer_per, calendar.max_posts)
    figures = override_benchmarks(default_benchmarks(), campaign.forecast)
    shares, most = retainer_shares(calendar.retainer), distinct_contacts(calendar, figures)
    units = offers.unit_counts()[schedules.rows]
    contact = np.minimum(contacts(schedules.choice, units), most) - 1
    step = retainer_step(calendar.retainer, posts_by_choice(schedules.choice, units))[schedules.choice]
    case = (schedules.rows * most + contact) * len(shares) + step
    cases, place = _number_used(case, len(offers) * most * len(shares))
    rows, at = np.divmod(cases, most * len(shares))
    different = offers.take(rows)
    assert different.timing is not None
    timing = replace(different.timing, contact=(at // len(shares) + 1).astype(np.int32))
    different = with_retainer(replace(different, timing=timing), shares, at % len(shares))
    different = with_agreed_fees(different, campaign.running)
    expected = forecast(different, campaign, fee_model=fee_model)
    return _with_contacts(different.take(place), schedules.choice), expected.take(place), schedules.choice, None


def _number_used(numbers: NDArray[np.intp], most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the distinct ones of some numbers below `most`, ascending, and the position of each among them."""
    used = np.zeros(most, dtype=bool)
    used[numbers] = True
    return np.flatnonzero(used), (np.cumsum(used) - 1)[numbers]


def _with_contacts(offers: Roster, choice: NDArray[np.int32]) -> Roster:
    """Return the rows of schedules with their contacts, also those that a forecast does not tell apart."""
    assert offers.timing is not None
    return replace(offers, timing=replace(offers.timing, contact=contacts(choice, offers.unit_counts())))
