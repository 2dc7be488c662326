"""What may be bought of a creator: sets of offers, in an order that is always the same."""

import pytest

from microopt.errors import CampaignError
from microopt.roster.bundles import enumerate_choices
from tests.solver.builders import roster

OFFERS = roster(
    ["@a", "@a", "@a", "@b"],
    platform=["instagram", "instagram", "tiktok", "tiktok"],
    offer=["reel", "story", "video", "video"],
)


def sets(one_offer_per, of=OFFERS):
    result = enumerate_choices(of, one_offer_per)
    offer_sets = {}
    for row, choice in zip(result.rows.tolist(), result.choice.tolist(), strict=True):
        offer_sets.setdefault(choice, []).append(row)
    assert list(offer_sets) == list(range(len(offer_sets)))
    return list(offer_sets.values())


def test_one_offer_per_creator_is_each_offer_alone():
    assert sets("creator") == [[0], [1], [2], [3]]


def test_one_offer_per_platform_joins_offers_of_different_platforms():
    assert sets("creator,platform") == [[0], [1], [2], [0, 2], [1, 2], [3]]


def test_any_set_of_offers():
    assert sets("offer") == [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [3]]


def test_numbers_of_units_of_one_offer_are_never_joined():
    twice = roster(["@a", "@a", "@a"], platform=["x"] * 3, offer=["reel", "reel", "story"])
    assert sets("offer", twice) == [[0], [1], [2], [0, 2], [1, 2]]


def test_too_many_sets_are_refused_by_the_name_of_the_creator():
    many = roster(["@b"] + ["@a"] * 13, platform=["x"] * 14, offer=[str(number) for number in range(14)])
    with pytest.raises(CampaignError, match="the 13 offers of @a can be combined in 8,191 ways") as refused:
        enumerate_choices(many, "offer")
    assert refused.value.code == "choices-many"
