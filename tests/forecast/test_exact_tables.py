"""The tables that scenarios are drawn from."""

from hashlib import blake2b
from math import exp, sqrt

import numpy as np
import pytest
from scipy import stats

from microopt.forecast.exact_tables import (
    LARGEST_LOG,
    LEVELS,
    LOG_STEPS,
    cut_logs,
    exp_of_steps,
    mixing_table,
    normal_table,
    student_parts,
)
from microopt.forecast.shrinkage import winsorized_ratio

MIDDLES = (np.arange(LEVELS) + 0.5) / LEVELS


def digest(table):
    return blake2b(np.ascontiguousarray(table, dtype="<f8").tobytes(), digest_size=8).hexdigest()


def test_the_normal_table_has_the_quantiles_of_a_normal_distribution():
    table = normal_table()
    np.testing.assert_allclose(table, stats.norm.ppf(MIDDLES), atol=1e-3)
    assert (table == -table[::-1]).all()
    assert abs(table.var() - 1) < 1e-6


@pytest.mark.parametrize("degrees", [3.0, 5.5, 8.0, 40.0, 900.0])
def test_the_mixing_table_makes_students_t_distribution(degrees):
    variance = (degrees - 2) / stats.chi2.ppf(MIDDLES, degrees)
    inner = slice(LEVELS // 1000, -LEVELS // 1000)
    np.testing.assert_allclose(mixing_table(degrees)[inner], np.sqrt(variance)[inner], rtol=1e-3)


@pytest.mark.parametrize("degrees", [3.0, 5.5, 8.0, 40.0, 900.0, 1000.0])
def test_the_parts_of_students_t_are_known_far_into_the_tail(degrees):
    points, chances = student_parts(degrees)
    assert sum(chances) == pytest.approx(1, abs=1e-12)
    assert (np.diff(points) > 0).all()
    middles = np.cumsum(chances) - chances / 2
    inner = middles < 1 - 1e-7
    exact = stats.norm.ppf(middles) if degrees == 1000 else stats.t.ppf(middles, degrees) * sqrt(1 - 2 / degrees)
    np.testing.assert_allclose(points[inner], exact[inner], rtol=3e-3, atol=1e-3)


def test_very_many_degrees_are_a_normal_distribution():
    assert (mixing_table(1000.0) == 1).all()


def test_exp_of_steps_is_exp():
    steps = np.arange(-LARGEST_LOG * LOG_STEPS, LARGEST_LOG * LOG_STEPS, 997)
    np.testing.assert_allclose(exp_of_steps(steps), np.exp(steps / LOG_STEPS), rtol=1e-15 * 4)
    assert exp_of_steps(np.asarray([10**12]))[0] == exp_of_steps(np.asarray([LARGEST_LOG * LOG_STEPS]))[0]


@pytest.mark.parametrize("degrees", [3.0, 8.0, 30.0, 1000.0])
@pytest.mark.parametrize("quantile", [None, 0.98])
def test_cut_logs_have_the_mean_of_likely_ranges(degrees, quantile):
    spreads = np.asarray([0.0, 0.1, 0.7, 1.0, 1.5, 2.5])
    cut = cut_logs(spreads, degrees, quantile)
    left = 1.0 if quantile is None else winsorized_ratio(cut.spread, quantile)
    np.testing.assert_allclose(cut.mean, np.exp(cut.spread**2 / 2) * left, rtol=1e-3)
    for spread, most, mean in zip(cut.spread, cut.most, cut.mean, strict=True):
        part = np.linspace(-30, 30, 400_001)
        scale = sqrt(1 - 2 / degrees)
        density = stats.norm.pdf(part) if degrees == 1000 else stats.t.pdf(part / scale, degrees) / scale
        capped = np.exp(np.minimum(part * spread, most / LOG_STEPS))
        assert abs((capped * density).sum() * (part[1] - part[0]) / mean - 1) < 3e-3


def test_a_spread_beyond_all_reason_is_cut_off():
    cut = cut_logs(np.asarray([50.0, 6.0]), 8.0, None)
    assert cut.spread.tolist() == [6.0, 6.0]
    assert np.isfinite(cut.mean).all()
    assert cut.mean[0] == pytest.approx(exp(18), rel=1e-6)


def test_tables_are_the_same_on_every_machine():
    tables = (normal_table(), mixing_table(8.0), exp_of_steps(np.arange(-40_000, 40_000, 7)))
    assert [digest(table) for table in tables] == DIGESTS


DIGESTS = ["3dd6e820f05dd9f0", "e659c39c9c86465e", "8c5a5b95b9124b8f"]
