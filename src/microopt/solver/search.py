"""The search for a proven optimum: price, find an incumbent near the prices, fix columns, prove, then minimize cost.

The proof is tried by dynamic programming over the core first. Where that would take too many states, a backend solves
the core by branch and bound.

Every plan that a backend returns is recomputed in the program's integers before it is trusted. The incumbent is kept
here, so that a limit, a crash of the solver or Ctrl-C always leaves it.

An objective with net reach is proven to `TOLERANCE` of the bound, and the cheapest of such plans is not searched for.
"""

from __future__ import annotations

from math import inf
from time import perf_counter

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend, backend_title
from microopt.solver.core_dynamic_programming import solve_core
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
from microopt.solver.result import (
    DYNAMIC_PROGRAMMING,
    NO_WARM_START,
    PRICES_ALONE,
    Limit,
    SolveLimits,
    SolveResult,
    Termination,
    WarmStart,
)
from microopt.solver.sifting import RelaxationResult, sift_relaxation
from microopt.solver.split_objective import has_large_objective

MODEST = 2_400  # columns of a core; under a node limit, a larger core is not started: the limit is one of effort
EASY = 200  # undecided columns among which a cheaper plan is searched for without pricing again
FIRST = 4_000  # columns in which the first incumbent may differ from the selection of the prices
NEIGHBORHOODS = (150, 600, 2_400, 9_600)  # columns of partial cores
NET_NEIGHBORHOODS = (1_000, 4_000)  # the same with pools
NET_SHARE = 0.25  # of the remaining time for a partial core with pools: a better plan is needed there, not its proof
NET_GAP = 1e-4  # gap for such a core
NEAR = 1e-3  # of the bound; a plan this close decides most of the open columns
LOOK = 60  # columns of smallest deviation at warm-start prices among which the first incumbent is searched for
CORE_SHARE = 0.3  # of the remaining time for dynamic programming
CLOSE = 400  # undecided columns at warm-start prices up to which no better prices are computed


def solve(
    program: IntegerProgram,
    backend: Backend,
    limits: SolveLimits,
    *,
    cheapest: bool = True,
    warm_start: WarmStart = NO_WARM_START,
) -> SolveResult:
    """Return the best plan of a program and what is proven about it.

    Parameters
    ----------
    cheapest
        Among plans with the best objective, find the one of least cost.
    warm_start
        Prices and plans of a similar program.

    Raises
    ------
    AuditError
        If the backend keeps returning plans that violate their rows.
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
    """The state of a search; `objective` and `is_cheapest` describe the incumbent."""

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
    proven_by: str = ""

    def run(self, *, cheapest: bool) -> None:
        self._report("prices")
        initial = self._apply_warm_start()
        if initial is not None and self._core_is_small():
            relaxed = RelaxationResult(result=SolveResult(termination=Termination.UNKNOWN), priced=initial)
        else:
            self.program, relaxed = solve_relaxation(self.program, self.backend, self._remaining, initial)
        if relaxed.result.termination is Termination.INFEASIBLE:
            self.infeasible = True
            return
        self.priced = relaxed.priced or price_program(self.program, np.zeros(len(self.program.rows)))
        if self.priced is not initial:
            self._find_initial_incumbent()
        self._report("branch and bound")
        limit = relaxed.result.limit
        timed_out = limit is Limit.TIME and self.incumbent is not None and self._remaining().seconds == 0
        if timed_out or limit is Limit.INTERRUPT:  # a backend that has overrun its time is not called again
            self.limit, self.optimal = limit, self._proven()
            return
        self._prove_by_dynamic_programming()
        if not self.optimal:
            self._prove()
        if not self.program.has_linear_objective:
            self._substitute_cheaper()
        cheapest &= self.program.has_linear_objective
        cheapest &= not self.is_cheapest
        if self.optimal and cheapest and self.incumbent is not None and self.limit is not Limit.INTERRUPT:
            self._minimize_cost_of_optima()

    def _core_is_small(self) -> bool:
        """Whether the warm-start prices leave so few columns undecided that better prices are not needed.

        If they leave more, the columns that are almost undecided are searched first: a good incumbent decides most of
        the rest.
        """
        assert self.priced is not None
        if self._undecided().sum() > CLOSE and len(self.program) > CLOSE:
            self._solve_core(self.priced.nearest(LOOK, self.program.group), NEAR)
        return bool(self._undecided().sum() <= CLOSE)

    def _apply_warm_start(self) -> PricedProgram | None:
        """Try the plans of the warm start, and return the program at its prices; with pools they say too little."""
        for plan in self.warm_start.plans:
            self._update_incumbent(plan)
        if self.warm_start.prices is None or self.program.pools:
            return None
        self.priced = price_program(self.program, self.warm_start.prices, self.warm_start.pool_prices)
        self._find_initial_incumbent()
        return self.priced

    def _substitute_cheaper(self) -> None:
        """Replace each selected column by a cheaper one of its group if nothing is lost; not a proof."""
        has_alternatives = np.bincount(self.program.group, minlength=1) > 1
        for group in [] if self.incumbent is None else self.program.group[self.incumbent].tolist():
            assert self.incumbent is not None
            if not has_alternatives[group]:
                continue
            rest = self.incumbent[self.program.group[self.incumbent] != group]
            for column in np.flatnonzero(self.program.group == group).tolist():
                self._update_incumbent(np.sort(np.append(rest, column)))

    def _find_initial_incumbent(self) -> None:
        """Fill a plan with the columns that prices select, then with those that they almost select."""
        assert self.priced is not None
        free = self.priced.nearest(FIRST, self.program.group)
        columns, fixed = np.flatnonzero(free), self.priced.fixed_columns(free)
        order = np.argsort(self.priced.deviation[columns], kind="stable")
        start = np.flatnonzero(self.program.mask(self.priced.selected)[columns])
        selected = greedy_fill(self.program.restrict(free, fixed), order, start=start)
        self._update_incumbent(np.sort(np.concatenate([fixed, columns[selected]])))
        self._improve(np.zeros(0, dtype=np.intp))  # with pools, the selection of prices can be far from the best plan
        self._improve(self.incumbent)

    def _prove_by_dynamic_programming(self) -> None:
        """Search the core in the order of losses; even if prices prove the incumbent, a cheaper plan may equal it.

        Without a proof, the best plan that it met is a better incumbent.
        """
        assert self.priced is not None
        limits = self._remaining(CORE_SHARE)
        end = inf if limits.seconds is None else perf_counter() + limits.seconds
        solution = solve_core(self.program, self.priced, self.incumbent, lambda: perf_counter() > end)
        if solution.columns is not None:
            self._update_incumbent(solution.columns)
        if solution.proven:
            self.core_size = int(self._undecided().sum())
            self.optimal, self.is_cheapest, self.proven_by = True, solution.is_cheapest, DYNAMIC_PROGRAMMING
            self._report("core")

    def _prove(self) -> None:
        """Enlarge the core around the prices until all columns outside it are proven to be decided."""
        assert self.priced is not None
        if self.program.pools and self._must_stop(SolveResult(termination=Termination.UNKNOWN)):
            return  # the first incumbent is good enough
        neighborhoods = NET_NEIGHBORHOODS if self.program.pools else NEIGHBORHOODS
        sizes = [size for size in neighborhoods if size < len(self.program)]
        free = self._undecided()
        if sizes and free.sum() > sizes[0]:
            free = self.priced.nearest(sizes.pop(0), self.program.group)
        while not self._proven():
            is_rough = self._is_rough(free)
            result = self._solve_core(free)
            undecided = self._undecided()
            self.core_size = int(undecided.sum())
            if not (undecided & ~free).any():
                self._conclude(result)
                if not is_rough or self.optimal or self.limit is not None:
                    return
            elif self._must_stop(result):
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
        """Solve over the free columns with the others fixed as priced, and update the incumbent.

        Parameters
        ----------
        gap
            A plan within this gap is good enough, even if the limits ask for less.
        """
        assert self.priced is not None
        fixed = self.priced.fixed_columns(free)
        columns = np.flatnonzero(free)
        is_rough = self._is_rough(free)
        model = focus_tangents(self.program, self.priced, self.objective, is_rough=is_rough)
        model = model if self.incumbent is None else with_tangents_at(model, self.incumbent)
        limits = self._remaining()
        gap, negligible = (self._core_gap(fixed, each) for each in (max(gap, limits.gap), limits.negligible))
        limits = replace(limits, gap=gap, negligible=negligible)
        if is_rough:
            limits = replace(self._remaining(NET_SHARE), gap=max(NET_GAP, limits.gap))
        result = solve_to_tolerance(model.restrict(free, fixed), self.backend, limits)
        if result.columns is not None:
            selected = np.sort(np.concatenate([fixed, columns[result.columns]]))
            self._update_incumbent(selected)
            self._improve(selected)
        if is_rough and result.limit is Limit.TIME:  # only its share of the time is over
            result = replace(result, limit=None)
        bound = None if result.bound is None else result.bound + self.program.linear_objective(fixed)
        self._report("branch and bound")
        return replace(result, bound=bound)

    def _is_rough(self, free: NDArray[np.bool_]) -> bool:
        """Whether a core is solved for a better plan and not for a proof: with pools, if it lacks undecided columns."""
        return bool(self.program.pools) and bool((self._undecided() & ~free).any())

    def _core_gap(self, fixed: Columns, gap: float) -> float:
        """Return a gap relative to the bound minus the objective of the fixed columns."""
        assert self.priced is not None
        bound, core_bound = abs(self.priced.bound), abs(self.priced.bound - self.program.linear_objective(fixed))
        return min(0.5, gap * bound / core_bound) if core_bound else gap

    def _conclude(self, result: SolveResult) -> None:
        """Take over what a solve of the whole core has proven."""
        self.failure = result.failure
        if result.termination is Termination.INFEASIBLE:
            self.infeasible = self.incumbent is None
        elif result.bound is not None and self._is_consistent(result.bound):
            self.optimal = result.termination is Termination.OPTIMAL and self._reaches(result.bound)
            self.backend_bound = result.bound
        # any other answer of the backend contradicts the incumbent, and proves nothing
        self._must_stop(result)

    def _minimize_cost_of_optima(self) -> None:
        """Among plans with the same objective, find the one of least cost.

        Whether a cheaper plan has the same objective is as easy to solve as the first problem: maximize the objective
        at a lower cost. Only if there is one, the cost is minimized at this objective, which is harder. With soft rows,
        or in a solver's digits, the objective cannot always be stated as a row: there the first problem is solved until
        nothing cheaper is found.
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
                if not (self.program.has_soft_rows or has_large_objective(self.program)):
                    self._solve_least_cost(free, fixed, columns)
                    return
        except AuditError:
            return  # the incumbent remains valid, but a cheaper plan is not excluded

    def _price_cheaper_plans(self) -> PricedProgram | None:
        """Return prices that leave few columns undecided in cheaper plans, or None if they prove that there is none.

        A lower cost lowers the bound. If the objective is almost the cost times a constant, that alone is the proof.
        """
        assert self.priced is not None and self.objective is not None and self.incumbent is not None
        if self.priced.undecided(self.objective).sum() <= EASY:
            return self.priced
        cheaper = self.program.cheaper_than(self.program.total_cost(self.incumbent))
        relaxed = sift_relaxation(cheaper, self.backend, self._remaining)
        if relaxed.result.limit is Limit.INTERRUPT:
            self.limit = Limit.INTERRUPT
        if relaxed.priced is None:
            return None if relaxed.result.termination is Termination.INFEASIBLE else self.priced
        return relaxed.priced if relaxed.priced.integer_bound >= self.objective else None

    def _find_cheaper(self, free: NDArray[np.bool_], fixed: Columns, columns: Columns) -> bool:
        """Search for a cheaper plan with the same objective; return whether one was found without hitting a limit."""
        assert self.incumbent is not None and self.objective is not None
        cost = self.program.total_cost(self.incumbent) - self.program.total_cost(fixed)
        cheaper = self.program.restrict(free, fixed).cheaper_than(cost)
        cutoff = self.objective - self.program.linear_objective(fixed)
        result = solve_verified(cheaper, self.backend, replace(self._remaining(), gap=0.0, cutoff=cutoff))
        gain = self._accept_equal(result, fixed, columns)
        is_worse = result.termination is Termination.OPTIMAL and gain < 0
        self.is_cheapest = result.termination is Termination.INFEASIBLE or is_worse
        return gain == 0 and result.limit is None

    def _solve_least_cost(self, free: NDArray[np.bool_], fixed: Columns, columns: Columns) -> None:
        assert self.incumbent is not None and self.objective is not None
        equal = self.program.minimize_cost(self.objective).restrict(free, fixed)
        result = solve_verified(equal, self.backend, replace(self._remaining(), gap=0.0))
        gain = self._accept_equal(result, fixed, columns)
        plan = None if result.columns is None else np.concatenate([fixed, columns[result.columns]])
        is_least = plan is not None and self.program.total_cost(plan) == self.program.total_cost(self.incumbent)
        self.is_cheapest = result.termination is Termination.OPTIMAL and gain == 0 and is_least

    def _accept_equal(self, result: SolveResult, fixed: Columns, columns: Columns) -> int:
        """Take over the plan of a search for a cheaper one; return how much its objective exceeds the incumbent's."""
        assert self.objective is not None
        if result.limit is Limit.INTERRUPT:
            self.limit = Limit.INTERRUPT
        if result.columns is None:
            return -1
        previous, plan = self.objective, np.sort(np.concatenate([fixed, columns[result.columns]]))
        self._update_incumbent(plan)
        if self.objective > previous:  # the plan that was called optimal is not
            self.optimal, self.backend_bound = False, None
        return self.program.objective_value(plan) - previous

    def _update_incumbent(self, plan: Columns) -> None:
        """Keep a plan if it is feasible and has a better objective, or the same at a lower cost."""
        if self.program.violated_constraints(plan):
            return
        objective, cost = self.program.objective_value(plan), self.program.total_cost(plan)
        if self.incumbent is None or (objective, -cost) > (self.objective, -self.program.total_cost(self.incumbent)):
            self.incumbent, self.objective = plan, objective

    def _improve(self, plan: Columns | None) -> None:
        """Improve a plan by local search if net reach makes that worthwhile."""
        if plan is not None and not self.program.has_linear_objective and self.gap() > self.limits.gap:
            self._update_incumbent(local_search(self.program, plan, self._remaining(NET_SHARE).seconds))

    def _undecided(self) -> NDArray[np.bool_]:
        assert self.priced is not None
        if self.objective is None:
            return np.ones(len(self.program), dtype=bool)
        return self.priced.undecided(self.objective)

    def _proven(self) -> bool:
        return self.priced is not None and self._reaches(self.priced.integer_bound)

    def _is_consistent(self, bound: int) -> bool:
        """Whether the incumbent does not contradict the bound of a backend."""
        return self.objective is None or self.objective <= bound + proof_tolerance(self.program, bound)

    def _reaches(self, bound: int) -> bool:
        """Whether the incumbent reaches a bound, or, with net reach, comes within `TOLERANCE` of it."""
        return self.objective is not None and bound - self.objective <= proof_tolerance(self.program, bound)

    def _proof_basis(self) -> str:
        """Return what the bound rests on."""
        if self._proven():
            return PRICES_ALONE
        if self.optimal and self.proven_by:
            return self.proven_by
        return f"branch and bound of {backend_title(self.backend)}"

    def _must_stop(self, result: SolveResult) -> bool:
        """Record a limit that was hit; return whether the search must stop."""
        seconds = self._remaining().seconds
        gap = self.limits.accepted_gap if result.limit is Limit.GAP else self.limits.gap
        if result.limit is Limit.INTERRUPT or (seconds is not None and seconds <= 0):
            self.limit = result.limit or Limit.TIME
        elif result.limit in (Limit.TIME, Limit.NODES):
            self.limit = result.limit
        elif gap and not self.optimal and self.gap() <= gap:
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
        bound = self.priced.integer_bound
        if self.backend_bound is not None:
            bound = min(bound, self.backend_bound)
        return bound if self.objective is None else max(bound, self.objective)

    def gap(self) -> float:
        """Return the relative gap between incumbent and bound."""
        bound = self._bound()
        if bound is None or self.objective is None:
            return float("inf")
        return (bound - self.objective) / max(1, abs(bound))

    def result(self) -> SolveResult:
        is_complete = self.optimal and (self.is_cheapest or not self.program.has_linear_objective)
        termination = Termination.UNKNOWN
        if self.infeasible:
            termination = Termination.INFEASIBLE
        elif self.incumbent is not None:
            termination = Termination.OPTIMAL if self.optimal else Termination.FEASIBLE
        return SolveResult(
            termination=termination,
            limit=None if is_complete else self.limit,
            columns=self.incumbent,
            objective=self.objective,
            bound=self._bound(),
            prices=None if self.priced is None else self.priced.prices,
            pool_prices=None if self.priced is None else self.priced.pool_prices,
            price_bound=None if self.priced is None else self.priced.integer_bound,
            proven_by=self._proof_basis(),
            is_cheapest=self.is_cheapest,
            core_size=self.core_size,
            failure=self.failure,
            seconds=perf_counter() - self.start,
            backend=self.backend.name,
            version=self.backend.version,
        )
