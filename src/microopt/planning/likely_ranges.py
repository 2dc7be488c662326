"""The likely ranges of what a plan brings, of each offer bought and of their sums."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.metrics import METRICS
from microopt.forecast.audience_quality import share_column
from microopt.forecast.model import depends_on_other_offers, expected_results
from microopt.forecast.uncertainty import log_spreads, result_intervals, sum_interval, winsorized_ratios
from microopt.plan.likely_range import LikelyRange
from microopt.planning.problem import PlanningProblem
from microopt.quantities.records import Records
from microopt.quantities.tables import Table

MOST_THOUSANDTHS = 2.0**62  # of a result of one offer


class Ranges(Struct, frozen=True, kw_only=True):
    """The likely ranges of a plan's results, by metric.

    Attributes
    ----------
    picks
        For each pick, in the plan's order.
    independent
        For the totals, if the results of creators are independent.
    correlated
        For the totals, if results are perfectly correlated, which widens the range; only where creators may decline
        can a range of independent results end outside it.
    """

    picks: Sequence[Mapping[str, LikelyRange]]
    independent: Mapping[str, LikelyRange]
    correlated: Mapping[str, LikelyRange]


def likely_ranges(problem: PlanningProblem, rows: NDArray[np.intp], of_picks: Collection[str] = METRICS) -> Ranges:
    """Return the likely ranges of the offers bought and of their sums.

    Parameters
    ----------
    rows
        (k,) rows of the problem, in the order of the plan's picks.
    of_picks
        The metrics whose ranges each pick has; the sums have them of all metrics.
    """
    roster, forecast = problem.roster, problem.forecast.take(rows)
    if depends_on_other_offers(problem.campaign):
        results, selected = expected_results(roster, problem.campaign), rows
    else:
        roster = roster.take(rows)
        results, selected = expected_results(roster, problem.campaign), np.arange(len(rows))
    spreads = {name: spread[selected] for name, spread in log_spreads(roster, results).items()}
    means = {name: forecast.metrics[name] / 1000 for name in METRICS}
    acceptance = share_column(roster, "acceptance")[selected]
    ratios, degrees = winsorized_ratios(results, spreads), results.benchmarks.figure("shrinkage", "degrees")
    bounds = result_intervals(means, spreads, mean_ratios=ratios, acceptance=acceptance, degrees=degrees)
    correlated = {name: _range(float(low.sum()), float(high.sum())) for name, (low, high) in bounds.items()}
    independent = {name: _range(*sum_interval(means[name], spreads[name], acceptance, degrees)) for name in METRICS}
    if (acceptance >= 1).all():
        independent = {name: _within(likely, correlated[name]) for name, likely in independent.items()}
    by_metric = Table({name: _ranges(*bounds[name]) for name in bounds if name in of_picks})
    return Ranges(picks=Records(by_metric), independent=independent, correlated=correlated)


def _range(low: float, high: float) -> LikelyRange:
    return LikelyRange(round(low * 1000), round(high * 1000))


def _within(likely: LikelyRange, widest: LikelyRange) -> LikelyRange:
    """Return a range cut to the one of results that move together.

    That of independent results is approximated by their mean and variance, and may end a little outside it where one
    creator brings most of a result.
    """
    low = min(max(likely.low, widest.low), widest.high)
    return LikelyRange(low, max(min(likely.high, widest.high), low))


def _ranges(low: NDArray[np.float64], high: NDArray[np.float64]) -> Table:
    least, most = (np.rint(bound * 1000).clip(max=MOST_THOUSANDTHS).astype(np.int64) for bound in (low, high))
    return Table({"low": least, "high": most}, LikelyRange)
