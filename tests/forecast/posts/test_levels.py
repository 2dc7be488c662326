"""The level and the spread of an account."""

import numpy as np
import pytest

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.posts.levels import account_levels, age_weights

SURE = override_benchmarks(default_benchmarks(), {"posts": {"pooled_posts": 1e6}})


def test_a_post_of_the_drift_counts_half():
    years = default_benchmarks().figure("posts", "drift_years")
    np.testing.assert_allclose(age_weights(np.asarray([0.0, years]), default_benchmarks()), [1, 0.5])


def test_the_level_and_the_spread_by_hand():
    account = np.asarray([0, 0, 2])
    levels = account_levels(account, np.asarray([-3.0, -4.0, -2.0]), np.asarray([1.0, 0.5, 1.0]), np.full(3, 0.6), SURE)
    assert levels.posts.tolist() == [2, 0, 1]
    assert levels.weight.tolist() == [1.5, 0, 1]
    mean = (-3.0 - 0.5 * 4.0) / 1.5
    np.testing.assert_allclose(levels.level, [mean, np.nan, -2])
    squares = (-3 - mean) ** 2 + 0.5 * (-4 - mean) ** 2
    own = SURE.figure("posts", "spread_posts")
    expected = np.sqrt((own * 0.36 + squares) / (own + 1))
    np.testing.assert_allclose(levels.within, [expected, 0.6, 0.6], rtol=1e-5)


def test_the_spread_of_many_posts_is_their_own_and_of_all_accounts_replaces_the_public_one():
    random = np.random.default_rng(2)
    account = np.repeat(np.arange(200), 50)
    spread = np.where(np.arange(200) < 100, 0.3, 0.9)
    values = random.normal(0, spread[account])
    levels = account_levels(account, values, np.ones(len(values)), np.full(200, 0.6), default_benchmarks())
    assert levels.within[:100].mean() == pytest.approx(0.42, abs=0.05)  # drawn from .3 to what is usual of these, .67
    assert levels.within[100:].mean() == pytest.approx(0.85, abs=0.05)
