"""Which of a roster's columns states the engagement rate."""

import numpy as np
import pytest

from microopt.campaign.campaign import Campaign
from microopt.forecast.engagement import ranking_rate
from microopt.forecast.forecast import Origin
from microopt.forecast.model import forecast
from tests.forecast.builders import NAN, assert_close, one, roster, usual_rate

RAW = {"shrink": False, "forecast": {"sponsored": {"rates_from": "sponsored"}}}


@pytest.mark.parametrize(
    ("columns", "rate"),
    [
        ({"engagement_rate": 0.05}, 0.05),
        ({"engagement_rate_views": 0.1, "views": 8_000.0}, 0.04),
        ({"engagement_rate_reach": 0.1, "reach": 5_000.0}, 0.025),
        ({"engagements": 700.0}, 0.035),
        ({"likes": 500.0}, 0.025),
        ({"likes": 500.0, "comments": 80.0, "shares": 20.0}, 0.03),
        ({"likes": 500.0, "comments": NAN}, 0.025),
        ({"engagement_rate": NAN, "engagements": 700.0}, 0.035),
        ({"engagement_rate": 0.05, "engagements": 700.0, "likes": 1.0}, 0.05),
    ],
)
def test_the_first_column_that_states_a_rate_gives_it(columns, rate):
    assert_close(one("engagements", RAW, **columns), 20_000 * rate)


def test_a_rate_by_views_without_views_is_of_the_usual_views():
    usual = one("impressions", RAW)
    assert_close(one("engagements", RAW, engagement_rate_views=0.1), 0.1 * usual * 0.99)  # it rests on a benchmark


def test_comments_alone_state_no_rate():
    assert_close(one("engagements", RAW, comments=50.0), 20_000 * usual_rate() * 0.99)


def test_an_average_that_does_not_say_rests_on_ten_posts():
    requested = {"forecast": {"sponsored": {"rates_from": "sponsored"}}}
    assert_close(
        one("engagements", requested, engagement_rate=0.1),
        one("engagements", requested, engagement_rate=0.1, posts=10.0),
    )
    assert_close(
        one("engagements", requested, engagement_rate=0.1, posts=NAN),
        one("engagements", requested, engagement_rate=0.1, posts=10.0),
    )


def test_a_rate_of_two_posts_is_trusted_less_than_one_of_five_hundred():
    few, many = (one("engagements", None, engagement_rate=0.15, posts=posts) for posts in (2.0, 500.0))
    assert few < 0.9 * many


def test_deliverables_and_format_multiply():
    assert_close(one("engagements", RAW, engagement_rate=0.05, deliverables=3.0), 3_000)
    assert_close(one("engagements", RAW, engagement_rate=0.05, offer="story"), 400)


@pytest.mark.parametrize(
    ("shrink", "origins"), [(True, [Origin.SHRUNK, Origin.DEFAULT]), (False, [Origin.OWN, Origin.DEFAULT])]
)
def test_where_each_number_came_from_is_told(shrink, origins):
    result = forecast(roster(2, engagement_rate=[0.05, NAN]), Campaign(budget=1, shrink=shrink))
    assert result.origins["engagements"].tolist() == origins


def test_the_rate_to_rank_by_is_the_stated_one_whatever_the_views():
    people = roster(3, engagement_rate=[0.05, NAN, NAN], engagements=[1.0, 700.0, NAN], likes=[1.0, 2.0, 500.0])
    np.testing.assert_allclose(ranking_rate(people), [0.05, 0.035, 0.025])


def test_a_rate_by_views_is_that_of_the_format_itself():
    for offer in ("feed post", "story"):
        requested = {"engagement_rate_views": 0.05, "views": 10_000.0, "offer": offer}
        assert_close(one("engagements", RAW, **requested), 500)


@pytest.mark.parametrize(
    ("columns", "origin"),
    [
        ({"engagement_rate_views": 0.05}, Origin.DEFAULT),
        ({"engagement_rate_views": 0.05, "views": 9e3}, Origin.SHRUNK),
        ({"engagement_rate": 0.05, "posts": 0.0}, Origin.DEFAULT),
    ],
)
def test_a_rate_rests_on_what_it_is_of(columns, origin):
    assert forecast(roster(**columns), Campaign(budget=1)).origins["engagements"].tolist() == [origin]
