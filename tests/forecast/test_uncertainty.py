"""The range that holds eight outcomes of ten."""

from math import exp, log, sqrt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.forecast.deliverables import Z_90
from microopt.forecast.model import expected_results
from microopt.forecast.uncertainty import log_spreads, result_intervals, student_deviations
from tests.forecast.builders import BETWEEN, WITHIN, assert_close, roster


def spreads(**columns):
    people = roster(**columns)
    return {name: float(s[0]) for name, s in log_spreads(people, expected_results(people, Campaign(budget=1))).items()}


def test_spreads_by_hand():
    k = WITHIN**2 / BETWEEN**2
    assert_close(spreads(engagement_rate=0.05, posts=4.0)["engagements"], sqrt(WITHIN**2 / (4 + k) + WITHIN**2))
    assert_close(spreads()["engagements"], sqrt(BETWEEN**2 + WITHIN**2))
    assert_close(spreads(engagement_rate=0.05, posts=1e12, deliverables=4.0)["engagements"], WITHIN / 2)
    assert_close(spreads(views=9_000.0, posts=4.0)["impressions"], sqrt(WITHIN**2 / 4 + WITHIN**2))
    seen = spreads(views=9_000.0, ctr=0.02, clicks=500.0, conversions=10.9)
    assert_close(seen["clicks"] ** 2 - seen["impressions"] ** 2, 0.3**2 + 0.4**2)
    rate, usual = (500 * 0.0218 + 10.9) / 1000, exp(0.6**2) - 1
    creator = log(1 + usual / (1 + usual * rate * 500))
    assert_close(seen["conversions"] ** 2 - seen["clicks"] ** 2, creator + 0.6**2)
    several = spreads(views=9_000.0, ctr=0.02, deliverables=4.0)
    assert_close(several["clicks"] ** 2 - several["impressions"] ** 2, 0.3**2 + 0.4**2 / 4)


def test_what_the_roster_knows_is_narrower_than_what_is_assumed():
    stated, assumed = spreads(engagement_rate=0.05, views=9_000.0, ctr=0.02, posts=40.0), spreads()
    assert all(stated[name] < assumed[name] for name in ("engagements", "impressions", "clicks", "conversions"))


def test_eight_of_ten_draws_fall_within():
    mean, spread = 1_000.0, 0.7
    draw = np.random.default_rng(3).lognormal(np.log(mean) - spread**2 / 2, spread, 200_000)
    low, high = result_intervals({"views": np.asarray([mean])}, {"views": np.asarray([spread])})["views"]
    assert abs(((draw >= low) & (draw <= high)).mean() - 0.8) < 0.005


def test_the_range_of_heavy_tails_is_narrower_for_the_same_spread():
    draw = np.random.default_rng(5).standard_t(8, 400_000) / sqrt(8 / 6)
    for quantile in (0.05, 0.1, 0.5, 0.9):
        assert abs(np.quantile(draw, quantile) - student_deviations(quantile, 8)) < 0.01
    mean, spread = {"x": np.asarray([100.0])}, {"x": np.asarray([0.7])}
    normal, heavy = (result_intervals(mean, spread, degrees=degrees)["x"] for degrees in (float("inf"), 8))
    assert normal[0][0] < heavy[0][0] < heavy[1][0] < normal[1][0]


def test_a_creator_who_may_say_no_may_bring_nothing():
    mean, spread, share = np.asarray([300.0]), np.asarray([0.5]), np.asarray([0.3])
    random = np.random.default_rng(4)
    draw = np.where(random.random(200_000) < 0.3, random.lognormal(np.log(1_000) - 0.125, 0.5, 200_000), 0.0)
    low, high = result_intervals({"x": mean}, {"x": spread}, acceptance=share)["x"]
    assert low[0] == 0
    assert_close(high[0], np.quantile(draw, 0.9), 0.02)
    rare = result_intervals({"x": mean}, {"x": spread}, acceptance=np.asarray([0.05]))["x"]
    assert rare[0][0] == rare[1][0] == 0
    never = result_intervals({"x": np.asarray([0.0])}, {"x": spread}, acceptance=np.asarray([0.0]))["x"]
    assert never[1][0] == 0


def test_the_spread_of_conversions_is_that_of_the_rate_not_of_its_shares():
    assert_close(spreads(market_share=0.01)["conversions"], spreads()["conversions"])


@given(st.floats(1e-3, 1e9), st.floats(0, 3))
def test_ranges_are_in_order_and_narrow_to_the_mean(mean, spread):
    low, high = result_intervals({"x": np.asarray([mean])}, {"x": np.asarray([spread])})["x"]
    assert 0 <= low[0] <= high[0]
    assert_close(low[0], mean * exp(-(spread**2) / 2 - Z_90 * spread), 1e-9)
    if not spread:
        assert_close(low[0], mean, 1e-12)
