"""What asking a creator is worth if a decline frees what they would have used.

A choice that is accepted with probability p brings p u, and with probability 1 - p it frees its cost, and its place
under every rule. At the dual prices y of a plan, that is worth y a. The objective of a plan that is chosen for its
value after declines counts a share s of it:

    p u + s (1 - p) y a

With s = 0 nobody is replaced. The larger s, the sooner creators are asked who often decline but bring much for their
money. A place under a minimum has a negative price: there, a decline costs.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from microopt.planning.declines.if_accepted import acceptance_of_choices
from microopt.planning.formulation.objective import IDEAL_TOTAL, Objective, affordable
from microopt.planning.formulation.rules.fixed import BUDGET_LABEL
from microopt.planning.problem import PlanningProblem
from microopt.solver.arrays import check_exact_sum
from microopt.solver.program import IntegerProgram
from microopt.solver.quota_expansion import reduced_costs

NDFloat = NDArray[np.float64]


def freed_objective(
    problem: PlanningProblem, accepted: Objective, uses: NDFloat, share: Fraction, ideal: Fraction | None
) -> Objective:
    """Return the objective that counts a share of what declines free, as integers that total about 10^10.

    Parameters
    ----------
    accepted
        The objective of the goal if everyone accepts.
    uses
        (choices,) what each choice uses at the prices, in the goal's unit (`priced_use`).
    share
        The share that counts.
    ideal
        As in `Objective`.
    """
    acceptance = acceptance_of_choices(problem)
    values = acceptance * (accepted.values * float(accepted.unit)) + float(share) * (1 - acceptance) * uses
    top = affordable(problem, values)
    scale = Fraction(10) ** (floor(log10(IDEAL_TOTAL / top)) if top > 0 else 0)
    check_exact_sum("the goal", values * float(scale))
    return Objective(values=np.rint(values * float(scale)).astype(np.int64), unit=1 / scale, ideal=ideal)


def priced_use(program: IntegerProgram, prices: NDFloat, unit: Fraction) -> NDFloat:
    """Return what each choice uses of all rows at their prices, in the goal's unit, (choices,).

    Parameters
    ----------
    prices
        (rows,) dual prices, in the program's integers.
    unit
        What one integer of the program's objective is in the goal's unit.
    """
    return (program.objective - reduced_costs(program, prices, np.zeros(len(program.pools)))) * float(unit)


def price_of_money(program: IntegerProgram, prices: NDFloat, unit: Fraction) -> Fraction:
    """Return the price of one unit of money, in the goal's unit; 0 where the budget does not bind."""
    total = Fraction(0)
    for row, price in zip(program.rows, prices.tolist(), strict=True):
        if row.label == BUDGET_LABEL:
            total += Fraction(price) / row.unit
    return total * unit
