"""Conversions of creators whose audience reacts more or less than is usual."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.engagement_lift import engagement_lift
from microopt.forecast.model import expected_results
from microopt.forecast.shrinkage import EngagementRates, engagement_prior, winsorized_ratio
from microopt.forecast.uncertainty import log_spreads
from tests.forecast.builders import BETWEEN, WITHIN, assert_close, one, roster

E = 0.236
OFF = {"forecast": {"conversion": {"engagement_elasticity": 0}}}


def rates_known_as(m, v, usual):
    """Return rates of creators whose log rates are known to be N(mu + m, v)."""
    spread = np.sqrt(v + usual.within**2)
    mean = usual.mean() * np.exp(m + (v - usual.between**2) / 2)
    mean *= winsorized_ratio(spread, usual.quantile)
    mean /= winsorized_ratio(np.hypot(usual.between, usual.within), usual.quantile)
    return EngagementRates(mean=mean, creator=np.sqrt(v), post=usual.within)


def usual_of(count):
    return engagement_prior(default_benchmarks(), np.zeros(count, dtype=np.int8), np.full(count, 20_000.0))


def test_twice_the_usual_rate_of_a_size_converts_two_to_the_elasticity_times_as_often():
    lifts = engagement_lift(
        rates_known_as(np.log([1.0, 2.0, 0.5]), np.full(3, 1e-12), usual_of(3)), usual_of(3), default_benchmarks()
    )
    assert_close(lifts[1] / lifts[0], 2**E)
    assert_close(lifts[2] / lifts[0], 2**-E)
    assert_close(lifts[0], exp(-((E * BETWEEN) ** 2) / 2))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 1.0])
def test_the_lift_is_one_on_average_however_well_rates_are_known(share):
    """The variance of creators' rates is in what is known of them, to this share, and in what is not."""
    draws = 400_000
    usual = usual_of(draws)
    m = np.random.default_rng(5).normal(0.0, BETWEEN * share**0.5, draws)
    rates = rates_known_as(m, np.full(draws, BETWEEN**2 * (1 - share)), usual)
    assert_close(engagement_lift(rates, usual, default_benchmarks()).mean(), 1.0, 2e-3)


def test_a_creator_without_a_rate_converts_as_their_size_does():
    assert_close(one("conversions"), one("conversions", OFF), 1e-9)


def test_rates_of_many_posts_reach_conversions_and_not_clicks():
    stated = {"engagement_rate": 0.08, "posts": 1e9}
    assert one("conversions", None, **stated) > 1.1 * one("conversions", OFF, **stated)
    assert one("clicks", None, **stated) == one("clicks", OFF, **stated)


@pytest.mark.parametrize("own", [{"ctr": 0.01}, {"cvr": 0.03}, {"clicks": 50.0, "conversions": 1.0}])
def test_a_click_or_conversion_rate_of_their_own_needs_no_lift(own):
    stated = {"engagement_rate": 0.2, "posts": 40.0, **own}
    assert one("conversions", None, **stated) == one("conversions", OFF, **stated)


def test_conversions_by_an_action_rate_follow_engagement_alone():
    stated = {"engagement_rate": 0.2, "action_rate": 0.01}
    assert one("conversions", None, **stated) == one("conversions", OFF, **stated)


def test_a_rate_of_zero_and_one_beyond_belief_stay_within_the_limits():
    raw = {"shrink": False}
    assert_close(one("conversions", raw, engagement_rate=0.0) / one("conversions", OFF), 0.5)
    assert_close(one("conversions", raw, engagement_rate=50.0) / one("conversions", OFF), 2.0)


@given(st.floats(0.0, 2.0), st.floats(1e-4, 1.0), st.floats(1.0, 1e4), st.floats(1.0, 100.0))
def test_the_lift_rises_with_the_rate_and_is_finite(elasticity, rate, posts, most):
    figures = {"conversion": {"engagement_elasticity": elasticity, "most_lift": most}}
    campaign = {"forecast": figures}
    low, high = (one("conversions", campaign, engagement_rate=r, posts=posts) for r in (rate / 2, rate))
    assert 0 < low <= high * (1 + 1e-9)
    assert override_benchmarks(default_benchmarks(), figures).figure("conversion", "most_lift") == most


def test_no_more_than_every_click_converts():
    every = {"forecast": {"conversion": {"cvr": 0.9, "most_lift": 10}}}
    assert one("conversions", every, engagement_rate=0.9, posts=1e9) <= one("clicks", every)


def test_the_range_of_conversions_takes_in_what_carries_over_from_engagement():
    def spreads(settings):
        people = roster()
        return log_spreads(people, expected_results(people, Campaign(budget=1, **settings)))

    wider = spreads({})["conversions"][0] ** 2 - spreads(OFF)["conversions"][0] ** 2
    assert_close(wider, E**2 * (BETWEEN**2 + WITHIN**2))
