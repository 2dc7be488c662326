"""A calendar that no table could mean is found in a plan."""

from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Days, Holiday, Wave, WaveBudget
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.validation import invalid_values

FIRST = Wave(name="launch", starts=date(2027, 3, 1), ends=date(2027, 3, 14))
SECOND = Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30))
GOOD = Calendar(waves=(FIRST, SECOND))
DAY = Days(starts=date(2027, 3, 8), ends=date(2027, 3, 8))
LATER = Holiday(day=date(2027, 4, 2), country="DE", name="")
BAD = {
    "no waves": ({"waves": ()}, "waves"),
    "many waves": ({"waves": (FIRST,) * 61}, "waves"),
    "out of order": ({"waves": (SECOND, FIRST)}, "waves"),
    "one name": ({"waves": (FIRST, replace(SECOND, name="LAUNCH"))}, "waves"),
    "no name": ({"waves": (replace(FIRST, name=" "), SECOND)}, "waves[0]"),
    "an unseen name": ({"waves": (replace(FIRST, name="a\u200b"), SECOND)}, "waves[0]"),
    "half a number": ({"waves": (FIRST, replace(SECOND, name="2027-4"))}, "waves[1]"),
    "backwards": ({"waves": (FIRST, replace(SECOND, ends=date(2027, 3, 31)))}, "waves[1]"),
    "no demand": ({"waves": (FIRST, replace(SECOND, demand=Fraction(0)))}, "waves[1]"),
    "over years": ({"waves": (FIRST, replace(SECOND, ends=date(2047, 3, 31)))}, "waves"),
    "another wave": ({"budgets": {"2027-05": WaveBudget(high=Fraction(1))}}, "budgets.2027-05"),
    "no budget": ({"budgets": {"launch": WaveBudget()}}, "budgets.launch"),
    "a budget below 0": ({"budgets": {"launch": WaveBudget(low=Fraction(-1))}}, "budgets.launch"),
    "a budget turned round": (
        {"budgets": {"launch": WaveBudget(low=Fraction(2), high=Fraction(1))}},
        "budgets.launch",
    ),
    "over the whole": ({"budgets": {"launch": WaveBudget(high=Fraction(2), percent=True)}}, "budgets.launch"),
    "no posts": ({"max_posts": 0}, "max_posts"),
    "a retainer beyond": ({"retainer": ((5, Fraction(1, 10)),)}, "max_posts"),
    "falling discounts": ({"retainer": ((2, Fraction(2, 10)), (3, Fraction(1, 10)))}, "retainer"),
    "a discount for one": ({"retainer": ((1, Fraction(2, 10)),)}, "retainer"),
    "late approval": ({"lead_days": 1, "approval_days": 2}, "lead_days"),
    "blackout turned round": ({"blackout": (replace(DAY, ends=date(2027, 3, 1)),)}, "blackout"),
    "blackout twice": ({"blackout": (DAY, DAY)}, "blackout"),
    "a foreign holiday": ({"countries": ("AT",), "holidays": (LATER,)}, "holidays"),
    "holidays out of order": (
        {"countries": ("DE",), "holidays": (LATER, replace(LATER, day=date(2027, 3, 2)))},
        "holidays",
    ),
}


def places(calendar, **settings):
    return [place for place, _ in invalid_values(Campaign(**{"budget": 1, **settings}, calendar=calendar))]


@pytest.mark.parametrize(("settings", "place"), BAD.values(), ids=BAD)
def test_each_value_that_is_not_possible_is_named(settings, place):
    assert places(GOOD) == []
    assert places(replace(GOOD, **settings)) == [f"calendar.{place}"]


def test_shares_need_a_budget():
    half = replace(GOOD, budgets={"launch": WaveBudget(high=Fraction(1, 2), percent=True)})
    goal = Goal(name="least cost", targets={"reach": Fraction(5)})
    assert places(half) == []
    assert places(half, budget=None, goal=goal) == ["calendar.budgets.launch"]
