"""Program -> proven Answer: price, find a good plan near the prices, prune, prove, then the cheapest of equals.

Every plan that a backend returns is recomputed in the program's integers before it is believed. The best one seen is
kept here, so a limit, a crash of the solver or Ctrl-C always leaves it.

Net reach in the value is proven to `TOLERANCE` of the bound, and which of such plans is the cheapest is not asked.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend, backend_title
from microopt.solver.heuristics import greedy_fill, local_search
from microopt.solver.outer_approximation import (
    focus_tangents,
    proof_tolerance,
    solve_relaxation,
    solve_to_tolerance,
    solve_verified,
    with_tangents_at,
)
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import NO_WARM_START, PRICES_ALONE, Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.sifting import RelaxationResult, sift_relaxation

MODEST = 2_400  # columns of a core beyond which a limit of nodes is one of effort: it is not begun
EASY = 200  # undecided columns among which a cheaper plan is looked for at once
FIRST = 4_000  # columns that the first plan may differ in from what prices buy
NEIGHBOURHOODS = (150, 600, 2_400, 9_600)
NET_NEIGHBOURHOODS = (1_000, 4_000)
NET_SHARE = 0.25  # of the time left, for each neighbourhood: its proof is not needed, a better plan is
NET_GAP = 1e-4  # and gap
NEAR = 1e-3  # of the bound: a plan as near as this decides most of what is open
LOOK = 60  # columns of least deviation at known prices that a first plan is looked for among
CLOSE = 400  # columns that known prices leave undecided: no better ones are asked for


def solve(
    program: IntegerProgram,
    backend: Backend,
    limits: SolveLimits,
    *,
    cheapest: bool = True,
    warm_start: WarmStart = NO_WARM_START,
) -> SolveResult:
    """Return the best plan of a program and what is known of it.

    Parameters
    ----------
    cheapest
        Among plans of the best value, find the one of least cost.
    hint
        What the answer to a like program tells: prices, plans.

    Raises
    ------
    AuditError
        If the backend keeps returning plans that break their rows.
    BackendError
        If the backend fails before any plan is found.
    """
    search = _Search(program=program, backend=backend, limits=limits, warm_start=warm_start)
    try:
        search.run(cheapest=cheapest)
    except KeyboardInterrupt:
        search.limit = Limit.INTERRUPT
    except BackendError as error:
        if search.incumbent is None:
            raise
        search.failure = error.message
    return search.result()


class _Search(Struct, kw_only=True):
    program: IntegerProgram
    backend: Backend
    limits: SolveLimits
    warm_start: WarmStart = NO_WARM_START
    start: float = field(default_factory=perf_counter)
    incumbent: Columns | None = None
    objective: int | None = None
    priced: PricedProgram | None = None
    backend_bound: int | None = None
    infeasible: bool = False
    optimal: bool = False
    is_cheapest: bool = False
    failure: str = ""
    limit: Limit | None = None
    core_size: int = 0

    def run(self, *, cheapest: bool) -> None:
        self._report("prices")
        known = self._apply_warm_start()
        if known is not None and self._core_is_small():
            found = RelaxationResult(result=SolveResult(termination=Termination.UNKNOWN), priced=known)
        else:
            self.program, found = solve_relaxation(self.program, self.backend, self._remaining, known)
        if found.result.termination is Termination.INFEASIBLE:
            self.infeasible = True
            return
        self.priced = found.priced or price_program(self.program, np.zeros(len(self.program.rows)))
        if self.priced is not known:
            self._find_initial_incumbent()
        self._report("branch and bound")
        limit = found.result.limit
        spent = limit is Limit.TIME and self.incumbent is not None and self._remaining().seconds == 0
        if spent or limit is Limit.INTERRUPT:  # a backend that has overrun its time is not asked again
            self.limit, self.optimal = limit, self._proven()
            return
        self._prove()
        if not self.program.has_linear_objective:
            self._substitute_cheaper()
        cheapest &= self.program.has_linear_objective
        if self.optimal and cheapest and self.incumbent is not None and self.limit is not Limit.INTERRUPT:
            self._minimize_cost_of_optima()

    def _core_is_small(self) -> bool:
        """Whether prices that are known leave so little open that better ones need not be asked for.

        Where they leave more, what they leave almost even is looked at first: a good plan decides most of the rest.
        """
        assert self.priced is not None
        if self._undecided().sum() > CLOSE and len(self.program) > CLOSE:
            self._solve_core(self.priced.nearest(LOOK, self.program.group), NEAR)
        return bool(self._undecided().sum() <= CLOSE)

    def _apply_warm_start(self) -> PricedProgram | None:
        """Look at what is known beforehand, and return the program at its prices; of net reach they tell too little."""
        for selected in self.warm_start.plans:
            self._update_incumbent(selected)
        if self.warm_start.prices is None or self.program.pools:
            return None
        self.priced = price_program(self.program, self.warm_start.prices, self.warm_start.pool_prices)
        self._find_initial_incumbent()
        return self.priced

    def _substitute_cheaper(self) -> None:
        """Exchange each pick for a cheaper one of its group where nothing is lost: of net reach that is not proven."""
        several = np.bincount(self.program.group, minlength=1) > 1
        for group in [] if self.incumbent is None else self.program.group[self.incumbent].tolist():
            assert self.incumbent is not None
            if not several[group]:
                continue
            rest = self.incumbent[self.program.group[self.incumbent] != group]
            for other in np.flatnonzero(self.program.group == group).tolist():
                self._update_incumbent(np.sort(np.append(rest, other)))

    def _find_initial_incumbent(self) -> None:
        """Take what prices buy, then what they nearly buy."""
        assert self.priced is not None
        free = self.priced.nearest(FIRST, self.program.group)
        columns, fixed, bought = (
            np.flatnonzero(free),
            self.priced.fixed_columns(free),
            self.program.mask(self.priced.selected),
        )
        order = np.argsort(self.priced.deviation[columns], kind="stable")
        selected = greedy_fill(self.program.restrict(free, fixed), order, start=np.flatnonzero(bought[columns]))
        self._update_incumbent(np.sort(np.concatenate([fixed, columns[selected]])))
        self._improve(np.zeros(0, dtype=np.intp))  # what prices buy of a pool can be far from the best of it
        self._improve(self.incumbent)

    def _prove(self) -> None:
        """Grow the neighbourhood of the prices until what lies outside is shown to be worse."""
        assert self.priced is not None
        several = NET_NEIGHBOURHOODS if self.program.pools else NEIGHBOURHOODS
        sizes = [size for size in several if size < len(self.program)]
        free = self._undecided()
        if sizes and free.sum() > sizes[0]:
            free = self.priced.nearest(sizes.pop(0), self.program.group)
        while not self._proven():
            result = self._solve_core(free)
            undecided = self._undecided()
            self.core_size = int(undecided.sum())
            if not (undecided & ~free).any():
                self._conclude(result)
                return
            if self._must_stop(result):
                return
            if self.limits.nodes is not None and self.core_size > MODEST and self.incumbent is not None:
                self.limit = Limit.NODES
                return
            if sizes and self.core_size > 4 * sizes[0]:
                free = self.priced.nearest(sizes.pop(0), self.program.group)
            else:
                free = undecided
                sizes.clear()
        self.optimal = True

    def _solve_core(self, free: NDArray[np.bool_], gap: float = 0.0) -> SolveResult:
        """Solve over the free columns, the others as priced, and keep what is found.

        Parameters
        ----------
        gap
            At which a plan is good enough, where less is asked for.
        """
        assert self.priced is not None
        fixed = self.priced.fixed_columns(free)
        columns = np.flatnonzero(free)
        part = bool(self.program.pools) and bool((self._undecided() & ~free).any())
        closer = focus_tangents(self.program, self.priced, self.objective, is_partial=part)
        asked = (closer if self.incumbent is None else with_tangents_at(closer, self.incumbent)).restrict(free, fixed)
        limits = self._remaining()
        limits = replace(limits, gap=self._core_gap(fixed, max(gap, limits.gap)))
        if part:
            limits = replace(self._remaining(NET_SHARE), gap=max(NET_GAP, limits.gap))
        result = solve_to_tolerance(asked, self.backend, limits)
        if result.columns is not None:
            selected = np.sort(np.concatenate([fixed, columns[result.columns]]))
            self._update_incumbent(selected)
            self._improve(selected)
        if part and result.limit is Limit.TIME:  # its share of the time, not all
            result = replace(result, limit=None)
        bound = None if result.bound is None else result.bound + self.program.linear_objective(fixed)
        self._report("branch and bound")
        return replace(result, bound=bound)

    def _core_gap(self, fixed: Columns, gap: float) -> float:
        """Return a gap as a share of what of the bound is not bought already."""
        assert self.priced is not None
        whole, left = abs(self.priced.bound), abs(self.priced.bound - self.program.linear_objective(fixed))
        return min(0.5, gap * whole / left) if left else gap

    def _conclude(self, result: SolveResult) -> None:
        """Take what a solve over all undecided columns has shown."""
        self.failure = result.failure
        if result.termination is Termination.INFEASIBLE:
            self.infeasible = self.incumbent is None
        elif result.bound is not None and self._is_consistent(result.bound):
            self.optimal = result.termination is Termination.OPTIMAL and self._reaches(result.bound)
            self.backend_bound = result.bound
        # what else a backend says contradicts the plan in hand, and shows nothing
        self._must_stop(result)

    def _minimize_cost_of_optima(self) -> None:
        """Among plans worth as much, find the one of least cost.

        Whether any cheaper plan is worth as much is as easy to ask as the first question: maximise the value at a
        lower cost. Only if one is, the least cost at this value is looked for, which is the harder question. Soft rows
        make no value that a row can hold: there the first question is asked until nothing cheaper is found.
        """
        assert self.objective is not None
        self._report("cheaper equal plans")
        priced = self._price_cheaper_plans()
        if priced is None or self.limit is Limit.INTERRUPT:
            self.is_cheapest = priced is None
            return
        free = priced.undecided(self.objective)
        fixed, columns = priced.fixed_columns(free), np.flatnonzero(free)
        try:
            while self._find_cheaper(free, fixed, columns):
                if not self.program.has_soft_rows:
                    self._solve_least_cost(free, fixed, columns)
                    return
        except AuditError:
            return  # the plan in hand stands, but a cheaper one is not excluded

    def _price_cheaper_plans(self) -> PricedProgram | None:
        """Return prices that leave few columns undecided in cheaper plans, None if they show none worth as much.

        A lower cost brings the bound down. Where value is almost the cost times a constant, that alone decides.
        """
        assert self.priced is not None and self.objective is not None and self.incumbent is not None
        if self.priced.undecided(self.objective).sum() <= EASY:
            return self.priced
        found = sift_relaxation(
            self.program.cheaper_than(self.program.total_cost(self.incumbent)), self.backend, self._remaining
        )
        if found.result.limit is Limit.INTERRUPT:
            self.limit = Limit.INTERRUPT
        if found.priced is None:
            return None if found.result.termination is Termination.INFEASIBLE else self.priced
        return found.priced if found.priced.integer_bound >= self.objective else None

    def _find_cheaper(self, free: NDArray[np.bool_], fixed: Columns, columns: Columns) -> bool:
        """Look for a cheaper plan that is worth as much; whether one was found, and no limit came."""
        assert self.incumbent is not None and self.objective is not None
        lower = self.program.restrict(free, fixed).cheaper_than(
            self.program.total_cost(self.incumbent) - self.program.total_cost(fixed)
        )
        least = self.objective - self.program.linear_objective(fixed)
        result = solve_verified(lower, self.backend, replace(self._remaining(), gap=0.0, cutoff=least))
        worth = self._accept_equal(result, fixed, columns)
        self.is_cheapest = result.termination is Termination.INFEASIBLE or (
            result.termination is Termination.OPTIMAL and worth < 0
        )
        return worth == 0 and result.limit is None

    def _solve_least_cost(self, free: NDArray[np.bool_], fixed: Columns, columns: Columns) -> None:
        assert self.incumbent is not None and self.objective is not None
        equal = self.program.minimize_cost(self.objective).restrict(free, fixed)
        result = solve_verified(equal, self.backend, replace(self._remaining(), gap=0.0))
        worth = self._accept_equal(result, fixed, columns)
        selected = None if result.columns is None else np.concatenate([fixed, columns[result.columns]])
        cheap = selected is not None and self.program.total_cost(selected) == self.program.total_cost(self.incumbent)
        self.is_cheapest = result.termination is Termination.OPTIMAL and worth == 0 and cheap

    def _accept_equal(self, result: SolveResult, fixed: Columns, columns: Columns) -> int:
        """Keep what a look for a cheaper plan has found; return how much more than the plan in hand it is worth."""
        assert self.objective is not None
        if result.limit is Limit.INTERRUPT:
            self.limit = Limit.INTERRUPT
        if result.columns is None:
            return -1
        known, selected = self.objective, np.sort(np.concatenate([fixed, columns[result.columns]]))
        self._update_incumbent(selected)
        if self.objective > known:  # what was called optimal is not
            self.optimal, self.backend_bound = False, None
        return self.program.objective_value(selected) - known

    def _update_incumbent(self, selected: Columns) -> None:
        """Keep a plan if it keeps every row and is worth more, or as much for less."""
        if self.program.violated_constraints(selected):
            return
        mine = (self.program.objective_value(selected), -self.program.total_cost(selected))
        if self.incumbent is None or mine > (self.objective, -self.program.total_cost(self.incumbent)):
            self.incumbent, self.objective = selected, mine[0]

    def _improve(self, selected: Columns | None) -> None:
        """Keep what becomes of a plan by small changes, where net reach makes those worth a look."""
        if selected is not None and not self.program.has_linear_objective:
            self._update_incumbent(local_search(self.program, selected, self._remaining(NET_SHARE).seconds))

    def _undecided(self) -> NDArray[np.bool_]:
        assert self.priced is not None
        if self.objective is None:
            return np.ones(len(self.program), dtype=bool)
        return self.priced.undecided(self.objective)

    def _proven(self) -> bool:
        return self.priced is not None and self._reaches(self.priced.integer_bound)

    def _is_consistent(self, bound: int) -> bool:
        """Whether the plan in hand does not contradict a bound that a backend tells."""
        return self.objective is None or self.objective <= bound + proof_tolerance(self.program, bound)

    def _reaches(self, bound: int) -> bool:
        """Whether the plan in hand is worth a bound; where net reach counts, all but `TOLERANCE` of it."""
        return self.objective is not None and bound - self.objective <= proof_tolerance(self.program, bound)

    def _must_stop(self, result: SolveResult) -> bool:
        """Note a limit; whether the search must end."""
        left = self._remaining().seconds
        if result.limit is Limit.INTERRUPT or (left is not None and left <= 0):
            self.limit = result.limit or Limit.TIME
        elif result.limit in (Limit.TIME, Limit.NODES):
            self.limit = result.limit
        elif self.limits.gap and not self.optimal and self.gap() <= self.limits.gap:
            self.limit = Limit.GAP
        return self.limit is not None

    def _report(self, phase: str) -> None:
        self.limits.report(phase, self.objective, self._bound())

    def _remaining(self, share: float = 1.0) -> SolveLimits:
        return self.limits.remaining(self.start, share)

    def _bound(self) -> int | None:
        if self.optimal and self.program.has_linear_objective:
            return self.objective
        if self.priced is None:
            return None
        bound = (
            self.priced.integer_bound
            if self.backend_bound is None
            else min(self.priced.integer_bound, self.backend_bound)
        )
        return bound if self.objective is None else max(bound, self.objective)

    def gap(self) -> float:
        """Return the relative gap between the best plan and the bound."""
        bound = self._bound()
        return (
            float("inf") if bound is None or self.objective is None else (bound - self.objective) / max(1, abs(bound))
        )

    def result(self) -> SolveResult:
        all_told = self.optimal and (self.is_cheapest or not self.program.has_linear_objective)
        facts = f"branch and bound of {backend_title(self.backend)}"
        stop = Termination.UNKNOWN
        if self.infeasible:
            stop = Termination.INFEASIBLE
        elif self.incumbent is not None:
            stop = Termination.OPTIMAL if self.optimal else Termination.FEASIBLE
        return SolveResult(
            termination=stop,
            limit=None if all_told else self.limit,
            columns=self.incumbent,
            objective=self.objective,
            bound=self._bound(),
            prices=None if self.priced is None else self.priced.prices,
            pool_prices=None if self.priced is None else self.priced.pool_prices,
            price_bound=None if self.priced is None else self.priced.integer_bound,
            proven_by=PRICES_ALONE if self._proven() else facts,
            is_cheapest=self.is_cheapest,
            core_size=self.core_size,
            failure=self.failure,
            seconds=perf_counter() - self.start,
            backend=self.backend.name,
            version=self.backend.version,
        )
