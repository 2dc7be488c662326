"""A roster's own tiers are compared with the bands by followers."""

import pytest

from microopt.campaign.campaign import TIER_PRESETS
from microopt.roster.roster import with_tiers
from microopt.roster.stated_tiers import note_other_tiers
from tests.solver.builders import roster

BANDS = TIER_PRESETS["default"]


def notes(tiers, followers, creators=None):
    offers = roster(creators or [f"@{row}" for row in range(len(tiers))], tier=tiers, followers=followers)
    return note_other_tiers(offers, BANDS).notes


def test_creators_of_another_tier_by_followers_are_counted():
    assert notes(["micro"] * 5 + ["mid"], [250_000] * 5 + [200_000]) == (
        "5 creators are 'micro' in your list and mid by followers; rules use your list's tier",
    )


def test_one_sentence_tells_the_most_frequent_difference_and_how_many_others_there_are():
    assert notes(["micro", "Micro", "nano", "macro"], [250_000, 240_000, 20_000, 30_000]) == (
        "2 creators are 'micro' in your list and mid by followers, 2 more differ as well; rules use your list's tier",
    )


def test_a_creator_with_several_offers_is_one():
    assert notes(["nano", "nano"], [20_000, 20_000], ["@a", "@a"]) == (
        "1 creator is 'nano' in your list and micro by followers; rules use your list's tier",
    )


@pytest.mark.parametrize("tier", ["Micro-influencer", "micro (10k-100k)", " MICRO "])
def test_spellings_of_a_tier_are_compared_too(tier):
    assert notes([tier], [50_000]) == ()
    assert len(notes([tier], [500])) == 1


def test_words_of_ones_own_say_nothing():
    assert notes(["A-list", "gold", ""], [2_000_000, 500, 10_000]) == ()


def test_tiers_by_followers_never_differ():
    offers = with_tiers(roster(["@a", "@b"], followers=[500, 2_000_000]), BANDS)
    assert note_other_tiers(offers, BANDS) is offers
