"""The notes below a table of picks."""

import pytest
from msgspec.structs import replace

from microopt.campaign.rule_grammar import parse_rule
from microopt.rendering.wording.pick_notes import pick_notes
from microopt.roster.usual_fees import UsualFees
from tests.rendering.builders import pick, picks, plan


def notes(sample, *, all_shown=True):
    return list(pick_notes(sample, all_shown=all_shown))


def test_a_small_plan_has_none():
    assert notes(plan()) == []


def test_picks_that_are_not_shown_can_be_had_in_a_file():
    assert notes(plan(), all_shown=False) == ["All creators: add -o plan.csv (or .xlsx, .html)."]


def test_many_creators_are_called_a_lot_only_where_no_rule_sets_their_number():
    assert notes(plan(picks(50))) == []
    assert notes(plan(picks(51))) == ["51 creators is a lot to manage: --creators ..20 limits them."]
    assert notes(plan(picks(51), campaign={"rules": (parse_rule("all count <= 120"),)})) == []
    assert notes(plan(picks(51), campaign={"rules": (parse_rule("niche:beauty count >= 2"),)})) != []


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        ({"rules": ("tier:nano count >= 21",)}, False),
        ({"rules": ("tier:nano count >= 20",)}, True),
        ({"rules": ("tier:nano count >= 12", "tier:micro count >= 9")}, False),
        ({"rules": ("tier:nano count >= 12", "niche:beauty count >= 9")}, True),
        ({"rules": ("tier:nano count >= 30%",)}, True),
        ({"include": tuple(f"@{number}" for number in range(21))}, False),
    ],
)
def test_nobody_is_told_to_have_fewer_creators_than_the_rules_need(facts, is_told):
    rules = tuple(parse_rule(rule) for rule in facts.get("rules", ()))
    assert bool(notes(plan(picks(51), campaign={**facts, "rules": rules}))) == is_told


def test_offers_of_the_same_creators_are_not_more_creators():
    assert notes(plan([pick(number, creator="@a") for number in range(60)])) == []


def test_an_estimated_fee_is_explained():
    assert notes(plan([pick(fee_estimated=True)])) == [
        "~ fee estimated from followers and public CPMs: expect 0.4 to 2.5 times as much."
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("list", "the prices of 1,200 creators on your list"), ("industry", "industry rate cards")],
)
def test_an_estimated_fee_says_what_it_rests_on(source, expected):
    facts = UsualFees(source=source, creators=1_200, low=0.61, high=1.7, level=1.0)
    estimated = plan([pick(fee_estimated=True)])
    told = replace(estimated, roster=replace(estimated.roster, usual_fees=facts))
    assert notes(told) == [f"~ fee estimated from {expected}: expect 0.61 to 1.7 times as much."]


def test_where_the_list_pays_more_than_benchmarks_an_estimated_fee_says_how_much_more():
    stated = [pick(number, fee=300, usual_fee=100, fee_high=True) for number in range(3)]
    assert notes(plan([*stated, pick(3, fee_estimated=True)])) == [
        "~ fee estimated from followers and public CPMs: the other fees here suggest about 3.0 times as much."
    ]
