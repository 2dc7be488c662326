"""Totals of a plan in every simulated outcome, as exact integers."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.metrics import NET_REACH, REPEATS
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.scenario_values import measure_in_scenarios
from microopt.quantities.parse_and_format import Range
from microopt.solver.arrays import MAX_SUM, max_abs

if TYPE_CHECKING:
    from microopt.forecast.scenarios import Scenarios

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
LARGEST = 2**63 - 1
CREATORS = "creators"  # who accept: the measure `count`


class Outcomes(Struct, frozen=True, kw_only=True, eq=False):
    """A plan in every simulated outcome.

    Attributes
    ----------
    problem
        Of the offers bought alone, all of which the plan buys.
    scenarios
        Of the same rows.
    """

    problem: PlanningProblem
    scenarios: Scenarios

    @property
    def count(self) -> int:
        """How many outcomes there are."""
        return self.scenarios.count

    @property
    def every_row(self) -> Mask:
        """(rows,) all of them."""
        return np.ones(len(self.problem), dtype=bool)

    def accepted_by_creator(self, rows: Mask) -> Mask:
        """Return whether each creator of some rows accepts in each outcome, (creators, outcomes)."""
        starts, order = _by_creator(self.problem, rows)
        accepted = self.scenarios.accepted[order]
        return np.logical_or.reduceat(accepted, starts, axis=0) if len(starts) else accepted

    def amounts(self, name: str) -> Integers:
        """Return a measure of each offer in each outcome, (rows, outcomes), on the scale of `find_measure`."""
        return measure_in_scenarios(self.problem, self.scenarios, name)

    def amounts_by_creator(self, name: str, rows: Mask | None = None) -> Integers:
        """Return a measure of each creator of some rows in each outcome, (creators, outcomes); of all by default."""
        chosen = self.every_row if rows is None else rows
        if name == "count":
            return self.accepted_by_creator(chosen).astype(np.int64)
        starts, order = _by_creator(self.problem, chosen)
        amounts = self.amounts(name)[order]
        return np.add.reduceat(amounts, starts, axis=0) if len(starts) else amounts

    def total(self, name: str, rows: Mask | None = None) -> Integers:
        """Return the sum of a measure in each outcome, (outcomes,); a creator counts once.

        Parameters
        ----------
        rows
            (rows,) the offers to add up; all of them by default.
        """
        chosen = self.every_row if rows is None else rows
        if name in ("count", CREATORS):
            return sum_rows(self.accepted_by_creator(chosen))
        if name == REPEATS and self.problem.roster.timing is not None:
            from microopt.planning.outcomes.waves_in_outcomes import repeats_in_outcomes  # only with a calendar

            return repeats_in_outcomes(self.problem, self.scenarios, chosen)
        return sum_rows(self.amounts(name)[chosen])

    def scale(self, name: str) -> int:
        """Return how many integers of a measure make one of the user's units."""
        return 1000 if name == NET_REACH else find_measure(self.problem, name).scale

    def amounts_by_choice(self, name: str) -> Integers:
        """Return a measure of each choice in each outcome, (choices, outcomes)."""
        starts = np.flatnonzero(np.diff(self.problem.choice, prepend=-1))
        if name in ("count", CREATORS):
            return np.logical_or.reduceat(self.scenarios.accepted, starts, axis=0).astype(np.int64)
        return np.add.reduceat(self.amounts(name), starts, axis=0)


def _by_creator(problem: PlanningProblem, rows: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where those of some rows that each creator has start, and these rows in the order of creators."""
    chosen = np.flatnonzero(rows)
    order = chosen[np.argsort(problem.roster.creator_id[chosen], kind="stable")]
    return np.flatnonzero(np.diff(problem.roster.creator_id[order], prepend=-1)), order


def sum_rows(values: NDArray[Any]) -> Integers:
    """Return the sum of all rows in each outcome."""
    sums: Integers = values.sum(axis=0, dtype=np.int64)
    return sums


def within(amounts: Integers, base: int, bounds: Range) -> Mask:
    """Return whether amounts are within a range of so many integers a unit, exactly."""
    held = np.ones(amounts.shape, dtype=bool)
    if bounds.low is not None:
        least = ceil(bounds.low * base)
        held &= (amounts >= least) if least <= LARGEST else False
    if bounds.high is not None:
        most = floor(bounds.high * base)
        held &= (amounts <= most) if most <= LARGEST else True
    return held


def within_parts(amounts: Integers, bases: Integers, bounds: Range) -> Mask:
    """Return whether amounts are within a range of their bases, multiplied out, exactly."""
    held = np.ones(amounts.shape, dtype=bool)
    for bound, sign in ((bounds.low, 1), (bounds.high, -1)):
        if bound is not None:
            held &= sign * _excess(amounts, bases, bound) >= 0
    return held


def _excess(amounts: Integers, bases: Integers, bound: Fraction) -> NDArray[Any]:
    """Return by how much amounts are above a multiple of their bases; in Python's integers if others are too small."""
    largest = max_abs(amounts) * bound.denominator + max_abs(bases) * abs(bound.numerator)
    if largest > MAX_SUM:
        amounts, bases = amounts.astype(object), bases.astype(object)
    excess: NDArray[Any] = amounts * bound.denominator - bases * bound.numerator
    return excess
