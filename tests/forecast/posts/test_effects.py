"""Age, format and payment: what moves posts of one creator."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.posts.effects import fit_effects
from microopt.forecast.posts.table import PAID
from tests.forecast.posts.builders import post_table

FIGURES = default_benchmarks().table("posts")
WITHIN = 0.6


def dense_fit(posts, rates, accounts):
    """Return the coefficients by a regression whose columns are written out, a creator's own level among them."""
    columns = [posts.age, posts.paid == PAID, *(posts.format == at for at in range(len(posts.formats)))]
    own = (posts.account[:, None] == np.arange(accounts)).astype(float)
    own = own[:, own.any(axis=0)]
    less_own = np.eye(len(rates)) - own @ np.linalg.pinv(own)
    matrix, values = less_own @ np.column_stack(columns).astype(float), less_own @ rates
    left = values - matrix @ np.linalg.lstsq(matrix, values, rcond=None)[0]
    strength, degrees = FIGURES["pooled_posts"], len(rates) - own.shape[1]
    variance = (strength * WITHIN**2 + left @ left) / (strength + degrees)
    prior = [FIGURES["trend_sd"], FIGURES["paid_sd"], *[FIGURES["format_sd"]] * len(posts.formats)]
    return np.linalg.solve(matrix.T @ matrix / variance + np.diag(1 / np.square(prior)), matrix.T @ values / variance)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(3, 40), st.integers(0, 3))
def test_sums_by_account_give_what_a_regression_with_all_columns_gives(seed, accounts, posts, formats):
    random = np.random.default_rng(seed)
    table = post_table(
        random.integers(0, accounts, posts),
        age=random.uniform(0, 3, posts),
        paid=random.integers(-1, 2, posts),
        format=random.integers(-1, formats, posts) if formats else None,
        formats=[(0, place) for place in range(formats)],
    )
    rates = random.normal(-3, 1, posts)
    found = fit_effects(table, rates, np.full(accounts, WITHIN), default_benchmarks())
    np.testing.assert_allclose(
        [found.trend, found.paid, *found.formats], dense_fit(table, rates, accounts), rtol=1e-5, atol=1e-7
    )


def test_many_posts_show_their_effects_and_none_keep_the_public_ones():
    random, size = np.random.default_rng(1), 20_000
    table = post_table(
        random.integers(0, 500, size),
        age=random.uniform(0, 2, size),
        paid=random.integers(0, 2, size),
        format=random.integers(0, 2, size),
        formats=[(0, 0), (0, 1)],
    )
    level = random.normal(-3.5, 0.8, 500)[table.account]
    rates = level - 0.2 * table.age - 0.15 * table.paid + 0.3 * (table.format == 1) + random.normal(0, 0.5, size)
    found = fit_effects(table, rates, np.full(500, WITHIN), default_benchmarks())
    assert found.trend == pytest.approx(-0.2, abs=0.02)
    assert found.paid == pytest.approx(-0.15, abs=0.02)
    assert found.formats[1] - found.formats[0] == pytest.approx(0.3, abs=0.02)
    alone = fit_effects(post_table([0, 1]), np.asarray([-3.0, -4.0]), np.full(2, WITHIN), default_benchmarks())
    assert (alone.trend, alone.paid) == (0, 0)
