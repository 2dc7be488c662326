"""By how much all of a platform is off: against a grid, and that results as expected teach nothing."""

import numpy as np
import pytest

from microopt.campaign.progress import PostResults
from microopt.forecast.updating import shift_from_counts, shift_from_logs
from tests.forecast.builders import WITHIN, before_and_after

SPREAD = 0.8


def drawn(random, lessons, mean, shape, off=0.0):
    expected = np.full(lessons, float(mean))
    return random.poisson(expected * np.exp(off) * random.gamma(shape, 1 / shape, lessons)).astype(float), expected


@pytest.mark.parametrize("mean", [0.2, 1, 5, 500])
def test_counts_as_expected_teach_nothing(mean):
    random = np.random.default_rng(1)
    counts, expected = drawn(random, 20_000, mean, 4)
    assert abs(shift_from_counts(counts, expected, np.full(20_000, 4.0), SPREAD)) < 0.05


@pytest.mark.parametrize("off", [-3.0, -0.5, 0.5, 3.0])
def test_many_counts_teach_what_they_are_off_by(off):
    counts, expected = drawn(np.random.default_rng(2), 20_000, 5, 4, off)
    assert shift_from_counts(counts, expected, np.full(20_000, 4.0), SPREAD) == pytest.approx(off, abs=0.05)


@pytest.mark.parametrize("seed", range(20))
def test_the_shift_of_counts_is_the_likeliest_of_a_grid(seed):
    random = np.random.default_rng(seed)
    lessons = int(random.integers(1, 5))
    expected, shape = random.uniform(0, 20, lessons), random.uniform(0.5, 20, lessons)
    counts = random.integers(0, 40, lessons).astype(float)
    grid = np.linspace(-6, 6, 120_001)[:, None]
    likely = counts * grid - (counts + shape) * np.log(shape + expected * np.exp(grid))
    best = grid[np.argmax(likely.sum(axis=1) - grid[:, 0] ** 2 / (2 * SPREAD**2)), 0]
    assert shift_from_counts(counts, expected, shape, SPREAD) == pytest.approx(best, abs=2e-4)


def test_the_shift_of_logs_is_a_mean_drawn_towards_none():
    result = shift_from_logs(np.asarray([1.0, 2.0]), np.asarray([0.5, 0.25]), 0.5)
    assert result == pytest.approx((1.0 * 2 + 2.0 * 4) / (4 + 2 + 4))


@pytest.mark.parametrize(("metric", "posts"), [("impressions", 1), ("impressions", 4), ("engagements", 1)])
def test_posts_that_bring_what_is_expected_on_average_teach_nothing_of_others(metric, posts):
    random, rows = np.random.default_rng(3), 1_500
    columns = {"rows": rows, "views": 5_000.0, "engagement_rate": 0.04, "posts": 1e6}
    luck = np.exp(random.normal(-(WITHIN**2) / 2, WITHIN, (rows, posts))).sum(axis=1)
    before, after = before_and_after(
        lambda each: [
            PostResults(creator=f"c{row}", posts=posts, matured_posts=posts, **{metric: each[metric] * luck[row]})
            for row in range(rows - 1)
        ],
        **columns,
    )
    assert after.metrics[metric][-1] == pytest.approx(before.metrics[metric][-1], rel=0.06)
