"""What has to differ between two offers of a creator that are bought together."""

import pytest

from microopt.campaign.campaign import ONE_OFFER_PER
from microopt.roster.one_offer_per import COLUMNS, numbers_that_differ
from tests.solver.builders import roster


def test_each_scope_of_a_campaign_has_its_columns():
    assert tuple(COLUMNS) == ONE_OFFER_PER


@pytest.mark.parametrize(
    ("scope", "numbers"),
    [("creator", []), ("creator,platform", [[0, 0, 1]]), ("offer", [[0, 0, 1], [0, 0, 0]])],
)
def test_every_spelling_of_a_platform_or_an_offer_is_one(scope, numbers):
    offers = roster(["@a"] * 3, platform=["YouTube", "youtube ", "tiktok"], offer=["Video", "video", "VIDEO"])
    assert [each.tolist() for each in numbers_that_differ(offers, scope)] == numbers


def test_a_column_that_the_list_does_not_have_makes_no_difference():
    assert numbers_that_differ(roster(["@a", "@b"]), "creator,platform") == []
