"""How far from the forecast may a plan's results fall? Of each pick, and of all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.analysis.report.result import Interval, Ranges
from microopt.campaign.metrics import METRICS
from microopt.forecast import expected
from microopt.forecast.audience_quality import share_of
from microopt.forecast.uncertainty import interval_of_sum, intervals, log_spreads, winsorised_off
from microopt.planning.problem import PlanningProblem


def ranges_of(case: PlanningProblem, rows: NDArray[np.intp]) -> Ranges:
    """Return the intervals of offers bought and of their sums.

    Parameters
    ----------
    rows
        (k,) of the case, in the order of the plan's picks.
    """
    found = expected(case.roster, case.campaign)
    means = {name: case.forecast.metrics[name] / 1000 for name in METRICS}
    spreads = log_spreads(case.roster, found)
    sure = share_of(case.roster, "acceptance")
    bounds = intervals(means, spreads, left=winsorised_off(found, spreads), acceptance=sure)
    apart = {name: interval_of_sum(means[name][rows], spreads[name][rows], sure[rows]) for name in METRICS}
    together = {name: (float(low[rows].sum()), float(high[rows].sum())) for name, (low, high) in bounds.items()}
    each = tuple(
        {name: Interval(float(low[row]), float(high[row])) for name, (low, high) in bounds.items()}
        for row in rows.tolist()
    )
    return Ranges(
        picks=each,
        apart={name: Interval(*ends) for name, ends in apart.items()},
        together={name: Interval(*ends) for name, ends in together.items()},
    )
