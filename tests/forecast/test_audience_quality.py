"""What scales engagement: paid posts, real followers, fit, fatigue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecast.builders import NAN, assert_close, kept, one, usual_rate

PLAIN = 20_000 * usual_rate()
SHARES = st.floats(0, 1)


def engaged(figures=None, **columns):
    return one("engagements", {"forecast": figures or {}}, **columns)


def test_paid_posts_bring_less_the_larger_the_creator():
    assert_close(engaged(), PLAIN * 0.99)
    big = {"followers": 200_000.0, "engagement_rate": 0.03, "posts": 1e9}
    assert_close(engaged(**big), 200_000 * kept(0.03) * 0.96)


def test_the_rosters_own_ratio_wins():
    assert_close(engaged(sponsored_ratio=1.2), PLAIN * 1.2)
    assert_close(engaged(sponsored_ratio=NAN), PLAIN * 0.99)


def test_an_average_over_paid_and_organic_posts_is_taken_apart():
    # Organic posts bring 100, paid ones 60, four of ten are paid: 84 on average, of which a paid one is 60.
    assert_close(engaged(sponsored_ratio=0.6, sponsored_share=0.4), PLAIN * 60 / 84)
    assert_close(engaged(sponsored_ratio=0.6, sponsored_share=1.0), PLAIN)
    assert_close(engaged(sponsored_ratio=0.6, sponsored_share=NAN), PLAIN * 0.6)


def test_rates_of_paid_posts_stay_as_they_are():
    paid = {"sponsored": {"rates_from": "sponsored"}}
    assert_close(engaged(paid, sponsored_ratio=0.6, engagement_rate=0.05, posts=1e9), 20_000 * kept(0.05))
    assert_close(
        engaged(paid, sponsored_ratio=0.6), PLAIN * 0.6
    )  # nothing is stated: the usual rate is of organic posts


@pytest.mark.parametrize(
    ("columns", "share"),
    [
        ({"authentic": 0.7}, 0.7),
        ({"credibility": 0.8}, 0.8),
        ({"authentic": 0.7, "credibility": 0.8}, 0.7),
        ({"authentic": NAN, "credibility": 0.8}, 0.8),
        ({"authentic": NAN}, 1.0),
        ({"fit": 0.5}, 0.5),
        ({"fit": 0.5, "authentic": 0.5}, 0.25),
        ({"fit": 0.0}, 0.0),
    ],
)
def test_what_is_not_real_or_does_not_fit_brings_nothing(columns, share):
    assert_close(engaged(**columns), PLAIN * 0.99 * share)


def test_fatigue_is_none_unless_a_slope_is_given():
    assert_close(engaged(sponsored_share=0.2, sponsored_ratio=1.0), PLAIN)
    assert_close(engaged({"fatigue": {"slope": 0.5}}, sponsored_share=0.2, sponsored_ratio=1.0), PLAIN * 0.9)
    assert engaged({"fatigue": {"slope": 5}}, sponsored_share=0.5, sponsored_ratio=1.0) == 0


@given(SHARES, SHARES, st.sampled_from(["authentic", "credibility", "fit"]))
def test_more_of_a_good_share_never_brings_less(first, second, name):
    low, high = sorted((first, second))
    assert engaged(**{name: low}) <= engaged(**{name: high})


@given(SHARES, st.floats(0, 3))
def test_the_factor_of_paid_posts_is_never_nan_or_below_zero(share, ratio):
    result = engaged(sponsored_share=share, sponsored_ratio=ratio)
    assert np.isfinite(result)
    assert result >= 0
