"""Rules that contradict one another by themselves."""

import pytest

from microopt.campaign.contradictions import find_contradictions
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
