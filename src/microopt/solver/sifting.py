"""Sifting: the relaxation of very many columns, solved on few of them at a time (column generation).

A column whose reduced cost is far from 0 is selected or not at any prices near the optimal ones. So only the columns
near 0 are handed to a backend, and the others stay as prices decided them. The prices that the backend returns show
which of those were decided wrongly; these become free too, until there are none (sifting; Bixby and others 1992). Any
prices bound every plan: stopping early loosens the bound, and never makes it wrong.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.signals import interrupted
from microopt.solver.arrays import k_smallest
from microopt.solver.backends.base import Backend
from microopt.solver.backends.decode import validate_prices
from microopt.solver.dual_ascent import initial_prices, pool_prices_at_offset
from microopt.solver.elastic import elastic_program
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

SMALL = 4_000  # columns that a backend is handed at once
SMALL_IF_PRICED = 1_000  # the same if near-optimal prices are known: then few of many columns are open
FREE = 400  # columns of smallest deviation that are free at first
BATCH = 400  # columns that a round frees at most
FEW = 1_000  # selected columns; so few are all free at first
MANY = 5  # factor for both numbers of free columns if prices select more
ROUNDS = 60
NEGLIGIBLE = 1e-11  # of the bound; what misjudged columns may add to it together


class RelaxationResult(Struct, frozen=True, kw_only=True, eq=False):
    """The outcome of a relaxation: `INFEASIBLE`, or prices if there are any.

    Attributes
    ----------
    result
        Result of the backend, with the prices of least bound.
    priced
        The program at these prices, or None.
    """

    result: SolveResult
    priced: PricedProgram | None = None


def sift_relaxation(
    program: IntegerProgram, backend: Backend, remaining: Callable[[], SolveLimits], first: PricedProgram | None = None
) -> RelaxationResult:
    """Solve the relaxation to 0 <= x <= 1 without columns fixed at 0, by sifting if there are many columns.

    Parameters
    ----------
    remaining
        Returns the limits that remain.
    first
        The program at initial prices.

    Raises
    ------
    BackendError
        If the backend fails.
    """
    has_good_prices = first is not None and not program.pools
    if len(program) - len(program.fixed_at_zero) <= (min(SMALL_IF_PRICED, SMALL) if has_good_prices else SMALL):
        result = _relax(backend, program.without_fixed_at_zero(), remaining())
        if result.prices is None:
            return RelaxationResult(result=result)
        return RelaxationResult(result=result, priced=price_program(program, result.prices, result.pool_prices))
    first = price_program(program, *initial_prices(program)) if first is None else first
    free, factor = np.zeros(len(program), dtype=bool), MANY
    if len(first.selected) <= FEW:
        free[first.selected], factor = True, 1
    free[k_smallest(_relative_deviation(first.deviation, program.objective), factor * FREE)] = True
    free[program.fixed_at_zero] = False
    free = first.with_group_choices(free, program.group)
    return _Sifting(
        program=program,
        backend=backend,
        remaining=remaining,
        free=free,
        fixed=first.fixed_columns(free),
        best=first,
        batch=factor * BATCH,
    ).run()


def _relax(backend: Backend, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
    return validate_prices(program, backend.relax(program, limits), backend.name)


class _Sifting(Struct, kw_only=True, eq=False):
    """The state of sifting: the free columns, and those of the others that are fixed at 1."""

    program: IntegerProgram
    backend: Backend
    remaining: Callable[[], SolveLimits]
    free: NDArray[np.bool_]
    fixed: Columns
    best: PricedProgram
    """The program at the prices of least bound."""
    batch: int

    def run(self) -> RelaxationResult:
        result = SolveResult(termination=Termination.UNKNOWN)
        feasible = False
        for _ in range(ROUNDS):
            limits = self.remaining()
            if limits.seconds == 0:  # the prices so far are good enough for what is left to do
                result = replace(result, limit=Limit.INTERRUPT if interrupted() else Limit.TIME)
                break
            restricted = self.program.restrict(self.free, self.fixed)
            result = _relax(self.backend, restricted, limits)
            if result.termination is Termination.INFEASIBLE and not feasible:
                result = self._restore_feasibility()
                if result.termination is not Termination.OPTIMAL:
                    return self._relaxation_result(result)
                feasible = True
                continue
            if result.prices is None:
                break
            priced = price_program(self.program, result.prices, _limited_pool_prices(restricted, result))
            if priced.bound < self.best.bound:
                self.best = priced
            if result.limit is not None:
                break
            if not self._free_misjudged(self.program, priced):
                self.best = priced  # tangents are put around these; with pools earlier prices may bound equally well
                break
        if result.termination is Termination.INFEASIBLE:
            result = replace(result, termination=Termination.UNKNOWN)
        return self._relaxation_result(result)

    def _relaxation_result(self, result: SolveResult) -> RelaxationResult:
        if result.termination is Termination.INFEASIBLE:
            return RelaxationResult(result=result)
        result = replace(result, prices=self.best.prices, pool_prices=self.best.pool_prices, bound=None)
        return RelaxationResult(result=result, priced=self.best)

    def _restore_feasibility(self) -> SolveResult:
        """Free columns until the relaxation is feasible: `OPTIMAL` once it is, `INFEASIBLE` if it cannot be.

        The violation of the rows is minimized. If prices show that it cannot be 0, they are the proof.
        """
        elastic = elastic_program(_without_soft_rows(self.program)).program.with_fixed_at_zero(
            self.program.fixed_at_zero
        )
        for _ in range(ROUNDS):
            restricted = elastic.restrict(self.free, self.fixed)
            result = _relax(self.backend, restricted, self.remaining())
            if result.prices is None or result.limit is not None:
                return replace(result, termination=Termination.UNKNOWN)
            if result.bound is not None and result.bound >= 0:
                return replace(result, termination=Termination.OPTIMAL)
            priced = price_program(elastic, result.prices, _limited_pool_prices(restricted, result))
            if priced.bound < 0:
                return replace(result, termination=Termination.INFEASIBLE, prices=None, pool_prices=None)
            if not self._free_misjudged(elastic, priced):
                return replace(result, termination=Termination.OPTIMAL)
        return SolveResult(termination=Termination.UNKNOWN)

    def _free_misjudged(self, program: IntegerProgram, priced: PricedProgram) -> bool:
        """Free columns that are fixed contrary to these prices; return whether there are any that matter.

        Parameters
        ----------
        program
            The program that is priced: it has the same columns, and possibly other rows.
        """
        is_fixed, is_selected = (np.zeros(len(self.free), dtype=bool) for _ in range(2))
        is_fixed[self.fixed] = is_selected[priced.selected] = True
        wrong = np.flatnonzero((is_fixed != is_selected) & ~self.free)
        if program.has_singleton_groups:
            loss = priced.deviation[wrong]
        else:
            loss = self._group_losses(program, priced)[program.group[wrong]]
        if loss.sum() <= NEGLIGIBLE * max(1.0, abs(priced.bound)):
            return False
        self.free[wrong[k_smallest(-_relative_deviation(loss, program.objective[wrong]), self.batch)]] = True
        self._free_whole_groups()
        return True

    def _group_losses(self, program: IntegerProgram, priced: PricedProgram) -> NDArray[np.float64]:
        """Return what each group loses at these prices because of its fixed columns, (groups,).

        If several columns are equally good, the deviation of each is 0; but if none of them is free, the whole gain of
        the group is lost.
        """
        group, reduced = program.group, program.reduced_costs(priced.prices, priced.pool_prices)
        gain, available = (np.zeros(int(group.max(initial=-1)) + 1) for _ in range(2))
        gain[group[priced.selected]] = reduced[priced.selected]
        np.maximum.at(available, group[self.free], reduced[self.free])
        available[group[self.fixed]] = reduced[self.fixed]
        return np.maximum(gain - available, 0.0)

    def _free_whole_groups(self) -> None:
        """Free the fixed columns of groups that have a free column."""
        group = self.program.group
        touched = np.zeros(int(group.max(initial=-1)) + 1, dtype=bool)
        touched[group[self.free]] = True
        freed = touched[group[self.fixed]]
        self.free[self.fixed[freed]] = True
        self.fixed = self.fixed[~freed]


def _limited_pool_prices(restricted: IntegerProgram, result: SolveResult) -> NDArray[np.float64] | None:
    """Return pool prices capped at the value of exposure at the offset: higher ones bound the free columns no better.

    Parameters
    ----------
    restricted
        The program of the free columns, to which the result belongs.
    """
    assert result.prices is not None
    if result.pool_prices is None:
        return None
    return np.minimum(result.pool_prices, pool_prices_at_offset(restricted, result.prices))


def _relative_deviation(deviation: NDArray[np.float64], objective: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each column's deviation relative to its objective and its use of rows.

    An error in the prices moves a column's reduced cost by a share of these.
    """
    return deviation / (np.abs(objective) + deviation + 1)


def _without_soft_rows(program: IntegerProgram) -> IntegerProgram:
    """Return the program with its soft rows open; they keep their positions."""
    rows = [row if row.penalty is None else replace(row, lower=None, upper=None, penalty=None) for row in program.rows]
    return replace(program, rows=tuple(rows))
