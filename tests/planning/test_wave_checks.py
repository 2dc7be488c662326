"""Rules in time that no calendar, or not this one, can mean."""

from datetime import date

import pytest
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from microopt.planning.wave_checks import check_waves
from tests.solver.builders import roster

WAVES = tuple(
    Wave(name=f"2027-0{month}", starts=date(2027, month, 1), ends=date(2027, month, 28)) for month in (3, 4, 5)
)
LISTED = roster(["@a", "@b"], followers=[1_000] * 2, fee=[10_000] * 2, niche=["beauty", "food"])


def faults(*rules, waves=WAVES, listed=LISTED):
    calendar = Calendar(waves=waves) if waves else None
    found, _ = check_waves(listed, Campaign(budget=100_000, calendar=calendar, rules=tuple(map(parse_rule, rules))))
    return [(fault.code, fault.message, fault.fix) for fault in found]


@pytest.mark.parametrize(
    "rule",
    [
        "all count >= 2 in 2027-03",
        "all count >= 2 each wave",
        "each creator gap >= 2 waves",
        "all repeats >= 60%",
        "creator:@a exclusive 30d",
        "creator:@a requires niche:food in first wave",
    ],
)
def test_a_rule_in_time_needs_a_calendar(rule):
    ((code, message, fix),) = faults(rule, waves=())
    assert code == "calendar-missing"
    assert rule in message
    assert fix == "give the waves: --waves 2027-03,2027-04,2027-05"


def test_a_column_may_have_the_name_of_a_measure_of_time():
    assert not faults("all repeats >= 3", waves=(), listed=roster(["@a"], numbers={"repeats": [3]}))
    assert faults("all repeats >= 3 in 2027-03", waves=(), listed=roster(["@a"], numbers={"repeats": [3]}))


@pytest.mark.parametrize(
    ("rule", "code", "part", "fix"),
    [
        ("all count >= 2 in 2027-06", "rule-wave", "has no wave '2027-06'", "2027-03"),
        ("all count >= 2 in fourth wave", "rule-wave", "the calendar has 3 waves", "2027-03, 2027-04, 2027-05"),
        ("all count >= 2 in launch", "rule-wave", "has no wave 'launch'", "2027-03, 2027-04, 2027-05"),
        ("all count >= 2 in 2027-05..2027-03", "rule-wave", "2027-05 is after 2027-03", "in 2027-03..2027-05"),
        ("all repeats >= 2 in 2027-03", "rule-range", "within one wave", "leave 'in 2027-03' out"),
        ("all repeats >= 2 each wave", "rule-range", "within one wave", "leave 'each wave' out"),
        ("all repeats >= 0.6", "rule-range", "whole number", "did you mean 'all repeats >= 60%'?"),
        ("all repeats >= 2.5", "rule-range", "whole number", "60%"),
        ("all mean(repeats) >= 2", "rule-range", "no mean", "all repeats >= 60%"),
        ("all repeats >= 2 in 90%", "rule-range", "no chance", "all repeats >= 60%"),
        ("each creator repeats >= 2", "rule-range", "repeats or does not", "each creator count >= 2"),
    ],
)
def test_what_a_calendar_cannot_mean_is_said_with_the_fix(rule, code, part, fix):
    ((own_code, message, own_fix),) = faults(rule)
    assert own_code == code
    assert part in message
    assert fix in own_fix


def test_waves_are_found_in_any_spelling():
    spring = replace(WAVES[0], name="Spring Launch")
    assert not faults('all count >= 1 in "SPRING launch"', waves=(spring, *WAVES[1:]))
    assert not faults("all count >= 1 in 2027-3..2027-5")


def test_a_gap_longer_than_the_calendar_is_a_warning():
    rules = (parse_rule("each creator gap >= 3 waves"), parse_rule("each creator gap >= 2 waves"))
    campaign = Campaign(budget=100_000, calendar=Calendar(waves=WAVES), rules=rules)
    (warning,) = check_waves(LISTED, campaign)[1]
    assert warning.startswith("rule 'each creator gap >= 3 waves': the calendar has 3 waves, so no two posts")


def test_all_faults_of_a_campaign_are_told_together():
    rules = (parse_rule("all count >= 2 in 2027-06"), parse_rule("niche:cars count >= 1"))
    campaign = Campaign(budget=100_000, calendar=Calendar(waves=WAVES), rules=rules)
    with pytest.raises(CampaignError) as refused:
        build_problem(LISTED, campaign)
    assert [fault.code for fault in refused.value.faults] == ["rule-wave", "value-unknown"]


@pytest.mark.parametrize(("rule", "fix"), [("each creator gap >= 2", "each creator gap >= 2 waves")])
def test_a_gap_without_its_unit_is_suggested_one(rule, fix):
    campaign = Campaign(budget=100_000, calendar=Calendar(waves=WAVES), rules=(parse_rule(rule),))
    with pytest.raises(CampaignError) as refused:
        build_problem(LISTED, campaign)
    assert fix in refused.value.faults[0].fix


def test_a_selector_of_waves_needs_a_calendar():
    with pytest.raises(CampaignError) as refused:
        build_problem(LISTED, Campaign(budget=100_000, rules=(parse_rule("wave:2027-03 count >= 1"),)))
    assert len(refused.value.faults) == 1
    assert "--waves 2027-03" in refused.value.faults[0].fix


def test_floors_of_waves_that_add_up_to_more_than_all_are_told():
    rules = tuple(parse_rule(f"all spend >= 40% in 2027-0{month}") for month in (3, 4, 5))
    campaign = Campaign(budget=100_000, calendar=Calendar(waves=WAVES), rules=rules)
    _, warnings = build_problem(LISTED, campaign)
    assert any("add up to 120%" in warning for warning in warnings)
