"""By how much all of a platform is off: against a grid; results as expected teach nothing, nor does one creator.

The bound on what creators support is tried against its definition: the shift of all but one, whoever that is.
"""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.progress import PostResults
from microopt.forecast.updating.shifts import few_creators_spread, shift_from_counts, shift_from_logs
from tests.forecast.builders import WITHIN, before_and_after
from tests.scale import examples

SPREAD = 0.8


def drawn(random, lessons, mean, shape, off=0.0):
    expected = np.full(lessons, float(mean))
    return random.poisson(expected * np.exp(off) * random.gamma(shape, 1 / shape, lessons)).astype(float), expected


@pytest.mark.parametrize("mean", [0.2, 1, 5, 500])
def test_counts_as_expected_teach_nothing(mean):
    random = np.random.default_rng(1)
    counts, expected = drawn(random, 20_000, mean, 4)
    assert abs(shift_from_counts(counts, expected, np.full(20_000, 1 / 4), SPREAD)) < 0.05


@pytest.mark.parametrize("off", [-3.0, -0.5, 0.5, 3.0])
def test_many_counts_teach_what_they_are_off_by(off):
    counts, expected = drawn(np.random.default_rng(2), 20_000, 5, 4, off)
    assert shift_from_counts(counts, expected, np.full(20_000, 1 / 4), SPREAD) == pytest.approx(off, abs=0.05)


def nearest_to_none(shifts):
    """Return what estimates have in common: the least if all are up, the greatest if all are down, else none."""
    return max(min(shifts), 0.0) + min(max(shifts), 0.0)


def likeliest(counts, expected, variation, grid):
    """Return the likeliest shift of a grid for negative binomial counts, by their logarithmic probabilities."""
    shape = 1 / variation
    likely = counts * grid - (counts + shape) * np.log(shape + expected * np.exp(grid))
    return grid[np.argmax(likely.sum(axis=1) - grid[:, 0] ** 2 / (2 * SPREAD**2)), 0]


@pytest.mark.parametrize("seed", range(20))
def test_the_shift_of_counts_is_the_likeliest_whichever_creator_is_left_out(seed):
    random = np.random.default_rng(seed)
    creators = int(random.integers(1, 5))
    expected, variation = random.uniform(0, 20, creators), 1 / random.uniform(0.5, 20, creators)
    counts = random.integers(0, 40, creators).astype(float)
    grid = np.linspace(-6, 6, 120_001)[:, None]
    without = [
        likeliest(*(np.delete(values, left_out) for values in (counts, expected, variation)), grid)
        for left_out in range(creators)
    ]
    assert shift_from_counts(counts, expected, variation, SPREAD) == pytest.approx(nearest_to_none(without), abs=2e-4)


def test_the_shift_of_logs_is_a_mean_drawn_towards_none_whichever_creator_is_left_out():
    result = shift_from_logs(np.asarray([1.0, 2.0, 4.0]), np.asarray([0.5, 0.25, 0.5]), 0.5)
    assert result == pytest.approx((1.0 * 2 + 2.0 * 4) / (4 + 2 + 4))  # the third pulls most
    assert shift_from_logs(np.asarray([1.0, -2.0]), np.asarray([0.5, 0.25]), 0.5) == 0.0


@given(st.floats(0, 1e9), st.floats(0.0, 1e6), st.floats(0.01, 10), st.floats(-30, 30))
@settings(max_examples=examples(60))
def test_one_creator_shifts_nothing_however_much_they_bring(count, expected, variation, log_ratio):
    one = (np.asarray([value]) for value in (count, expected, variation))
    assert shift_from_counts(*one, SPREAD) == 0.0
    assert shift_from_logs(np.asarray([log_ratio]), np.asarray([variation]), SPREAD) == 0.0


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0.01, 50)), min_size=2, max_size=8), st.integers(1, 10**9))
@example([(3, 1.0), (40, 17.953125)], 120_790_079)
@settings(max_examples=examples(60))
def test_more_of_one_creator_never_shifts_a_platform_down_nor_beyond_what_the_others_support(results, more):
    counts, expected = (np.asarray(values, dtype=float) for values in zip(*results, strict=True))
    variation = np.full(len(counts), 0.5)
    low = shift_from_counts(counts, expected, variation, SPREAD)
    counts[0] += more
    high = shift_from_counts(counts, expected, variation, SPREAD)
    assert low - 1e-9 <= high <= max(likely_of_all(counts[1:], expected[1:], variation[1:]), 0.0) + 1e-3


def likely_of_all(counts, expected, variation):
    return likeliest(counts, expected, variation, np.linspace(-9, 9, 18_001)[:, None])


def test_a_shift_stays_finite_where_nothing_was_expected():
    shift = shift_from_counts(np.full(3, 9.0), np.zeros(3), np.full(3, 0.5), SPREAD)
    assert 0 <= shift <= 50


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


def errors(creators, off, campaigns=400):
    """Return (campaigns, 2) shifts of platforms that are off by N(0, off²), and the shifts that counts show.

    About 1.5 events are expected of each creator, whose rate and post vary by 0.6 each, in logs.
    """
    random, variation = np.random.default_rng([4, creators]), np.full(creators, 2 * np.expm1(0.36))
    spread = few_creators_spread(default_benchmarks(), SPREAD, creators)
    pairs = []
    for _ in range(campaigns):
        true = random.normal(0, off)
        expected = np.exp(random.normal(0.2, 1, creators))
        luck = np.exp(random.normal(-0.36, np.hypot(0.6, 0.6), creators))
        counts = random.poisson(expected * np.exp(true) * luck).astype(float)
        pairs.append((true, shift_from_counts(counts, expected, variation, spread)))
    return np.asarray(pairs)


@pytest.mark.parametrize(("creators", "most"), [(2, 0.15), (3, 0.3), (5, 0.55), (10, 0.75), (40, 0.55)])
def test_platforms_that_are_as_forecast_hardly_move(creators, most):
    assert np.quantile(np.abs(errors(creators, off=0.0)[:, 1]), 0.99) < most


@pytest.mark.parametrize(("creators", "left"), [(5, 0.95), (10, 0.85), (40, 0.55)])
def test_of_platforms_that_are_off_creators_show_the_more_the_more_they_are(creators, left):
    true, shown = errors(creators, off=0.5).T
    assert np.sqrt(np.mean((shown - true) ** 2)) < left * np.sqrt(np.mean(true**2))
