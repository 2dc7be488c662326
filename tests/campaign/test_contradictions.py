"""Rules that contradict one another by themselves."""

from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign
from microopt.campaign.contradictions import find_contradictions
from microopt.campaign.rule_grammar import parse_rule
from tests.planning.builders import build_campaign


@pytest.mark.parametrize(
    "rules",
    [
        ("tier:mega count = 3", "tier:mega count = 4"),
        ("niche:a,b spend <= 100", "niche:B,A fee >= 200"),
        ("all count 2..5", "all creators 6.."),
        ("all spend >= 60% of budget", "all spend <= 50% of budget"),
        ("region:US & niche:a hours <= 1", "niche:a & Region:us hours >= 2"),
    ],
)
def test_ranges_that_do_not_meet_are_a_fault_that_names_both(rules):
    faults, warnings = find_contradictions(build_campaign(*rules))
    assert [fault.code for fault in faults] == ["rules-contradict"]
    assert all(rule in faults[0].message for rule in rules)
    assert warnings == []


@pytest.mark.parametrize(
    "rules",
    [
        ("tier:mega count >= 3", "tier:mega count <= 3"),
        ("tier:mega count = 3", "tier:micro count = 4"),
        ("tier:mega count = 3", "tier:mega reach >= 4"),
        ("all spend >= 60%", "all spend <= 50% of budget"),
        ("all hours <= 1", "all mean(hours) >= 2"),
        ("all net reach >= 9", "all reach <= 5"),
    ],
)
def test_rules_that_can_be_kept_together_are_none(rules):
    assert find_contradictions(build_campaign(*rules)) == ([], [])


@pytest.mark.parametrize(
    ("rules", "nothing"),
    [
        (("all mean(hours) <= 1", "all mean(hours) >= 2"), "no such creators"),
        (("niche:a spend >= 60%", "niche:a spend <= 50%"), "no spend"),
        (("niche:a count >= 60%", "niche:a count <= 50%"), "no creators"),
    ],
)
def test_what_an_empty_plan_keeps_is_a_warning(rules, nothing):
    faults, (warning,) = find_contradictions(build_campaign(*rules))
    assert faults == []
    assert f"only a plan with {nothing} keeps both" in warning


def test_shares_of_groups_without_overlap_that_exceed_all_are_a_warning():
    faults, warnings = find_contradictions(build_campaign("tier:mega spend >= 70%", "tier:micro,nano spend >= 50%"))
    assert faults == []
    assert "add up to 120%: only a plan with no spend keeps them" in warnings[0]


def test_of_several_shares_the_largest_without_overlap_are_added_up():
    rules = ("tier:micro spend >= 33.34%", "tier:mega spend >= 60%", "tier:micro spend >= 50%", "tier:mid spend >= 5%")
    _, (warning,) = find_contradictions(build_campaign(*rules))
    assert warning.startswith("rules 'tier:mega spend >= 60%' and 'tier:micro spend >= 50%' add up to 110%: ")


@pytest.mark.parametrize(
    "rules",
    [
        ("tier:mega spend >= 50%", "tier:micro spend >= 50%"),
        ("tier:micro spend >= 60%", "tier:micro spend >= 50%"),
        ("niche:a spend >= 70%", "niche:b spend >= 50%"),
        ("tier:mega spend >= 70%", "tier:mega,micro spend >= 50%"),
        ("tier:mega count >= 70%", "tier:micro count >= 50%"),
        ("tier:mega spend >= 70%", "tier:micro reach >= 50%"),
        ("tier:mega spend >= 70%", "tier:micro spend <= 50%"),
    ],
)
def test_shares_that_can_be_kept_together_are_none(rules):
    assert find_contradictions(build_campaign(*rules)) == ([], [])


def in_waves(*rules):
    waves = tuple(
        Wave(name=f"2027-0{month}", starts=date(2027, month, 1), ends=date(2027, month, 28)) for month in (3, 4, 5)
    )
    parsed = tuple(map(parse_rule, rules))
    return find_contradictions(Campaign(budget=100_000, calendar=Calendar(waves=waves), rules=parsed))


def test_rules_on_each_wave_contradict_each_other_once():
    faults, _ = in_waves("all count >= 3 each wave", "all count <= 2 each wave")
    assert [fault.message for fault in faults] == [
        "rules 'all count >= 3 each wave' and 'all count <= 2 each wave' contradict each other"
    ]


def test_rules_on_different_waves_do_not_contradict_each_other():
    assert not in_waves("all count >= 3 in 2027-03", "all count <= 2 in 2027-04")[0]
    faults, _ = in_waves("all count >= 3 each wave", "all count <= 2 in first wave", "all count <= 2 in 2027-03")
    assert faults[0].message.startswith("rules 'all count >= 3 each wave' and 'all count <= 2 in first wave'")


def test_waves_that_need_more_than_all_together_are_told():
    _, warnings = in_waves("all spend >= 40% each wave")
    assert warnings == ["the waves of rule 'all spend >= 40% each wave' need 120%: only a plan with no spend keeps it"]
    assert not in_waves("niche:beauty spend >= 60% each wave")[1]  # of what each wave has
