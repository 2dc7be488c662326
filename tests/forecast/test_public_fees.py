"""Usual fees by rate cards: within the published tables, without steps, and never less than a least fee."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.model import forecast
from microopt.forecast.public_fees import public_fee_of_post
from microopt.roster.roster import NO_FEE
from tests.forecast.builders import roster

PUBLISHED = {  # iidb 2026: band of followers, and dollars for a post
    "nano": (1e3, 1e4, 50, 250),
    "micro": (1e4, 1e5, 250, 2_000),
    "mid": (1e5, 5e5, 2_000, 10_000),
    "macro": (5e5, 1e6, 10_000, 50_000),
    "mega": (1e6, 1e7, 50_000, 500_000),
}


def fee(**columns):
    return int(forecast(roster(fee=NO_FEE, **columns), Campaign(budget=1, estimate_fees=True)).fee[0]) / 100


@pytest.mark.parametrize("tier", list(PUBLISHED))
def test_in_the_middle_of_each_tier_a_post_costs_what_rate_cards_say(tier):
    low, high, least, most = PUBLISHED[tier]
    assert least <= fee(followers=sqrt(low * high)) <= most


@pytest.mark.parametrize(("followers", "dollars"), [(256e6, 1.38e6), (600e6, 3.23e6)])
def test_the_most_followed_cost_what_the_rich_list_says(followers, dollars):
    """Hopper HQ 2023: Virat Kohli and Cristiano Ronaldo."""
    assert fee(followers=followers) == pytest.approx(dollars, rel=0.25)


def test_a_reel_of_7400_followers_is_not_25_dollars():
    assert 100 <= fee(followers=7_400, offer="reel") <= 400


@given(st.sampled_from(PLATFORMS), st.floats(500, 5e8), st.floats(1, 1.2))
def test_fees_grow_with_followers_without_a_step(platform, followers, factor):
    code = np.asarray([PLATFORMS.index(platform)] * 2)
    sizes = np.asarray([followers, followers * factor])
    small, large = public_fee_of_post(default_benchmarks(), code, sizes)
    assert small <= large <= small * factor**1.3 * (1 + 1e-9)


def test_a_deliverable_costs_a_least_fee_whatever_the_size():
    assert fee(followers=200, offer="story") == 25
    assert fee(followers=200, offer="3x story") == 75
    assert fee(followers=200, offer="story", platform="tiktok") == 25


def test_a_campaign_may_bring_its_own_rate_card():
    card = {"fee": {"instagram": {"floors": [1_000], "fee": [[100, 100]]}}, "fee_estimate": {"least": 0}}
    table = override_benchmarks(default_benchmarks(), card)
    sizes = np.asarray([sqrt(1e3 * 1e4), 10 * sqrt(1e3 * 1e4)])
    np.testing.assert_allclose(public_fee_of_post(table, np.zeros(2, dtype=int), sizes), [100, 1_000])


def test_every_band_of_a_rate_card_has_its_figure_at_its_middle():
    benchmarks = default_benchmarks()
    for code, name in enumerate(PLATFORMS):
        table = benchmarks.table(f"fee.{name}")
        ends = [*table["floors"][1:], table["floors"][-1] * 10]
        middles = np.asarray([sqrt(low * high) for low, high in zip(table["floors"], ends, strict=True)])
        found = public_fee_of_post(benchmarks, np.full(len(middles), code), middles)
        np.testing.assert_allclose(found, [sqrt(low * high) for low, high in table["fee"]])
