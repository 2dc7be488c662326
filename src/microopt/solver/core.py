"""The core of a program: the columns nearest to the prices, and the moves that lead from one plan of it to another."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import Integers, k_smallest, largest_of_groups
from microopt.solver.core_shares import Shares, find_shares
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram

MOST_COLUMNS = 30_000  # of a core
ROUNDING = 2.0**-53  # relative, of one operation
MARGIN = 2.0**-30  # relative; more than the rounding errors of a sum of as many numbers as a core has columns


class Moves(Struct, frozen=True, kw_only=True, eq=False):
    """Changes of the selection: a column is added in place of the selected one of its group, or that one is removed.

    Attributes
    ----------
    added, removed
        (moves,) columns of the core, -1 for none.
    group
        (moves,) their groups: at most one move of each is made.
    loss
        (moves,) what the bound loses at least, >= 0.
    """

    added: NDArray[np.intp]
    removed: NDArray[np.intp]
    group: NDArray[np.int32]
    loss: NDArray[np.float64]

    def take(self, chosen: NDArray[np.intp]) -> Moves:
        """Return some of the moves."""
        return Moves(
            added=self.added[chosen], removed=self.removed[chosen], group=self.group[chosen], loss=self.loss[chosen]
        )

    def change(self, numbers: Integers) -> Integers:
        """Return by how much each move changes the sum of these numbers, one for each column of the core."""
        padded = np.append(numbers, 0)
        change: Integers = padded[self.added] - padded[self.removed]
        return change

    def span(self, change: Integers, limit: float) -> int:
        """Return a bound on how far moves of different groups that lose no more than a limit change a sum together."""
        size = np.abs(change)
        far = largest_of_groups(self.group, size)
        if limit == np.inf:
            return int(far.sum())
        loss = np.full(len(far), np.inf)
        changing = size > 0
        np.minimum.at(loss, self.group[changing], self.loss[changing])
        cheapest = np.argsort(loss / np.maximum(far, 1), kind="stable")  # what a fractional knapsack takes
        few = np.searchsorted(np.cumsum(loss[cheapest]), limit * (1 + MARGIN), side="right")
        return int(far[cheapest[: few + 1]].sum())


class Core(Struct, frozen=True, kw_only=True, eq=False):
    """The columns nearest to the prices as a program of their own, and the moves between its plans.

    Attributes
    ----------
    columns, fixed
        Columns of the whole program: those of the core, and those that are 1 in all its plans.
    selected
        Columns of the core that the prices select.
    reach
        Loss up to which every move is one of the core.
    shares
        Rows that are shares of the budget.
    """

    program: IntegerProgram
    whole: IntegerProgram
    priced: PricedProgram
    columns: Columns
    fixed: Columns
    selected: Columns
    moves: Moves
    reach: float
    shares: Shares

    @classmethod
    def of(cls, whole: IntegerProgram, priced: PricedProgram) -> Core:
        free = np.zeros(len(whole), dtype=bool)
        free[k_smallest(priced.deviation, MOST_COLUMNS)] = True
        reach = float(priced.deviation[~free].min(initial=np.inf))
        free = priced.with_group_choices(free, whole.group)
        fixed, columns = priced.fixed_columns(free), np.flatnonzero(free)
        program = whole.restrict(free, fixed)
        selected = np.flatnonzero(whole.mask(priced.selected)[columns])
        worth = program.reduced_costs(priced.prices, np.zeros(0)) - _rounding_errors(program, priced.prices)
        return cls(
            program=program,
            whole=whole,
            priced=priced,
            columns=columns,
            fixed=fixed,
            selected=selected,
            moves=core_moves(program, selected, priced.deviation[columns], worth),
            reach=reach,
            shares=find_shares(program, selected, priced.prices),
        )

    def whole_plan(self, chosen: NDArray[np.intp]) -> Columns:
        """Return the plan of the whole program that these moves make."""
        mask = self.program.mask(self.selected)
        mask[self.moves.removed[chosen][self.moves.removed[chosen] >= 0]] = False
        mask[self.moves.added[chosen][self.moves.added[chosen] >= 0]] = True
        return np.sort(np.concatenate([self.fixed, self.columns[mask]]))


def _rounding_errors(program: IntegerProgram, prices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far reduced costs may be above their exact values, (n,).

    Near 10^15 that may be a unit each, so that the losses of a plan of many moves would not add up to what it loses.
    """
    size = np.abs(program.objective).astype(float)
    for price, row in zip(np.abs(prices).tolist(), program.rows, strict=True):
        size[row.columns] += price * np.abs(row.coefficients)
    return (np.count_nonzero(prices) + 8) * ROUNDING * size


def core_moves(
    program: IntegerProgram, selected: Columns, deviation: NDArray[np.float64], worth: NDArray[np.float64]
) -> Moves:
    """Return every move, with losses that are not above the exact ones.

    Parameters
    ----------
    deviation
        (n,) what the bound loses at least if a column is added.
    worth
        (n,) what it loses at least if one is only removed.
    """
    choice = np.full(int(program.group.max(initial=-1)) + 1, -1, dtype=np.intp)
    choice[program.group[selected]] = selected
    others = np.flatnonzero(~program.mask(selected))
    return Moves(
        added=np.concatenate([others, np.full(len(selected), -1, dtype=np.intp)]),
        removed=np.concatenate([choice[program.group[others]], selected]),
        group=program.group[np.concatenate([others, selected])],
        loss=np.maximum(np.concatenate([deviation[others], worth[selected]]), 0.0),
    )
