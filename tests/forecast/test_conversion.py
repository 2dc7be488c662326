"""Clicks and conversions."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.forecast.forecast import Origin
from microopt.forecast.model import forecast
from tests.forecast.builders import NAN, assert_close, one, roster

VIEWS = {"views": 10_000.0}
CTR, CVR = sqrt(0.0016 * 0.0075), 0.0218


def converted(campaign=None, **columns):
    return one("conversions", campaign, **{**VIEWS, **columns})


def test_clicks_are_views_times_the_click_through_rate():
    assert_close(one("clicks", None, **VIEWS), 10_000 * CTR)
    assert_close(one("clicks", None, **VIEWS, ctr=0.05), 500)
    assert_close(one("clicks", None, **VIEWS, ctr=NAN), 10_000 * CTR)


def test_conversions_are_clicks_times_the_rate_of_the_size():
    assert_close(converted(ctr=0.05), 500 * CVR)
    assert_close(converted(ctr=0.05, followers=200_000.0), 500 * sqrt(0.0218 * 0.0142))
    assert_close(converted(ctr=0.05, cvr=0.04), 20)


def test_observed_clicks_and_conversions_are_drawn_towards_the_rate_of_the_size():
    assert_close(converted(ctr=0.05, clicks=300.0, conversions=12.0), 500 * (500 * CVR + 12) / 800)
    assert_close(converted(ctr=0.05, clicks=0.0, conversions=0.0), 500 * CVR)
    assert_close(converted(ctr=0.05, clicks=1e9, conversions=3e7), 500 * 0.03)
    assert_close(converted(ctr=0.05, clicks=300.0, conversions=NAN), 500 * CVR)
    assert_close(converted(ctr=0.05, clicks=300.0, conversions=12.0, cvr=0.04), 20)


def test_the_weight_of_the_rate_of_the_size_can_be_set():
    none = {"forecast": {"conversion": {"prior_clicks": 0}}}
    assert_close(converted(none, ctr=0.05, clicks=300.0, conversions=12.0), 500 * 0.04)
    assert_close(converted(none, ctr=0.05, clicks=0.0, conversions=0.0), 500 * CVR)


def test_market_share_and_fit_scale_conversions():
    assert_close(converted(ctr=0.05, market_share=0.5, fit=0.5), 500 * CVR / 4)


def test_an_action_rate_is_of_engagements():
    sure = {"shrink": False, "forecast": {"sponsored": {"rates_from": "sponsored"}}}
    assert_close(converted(sure, engagement_rate=0.05, action_rate=0.02, fit=0.5, cvr=0.9), 20_000 * 0.05 * 0.5 * 0.02)


@pytest.mark.parametrize(
    ("columns", "origin"),
    [
        ({}, Origin.DEFAULT),
        ({"cvr": 0.1}, Origin.DEFAULT),
        ({"cvr": 0.1, "views": 1e3}, Origin.DEFAULT),
        ({"cvr": 0.1, "views": 1e3, "ctr": 0.01}, Origin.OWN),
        ({"action_rate": 0.1}, Origin.DEFAULT),
        ({"action_rate": 0.1, "engagement_rate": 0.1}, Origin.SHRUNK),
        ({"clicks": 10.0, "conversions": 1.0, "views": 1e3, "ctr": 0.01}, Origin.SHRUNK),
        ({"clicks": 0.0, "conversions": 0.0, "views": 1e3, "ctr": 0.01}, Origin.DEFAULT),
        ({"clicks": 10.0, "views": 1e3, "ctr": 0.01}, Origin.DEFAULT),
    ],
)
def test_a_product_comes_from_where_its_least_known_factor_does(columns, origin):
    result = forecast(roster(**columns), Campaign(budget=1))
    assert result.origins["conversions"].tolist() == [origin]


def test_conversions_without_clicks_are_told_to_be_left_aside():
    assert any("without clicks" in note for note in forecast(roster(conversions=3.0), Campaign(budget=1)).notes)


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_more_observed_conversions_never_bring_fewer(clicks, first, second):
    low, high = sorted((first * clicks, second * clicks))
    few, many = (converted(clicks=clicks, conversions=count) for count in (low, high))
    assert few <= many * (1 + 1e-12)
    assert np.isfinite(many)
