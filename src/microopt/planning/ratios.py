"""Ratios of a plan that rules limit: ROAS, CPA, CPE, CPC, CPM, as integers above and below the line.

`above / below * factor <= limit` is `above * factor - limit * below <= 0`: linear and exact, since what is below the
line is never negative. Of a plan with nothing above and below the line, a ratio says nothing, and any limit holds.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.earnings import MONEY_RATIOS, RATIOS, ratio_name
from microopt.planning.measures import Measure, earnings_measure, find_measure
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range, format_exact_money
from microopt.solver.arrays import exact_product

Integers = NDArray[np.int64]


class Amounts(Struct, frozen=True, kw_only=True):
    """Integers above and below the line of a ratio, of the same creators."""

    above: int
    below: int


class Ratio(Struct, frozen=True, kw_only=True, eq=False):
    """A ratio as two measures of every offer.

    Attributes
    ----------
    factor
        What turns integers above over integers below into the user's units: for a CPA, 10 for cents over thousandths.
    """

    name: str
    above: Measure
    below: Measure
    factor: Fraction

    def value(self, amounts: Amounts) -> Fraction | None:
        """Return the ratio in the user's units, None where nothing is below the line."""
        return Fraction(amounts.above, amounts.below) * self.factor if amounts.below else None

    def within(self, amounts: Amounts, bounds: Range) -> bool:
        """Whether amounts keep to a range: multiplied out, so that nothing below the line is no error."""
        above = amounts.above * self.factor
        low, high = bounds.low, bounds.high
        return (low is None or above >= low * amounts.below) and (high is None or above <= high * amounts.below)

    def excess(self, label: str, bound: Fraction) -> tuple[Integers, Fraction]:
        """Return by how much each offer is above a limit, (rows,), and what one integer is worth above the line.

        Raises
        ------
        CampaignError
            If the numbers are too large to add up exactly.
        """
        slope = bound / self.factor
        above = exact_product(label, self.above.weights, slope.denominator)
        below = exact_product(label, self.below.weights, slope.numerator)
        exact_product(label, np.abs(above) + np.abs(below), 1)  # so that the differences below are exact
        return above - below, Fraction(1, self.above.scale * slope.denominator)


def find_ratio(problem: PlanningProblem, measure: str) -> Ratio | None:
    """Return the ratio that a measure names, or None for a measure that adds up.

    Raises
    ------
    CampaignError
        If it needs the value of an order, which is not known.
    """
    name = ratio_name(measure)
    if name is None:
        return None
    above_name, below_name, per = RATIOS[name]
    above = earnings_measure(problem, above_name) if above_name == "revenue" else find_measure(problem, above_name)
    below = find_measure(problem, below_name)
    return Ratio(name=name, above=above, below=below, factor=Fraction(per * below.scale, above.scale))


def sum_amounts(ratio: Ratio, rows: NDArray[np.bool_]) -> Amounts:
    """Return what some offers have above and below the line."""
    return Amounts(above=int(ratio.above.weights[rows].sum()), below=int(ratio.below.weights[rows].sum()))


def amounts_by_creator(problem: PlanningProblem, ratio: Ratio, rows: NDArray[np.bool_]) -> list[Amounts]:
    """Return what each creator of some offers has above and below the line."""
    bought = np.flatnonzero(rows)
    _, creator = np.unique(problem.roster.creator_id[bought], return_inverse=True)
    order = np.argsort(creator, kind="stable")
    starts = np.flatnonzero(np.diff(creator[order], prepend=-1))
    if not len(starts):
        return []
    sums = (np.add.reduceat(each.weights[bought[order]], starts).tolist() for each in (ratio.above, ratio.below))
    return [Amounts(above=above, below=below) for above, below in zip(*sums, strict=True)]


def violations_of_ratio(
    problem: PlanningProblem, label: str, ratio: Ratio, bounds: Range, rows: NDArray[np.bool_]
) -> tuple[Integers, Fraction]:
    """Return by how much each choice alone is outside a range, (choices,), and what one integer is above the line.

    Parameters
    ----------
    rows
        (rows,) the offers that count.
    """
    violation, unit = np.zeros(problem.choice_count, dtype=np.int64), Fraction(1)
    for bound, sign in ((bounds.low, -1), (bounds.high, 1)):
        if bound is not None:
            excess, unit = ratio.excess(label, bound)
            violation = np.maximum(violation, sign * problem.sum_by_choice(np.where(rows, excess, 0)))
    return violation, unit


def format_ratio(name: str, value: Fraction, currency: str) -> str:
    """Return a ratio as people write it: `$41.20`, cents of a cent where it is small; a ROAS as `1.43`."""
    return format_exact_money(value, currency) if name in MONEY_RATIOS else f"{float(value):.2f}"


def spend_limits(ratio: Ratio, bounds: Range, other: int) -> tuple[int | None, int | None]:
    """Return the least and the most cents that a creator may cost so that their ratio is within a range.

    Parameters
    ----------
    other
        The creator's integers on the other side of the line from the cost.
    """
    low, high = bounds.low, bounds.high
    if "spend" not in (ratio.above.name, ratio.below.name):
        return None, None
    if ratio.above.name == "spend":
        limits = (None if limit is None else limit * other / ratio.factor for limit in (low, high))
    else:  # the cost is below the line, so that a limit below is one above
        limits = (other * ratio.factor / limit if limit else None for limit in (high, low))
    least, most = limits
    return None if least is None else -(-least.numerator // least.denominator), None if most is None else int(most)
