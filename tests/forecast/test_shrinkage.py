"""Engagement rates drawn towards what is usual."""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.shrinkage import (
    ZERO_RATE_DEVIATIONS,
    engagement_prior,
    keep_stated_rates,
    log_mean,
    shrink_rates,
    winsorized_ratio,
)
from tests.forecast.builders import BETWEEN, GROWTH, MU, WITHIN, assert_close, kept, left, log_of_mean, usual_rate

RATES = st.floats(1e-4, 0.5)
POSTS = st.floats(0.5, 1e4)


def usual(followers=20_000.0, platform=0):
    return engagement_prior(default_benchmarks(), np.asarray([platform], dtype=np.int8), np.asarray([followers]))


def after(rate, posts, **where):
    return float(shrink_rates(np.asarray([rate]), np.asarray([posts]), usual(**where)).mean[0])


def test_the_formula_by_hand():
    n, stated = 3, 0.08
    k = WITHIN**2 / BETWEEN**2
    weight = n / (n + k)
    x = log(stated) - log_of_mean(n)
    m, v = weight * x + (1 - weight) * MU, WITHIN**2 / (n + k)
    assert_close(after(stated, n), exp(m + GROWTH + (v + WITHIN**2) / 2) * left(sqrt(v + WITHIN**2)))


@given(RATES)
def test_a_rate_of_very_many_posts_comes_back_as_itself_but_for_growth(rate):
    assert_close(after(rate, 1e9), kept(max(rate, exp(MU - ZERO_RATE_DEVIATIONS * BETWEEN))))


@pytest.mark.parametrize("posts", [1, 2, 5, 30])
def test_the_mean_log_rate_behind_an_average_is_found_however_few_its_posts(posts):
    draw = np.random.default_rng(posts)
    averages = np.exp(draw.normal(MU, WITHIN, (400_000 // posts, posts))).mean(axis=1)
    unwinsorized = replace(usual(), quantile=1 - 1e-9)
    assert abs(log_mean(averages, np.full(len(averages), float(posts)), unwinsorized).mean() - MU) < 0.006


@given(RATES)
def test_the_rate_of_one_post_is_its_own_mean(rate):
    floor = exp(MU - ZERO_RATE_DEVIATIONS * BETWEEN)
    assert_close(log_mean(np.asarray([rate]), np.ones(1), usual())[0], log(max(rate, floor)))


@given(RATES)
def test_a_rate_of_no_posts_and_no_rate_give_the_usual_one(rate):
    assert_close(after(rate, 0), usual_rate())
    assert_close(after(np.nan, 50), usual_rate())
    assert_close(float(usual().mean()[0]), usual_rate())


@given(RATES, RATES, POSTS)
def test_a_higher_stated_rate_is_never_expected_to_be_lower(one, other, posts):
    low, high = sorted((one, other))
    assert after(low, posts) <= after(high, posts)


@given(RATES, POSTS, POSTS)
def test_more_posts_bring_the_expectation_nearer_to_the_stated_rate(rate, one, other):
    few, many = sorted((one, other))
    apart = [
        abs(log(after(rate, posts) / kept(max(rate, exp(MU - ZERO_RATE_DEVIATIONS * BETWEEN)))))
        for posts in (few, many)
    ]
    assert apart[1] <= apart[0] + 0.03  # winsorizing bends the way by a little


@given(RATES, POSTS)
def test_the_median_lies_between_the_creators_own_and_the_usual_one(rate, posts):
    own = float(log_mean(np.asarray([rate]), np.asarray([posts]), usual())[0])
    rates = shrink_rates(np.asarray([rate]), np.asarray([posts]), usual())
    spread = float(np.hypot(rates.creator[0], rates.post[0]))
    median = log(rates.mean[0]) - spread**2 / 2 - log(left(spread)) - GROWTH
    assert min(own, MU) - 1e-4 <= median <= max(own, MU) + 1e-4


def test_a_rate_of_zero_is_low_and_no_error():
    assert 0 < after(0.0, 1000) < 0.002


@pytest.mark.parametrize(("platform", "followers", "rate"), [(1, 5_000, 0.103), (1, 2e6, 0.049), (2, 20_000, 0.021)])
def test_platforms_known_by_mean_rates_give_these_where_nothing_is_stated(platform, followers, rate):
    assert_close(float(usual(followers, platform).mean()[0]), rate)


def test_instagram_takes_its_own_bands_and_fewer_than_the_first_the_first():
    assert [float(usual(people).mu[0]) for people in (10, 9_999, 10_000, 70_000, 5e6)] == [
        -3.32,
        -3.32,
        -3.63,
        -3.80,
        -3.93,
    ]


def test_rates_as_stated_are_not_moved():
    result = keep_stated_rates(np.asarray([0.3, np.nan]), np.asarray([2.0, 2.0]), usual())
    assert_close(result.mean, [0.3, usual_rate()])


@given(st.floats(0, 4), st.floats(0.55, 0.99))
def test_winsorising_takes_off_something_and_never_more_than_all_above_the_median(spread, quantile):
    ratio = float(winsorized_ratio(np.asarray([spread]), quantile)[0])
    assert 0 < ratio <= 1 + 1e-9
    assert_close(ratio, left(spread, quantile), 2e-4)


def test_an_unknown_creator_keeps_more_than_nine_tenths_of_a_log_normal_mean():
    assert 0.9 < left(sqrt(BETWEEN**2 + WITHIN**2)) < 1
