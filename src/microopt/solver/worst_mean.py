"""The mean of the worst scenarios: a program whose objective counts the scenarios in which a plan does worst.

With V_s x what a plan brings in scenario s, the sum over its `worst` scenarios is the least sum over any set of so many
scenarios (the conditional value at risk of Rockafellar and Uryasev, in integers):

    theta(x) = min over W with |W| = worst of sum_{s in W} V_s x

That is concave in x. Each set W is a cut, `sum_{s in W} V_s x - theta >= 0`, and a program with some of the cuts and a
general integer variable for theta bounds the program with all of them: only the sets that bind are ever written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import largest_of_groups
from microopt.solver.constraint import Constraint, constraint
from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.program import Columns, IntegerProgram

Integers = NDArray[np.int64]
ScenarioSet = tuple[int, ...]  # positions of scenarios, ascending
LABEL = "worst scenarios"


class WorstMean(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """A program that also counts the sum over a plan's worst scenarios.

    Attributes
    ----------
    program
        The rows, and the linear part of the objective, which may be 0. It has no pools and no integer variable.
    values
        (n, scenarios) integers: what each column brings in each scenario.
    worst
        How many scenarios count.
    weight
        What one unit of their sum adds to the objective, > 0.
    """

    program: IntegerProgram
    values: Integers
    worst: int
    weight: int = 1

    def with_cuts(self, sets: Sequence[ScenarioSet]) -> IntegerProgram:
        """Return the program with the cuts of these sets, of which there is at least one."""
        first = len(self.program.rows)
        cuts = tuple(self._cut(each) for each in sets)
        most, least = self.range
        return replace(
            self.program,
            rows=(*self.program.rows, *cuts),
            integer=IntegerVariable(
                coefficients={first + number: -1 for number in range(len(cuts))},
                lower=least,
                upper=most,
                objective=self.weight,
            ),
        ).with_fixed_at_zero(self.program.fixed_at_zero)

    def _cut(self, scenarios: ScenarioSet) -> Constraint:
        if scenarios not in self._known_cuts:
            self._known_cuts[scenarios] = constraint(LABEL, self.sum_over(scenarios), lower=0)
        return self._known_cuts[scenarios]

    @cached_property
    def _known_cuts(self) -> dict[ScenarioSet, Constraint]:
        return {}

    @cached_property
    def range(self) -> tuple[int, int]:
        """The most and the least that the sum over the worst scenarios can be."""
        sums = np.partition(self.values, self.worst - 1, axis=1)[:, : self.worst].sum(axis=1)
        best = -np.partition(-self.values, self.worst - 1, axis=1)[:, : self.worst].sum(axis=1)
        group = self.program.group
        most, least = (int(largest_of_groups(group, np.maximum(each, 0)).sum()) for each in (best, -sums))
        return most, -least

    def sum_over(self, scenarios: ScenarioSet) -> Integers:
        """Return what each column brings in these scenarios together, (n,)."""
        total: Integers = self.values[:, list(scenarios)].sum(axis=1)
        return total

    def worst_set(self, selected: Columns) -> ScenarioSet:
        """Return the scenarios in which a plan does worst; of equal ones, the first."""
        return first_of_smallest(self.values[selected].sum(axis=0), self.worst)

    def worst_sum(self, selected: Columns) -> int:
        """Return what a plan brings in its worst scenarios together."""
        totals = self.values[selected].sum(axis=0)
        return int(totals[list(first_of_smallest(totals, self.worst))].sum())

    def objective_value(self, selected: Columns) -> int:
        """Return the true objective of a plan."""
        return self.program.objective_value(selected) + self.weight * self.worst_sum(selected)

    def with_weights(self, weights: NDArray[np.float64]) -> IntegerProgram:
        """Return the program in which scenarios count by weights, without cuts: a plan of it may be a good plan here.

        Parameters
        ----------
        weights
            (scenarios,) from 0 to 1, which add up to `worst`.
        """
        rounded = np.rint(self.values @ weights).astype(np.int64)
        return self.program.with_objective(self.program.objective + self.weight * rounded)


def first_of_smallest(totals: NDArray[np.int64] | NDArray[np.float64], count: int) -> ScenarioSet:
    """Return the positions of the smallest totals, of equal ones the first, ascending."""
    return tuple(sorted(np.argsort(totals, kind="stable")[:count].tolist()))
