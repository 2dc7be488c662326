"""The rows of every schedule of a campaign with a calendar, with what each brings at its place in its schedule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import Campaign
from microopt.forecast.fee_model import FeeModel
from microopt.forecast.forecast import Forecast
from microopt.planning.schedule_pool.build_pool import build_pool, first_schedules
from microopt.planning.schedule_pool.forecast_posts import Posts, forecast_posts
from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.pool import SchedulePool
from microopt.roster.retainers import retainer_step
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

    Of very many schedules, those of few posts are returned, and the pool of all; else the pool is None.

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
    units, choice = offers.unit_counts()[schedules.rows], schedules.choice
    step = retainer_step(calendar.retainer, posts_by_choice(choice, units))[choice]
    posts = Posts(rows=schedules.rows, before=contacts(choice, units) - 1, steps=step)
    return *forecast_posts(offers, posts, campaign, calendar, fee_model), choice, None
