"""Which rules changed, and whom a change pushes out: how a rule is spelled makes no difference."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from microopt.analysis.plan_diff.campaign_changes import newly_excluded, rule_changes
from tests.planning.builders import CALM, build_campaign, campaigns, roster_rows
from tests.scale import examples

MEASURED = settings(CALM, max_examples=examples(60), phases=[Phase.explicit, Phase.generate])


def changes(before, after):
    """Return (label before, label after) of each change between two lists of rules."""
    result = rule_changes(build_campaign(*before), build_campaign(*after))
    return [tuple(None if rule is None else rule.label for rule in (item.before, item.after)) for item in result]


def describe(before, after):
    return [item.description for item in rule_changes(build_campaign(*before), build_campaign(*after))]


def who(old, new):
    """Return the rules that push someone out, and the values of their selectors."""
    old, new = (next(iter(build_campaign(*rule).rules), None) for rule in (old, new))
    return [(rule.label, [clause.values for clause in selector.clauses]) for rule, selector in newly_excluded(old, new)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("niche:beauty count 2..5", "niche:Beauty creators 2..5"),
        ("tier:mega spend <= 40%", "tier:mega spend ..40%"),
        ("niche:a,b & region:US count >= 2", "region:us & niche:b,a count 2.."),
        ("creator:@anna requires creator:@ben", "creator:anna requires creator:BEN"),
        ("niche:beauty count >= 2 in launch", "niche:beauty count 2.. in Launch"),
        ("creator:@anna exclusive 30d", "creator:anna exclusive 30 days"),
        ("each creator gap >= 2 waves", "each creator gap 2.. waves"),
    ],
)
def test_another_spelling_is_no_change(old, new):
    assert changes([old], [new]) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("niche:beauty count 2..5", "niche:beauty count 3..6", "niche:beauty count 2..5 -> 3..6"),
        ("tier:mega spend <= 40%", "tier:mega spend <= 30% of budget", "tier:mega spend <= 40% -> <= 30% of budget"),
        ("all count >= 3", "all count >= 3 (soft 2%)", "all count >= 3 -> >= 3 (soft 2%)"),
        ("each creator spend <= 500", "each creator spend <= 400", "each creator spend <= 500 -> <= 400"),
        ("all count >= 3 each wave", "all count >= 2 each wave", "all count >= 3 each wave -> >= 2 each wave"),
        ("each creator gap >= 2 waves", "each creator gap >= 1 wave", "each creator gap >= 2 waves -> >= 1 wave"),
        ("all clicks >= 3 in 90%", "all clicks >= 3 in 80%", "all clicks >= 3 in 90% -> >= 3 in 80%"),
    ],
)
def test_another_range_of_one_selector_and_measure_is_one_change(old, new, words):
    assert changes([old], [new]) == [(old, new)]
    assert describe([old], [new]) == [words]


def test_rules_on_other_waves_or_days_are_dropped_and_added():
    old = ["all count <= 9 in 2027-03", "creator:@anna exclusive 30d"]
    new = ["all count <= 9 in 2027-04", "creator:@anna exclusive 60d"]
    assert changes(old, new) == [(old[0], None), (old[1], None), (None, new[0]), (None, new[1])]


def test_rules_of_other_selectors_or_measures_are_dropped_and_added():
    old, new = ["niche:beauty count 2..5", "all count <= 9"], ["niche:tech count 2..5", "all spend <= 9"]
    assert changes(old, new) == [(old[0], None), (old[1], None), (None, new[0]), (None, new[1])]


def test_two_rules_on_one_matter_are_told_apart_by_the_one_that_stayed():
    assert changes(["all count >= 2", "all count <= 5"], ["all count >= 2", "all count <= 6"]) == [
        ("all count <= 5", "all count <= 6")
    ]
    assert changes(["all count >= 2", "all count <= 5"], ["all count 2..5"]) == [
        ("all count >= 2", None),
        ("all count <= 5", None),
        (None, "all count 2..5"),
    ]


@MEASURED
@given(st.data())
def test_changes_undone_are_changes_the_other_way(data):
    rows = data.draw(roster_rows())
    first, second = (data.draw(campaigns(rows, "engagement")) for _ in range(2))
    forward, back = rule_changes(first, second), rule_changes(second, first)
    assert {(change.before, change.after) for change in forward} == {(change.after, change.before) for change in back}
    assert rule_changes(first, first) == ()


@MEASURED
@given(st.data())
def test_changes_turn_one_list_of_rules_into_the_other(data):
    rows = data.draw(roster_rows())
    first, second = (data.draw(campaigns(rows, "engagement")) for _ in range(2))
    result = rule_changes(first, second)
    left = {rule.label for rule in first.rules} - {change.before.label for change in result if change.before}
    assert {change.after for change in result if change.after} <= set(second.rules)
    assert len(left) <= len(second.rules)


@pytest.mark.parametrize(
    ("old", "new", "pushed"),
    [
        ((), ["niche:tech count <= 3"], [("niche:tech count <= 3", [("tech",)])]),
        (["niche:tech count <= 3"], ["niche:tech count <= 2"], [("niche:tech count <= 2", [("tech",)])]),
        (["niche:tech count <= 3"], ["niche:tech count <= 4"], []),
        (["niche:tech count <= 3"], (), []),
        (["niche:tech count >= 3"], (), [("niche:tech count >= 3", [("tech",)])]),
        (["niche:tech count >= 3"], ["niche:tech count >= 2"], [("niche:tech count >= 3", [("tech",)])]),
        (["niche:tech count >= 3"], ["niche:tech count >= 4"], []),
        ((), ["all mean(score) >= 3"], [("all mean(score) >= 3", [])]),
        ((), ["each creator spend >= 9"], [("each creator spend >= 9", [])]),
        (["all spend <= 40% of budget"], ["all spend <= 900"], [("all spend <= 900", [])]),
        (["all count <= 3 (soft 2%)"], ["all count <= 3"], [("all count <= 3", [])]),
        (["all count <= 3"], ["all count <= 3 (soft 2%)"], []),
        (["all count <= 3 (soft 2%)"], ["all count <= 3 (soft 3%)"], [("all count <= 3 (soft 3%)", [])]),
    ],
)
def test_a_lower_cap_and_a_lower_floor_push_out_whom_they_count(old, new, pushed):
    assert who(old, new) == pushed


def test_pairs_push_out_one_or_both_of_their_sides():
    requires, excludes = "creator:@a requires creator:@b", "creator:@a excludes creator:@b"
    assert who((), [requires]) == [(requires, [("@a",)])]
    assert who([requires], ()) == [(requires, [("@b",)])]
    assert who((), [excludes]) == [(excludes, [("@a",)]), (excludes, [("@b",)])]
    assert who([excludes], ()) == []
