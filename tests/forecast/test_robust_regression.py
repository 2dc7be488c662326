"""Robust regression with a prior: against least squares where all is well, and where it is not."""

import numpy as np
import pytest

from microopt.forecast.robust_regression import Prior, fit_robustly, weighted_quantile

NOTHING = Prior(np.zeros(2), np.asarray([np.inf, np.inf]))


def points(count=200, noise=0.3, seed=3):
    rng = np.random.default_rng(seed)
    terms = np.stack([np.ones(count), rng.normal(0, 1, count)], axis=1)
    return terms @ np.asarray([2.0, 0.8]) + rng.normal(0, noise, count), terms, np.ones(count)


def test_without_outliers_it_is_close_to_least_squares():
    outcome, terms, weights = points()
    least_squares = np.linalg.lstsq(terms, outcome, rcond=None)[0]
    np.testing.assert_allclose(fit_robustly(outcome, terms, weights, NOTHING).coefficients, least_squares, atol=0.02)


def test_a_fifth_of_wild_points_hardly_counts():
    outcome, terms, weights = points()
    outcome[:40] += 7
    np.testing.assert_allclose(fit_robustly(outcome, terms, weights, NOTHING).coefficients, [2.0, 0.8], atol=0.1)


def test_a_coefficient_that_no_point_shows_keeps_its_prior():
    outcome, terms, weights = points(count=50)
    more = np.concatenate([terms, np.zeros((50, 1))], axis=1)
    prior = Prior(np.asarray([0.0, 0.0, 0.35]), np.asarray([np.inf, np.inf, 0.2]))
    assert fit_robustly(outcome, more, weights, prior).coefficients[2] == 0.35


def test_few_points_are_drawn_towards_the_prior_and_many_are_not():
    prior = Prior(np.asarray([0.0, 0.0]), np.asarray([np.inf, 0.1]))
    few, many = (fit_robustly(*points(count, noise=0.6), prior).coefficients[1] for count in (15, 5_000))
    assert few < 0.72 < 0.78 < many


def test_a_weight_of_two_is_the_point_twice():
    outcome, terms, weights = points(count=40)
    weights[:10] = 2
    twice = np.concatenate([np.arange(10), np.arange(40)])
    doubled = fit_robustly(outcome[twice], terms[twice], np.ones(50), NOTHING).coefficients
    np.testing.assert_allclose(fit_robustly(outcome, terms, weights, NOTHING).coefficients, doubled, atol=1e-5)


def test_a_residual_over_one_less_its_leverage_is_that_of_a_fit_without_the_point():
    outcome, terms, weights = points(count=12, noise=0.1)
    fit = fit_robustly(outcome, terms, weights, NOTHING)
    others = np.arange(12) != 5
    without = fit_robustly(outcome[others], terms[others], weights[others], NOTHING).coefficients
    left_out = (outcome - terms @ fit.coefficients) / (1 - fit.leverage)
    assert left_out[5] == pytest.approx(outcome[5] - terms[5] @ without, abs=0.02)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2.0), (0.1, 1.0), (0.9, 9.0), (1.0, 9.0)])
def test_a_weighted_quantile_is_where_the_weights_reach_the_share(share, expected):
    assert weighted_quantile(np.asarray([9.0, 1.0, 2.0]), np.asarray([2.0, 2.0, 2.0]), share) == expected
