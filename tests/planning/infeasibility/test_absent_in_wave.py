"""Why nobody whom a rule asks for is in its wave, and what would help."""

from datetime import date

import pytest

from microopt import Diagnosis, optimize
from microopt.campaign.calendar import Calendar, Days, Wave
from microopt.campaign.campaign import Campaign
from microopt.campaign.rule_grammar import parse_rule
from tests.solver.builders import roster

WAVES = (
    Wave(name="2027-W10", starts=date(2027, 3, 8), ends=date(2027, 3, 14)),
    Wave(name="2027-W11", starts=date(2027, 3, 15), ends=date(2027, 3, 21)),
)
OFFERS = roster(
    ["@star", "@bert"],
    followers=[1_250_000, 20_000],
    available_from=["2027-03-01", "2027-03-15"],
    available_to=["", ""],
)


def reason(rule, **settings):
    """Return why nobody is available, after what the rule lacks."""
    calendar = Calendar(**{"waves": WAVES, "lead_days": 14, "approval_days": 0, **settings})
    answer = optimize(OFFERS, Campaign(budget=1_000_000, calendar=calendar, rules=(parse_rule(rule),)))
    assert isinstance(answer, Diagnosis)
    (told,) = answer.reasons
    start = f"{rule}: no such creator is available"
    assert told.startswith(start)
    return told.removeprefix(start)


def test_the_lead_time_that_would_help_is_told_and_helps():
    rule = "tier:mega count = 1 in first wave"
    assert reason(rule) == (
        ": @star is available from 2027-03-01 on and a post takes 14 days to make (lead_days), longer than their days "
        "in 2027-W10 leave (set lead_days = 13 under [calendar])"
    )
    calendar = Calendar(waves=WAVES, lead_days=13, approval_days=0)
    assert optimize(OFFERS, Campaign(budget=1_000_000, calendar=calendar, rules=(parse_rule(rule),))).picks


@pytest.mark.parametrize(
    ("rule", "settings", "told"),
    [
        (
            "creator:@bert count >= 1 in 2027-W10",
            {"lead_days": 0},
            ": @bert is available from 2027-03-15 on and their days are outside 2027-W10 "
            "(correct available_from and available_to)",
        ),
        (
            "tier:mega count >= 1 in 2027-W10",
            {"lead_days": 0, "blackout": (Days(starts=date(2027, 3, 8), ends=date(2027, 3, 14)),)},
            ": @star is available from 2027-03-01 on and all of their days in 2027-W10 are blackout days "
            "(leave one of these days out of blackout under [calendar])",
        ),
    ],
)
def test_the_days_of_the_creators_of_a_wave_are_told(rule, settings, told):
    assert reason(rule, **settings) == told


def test_creators_whom_the_list_or_the_filters_do_not_have_are_in_no_wave_for_no_other_reason():
    assert reason("tier:macro count >= 1 in 2027-W11") == ""
