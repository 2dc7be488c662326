"""The ranges of a plan's picks are the forecast's, and those of its totals hold what they say."""

import numpy as np
import pytest

from microopt.analysis.forecast_table import build_forecast_table
from microopt.analysis.report.report import report
from microopt.campaign.metrics import METRICS
from microopt.forecast.uncertainty import sum_interval
from microopt.planning.optimize import optimize
from microopt.solver.result import SolveLimits
from tests.analysis.explain.test_explain import ROWS
from tests.planning.builders import build_campaign, build_roster, solver


@pytest.fixture(scope="module")
def report_case():
    roster, campaign = build_roster(ROWS), build_campaign(budget=120_000)
    plan = optimize(roster, campaign, limits=SolveLimits(seconds=60.0), solver=solver("cbc"))
    return roster, plan, report(plan, roster, steps=3)


def test_the_range_of_a_pick_is_that_of_its_offer(report_case):
    roster, plan, result = report_case
    offers = {
        (item.creator, item.offer, item.platform): item for item in build_forecast_table(roster, plan.campaign).offers
    }
    for pick, ranges in zip(plan.picks, result.ranges.picks, strict=True):
        if pick.units == 1:
            figures = offers[pick.creator, pick.offer, pick.platform].figures
            for name, figure in figures.items():
                assert (figure.low, figure.high) == pytest.approx(
                    (ranges[name].low / 1000, ranges[name].high / 1000), abs=0.001
                )


def test_moving_together_is_the_sum_and_wider_than_apart(report_case):
    _, plan, result = report_case
    for name in METRICS:
        apart, together = result.ranges.independent[name], result.ranges.correlated[name]
        assert together.low == pytest.approx(sum(item[name].low for item in result.ranges.picks), abs=len(plan.picks))
        assert together.low <= apart.low < plan.totals.metrics[name] < apart.high <= together.high


@pytest.mark.parametrize("sure", [1.0, 0.8])
def test_eight_of_ten_sums_fall_within(sure):
    dice = np.random.default_rng(7)
    means, spreads = np.linspace(50.0, 400.0, 12), np.full(12, 0.7)
    low, high = sum_interval(means, spreads, np.full(12, sure))
    results = means / sure * np.exp(dice.normal(size=(40_000, 12)) * spreads - spreads**2 / 2)
    sums = (results * (dice.random((40_000, 12)) < sure)).sum(axis=1)
    assert np.mean((low <= sums) & (sums <= high)) == pytest.approx(0.8, abs=0.02)


def test_where_nothing_is_expected_the_range_is_nothing():
    nothing = np.zeros(3)
    assert sum_interval(nothing, np.ones(3), np.ones(3)) == (0.0, 0.0)
    assert sum_interval(nothing[:0], nothing[:0], nothing[:0]) == (0.0, 0.0)
    assert sum_interval(np.array([0.0, 5.0]), np.zeros(2), np.array([0.0, 1.0])) == pytest.approx((5.0, 5.0))
