"""Retainers that nobody reaches on a roster, and blackout days outside the waves."""

from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.calendar import Calendar, Days, Wave
from microopt.campaign.calendar_periods import periods
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from tests.solver.builders import roster

WAVES = tuple(Wave(name=f"2027-0{i}", starts=date(2027, i, 1), ends=date(2027, i, 28)) for i in (3, 4, 5))
MONTHS = tuple(periods(Days(starts=date(2027, 3, 1), ends=date(2027, 5, 31)), is_weekly=False))
TWO_OFFERS = {"offer": ["reel", "story"], "platform": ["instagram", "tiktok"]}


def warnings(offers, one_offer_per="creator", **settings):
    calendar = Calendar(**{"waves": WAVES, **settings})
    campaign = Campaign(budget=1_000_000, calendar=calendar, one_offer_per=one_offer_per)
    _, found = build_problem(offers, campaign)
    return [line for line in found if "retainer" in line or "blackout" in line]


def steps(*posts):
    return tuple((number, Fraction(i + 1, 10)) for i, number in enumerate(posts))


def test_steps_that_nobody_reaches_have_no_effect():
    told = "the retainer's 20% from 6 posts had no effect: no creator can post more than 3 times"
    assert warnings(roster(["@a", "@b"]), retainer=steps(3, 6), max_posts=6) == [told]
    assert warnings(roster(["@a"]), retainer=steps(2, 3)) == []


def test_a_retainer_that_starts_beyond_all_posts_is_a_fault():
    with pytest.raises(CampaignError) as caught:
        warnings(roster(["@a", "@b"]), retainer=steps(4), max_posts=4)
    (fault,) = caught.value.faults
    assert (fault.code, fault.column) == ("retainer-posts", "calendar.retainer")
    assert fault.message.endswith("the retainer starts at 4 posts, but no creator can post more than 3 times")
    assert fault.fix == "let it start at 3 posts, such as '3 posts: 10%', plan at least 4 waves or drop the retainer"
    with pytest.raises(CampaignError) as caught:
        warnings(roster(["@a"]), waves=MONTHS, retainer=steps(5), max_posts=5)
    assert ", such as --waves 2027-03..2027-07 or drop" in caught.value.faults[0].fix


@pytest.mark.parametrize(
    ("header", "cell", "help_"),
    [
        ("Available", "in January only", "a day or a month in each cell, under the headers available_from and"),
        ("Start", "2027-04-01", "add --map 'Start=available_from' for it to count; a last day counts under the header"),
        ("End", "2027-04-01", "add --map 'End=available_to' for it to count"),
    ],
)
def test_a_column_of_days_under_another_header_is_told(header, cell, help_):
    _, found = build_problem(roster(["@a"], **{header: [cell]}), Campaign(budget=1_000, calendar=Calendar(waves=WAVES)))
    (told,) = (line for line in found if header in line)
    assert told.startswith(f"{header} had no effect: everybody counts as available on all days ({help_}")
    _, found = build_problem(roster(["@a"], **{header: [cell]}), Campaign(budget=1_000))
    assert not [line for line in found if header in line]


def test_a_retainer_is_not_told_to_take_more_waves_where_there_are_enough():
    offers = roster(["@a"], available_to=["2027-03-31"])
    with pytest.raises(CampaignError) as caught:
        warnings(offers, retainer=steps(2))
    assert caught.value.faults[0].fix == "correct available_from and available_to in your list or drop the retainer"


def test_two_platforms_of_a_creator_in_a_wave_are_two_posts():
    offers = roster(["@a", "@a"], **TWO_OFFERS)
    assert warnings(offers, "creator,platform", retainer=steps(6), max_posts=6) == []
    with pytest.raises(CampaignError, match="more than 3 times"):
        warnings(offers, retainer=steps(6), max_posts=6)


def test_two_spellings_of_an_offer_are_one_post_in_a_wave():
    offers = roster(["@a", "@a"], offer=["Video", "video"], platform=["youtube", "youtube"], fee=[100, 200])
    with pytest.raises(CampaignError, match="more than 3 times"):
        warnings(offers, "offer", retainer=steps(6), max_posts=6)


def test_units_are_posts_that_reach_a_retainer():
    assert warnings(roster(["@a"], numbers={"max_units": [2]}), retainer=steps(6), max_posts=6) == []


def test_blackout_days_outside_the_waves_are_told():
    days = [Days(starts=date(2027, 2, 1), ends=date(2027, 2, 3)), Days(starts=date(2027, 3, 9), ends=date(2027, 3, 9))]
    told = "blackout had no effect: 2027-02-01 to 2027-02-03 lies outside the waves"
    assert warnings(roster(["@a"]), blackout=tuple(days)) == [told]
