"""A calendar in words."""

from datetime import date
from fractions import Fraction

from microopt.campaign.calendar import Calendar, Days, Wave, WaveBudget
from microopt.campaign.calendar_words import calendar_facts

MARCH = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31), demand=Fraction(13, 10))
LAUNCH = Wave(name="launch", starts=date(2027, 4, 1), ends=date(2027, 4, 9))


def words(calendar):
    return {key: text for key, (_, text) in calendar_facts(calendar, "USD").items()}


def test_a_calendar_is_told_setting_by_setting():
    calendar = Calendar(
        waves=(MARCH, LAUNCH),
        budgets={
            "launch": WaveBudget(low=Fraction(1, 5), high=Fraction(2, 5), percent=True),
            "2027-03": WaveBudget(high=Fraction(6_000)),
        },
        retainer=((3, Fraction(1, 10)), (6, Fraction(1, 5))),
        blackout=(
            Days(starts=date(2027, 3, 8), ends=date(2027, 3, 9)),
            Days(starts=date(2027, 4, 2), ends=date(2027, 4, 2)),
        ),
        countries=("DE", "AT"),
        max_posts=6,
    )
    assert words(calendar) == {
        "waves": "2027-03, launch (2027-04-01 to 2027-04-09)",
        "budgets": "2027-03 up to $6,000, launch 20% to 40%",
        "carry_over": "no",
        "demand": "2027-03 130%",
        "max_posts": "6",
        "repetition": "yes",
        "retainer": "10% from 3 posts, 20% from 6",
        "blackout": "2027-03-08 to 2027-03-09, 2027-04-02",
        "countries": "DE, AT",
        "holidays": "0 days",
        "lead_days": "14 days",
        "approval_days": "3 days",
    }


def test_many_waves_are_told_by_their_ends():
    months = tuple(Wave(name=f"2027-{i:02d}", starts=date(2027, i, 1), ends=date(2027, i, 28)) for i in range(1, 13))
    assert words(Calendar(waves=months))["waves"].startswith("12 from 2027-01 ")
    assert words(None) == {"waves": "none"}
