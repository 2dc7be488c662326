"""The search for a proven optimum: price, find an incumbent near the prices, fix columns, prove, then minimize cost.

The proof is tried by dynamic programming over the core first, then by branching on its large columns. Where that would
take too many states, a backend solves the core by branch and bound.

Every plan that a backend returns is recomputed in the program's integers before it is trusted.

An objective with net reach is proven to `TOLERANCE` of the bound, and the cheapest of such plans is not searched for.
"""

from __future__ import annotations

from functools import partial
from math import floor

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import AuditError, BackendError
from microopt.signals import interrupted
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.branching import Branching
from microopt.solver.cheapest_optimum import minimize_cost_of_optima
from microopt.solver.core_dynamic_programming import MOST_WORK, solve_core
from microopt.solver.distinct_columns import DistinctColumns
from microopt.solver.dual_ascent import initial_prices
from microopt.solver.feasibility_jump import repair
from microopt.solver.greedy_fill import greedy_fill
from microopt.solver.heuristics import local_search
from microopt.solver.outer_approximation import (
    focus_tangents,
    solve_relaxation,
    solve_to_tolerance,
    with_tangents_at,
)
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota_expansion import LIFTED_LABEL
from microopt.solver.quota_search import solve_with_quotas
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import (
    BRANCHING,
    DYNAMIC_PROGRAMMING,
    NO_WARM_START,
    Limit,
    SolveLimits,
    SolveResult,
    Termination,
    WarmStart,
    merge_results,
)
from microopt.solver.search_state import SearchState
from microopt.solver.sifting import SMALL, RelaxationResult

MOST_COLUMNS_UNDER_NODE_LIMIT = 2_400  # of a core; a larger one is not solved as a whole under a limit of effort
LEAST_BRANCHING_SECONDS = 0.5  # with less left, branching would hardly get beyond its first relaxation
MOST_COLUMNS_WITHOUT_BRANCHING = 600  # undecided columns up to which a backend is called at once
FIRST_INCUMBENT_COLUMNS = 4_000  # in which it may differ from the selection of the prices
NEIGHBORHOODS = (600, 2_400, 9_600)  # columns of partial cores
MOST_COLUMNS_AT_ONCE = 1_000  # of a core that is solved as a whole, without partial cores first
ROUGH_NODES = 200  # of a partial core
NET_NEIGHBORHOODS = (1_000, 4_000)  # the same with pools
NET_SHARE = 0.25  # of the remaining time for a partial core with pools: a better plan is needed there, not its proof
NET_GAP = 1e-4  # gap for such a core
LEAST_PRICING_SECONDS = 0.1  # for a relaxation without which there would be no first plan
LEAST_REPAIR_SECONDS = 0.3  # of this process for a first plan, even if all time is over: any plan is better than none
SMALL_GAP = 1e-3  # of the bound; an incumbent this close to it decides most of the open columns
TURN_SHARE, TURN_NODES = 0.1, 10_000  # of the remaining time, and nodes, before another backend takes its turn
MOST_TIGHT_ROWS = 11  # with more, another backend solves a core at once if it has more columns than these:
MOST_NEAR_COLUMNS, MOST_OPEN_COLUMNS = 200, 5_000  # columns undecided at a small gap; columns undecided now
WARM_START_COLUMNS = 60  # of smallest deviation at its prices among which the first incumbent is searched for
MOST_WORK_UNDER_GAP = 1_000_000  # of dynamic programming: a backend reaches most gaps faster
MOST_UNDECIDED_AT_WARM_START = 400  # columns up to which no better prices are computed


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
    if program.quotas:
        run = partial(solve, cheapest=cheapest)
        return solve_with_quotas(program, backend, limits, warm_start, run)
    if (distinct := DistinctColumns.of(program)) is not None:
        start = distinct.plans(warm_start)
        return distinct.result(_search(distinct.program, backend, limits, start, cheapest=cheapest))
    return _search(program, backend, limits, warm_start, cheapest=cheapest)


def _search(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, warm_start: WarmStart, *, cheapest: bool
) -> SolveResult:
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


class _Search(SearchState, kw_only=True):
    """The steps of a search."""

    warm_start: WarmStart = NO_WARM_START
    has_branched: bool = False

    def run(self, *, cheapest: bool) -> None:
        self.report("prices")
        first_backend = self.backend
        initial = self._apply_warm_start()
        if initial is not None and self._core_is_small():
            relaxed = RelaxationResult(result=SolveResult(termination=Termination.UNKNOWN), priced=initial)
        else:
            limits = self._remaining_for_prices
            self.program, relaxed = solve_relaxation(self.program, self.backend, limits, initial)
        if relaxed.result.termination is Termination.INFEASIBLE and self.incumbent is None:  # which would refute it
            self.infeasible = True
            return
        self.priced = self._best_priced(relaxed)
        if self.priced is not initial:
            self._find_initial_incumbent()
        self.report("branch and bound")
        limit = relaxed.result.limit
        timed_out = self.incumbent is not None and self.remaining().seconds == 0
        if timed_out or limit is Limit.INTERRUPT:  # a backend that has overrun its time is not called again
            is_stopped = limit is Limit.INTERRUPT or interrupted()
            self.limit, self.optimal = Limit.INTERRUPT if is_stopped else Limit.TIME, self.prices_prove_it()
            return
        if not (self.limits.only_backend or self._has_lifted_rows or self.warm_start.had_too_many_states):
            self._prove_by_dynamic_programming()
        if not self.optimal and self._can_branch():
            self._branch()
        if not self.optimal and not self._is_near_enough():
            self._prove()
        if not self.program.has_linear_objective:
            self._substitute_cheaper()
        cheapest &= self.program.has_linear_objective
        cheapest &= not self.is_cheapest
        if self.optimal and cheapest and self.incumbent is not None and self.limit is not Limit.INTERRUPT:
            minimize_cost_of_optima(self, first_backend)

    @property
    def _has_lifted_rows(self) -> bool:
        """Whether rows may be violated if their columns are 1: states of these are too many, and branching no help."""
        return any(row.label == LIFTED_LABEL for row in self.program.rows)

    def _remaining_for_prices(self) -> SolveLimits:
        """Return the limits that remain; without a plan, there is a moment for prices even if all time is over.

        Not for sifting, which would take it in each round, and begins with prices that serve as well.
        """
        limits = self.remaining()
        if limits.seconds is None or self.incumbent is not None or interrupted() or len(self.program) > SMALL:
            return limits
        return replace(limits, seconds=max(limits.seconds, LEAST_PRICING_SECONDS))

    def _best_priced(self, relaxed: RelaxationResult) -> PricedProgram:
        """Return the program at the prices of the relaxation; if that was cut short, at the initial ones if better.

        Sifting begins with these, so that only the prices of small programs can be worse.
        """
        if relaxed.priced is not None and (relaxed.result.limit is None or len(self.program) > SMALL):
            return relaxed.priced
        initial = price_program(self.program, *initial_prices(self.program))
        return initial if relaxed.priced is None else min(initial, relaxed.priced, key=lambda each: each.bound)

    def _core_is_small(self) -> bool:
        """Whether the warm-start prices leave so few columns undecided that better prices are not needed.

        If they leave more, the columns that are almost undecided are searched first: a good incumbent decides most of
        the rest.
        """
        assert self.priced is not None
        if self.undecided().sum() > MOST_UNDECIDED_AT_WARM_START and len(self.program) > MOST_UNDECIDED_AT_WARM_START:
            self._solve_core(self.priced.nearest(WARM_START_COLUMNS, self.program.group), SMALL_GAP)
        return bool(self.undecided().sum() <= MOST_UNDECIDED_AT_WARM_START)

    def _apply_warm_start(self) -> PricedProgram | None:
        """Try the plans of the warm start, and return the program at its prices; with pools they say too little."""
        for plan in self.warm_start.plans:
            self.update_incumbent(plan)
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
                self.update_incumbent(np.sort(np.append(rest, column)))

    def _find_initial_incumbent(self) -> None:
        """Fill a plan with the columns that prices select, then with those that they almost select; or repair it."""
        assert self.priced is not None
        filled = self._filled(self.priced)
        self.update_incumbent(filled)
        if self.gap() > SMALL_GAP and self.program.violated_constraints(filled):
            starts = [self.priced.selected, filled]
            if len(self.program) <= SMALL:  # where prices take no time
                starts.append(self._filled(price_program(self.program, *initial_prices(self.program))))
            repaired = repair(self.program, self.priced, starts, self.timer(LEAST_REPAIR_SECONDS))
            if repaired is not None:
                self.update_incumbent(repaired)
        self._improve(np.zeros(0, dtype=np.intp))  # with pools, the selection of prices can be far from the best plan
        self._improve(self.incumbent)

    def _filled(self, priced: PricedProgram) -> Columns:
        """Return the columns that prices select, and then those that they almost select, as far as caps allow it."""
        free = priced.nearest(FIRST_INCUMBENT_COLUMNS, self.program.group)
        columns, fixed = np.flatnonzero(free), priced.fixed_columns(free)
        order = np.argsort(priced.deviation[columns], kind="stable")
        start = np.flatnonzero(self.program.mask(priced.selected)[columns])
        selected = greedy_fill(self.program.restrict(free, fixed), order, start=start)
        return np.sort(np.concatenate([fixed, columns[selected]]))

    def _prove_by_dynamic_programming(self) -> None:
        """Search the core in the order of losses; even if prices prove the incumbent, a cheaper plan may equal it.

        Without a proof, the best plan that was met may be a better incumbent.
        """
        assert self.priced is not None
        most_work = MOST_WORK_UNDER_GAP if self.limits.gap else MOST_WORK
        solution = solve_core(self.program, self.priced, self.incumbent, self.timer(), most_work=most_work)
        if solution.columns is not None:
            self.update_incumbent(solution.columns)
        if solution.proven:
            self.core_size = int(self.undecided().sum())
            self.optimal, self.is_cheapest, self.proven_by = True, solution.is_cheapest, DYNAMIC_PROGRAMMING
            self.report("core")

    def _can_branch(self) -> bool:
        """Whether the core is so large that branching pays, and the gap not good enough yet.

        A second backend that is to confirm a plan takes no proof from branching, only a first plan.
        """
        if self.limits.only_backend and self.incumbent is not None:
            return False
        program, is_brief = self.program, self.limits.nodes is not None
        if self.limits.gap >= SMALL_GAP and (is_brief or self.gap() <= self.limits.gap):
            return False
        if program.pools or program.integer is not None or program.has_soft_rows or self.prices_prove_it():
            return False
        if self._has_lifted_rows:
            return False
        seconds = self.remaining().seconds
        return bool(self.undecided().sum() > MOST_COLUMNS_WITHOUT_BRANCHING) and (
            seconds is None or seconds > LEAST_BRANCHING_SECONDS
        )

    def _branch(self) -> None:
        """Branch on large columns, twice if that pays: a better plan, found in a small core, decides many columns."""
        assert self.priced is not None
        may_try = self.incumbent is not None and not self._is_for_successor()
        for is_trial in (may_try and self.undecided().sum() > MOST_COLUMNS_AT_ONCE, False):
            before = self.undecided().sum()
            branching = Branching(self, load_backend("highs"), is_trial=is_trial)
            solution = branching.solution()
            if solution.proven and not self.limits.only_backend:
                self.optimal, self.is_cheapest, self.proven_by = True, solution.is_cheapest, BRANCHING
            if is_trial and not solution.proven:
                self._solve_core(self.priced.nearest(NEIGHBORHOODS[0], self.program.group))
            self.core_size = int(self.undecided().sum())
            self.has_branched = self.incumbent is not None
            self.report("branching")
            if (
                solution.proven
                or self._is_near_enough()
                or self.core_size <= MOST_COLUMNS_WITHOUT_BRANCHING
                or (not is_trial and self.core_size > before / 2)
            ):
                return

    def _is_near_enough(self) -> bool:
        """Whether branching has found a plan within the gap that was asked for, which then ends the search."""
        is_near = self.has_branched and self.gap() <= self.limits.gap and not self.prices_prove_it()
        if is_near:
            self.limit = Limit.GAP
        return is_near

    def _prove(self) -> None:
        """Enlarge the core around the prices until all columns outside it are proven to be decided."""
        assert self.priced is not None
        if self.program.pools and self.must_stop(SolveResult(termination=Termination.UNKNOWN)):
            return  # the first incumbent is good enough
        neighborhoods = NET_NEIGHBORHOODS if self.program.pools else NEIGHBORHOODS
        sizes = [] if self.has_branched else [size for size in neighborhoods if size < len(self.program)]
        free = self.undecided()
        if sizes and free.sum() > max(sizes[0], MOST_COLUMNS_AT_ONCE):
            free = self.priced.nearest(sizes.pop(0), self.program.group)
        while not self.prices_prove_it():
            is_rough = self._is_rough(free)
            result = self._solve_core(free)
            undecided = self.undecided()
            self.core_size = int(undecided.sum())
            if not (undecided & ~free).any():
                self._conclude(result)
                if not is_rough or self.optimal or self.limit is not None:
                    return
            elif self.must_stop(result):
                return
            if (
                self.limits.nodes is not None
                and self.core_size > MOST_COLUMNS_UNDER_NODE_LIMIT
                and self.incumbent is not None
            ):
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
        limits = self.remaining()
        gap, negligible = (self._core_gap(fixed, each) for each in (max(gap, limits.gap), limits.negligible))
        limits = replace(limits, gap=gap, negligible=negligible)
        if is_rough:
            limits = replace(self.remaining(NET_SHARE), gap=max(NET_GAP, limits.gap))
            if not self.program.pools:
                limits = replace(limits, nodes=min(ROUGH_NODES, limits.nodes or ROUGH_NODES))
        limits = replace(limits, start=self._start(columns, fixed))
        result = self._solve_in_turn(model.restrict(free, fixed), limits, is_rough=is_rough)
        if result.columns is not None:
            selected = np.sort(np.concatenate([fixed, columns[result.columns]]))
            self.update_incumbent(selected)
            self._improve(selected)
        if is_rough and result.limit in (Limit.TIME, Limit.NODES):  # only its share of the time or effort is over
            result = replace(result, limit=None)
        bound = None if result.bound is None else result.bound + self.program.linear_objective(fixed)
        self.report("branch and bound")
        return replace(result, bound=bound)

    def _start(self, columns: Columns, fixed: Columns) -> Columns | None:
        """Return the incumbent by positions among the free columns, or None if it differs from the fixed ones."""
        if self.incumbent is None or self.program.has_soft_rows or self.program.pools:
            return None  # HiGHS has called such a plan optimal where a better one pays no penalty
        if self.gap() > SMALL_GAP:
            return None  # HiGHS, which begins with it, finds a better one sooner without it
        is_free = np.isin(self.incumbent, columns)
        is_one_of_them = np.array_equal(self.incumbent[~is_free], fixed)
        return np.searchsorted(columns, self.incumbent[is_free]) if is_one_of_them else None

    def _solve_in_turn(self, core: IntegerProgram, limits: SolveLimits, *, is_rough: bool) -> SolveResult:
        """Solve a core; what the backend leaves open after a bounded effort goes to its successor, some cores at once.

        The one that proves more is the search's backend from then on.
        """
        successor = None if is_rough or self.limits.only_backend or self.limits.no_successor else self.backend.successor
        if successor is None or limits.nodes is not None or self.program.pools:
            return solve_to_tolerance(core, self.backend, limits)
        if self._is_for_successor():
            try:
                result = solve_to_tolerance(core, successor, limits)
            except (AuditError, BackendError):
                return solve_to_tolerance(core, self.backend, replace(limits, seconds=self.remaining().seconds))
            self.backend = successor
            return result
        share = self.remaining(TURN_SHARE).seconds
        first = solve_to_tolerance(core, self.backend, replace(limits, seconds=share, nodes=TURN_NODES))
        seconds = self.remaining().seconds
        if first.limit not in (Limit.TIME, Limit.NODES) or (seconds is not None and seconds <= 0):
            return first
        try:
            second = solve_to_tolerance(core, successor, replace(limits, seconds=seconds))
        except (AuditError, BackendError):
            return first  # what the first has found and proven stands
        has_proof = second.termination in (Termination.OPTIMAL, Termination.INFEASIBLE)
        result = second if has_proof else merge_results(first, second)
        if has_proof or (result.bound is not None and result.bound != first.bound):
            self.backend = successor
        return result

    def _is_for_successor(self) -> bool:
        """Whether so many rows are tight and so many columns almost undecided that the first backend proves little."""
        assert self.priced is not None
        if np.count_nonzero(self.priced.prices) <= MOST_TIGHT_ROWS or self.program.has_soft_rows:
            return False
        near = self.priced.undecided(floor(self.priced.bound - SMALL_GAP * abs(self.priced.bound)))
        return bool(near.sum() > MOST_NEAR_COLUMNS or self.undecided().sum() > MOST_OPEN_COLUMNS)

    def _is_rough(self, free: NDArray[np.bool_]) -> bool:
        """Whether a core is solved for a better plan and not for a proof, because it lacks undecided columns."""
        return bool((self.undecided() & ~free).any())

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
        elif result.bound is not None and self.is_consistent(result.bound):
            self.optimal = result.termination is Termination.OPTIMAL and self.reaches(result.bound)
            self.backend_bound = result.bound
        # any other answer of the backend contradicts the incumbent, and proves nothing
        self.must_stop(result)

    def _improve(self, plan: Columns | None) -> None:
        """Improve a plan by local search if net reach makes that worthwhile."""
        if plan is not None and not self.program.has_linear_objective and self.gap() > self.limits.gap:
            self.update_incumbent(local_search(self.program, plan, self.remaining(NET_SHARE).seconds))
