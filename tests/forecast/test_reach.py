"""Views and reach, by platform, format and size."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecast.builders import assert_close, one


@pytest.mark.parametrize(
    ("platform", "offer", "followers", "rate"),
    [
        ("instagram", "feed post", 5_000.0, sqrt(0.2 * 0.4)),
        ("instagram", "post", 2e6, sqrt(0.05 * 0.12)),
        ("instagram", "reel", 2e6, 0.40),
        ("instagram", "story", 20_000.0, 0.10),
        ("tiktok", "video", 20_000.0, 0.30),
        ("youtube", "short", 20_000.0, 0.35),
        ("youtube", "anything", 20_000.0, 0.30),
        ("mastodon", "", 20_000.0, sqrt(0.15 * 0.30)),
    ],
)
def test_views_are_a_share_of_the_followers(platform, offer, followers, rate):
    requested = {"platform": platform, "offer": offer, "followers": followers}
    assert_close(one("impressions", None, **requested), followers * rate)
    assert_close(one("reach", None, **requested), followers * rate)


def test_own_views_win_and_count_for_each_deliverable():
    assert_close(one("impressions", None, views=7_000.0, deliverables=2.0), 14_000)


def test_further_posts_reach_the_same_people():
    assert_close(one("reach", None, deliverables=5.0), one("reach", None))


def test_nobody_is_reached_without_a_view():
    assert_close(one("reach", None, views=300.0), 300)


def test_own_reach_wins():
    assert_close(one("reach", None, views=300.0, reach=900.0), 900)


def test_reach_is_at_most_the_followers_unless_views_say_more():
    every = {"forecast": {"feed_views": {"view_rate": [3.0, 3.0, 3.0, 3.0]}}}
    assert_close(one("reach", every), 60_000)  # the views say so
    assert_close(one("reach", every, views=30_000.0), 30_000)
    assert_close(one("reach", every, views=15_000.0), 15_000)


def test_shares_bring_further_views_where_that_is_known():
    shared = {"forecast": {"amplification": {"share_rate": 0.02, "views_per_share": 15}}}
    assert_close(one("impressions", shared), 1.3 * one("impressions", None))
    assert_close(one("clicks", shared), 1.3 * one("clicks", None))


@given(st.floats(1_000, 1e7), st.floats(1_000, 1e7))
def test_reach_never_exceeds_followers_or_views_by_default(one_size, views):
    assert one("reach", None, followers=one_size) <= one_size
    assert one("reach", None, followers=one_size, views=views) <= views * (1 + 1e-12)
