"""Build the pool of a campaign that has too many schedules to look at each of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import Campaign, EachRule, RangeRule, Rule
from microopt.campaign.metrics import NET_REACH, canonical_measure
from microopt.campaign.wave_rules import GAP
from microopt.forecast.fee_model import FeeModel
from microopt.forecast.forecast import Forecast
from microopt.planning.schedule_pool.forecast_posts import Posts, forecast_posts
from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.grid import Integers, OfferGrid, build_grid
from microopt.planning.schedule_pool.pool import NO_CASE, SchedulePool
from microopt.roster.extra_costs import ONCE_PER_CREATOR
from microopt.roster.roster import Roster
from microopt.roster.schedules import (
    MAX_ROWS,
    count_all_schedules,
    enumerate_schedules,
    posts_by_limit,
    slots_of_offers,
)

MOST_CASES = 2_000_000  # offers by number of the post and discount, up to which their forecast fits into memory
MANY = 4_000_000  # posts of all schedules together, up to which each schedule is looked at
MOST_OF_FEW = 500_000  # posts of all schedules of so few posts that each is looked at besides those that prices show
MANY_OF_SLOTS = MAX_ROWS  # where a wave can have several posts of a creator, of which prices show too little


def build_pool(offers: Roster, campaign: Campaign, calendar: Calendar, fee_model: FeeModel) -> SchedulePool | None:
    """Return the pool of a campaign's schedules, or None where each of them is to be looked at.

    That is where there are few, and where the goal or a rule does not follow from what single posts bring.

    Parameters
    ----------
    offers
        By creator, in order of time, with each number of units.

    Raises
    ------
    CampaignError
        As `forecast` says.
    """
    if not len(offers) or not follows_from_posts(campaign):
        return None
    if len(offers) * calendar.max_posts * (len(calendar.retainer) + 1) > MOST_CASES:
        return None
    many = MANY if campaign.one_offer_per == "creator" else MANY_OF_SLOTS
    if posts_by_limit(offers, campaign.one_offer_per, calendar.max_posts)[-1] <= many:
        return None
    slots = None if campaign.one_offer_per == "creator" else slots_of_offers(offers, campaign.one_offer_per)
    grid = build_grid(offers, slots, calendar.max_posts, calendar.retainer)
    case, posts = _possible_posts(grid)
    cases, expected = forecast_posts(offers, posts, campaign, calendar, fee_model)
    if not _charges_alike(cases, expected):
        return None
    schedules = count_all_schedules(offers, campaign.one_offer_per, calendar.max_posts)
    before = posts.before.astype(np.int64)
    return SchedulePool(grid=grid, cases=cases, forecast=expected, case=case, before=before, schedules=schedules)


def first_schedules(pool: SchedulePool, offers: Roster, campaign: Campaign, calendar: Calendar) -> FoundSchedules:
    """Return all schedules of so few posts that there are not many of them."""
    totals = posts_by_limit(offers, campaign.one_offer_per, calendar.max_posts)
    most = max(1, sum(total <= min(MANY, MOST_OF_FEW) for total in totals))
    schedules = enumerate_schedules(offers, campaign.one_offer_per, most)
    starts = np.flatnonzero(np.diff(schedules.choice, prepend=-1))
    sizes = np.diff(starts, append=len(schedules.choice))
    creators = (np.cumsum(np.diff(offers.creator_id, prepend=-1) != 0) - 1)[schedules.rows]
    firsts = np.flatnonzero(np.diff(offers.creator_id, prepend=-1))
    places = np.full((len(starts), pool.grid.most_posts), -1, dtype=np.int64)
    places[schedules.choice, np.arange(len(schedules.choice)) - np.repeat(starts, sizes)] = (
        schedules.rows - firsts[creators]
    )
    zeros = np.zeros(len(starts), dtype=np.int64)
    return FoundSchedules(creators=creators[starts].astype(np.intp), places=places, values=zeros)


def follows_from_posts(campaign: Campaign) -> bool:
    """Whether goal and rules follow from what single posts bring, so that a bound over all schedules is known."""
    if campaign.goal.name in (NET_REACH, "worth") or campaign.worst_share is not None:
        return False
    if campaign.running is not None or campaign.declines is not None or campaign.audience is not None:
        return False
    if not all(_is_kept_by_posts(rule, campaign.one_offer_per) for rule in campaign.rules):
        return False
    ranges = [rule for rule in campaign.rules if isinstance(rule, RangeRule)]
    return all(rule.soft is None and rule.chance is None and rule.measure != NET_REACH for rule in ranges)


def _is_kept_by_posts(rule: Rule, one_offer_per: str) -> bool:
    """Whether a rule on each creator shows in which posts may follow which, and is kept by what is looked at."""
    if not isinstance(rule, EachRule):
        return True
    low, high = rule.bounds.low, rule.bounds.high
    if rule.measure == GAP:
        return rule.when is None and high is None and one_offer_per == "creator"
    at_most = canonical_measure(rule.measure) == "count" and low is None and high is not None and high >= 1
    return at_most and not rule.of_budget and (rule.when is None or one_offer_per == "creator")


def _possible_posts(grid: OfferGrid) -> tuple[Integers, Posts]:
    """Return the number of each post that can be by creator, place, posts before it and discount; and these posts."""
    creator, place, before, step = np.nonzero(grid.can_be())
    case = np.full((grid.creators, grid.places, grid.most_posts, int(grid.steps[-1]) + 1), NO_CASE, dtype=np.int64)
    case[creator, place, before, step] = np.arange(len(creator))
    return case, Posts(rows=grid.row[creator, place].astype(np.intp), before=before.astype(np.int32), steps=step)


def _charges_alike(cases: Roster, expected: Forecast) -> bool:
    """Whether what a creator costs once is the same whichever post is the first."""
    starts = np.flatnonzero(np.diff(cases.creator_id, prepend=-1))
    lines = [expected.extra_costs[name] for name in ONCE_PER_CREATOR if name in expected.extra_costs]
    return all(_same(line, starts) for line in lines)


def _same(line: NDArray[np.int64], starts: NDArray[np.intp]) -> bool:
    return bool((np.maximum.reduceat(line, starts) == np.minimum.reduceat(line, starts)).all())
