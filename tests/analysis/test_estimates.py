"""Estimates with their intervals."""

import numpy as np
import pytest

from microopt.analysis.estimates import MIN_SAMPLE, mean_difference, regression_slope, student_quantile


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 2.7764), (10, 2.2281), (30, 2.0423), (1e9, 1.95996)])
def test_students_quantiles_are_those_of_the_tables(freedom, quantile):
    assert student_quantile(freedom) == pytest.approx(quantile, rel=1e-3)


def test_welch_by_hand():
    first, second = np.asarray([1.0, 2, 3, 4, 5]), np.asarray([2.0, 4, 6, 8, 10])
    result = mean_difference(first, second)
    error = np.sqrt(2.5 / 5 + 10 / 5)
    freedom = 2.5**2 / (0.5**2 / 4 + 2**2 / 4)
    assert result.mean == -3
    assert result.high - result.mean == pytest.approx(student_quantile(freedom) * error)


def test_the_slope_of_a_line_is_found():
    x = np.arange(20.0)
    result = regression_slope(x, 3 - 2 * x)
    assert (result.mean, result.low, result.high) == (pytest.approx(-2),) * 3


def test_intervals_hold_the_truth_nineteen_times_in_twenty():
    draw, covered = np.random.default_rng(7), np.zeros((2, 2_000), dtype=bool)
    for trial in range(covered.shape[1]):
        first = mean_difference(draw.normal(1, 1, 8), draw.normal(0, 3, 12))
        x = draw.normal(0, 1, 10)
        second = regression_slope(x, 0.5 * x + draw.normal(0, 1, 10))
        covered[:, trial] = first.low <= 1 <= first.high, second.low <= 0.5 <= second.high
    assert np.all(np.abs(covered.mean(axis=1) - 0.95) < 0.015)


def test_too_few_values_or_one_size_give_nothing():
    few, many = np.arange(MIN_SAMPLE - 1.0), np.arange(10.0)
    assert mean_difference(few, many) is mean_difference(many, few) is None
    assert regression_slope(few, few) is regression_slope(np.ones(10), many) is None
    assert regression_slope(np.asarray([]), np.asarray([])) is None


def test_values_that_are_all_equal_give_a_point():
    result = mean_difference(np.full(6, 2.0), np.full(6, 1.0))
    assert (result.low, result.high) == (1, 1)
