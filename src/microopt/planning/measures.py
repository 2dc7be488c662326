"""What a rule can add up: creators, money, metrics, and any numeric column, as integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.metrics import METRICS, NET_REACH, canonical
from microopt.errors import CampaignError, did_you_mean
from microopt.planning.problem import PlanningProblem
from microopt.roster.roster import Roster, number_column


class Measure(Struct, frozen=True, kw_only=True, eq=False):
    """One measure of every offer.

    Attributes
    ----------
    name
        `count`, `spend`, a metric, or the column's name.
    weights
        (n,) integers.
    each
        (n,) integers: of one unit where an offer is bought more than once. A mean is over these.
    scale
        How many of them make one of what the user writes: 100 for money, 1000 for metrics.
    missing
        (n,) whether the roster has no figure (it then counts as 0).
    """

    name: str
    weights: NDArray[np.int64]
    each: NDArray[np.int64]
    scale: int
    missing: NDArray[np.bool_]

    def units(self, weight: int) -> Fraction:
        """Return what the user would write for this weight."""
        return Fraction(weight, self.scale)


def measure(case: PlanningProblem, name: str) -> Measure:
    """Return the measure of this name; singular and plural are the same word.

    Raises
    ------
    CampaignError
        If the roster has no such numeric column.
    """
    known = canonical(name)
    rows = len(case)
    none = np.zeros(rows, dtype=bool)
    if known == "count":
        ones = np.ones(rows, dtype=np.int64)
        return Measure(name="count", weights=ones, each=ones, scale=1, missing=none)
    if known == "spend":
        return Measure(name="spend", weights=case.forecast.cost, each=case.forecast.cost, scale=100, missing=none)
    if known == NET_REACH:
        fix = "write reach, which is gross; net reach takes a floor: all net reach >= 200k"
        raise CampaignError("net reach is of a whole plan, not of an offer", fix=fix, code="net-reach")
    if known in METRICS:
        weights = case.forecast.metrics[known]
        return Measure(name=known, weights=weights, each=weights, scale=1000, missing=none)
    return _column(case.roster, name)


def over_choices(case: PlanningProblem, what: Measure, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return what each choice adds to a measure over these rows, (choices,): a creator counts once.

    Parameters
    ----------
    rows
        (rows,) which rows the rule selects.
    """
    if what.name == "count":
        return case.any(rows).astype(np.int64)
    return case.sums(np.where(rows, what.weights, 0))


def _column(roster: Roster, name: str) -> Measure:
    column = number_column(roster, name)
    if column is None:
        known = ["count", "spend", *METRICS, *roster.numbers]
        kind = "not a number column" if name in roster.texts else "neither a measure nor a column of the roster"
        fix = did_you_mean(name, known) or f"known are {', '.join(known[:12])}"
        raise CampaignError(f"{name!r} is {kind}", fix=fix, code="measure-unknown")
    values = roster.numbers[column]
    missing = np.isnan(values)
    top = float(np.nanmax(np.abs(values), initial=1.0))
    scale = 10**6 if top <= 10**6 else 10**3 if top <= 10**10 else 1
    each = np.rint(np.where(missing, 0.0, values) * scale).astype(np.int64)
    return Measure(name=column, weights=each * roster.times(), each=each, scale=scale, missing=missing)
