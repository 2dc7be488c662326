"""Creators whose further offers the rule of one offer per creator excludes."""

import pytest
from msgspec.structs import replace

from microopt.planning.optimize import optimize
from tests.planning.builders import build_campaign
from tests.solver.builders import roster, solver

# the story of @a is nearly free, and worth more than all that the rest of the money buys
OFFERS = roster(
    ["@a", "@a", "@b"],
    platform=["instagram", "tiktok", "instagram"],
    offer=["reel", "story", "reel"],
    fee=[10_000, 100, 90_000],
    numbers={"score": [50, 20, 1]},
)


def held_back(offers=OFFERS, *rules, budget=12_000, **facts):
    campaign = build_campaign(*rules, goal="value:score", budget=budget, **facts)
    return optimize(offers, campaign, solver=solver("cbc")).creators_with_further_offers


def test_a_creator_with_another_offer_worth_its_cost_is_held_back():
    assert held_back() == ("@a",)


@pytest.mark.parametrize("wider", ["creator,platform", "offer"])
def test_with_several_offers_allowed_nobody_is_held_back(wider):
    assert held_back(one_offer_per=wider) == ()


def test_an_offer_on_another_platform_is_not_held_back_by_one_a_platform():
    dear = roster(
        ["@a", "@a"], platform=["x", "y"], offer=["reel", "reel"], fee=[10_000, 11_000], numbers={"score": [50, 49]}
    )
    assert held_back(dear, one_offer_per="creator,platform") == ()


def test_an_offer_that_the_budget_can_never_buy_is_not_told():
    assert held_back(budget=10_100) == ("@a",)
    assert held_back(budget=10_099) == ()


@pytest.mark.parametrize(
    ("rule", "is_told"),
    [
        ("each creator spend <= $100.50", False),
        ("each creator spend <= $101", True),
        ("offer:story count <= 0", False),
        ("offer:story count <= 1", True),
        ("all count <= 1", True),
        ("offer:story spend <= 0% of budget", False),
        ("offer:story spend <= 5% of budget", True),
        ("offer:story score <= 19", False),
        ("offer:story score <= 19 (soft 3)", True),
    ],
)
def test_an_offer_that_another_rule_forbids_is_not_told(rule, is_told):
    assert held_back(OFFERS, rule) == (("@a",) if is_told else ())


@pytest.mark.parametrize(("score", "is_told"), [(5, False), (19, False), (21, True), (30, True)])
@pytest.mark.parametrize("backend", ["cbc", "highs"])
def test_where_all_money_is_spent_an_offer_is_told_if_it_is_worth_more_than_a_pick(score, is_told, backend):
    """Without the rule the story would take the place of @b, or none; the relaxation asks nothing for the last cent."""
    offers = roster(
        ["@a", "@a", "@b"], offer=["reel", "story", "reel"], fee=[9_000] * 3, numbers={"score": [50, score, 20]}
    )
    campaign = build_campaign(goal="value:score", budget=18_000)
    plan = optimize(offers, campaign, solver=solver(backend))
    assert plan.creators_with_further_offers == (("@a",) if is_told else ())
    freed = optimize(offers, replace(campaign, one_offer_per="offer"), solver=solver(backend))
    assert ([pick.offer for pick in freed.picks] == ["reel", "story"]) == is_told


def test_a_cheaper_offer_of_a_pick_frees_money_for_another():
    offers = roster(
        ["@a", "@a", "@b", "@b"],
        offer=["reel", "story", "reel", "post"],
        fee=[9_000, 4_000, 9_000, 5_000],
        numbers={"score": [50, 5, 20, 18]},
    )
    plan = optimize(offers, build_campaign(goal="value:score", budget=18_000), solver=solver("cbc"))
    assert "@a" in plan.creators_with_further_offers


def test_more_units_of_the_same_offer_are_not_another_offer():
    several = roster(["@a"], platform=["x"], offer=["reel"], fee=[5_000], numbers={"score": [5], "max_units": [4]})
    assert held_back(several) == ()


def test_a_pool_is_priced_in_its_own_units():
    """The story reaches nobody whom the reel does not: it is worth less than the money it would take."""
    from microopt.campaign.campaign import Audience

    offers = roster(
        ["@a", "@a", "@b"],
        offer=["reel", "story", "reel"],
        niche=["x", "x", "x"],
        fee=[9_000, 9_000, 9_000],
        numbers={"reach": [990, 10, 500], "views": [990, 10, 500]},
    )
    plan = optimize(
        offers, build_campaign(goal="net reach", budget=18_000, audience=Audience(by="niche", size={"x": 1_000}))
    )
    assert plan.creators_with_further_offers == ()
