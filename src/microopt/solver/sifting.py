"""The relaxation of very many columns, solved on few of them at a time.

A column whose reduced value is far from 0 is bought or not at any prices that come near the right ones. So only the
columns near 0 are handed to a backend, the others stay as prices decided them; the prices that it returns show which of
those were decided wrongly, and these are handed over too, until there are none (sifting; Bixby and others 1992). Any
prices bound every plan: whoever stops early has a looser bound, never a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import k_smallest
from microopt.solver.backends.base import Backend
from microopt.solver.backends.decode import validate_prices
from microopt.solver.dual_ascent import initial_prices, pool_prices_at_offset
from microopt.solver.elastic import elastic_program
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import SolveLimits, SolveResult, Termination

SMALL = 4_000  # columns that a backend is handed at once
KNOWN = 1_000  # the same where prices are known that are near: then few columns of so many are open
FREE = 400  # columns of least deviation that are free at first
FREED = 400  # columns that a round frees at most
FEW = 1_000  # columns that prices buy: so few are all free at first
MANY = 5  # times as many are free, and freed, where prices buy more
STAPLES = 10  # columns beyond those that meet a floor, by cost and by value
ROUNDS = 60
FAR = 1e-11  # of the bound: what wrongly decided columns may add to it together


class RelaxationResult(Struct, frozen=True, kw_only=True, eq=False):
    """What a relaxation ended with: `INFEASIBLE`, or prices if there are any.

    Attributes
    ----------
    answer
        Of the backend, its prices those of least bound.
    priced
        The program at these prices, or None.
    """

    result: SolveResult
    priced: PricedProgram | None = None


def sift_relaxation(
    program: IntegerProgram, backend: Backend, left: Callable[[], SolveLimits], first: PricedProgram | None = None
) -> RelaxationResult:
    """Solve the relaxation to 0 <= x <= 1, by parts where there are many columns.

    Parameters
    ----------
    left
        Returns the limits that are left.
    first
        The program at prices to begin with.

    Raises
    ------
    BackendError
        If the backend fails.
    """
    near = first is not None and not program.pools
    if len(program) <= (min(KNOWN, SMALL) if near else SMALL):
        result = validate_prices(program, backend.relax(program, left()), backend.name)
        if result.prices is None:
            return RelaxationResult(result=result)
        return RelaxationResult(result=result, priced=price_program(program, result.prices, result.pool_prices))
    first = price_program(program, *initial_prices(program)) if first is None else first
    free = _covering_columns(program, np.zeros(len(program), dtype=bool))
    few = len(first.selected) <= FEW
    if few:
        free[first.selected] = True
    times = 1 if few else MANY
    free[k_smallest(_relative_deviation(first.deviation, program.objective), times * FREE)] = True
    free = first.with_group_choices(free, program.group)
    return _Sifting(
        program=program,
        backend=backend,
        remaining=left,
        free=free,
        fixed=first.fixed_columns(free),
        best=first,
        batch=times * FREED,
    ).run()


class _Sifting(Struct, kw_only=True, eq=False):
    """Columns that are free, and those of the others that are bought."""

    program: IntegerProgram
    backend: Backend
    remaining: Callable[[], SolveLimits]
    free: NDArray[np.bool_]
    fixed: Columns
    best: PricedProgram
    """At the prices of least bound."""
    batch: int

    def run(self) -> RelaxationResult:
        result = SolveResult(termination=Termination.UNKNOWN)
        possible = False
        for _ in range(ROUNDS):
            asked = self.program.restrict(self.free, self.fixed)
            result = validate_prices(asked, self.backend.relax(asked, self.remaining()), self.backend.name)
            if result.termination is Termination.INFEASIBLE and not possible:
                result = self._restore_feasibility()
                if result.termination is not Termination.OPTIMAL:
                    return self._relaxation_result(result)
                possible = True
                continue
            if result.prices is None:
                break
            priced = price_program(self.program, result.prices, _limited_pool_prices(asked, result))
            if priced.bound < self.best.bound:
                self.best = priced
            if result.limit is not None:
                break
            if not self._free_misjudged(self.program, priced):
                self.best = priced  # about which tangents are put; with pools earlier prices may bound as well
                break
        return self._relaxation_result(
            replace(result, termination=Termination.UNKNOWN) if result.termination is Termination.INFEASIBLE else result
        )

    def _relaxation_result(self, result: SolveResult) -> RelaxationResult:
        if result.termination is Termination.INFEASIBLE:
            return RelaxationResult(result=result)
        prices, pool_prices = self.best.prices, self.best.pool_prices
        return RelaxationResult(
            result=replace(result, prices=prices, pool_prices=pool_prices, bound=None), priced=self.best
        )

    def _restore_feasibility(self) -> SolveResult:
        """Free columns until the others leave room for a plan in parts: `OPTIMAL` if they do, `INFEASIBLE` if none can.

        What is not kept of the rows is minimised. If prices show that it cannot be 0, they are the proof.
        """
        soft = elastic_program(_without_soft_rows(self.program)).program
        for _ in range(ROUNDS):
            asked = soft.restrict(self.free, self.fixed)
            result = validate_prices(asked, self.backend.relax(asked, self.remaining()), self.backend.name)
            if result.prices is None or result.limit is not None:
                return replace(result, termination=Termination.UNKNOWN)
            if result.bound is not None and result.bound >= 0:
                return replace(result, termination=Termination.OPTIMAL)
            priced = price_program(soft, result.prices, _limited_pool_prices(asked, result))
            if priced.bound < 0:
                return replace(result, termination=Termination.INFEASIBLE, prices=None, pool_prices=None)
            if not self._free_misjudged(soft, priced):
                return replace(result, termination=Termination.OPTIMAL)
        return SolveResult(termination=Termination.UNKNOWN)

    def _free_misjudged(self, program: IntegerProgram, priced: PricedProgram) -> bool:
        """Free columns that are decided against these prices; whether there are any that matter.

        Parameters
        ----------
        program
            What is priced: of the same columns, its rows may be others.
        """
        bought, chosen = (np.zeros(len(self.free), dtype=bool) for _ in range(2))
        bought[self.fixed] = chosen[priced.selected] = True
        wrong = np.flatnonzero((bought != chosen) & ~self.free)
        loss = (
            priced.deviation[wrong]
            if program.has_singleton_groups
            else self._group_losses(program, priced)[program.group[wrong]]
        )
        if loss.sum() <= FAR * max(1.0, abs(priced.bound)):
            return False
        self.free[wrong[k_smallest(-_relative_deviation(loss, program.objective[wrong]), self.batch)]] = True
        self._free_whole_groups()
        return True

    def _group_losses(self, program: IntegerProgram, priced: PricedProgram) -> NDArray[np.float64]:
        """Return what each group loses at these prices by what is decided of it, (groups,).

        Of several columns that are worth as much, each deviates for nothing: but if none is free, all of it is lost.
        """
        group, reduced = program.group, program.reduced_costs(priced.prices, priced.pool_prices)
        gain, held = (np.zeros(int(group.max(initial=-1)) + 1) for _ in range(2))
        gain[group[priced.selected]] = reduced[priced.selected]
        np.maximum.at(held, group[self.free], reduced[self.free])
        held[group[self.fixed]] = reduced[self.fixed]
        return np.maximum(gain - held, 0.0)

    def _free_whole_groups(self) -> None:
        """Free what is bought of the groups that have a free column."""
        group = self.program.group
        touched = np.zeros(int(group.max(initial=-1)) + 1, dtype=bool)
        touched[group[self.free]] = True
        mine = touched[group[self.fixed]]
        self.free[self.fixed[mine]] = True
        self.fixed = self.fixed[~mine]


def _limited_pool_prices(asked: IntegerProgram, result: SolveResult) -> NDArray[np.float64] | None:
    """Return prices of pools that what is bought already does not exceed: any above say the same of the free columns.

    Parameters
    ----------
    asked
        The program of the free columns, whose answer it is.
    """
    assert result.prices is not None
    return (
        None
        if result.pool_prices is None
        else np.minimum(result.pool_prices, pool_prices_at_offset(asked, result.prices))
    )


def _relative_deviation(deviation: NDArray[np.float64], value: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what deviating costs by column, as a share of what the column is worth and uses.

    An error in the prices moves a column's reduced value by a share of that.
    """
    return deviation / (np.abs(value) + deviation + 1)


def _covering_columns(program: IntegerProgram, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return free columns with those that each floor is met by most cheaply, and by those of most value."""
    free = free.copy()
    for row in program.rows:
        if row.lower is None or row.lower <= 0:
            continue
        helping = row.coefficients > 0
        columns, amount = row.columns[helping], row.coefficients[helping].astype(float)
        for each in (program.cost[columns] / amount, -program.objective[columns] / amount):
            best = k_smallest(each, FEW)
            best = best[np.argsort(each[best], kind="stable")]
            enough = np.searchsorted(np.cumsum(amount[best]), row.lower) + STAPLES
            free[columns[best[:enough]]] = True
    return free


def _without_soft_rows(program: IntegerProgram) -> IntegerProgram:
    """Return the program without its soft rows: they stand, and hold whatever is bought."""
    rows = [row if row.penalty is None else replace(row, lower=None, upper=None, penalty=None) for row in program.rows]
    return replace(program, rows=tuple(rows))
