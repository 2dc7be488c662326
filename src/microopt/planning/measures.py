"""What a rule can add up: creators, money, metrics, and any numeric column, as integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.earnings import EARNINGS, MONEY_RATIOS, PROFIT, TARGET_SHARE, ratio_name
from microopt.campaign.metrics import BOOKED_POSTS, METRICS, NET_REACH, REPEATS, TARGET_METRICS, canonical_measure
from microopt.campaign.target_audience import missing_target
from microopt.errors import CampaignError, did_you_mean
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import header_key
from microopt.roster.roster import Roster, find_column, find_number_column
from microopt.solver.arrays import check_exact_sum, max_abs


class Measure(Struct, frozen=True, kw_only=True, eq=False):
    """One measure of every offer.

    Attributes
    ----------
    name
        `count`, `spend`, a metric, `revenue`, `profit`, or the column's name.
    weights
        (n,) integers.
    per_unit
        (n,) integers per unit, where an offer is bought more than once. A mean averages these.
    scale
        How many of these integers make one of the user's units: 100 for money, 1000 for metrics.
    missing
        (n,) whether the roster lacks the figure (it then counts as 0).
    """

    name: str
    weights: NDArray[np.int64]
    per_unit: NDArray[np.int64]
    scale: int
    missing: NDArray[np.bool_]

    def to_user_units(self, weight: int) -> Fraction:
        """Return a weight in the units in which the user writes it."""
        return Fraction(weight, self.scale)


def find_measure(problem: PlanningProblem, name: str) -> Measure:
    """Return the measure of this name; singular and plural mean the same.

    Raises
    ------
    CampaignError
        If the roster has no such numeric column, or its numbers are too large to add up exactly.
    """
    measured = canonical_measure(name)
    if measured == name and find_column(problem.roster, name) == "fee":  # by the user's own header
        measured = "spend"
    none = np.zeros(len(problem), dtype=bool)
    if measured == "count":
        ones = np.broadcast_to(np.int64(1), len(problem))
        return Measure(name="count", weights=ones, per_unit=ones, scale=1, missing=none)
    if measured == "spend":
        return Measure(
            name="spend", weights=problem.forecast.cost, per_unit=problem.forecast.cost, scale=100, missing=none
        )
    if measured == BOOKED_POSTS:
        units = problem.roster.unit_counts()
        return Measure(name=BOOKED_POSTS, weights=units, per_unit=np.ones_like(units), scale=1, missing=none)
    if measured == REPEATS and problem.roster.timing is not None:
        none_alone = np.broadcast_to(np.int64(0), len(problem))  # it takes two rows
        return Measure(name=REPEATS, weights=none_alone, per_unit=none_alone, scale=1, missing=none)
    if measured == NET_REACH:
        fix = "write 'reach' for gross reach; net reach needs a rule such as 'all net reach >= 200k'"
        raise CampaignError("net reach is known only for a whole plan, not for an offer", fix=fix, code="net-reach")
    if measured in EARNINGS and find_number_column(problem.roster, name) is None:
        return earnings_measure(problem, measured)
    if measured in METRICS or measured in problem.forecast.metrics:
        weights = problem.forecast.metrics[measured]
        return Measure(name=measured, weights=weights, per_unit=weights, scale=1000, missing=none)
    if measured in TARGET_METRICS and find_number_column(problem.roster, name) is None:
        raise missing_target(measured)
    return _column_measure(problem.roster, name)


def earnings_measure(problem: PlanningProblem, name: str) -> Measure:
    """Return the revenue, or the profit: what is kept of the revenue at the campaign's margin, less the cost.

    Raises
    ------
    CampaignError
        If the margin, or the value of an order of any offer, is not known.
    """
    forecast = problem.forecast
    if forecast.revenue is None or (forecast.revenue < 0).any():
        unknown = len(problem) if forecast.revenue is None else int((forecast.revenue < 0).sum())
        whose = "" if unknown == len(problem) else f" for {unknown:,} of {len(problem):,} offers"
        message = f"{name} needs the value of an order, which is not known{whose}"
        fix = "give it with --order-value 45, or in a column 'order_value'"
        raise CampaignError(message, fix=fix, code="order-value-missing")
    weights = forecast.revenue
    if name == PROFIT:
        if forecast.kept_revenue is None:
            fix = 'give the share of the revenue that you keep: --margin 40%, or margin = "40%" in the campaign file'
            raise CampaignError("profit needs a margin, and none is given", fix=fix, code="margin-missing")
        weights = forecast.kept_revenue - forecast.cost
    none = np.zeros(len(problem), dtype=bool)
    return Measure(name=name, weights=weights, per_unit=weights, scale=100, missing=none)


def counts_creators(problem: PlanningProblem, measure: Measure) -> bool:
    """Whether a measure counts creators: all, or those with posts in at least two waves."""
    return measure.name == "count" or (measure.name == REPEATS and problem.roster.timing is not None)


def sum_over_choices(problem: PlanningProblem, measure: Measure, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the sum of a measure over the selected rows of each choice, (choices,); a creator counts once.

    Parameters
    ----------
    rows
        (rows,) the rows that a rule selects.
    """
    if measure.name == "count":
        return problem.any_by_choice(rows).astype(np.int64)
    if measure.name == REPEATS and problem.roster.timing is not None:
        return problem.several_waves_by_choice(rows).astype(np.int64)
    return problem.sum_by_choice(np.where(rows, measure.weights, 0))


def _column_measure(roster: Roster, name: str) -> Measure:
    column = find_number_column(roster, name)
    if column is None:
        measures = ["count", "spend", *METRICS, *EARNINGS, BOOKED_POSTS, *roster.numbers]
        kind = "not a number column" if name in roster.texts else "neither a measure nor a column of the roster"
        fix = did_you_mean(name, measures) or f"use one of: {', '.join(measures[:12])}"
        if header_key(name) == "gap":
            fix = "give it in waves: 'each creator gap >= 2 waves'"
        if ratio := ratio_name(name):
            limit = "<= 30" if ratio in MONEY_RATIOS else ">= 20%" if ratio == TARGET_SHARE else ">= 2"
            fix = f"limit it with a rule without mean(), of all selected posts together: 'all {ratio} {limit}'"
        raise CampaignError(f"{name!r} is {kind}", fix=fix, code="measure-unknown")
    values = roster.numbers[column]
    missing = np.isnan(values)
    values, units = np.where(missing, 0.0, values), roster.unit_counts()
    scale = _column_scale(values)
    check_exact_sum(f"column {column!r}", values * scale * units)
    whole = np.floor(values)
    per_unit = whole.astype(np.int64) * scale + np.rint((values - whole) * scale).astype(np.int64)
    return Measure(name=column, weights=per_unit * units, per_unit=per_unit, scale=scale, missing=missing)


def _column_scale(values: NDArray[np.float64]) -> int:
    """Return how many integers make one of a column's units: six decimals count, three where numbers are large."""
    largest = max_abs(values)
    if largest <= 10**6:
        return 10**6
    return 10**3 if largest <= 10**10 or (values != np.floor(values)).any() else 1
