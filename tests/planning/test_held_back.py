"""Creators whose further offers the rule of one offer per creator excludes."""

import pytest

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


def held_back(offers=OFFERS, **facts):
    return optimize(
        offers, build_campaign(goal="value:score", budget=12_000, **facts), solver=solver("cbc")
    ).creators_with_further_offers


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
