"""What creators are worth to campaigns at the prices of a joint solution, and what is paid for what is scarce.

At the dual prices of money and of each campaign's rules, a column is worth its objective less the priced use of these
rows; limits on creators have no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.planning.portfolio.house_rows import HOUSE_BUDGET
from microopt.planning.portfolio.solve_joint import SolvedJoint


class JointPrices(Struct, frozen=True, kw_only=True, eq=False):
    """The prices of a joint solution in the sum of shares.

    Attributes
    ----------
    worth
        (n,) what each column adds, net of money and of the rules of campaigns and of the house.
    cent
        What a cent more of the house budget would add.
    """

    worth: NDArray[np.float64]
    cent: Fraction


def find_prices(solved: SolvedJoint) -> JointPrices:
    """Return the prices of a joint solution; where the solver gives none, all are 0."""
    program, joint = solved.program, solved.joint
    unit = float(joint.unit)
    if solved.result.prices is None:
        return JointPrices(worth=np.zeros(len(program)), cent=Fraction(0))
    prices = np.asarray(solved.result.prices[: len(program.rows)], dtype=float)
    pools = solved.result.pool_prices
    own = prices.copy()
    own[joint.first_creator_row : joint.first_creator_row + len(joint.used)] = 0.0
    worth = program.reduced_costs(own, np.zeros(len(program.pools)) if pools is None else pools) * unit
    return JointPrices(worth=worth, cent=_price_of_cent(solved, prices))


def _price_of_cent(solved: SolvedJoint, prices: NDArray[np.float64]) -> Fraction:
    for row, price in zip(solved.program.rows, prices.tolist(), strict=True):
        if row.label == HOUSE_BUDGET:
            return Fraction(price) * solved.joint.unit / (row.unit * 100)
    return Fraction(0)


def best_worth(solved: SolvedJoint, prices: JointPrices) -> Iterator[tuple[int, str, Fraction]]:
    """Yield each campaign and creator with the most that the creator is worth there, as a share of its best alone."""
    columns = solved.joint.columns
    for number, problem in enumerate(columns.problems):
        best = np.full(len(problem.creator_keys), -np.inf)
        np.maximum.at(best, problem.creators, prices.worth[columns.of(number)])
        weight = problem.entry.member.weight
        for key, worth in zip(problem.creator_keys, best.tolist(), strict=True):
            yield number, key, Fraction(worth) / weight
