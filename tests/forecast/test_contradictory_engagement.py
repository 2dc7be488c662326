"""Engagement that a roster tells twice is doubted where the two differ widely, and both figures are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.forecast.plausibility import find_suspicions, suspicious_offers
from tests.forecast.builders import NAN, roster

CODE = "contradictory-engagement"


def found(**columns):
    suspicions = find_suspicions(roster(fee=0, **columns), Campaign(budget=1))
    return next((suspicion for suspicion in suspicions if suspicion.code == CODE), None)


def rows(**columns):
    suspicion = found(**columns)
    return [] if suspicion is None else [creator.row for creator in suspicion.creators]


def test_a_rate_of_3_percent_beside_850_likes_of_a_mega_creator_is_doubted_with_both_figures():
    suspicion = found(followers=2_500_000, engagement_rate=0.034, likes=850, comments=30)
    assert suspicion.creators[0].text == "engagement rate 3.4%, but 880 likes + comments of 2.5M followers are 0.035%"
    assert suspicion.text == "engagement figures that contradict each other"
    assert suspicion.fix == "The forecast takes engagement_rate: check it against likes."


def test_creators_who_contradict_themselves_are_left_out_with_the_suspicious():
    offers = roster(rows=2, fee=1_500_000, followers=2_500_000, engagement_rate=0.034, likes=[850, 70_000])
    assert suspicious_offers(offers, Campaign(budget=1)).tolist() == [True, False]


@pytest.mark.parametrize(("likes", "doubted"), [(119, True), (121, False), (2_990, False), (3_010, True)])
def test_up_to_five_times_as_much_either_way_is_not_doubted(likes, doubted):
    assert (CODE in {kind.code for kind in kinds(engagement_rate=0.03, likes=likes)}) is doubted


def kinds(**columns):
    return find_suspicions(roster(fee=0, **columns), Campaign(budget=1))


def test_engagements_are_compared_with_their_parts():
    suspicion = found(rows=2, followers=120_000, engagements=[48_000, 2_000], likes=3_900, shares=10)
    assert [creator.text for creator in suspicion.creators] == ["48k engagements, but 3,910 likes + shares"]
    assert suspicion.fix == "The forecast takes engagements: check it against likes."


def test_rates_by_views_and_reach_are_compared_by_their_own_base():
    assert rows(rows=2, views=10_000, engagement_rate_views=[0.05, 0.004], likes=500) == [3]
    assert rows(rows=2, reach=10_000, engagement_rate_reach=[0.05, 0.3], likes=500) == [3]


def test_a_rate_that_is_right_by_views_is_not_doubted():
    columns = {"followers": 1_250_000, "engagement_rate": 0.041, "likes": 2_000, "platform": "youtube"}
    assert rows(views=48_000, **columns) == []
    assert rows(**columns) == []
    assert rows(**{**columns, "likes": 300}) == [2]
    assert rows(**{**columns, "platform": "instagram"}) == [2]


def test_hidden_likes_and_missing_cells_contradict_nothing():
    assert rows(rows=4, engagement_rate=[0.03, NAN, 0.03, NAN], likes=[0, 900, NAN, NAN]) == []


@given(st.floats(1_000, 1e7), st.floats(0.001, 0.2), st.floats(0.25, 4), st.sampled_from(["likes", "engagements"]))
def test_figures_of_about_the_same_engagement_never_contradict_each_other(followers, rate, share, name):
    assert rows(followers=followers, engagement_rate=rate, **{name: rate * share * followers}) == []
