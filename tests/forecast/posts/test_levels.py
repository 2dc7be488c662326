"""The level and the spread of an account."""

import numpy as np
import pytest

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.posts.levels import PostWeights, account_levels, age_weights, post_weights

SURE = override_benchmarks(default_benchmarks(), {"posts": {"pooled_posts": 1e6}})


def test_a_post_of_the_drift_counts_half():
    years = default_benchmarks().figure("posts", "drift_years")
    np.testing.assert_allclose(age_weights(np.asarray([0.0, years]), default_benchmarks()), [1, 0.5])


def test_the_level_and_the_spread_by_hand():
    """The first account has posts of one and of two years of drift: for its spread, of none and of one."""
    years = SURE.figure("posts", "drift_years")
    account, age = np.asarray([0, 0, 2]), np.asarray([years, 2 * years, 0.0])
    weights = post_weights(account, age, 3, SURE)
    levels = account_levels(account, np.asarray([-3.0, -4.0, -2.0]), weights, np.full(3, 0.6), SURE)
    assert levels.posts.tolist() == [2, 0, 1]
    np.testing.assert_allclose(levels.weight, [1 / 2 + 1 / 3, 0, 1])
    np.testing.assert_allclose(levels.level, [(-3 / 2 - 4 / 3) / (1 / 2 + 1 / 3), np.nan, -2])
    mean = (-3 - 4 / 2) / (1 + 1 / 2)
    squares = (-3 - mean) ** 2 + (-4 - mean) ** 2 / 2
    own = SURE.figure("posts", "spread_posts")
    expected = np.sqrt((own * 0.36 + squares) / (own + 1))
    np.testing.assert_allclose(levels.within, [expected, 0.6, 0.6], rtol=1e-5)


def test_the_spread_about_a_drifting_level_is_that_of_single_posts():
    """Posts of a random walk: those of an old account do not seem steadier because they are old."""
    random = np.random.default_rng(4)
    years, size = default_benchmarks().figure("posts", "drift_years"), 4_000
    ages = np.sort(random.uniform(0, 0.5, (size, 2)), axis=1) + random.uniform(0, 2, (size, 1))
    walk = np.column_stack([np.zeros(size), random.normal(0, np.sqrt(np.diff(ages).ravel() / years))])
    values = 0.5 * (random.normal(0, 1, (size, 2)) + walk)
    account = np.repeat(np.arange(size), 2)
    weights = post_weights(account, ages.ravel(), size, default_benchmarks())
    levels = account_levels(account, values.ravel(), weights, np.full(size, 0.5), default_benchmarks())
    assert np.sqrt(np.mean(levels.within**2)) == pytest.approx(0.5, rel=0.03)


def test_the_spread_of_many_posts_is_their_own_and_of_all_accounts_replaces_the_public_one():
    random = np.random.default_rng(2)
    account = np.repeat(np.arange(200), 50)
    spread = np.where(np.arange(200) < 100, 0.3, 0.9)
    values = random.normal(0, spread[account])
    alike = PostWeights(np.ones(len(values)), np.ones(len(values)))
    levels = account_levels(account, values, alike, np.full(200, 0.6), default_benchmarks())
    assert levels.within[:100].mean() == pytest.approx(0.42, abs=0.05)  # drawn from .3 to what is usual of these, .67
    assert levels.within[100:].mean() == pytest.approx(0.85, abs=0.05)


def test_posts_of_unknown_age_count_in_full():
    weights = post_weights(np.asarray([0, 0]), np.full(2, np.nan), 1, SURE)
    assert (weights.level.tolist(), weights.spread.tolist()) == ([1, 1], [1, 1])
