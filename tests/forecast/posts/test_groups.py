"""Groups of creators: platform, size and niche."""

import numpy as np
import pytest

from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.posts.groups import group_shifts, usual_levels
from microopt.forecast.posts.levels import Levels
from microopt.forecast.shrinkage import engagement_prior
from tests.forecast.posts.builders import account_table


def test_a_shift_is_the_mean_of_its_group_drawn_to_zero_by_hand():
    groups, known = np.asarray([0, 0, 1, 1, -1]), np.asarray([True, True, True, False, True])
    residual, variance = np.asarray([1.0, 0.5, -2.0, 9.0, 5.0]), np.asarray([0.5, 0.5, 1.0, 1.0, 1.0])
    found = group_shifts(groups, residual, variance, known, 2.0)
    first, second = 4 * (1.0 / 0.5 + 0.5 / 0.5) / (4 * 4 + 1), 4 * -2.0 / (4 * 1 + 1)
    np.testing.assert_allclose(found, [first, first, second, second, 0])


def test_groups_that_do_not_differ_have_no_shift():
    random = np.random.default_rng(1)
    residual = random.normal(0, 1, 600)
    residual -= np.repeat(residual.reshape(6, 100).mean(axis=1), 100)
    shifts = group_shifts(np.repeat(np.arange(6), 100), residual, np.ones(600), np.ones(600, dtype=bool))
    assert not shifts.any()


def test_no_account_with_posts_leaves_all_as_it_is():
    accounts = account_table([5_000, 80_000], niche=[0, 1])
    nothing = np.full(2, np.nan)
    levels = Levels(posts=np.zeros(2), weight=np.zeros(2), level=nothing, within=np.full(2, 0.6))
    prior = engagement_prior(default_benchmarks(), accounts.platform, accounts.followers)
    found = usual_levels(accounts, levels, prior, default_benchmarks())
    assert not found.shift.any()
    np.testing.assert_allclose(found.between, prior.between)


def test_a_creator_without_posts_takes_the_level_of_their_niche():
    random = np.random.default_rng(1)
    niche = np.arange(400) % 2
    accounts = account_table(np.full(400, 20_000.0), niche=niche)
    prior = engagement_prior(default_benchmarks(), accounts.platform, accounts.followers)
    level = prior.mu + prior.growth + np.where(niche == 1, 0.6, -0.6) + random.normal(0, 0.5, 400)
    level[:2] = np.nan
    weight = np.where(np.isnan(level), 0.0, 20.0)
    levels = Levels(posts=weight, weight=weight, level=level, within=np.full(400, 0.5))
    found = usual_levels(accounts, levels, prior, default_benchmarks())
    assert found.shift[1] - found.shift[0] == pytest.approx(1.2, abs=0.15)
    assert found.between[0] == pytest.approx(0.5, abs=0.1)  # what is left between creators of a niche
