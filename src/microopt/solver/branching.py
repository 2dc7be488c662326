"""Branching on the large columns: a few decisions, after which prices or dynamic programming decide the rest.

A relaxation leaves no more fractional columns than it has tight rows. Rounding a small one costs next to nothing.
Rounding a large one, such as a creator of a fifth of the budget, moves all others: that is what the bound of the prices
misses, and why it leaves thousands of columns undecided. So the large ones are decided one by one, each in the
relaxation that the decisions before it leave, the nearer value first. Where only small ones are fractional, the prices
of that relaxation leave a core for dynamic programming, or for a solver that rounds the few columns around it.

The relaxations are solved in doubles, and prove nothing: a node is closed by its prices, whose bound is exact, by the
prices of a ray if it is infeasible, or by dynamic programming. If one node cannot be closed, there is no proof, and the
rest is a search for a better plan.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, inf

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import AuditError, BackendError
from microopt.solver.arrays import k_smallest
from microopt.solver.backends.base import Backend
from microopt.solver.backends.relaxation import WarmRelaxation
from microopt.solver.core_dynamic_programming import CoreSolution, solve_core
from microopt.solver.outer_approximation import solve_verified
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import Limit
from microopt.solver.search_state import SearchState

MOST_COLUMNS = 20_000  # of the relaxations; with more columns undecided there is no proof
MOST_RELAXATIONS, MOST_RELAXATIONS_WITHOUT_PROOF = 2_000, 40  # the latter for a better plan only
MOST_ROUNDINGS = 4  # of one search
FIRST_DECISIONS = 12  # after which a good plan is looked for in any case, or branching gives up
MOST_COLUMNS_LEFT_TO_SOLVER = 4_000  # if the first decisions prove nothing: it proves most of these
MOST_DECISIONS = 40  # on the way to a node; after these, columns are not decided one by one any more
SMALL_OBJECTIVE = 1e-3  # of the bound; a column with a smaller one need not be decided
GOOD_PLAN_GAP = 2e-3  # of the bound; until a plan is this close to it, the search is depth first
LEAST_GAP_TO_ROUND = 1e-5  # of the bound; a better plan is worth a solve if the incumbent is further below it
ROUNDING_COLUMNS = (100, 400)  # nearest to a relaxation that are solved for a plan; the second number if there is none
ROUNDING_GAP, ROUNDING_NODES = 2e-5, 200  # at which such a plan is good enough; the gap is relative to the whole bound
MOST_WORK_AT_NODE = 300_000  # of dynamic programming
INTEGRALITY = 1e-6  # a value nearer to 0 or 1 counts as integral
RAY_MULTIPLES = (1e3, 1e6, 1e9, 1e12)  # multiples of a ray that are tried as prices

Decisions = tuple[tuple[int, int], ...]  # columns, and what each is decided to be


class _Part(Struct, frozen=True, kw_only=True, eq=False):
    """A program with some columns free and the others fixed, within another program."""

    program: IntegerProgram
    columns: Columns
    fixed: Columns

    @classmethod
    def of(cls, whole: IntegerProgram, free: NDArray[np.bool_], fixed: Columns) -> _Part:
        return cls(program=whole.restrict(free, fixed), columns=np.flatnonzero(free), fixed=fixed)

    def extend(self, plan: Columns) -> Columns:
        """Return a plan of the part as a plan of the other program."""
        return np.sort(np.concatenate([self.fixed, self.columns[plan]]))


class Branching:
    """A search tree over decisions of large columns; plans are rounded by a backend, or not at all.

    Attributes
    ----------
    is_proof, is_cheapest
        Whether every node that was closed is known to hold no better plan than the incumbent, and no cheaper one that
        is as good.
    """

    def __init__(self, state: SearchState, rounding: Backend | None, *, is_trial: bool = False) -> None:
        assert state.priced is not None
        self.is_trial = is_trial
        self.state, self.rounding = state, rounding
        self.size, free = _sizes(state.program), state.undecided()
        undecided = free
        if free.sum() > MOST_COLUMNS:
            free = free & _nearest(np.where(free, state.priced.deviation, inf), self.size, MOST_COLUMNS)
        free = state.priced.with_group_choices(free, state.program.group)
        self.is_proof = self.is_cheapest = not (undecided & ~free).any()
        self.part = _Part.of(state.program, free, state.priced.fixed_columns(free))
        self.program, self.size = self.part.program, self.size[free]
        self.bound = state.priced.bound
        self.relaxation = WarmRelaxation(self.program)
        self.open_nodes: list[tuple[float, Decisions]] = [(inf, ())]
        self.roundings = 0
        self.has_closed_node = False

    def run(self) -> bool:
        """Search for a better plan than the incumbent; return whether the incumbent is then proven."""
        must_stop = self.state.timer()
        while self.open_nodes:
            decisions: Decisions | None = self._next()
            while decisions is not None:
                most = MOST_RELAXATIONS if self.is_proof else MOST_RELAXATIONS_WITHOUT_PROOF
                is_idle = not self.is_proof and self.roundings == MOST_ROUNDINGS
                if (
                    is_idle
                    or self._gives_up_early()
                    or self.relaxation.count >= most
                    or must_stop()
                    or self.state.limit is Limit.INTERRUPT
                ):
                    return False
                decisions = self._branch(decisions)
            self.has_closed_node = True
        return self.is_proof and self.state.incumbent is not None

    def _gives_up_early(self) -> bool:
        """Whether the first decisions of a trial, or in a core that a solver can prove, have closed no node."""
        may_give_up = self.is_trial or len(self.program) <= MOST_COLUMNS_LEFT_TO_SOLVER
        return may_give_up and self.relaxation.count == FIRST_DECISIONS and not self.has_closed_node

    def _next(self) -> Decisions:
        """Return the open node of best bound, or, while there is no good plan, the one that was left open last."""
        best = len(self.open_nodes) - 1
        if not self._is_far():
            best = max(range(len(self.open_nodes)), key=lambda number: self.open_nodes[number][0])
        return self.open_nodes.pop(best)[1]

    def _branch(self, decisions: Decisions) -> Decisions | None:
        """Close a node and return None, or return one of two nodes that replace it, and leave the other open."""
        if not self.relaxation.solve(decisions):
            self.is_proof = self.is_proof and self._is_infeasible(decisions)
            return None
        bound = self.relaxation.bound
        priced, exact = self._price(self.relaxation.prices, decisions)
        least = self._least(self.part.fixed)
        if least is not None and floor(exact) < least:
            return None
        values = self.relaxation.values
        fractional = np.flatnonzero(_is_fractional(values))
        is_large = bool((np.abs(self.program.objective[fractional]) > SMALL_OBJECTIVE * self.bound).any())
        if not is_large and self._finish(priced, exact, decisions, values):
            return None
        if len(decisions) == FIRST_DECISIONS and self._is_far():
            self._round(decisions, values)
        if not len(fractional) or len(decisions) == MOST_DECISIONS:
            self.is_proof = False
            return None
        column = int(fractional[np.argmax(self.size[fractional])])
        nearest = round(float(values[column]))
        self.open_nodes.append((bound, (*decisions, (column, 1 - nearest))))
        return (*decisions, (column, nearest))

    def _is_far(self) -> bool:
        """Whether there is no good plan yet."""
        return self.state.objective is None or self.bound - self.state.objective > GOOD_PLAN_GAP * abs(self.bound)

    def solution(self) -> CoreSolution:
        """Search, and return the incumbent and what is proven of it."""
        proven = self.run()
        return CoreSolution(columns=self.state.incumbent, proven=proven, is_cheapest=proven and self.is_cheapest)

    def _least(self, fixed: Columns) -> int | None:
        """Return what a plan must be worth apart from these columns to be as good as the incumbent, or None."""
        if self.state.objective is None:
            return None
        return self.state.objective - self.state.program.linear_objective(fixed)

    def _price(self, prices: NDArray[np.float64], decisions: Decisions) -> tuple[PricedProgram, Fraction]:
        """Return the part at these prices, and the bound of its plans that follow the decisions."""
        priced = price_program(self.program, prices)
        is_selected = self.program.mask(priced.selected)
        losses: dict[int, float] = {}
        for column, value in decisions:
            if bool(value) != is_selected[column]:
                group = int(self.program.group[column])
                losses[group] = max(losses.get(group, 0.0), float(priced.deviation[column]))
        return priced, priced.exact_bound - sum(map(Fraction, losses.values()), Fraction(0))

    def _is_infeasible(self, decisions: Decisions) -> bool:
        """Whether prices along a ray prove that no plan follows the decisions, or none as good as the incumbent."""
        ray, least = self.relaxation.ray, self._least(self.part.fixed)
        if ray is None:
            return False
        floor_value = -int(np.abs(self.program.objective).sum()) if least is None else least
        largest = float(np.abs(ray).max()) or 1.0
        unit = max(1.0, float(np.abs(self.program.objective).max(initial=0))) / largest
        return any(self._price(factor * unit * ray, decisions)[1] < floor_value for factor in RAY_MULTIPLES)

    def _finish(
        self, priced: PricedProgram, exact: Fraction, decisions: Decisions, values: NDArray[np.float64]
    ) -> bool:
        """Close a node by dynamic programming, and return whether that succeeds; look for a plan of it."""
        least = self._least(self.part.fixed)
        if least is None or exact - least > LEAST_GAP_TO_ROUND * abs(self.bound):
            self._round(decisions, values)
            least = self._least(self.part.fixed)
        if not self.is_proof or least is None:
            return False
        inner = self._core(priced, exact - least, decisions)
        if not len(inner.program):
            self.state.update_incumbent(self.part.extend(inner.fixed))
            return True
        solution = solve_core(
            inner.program,
            price_program(inner.program, priced.prices),
            None,
            self.state.timer(),
            most_work=MOST_WORK_AT_NODE,
            least=least - self.program.linear_objective(inner.fixed),
        )
        if solution.columns is not None:
            self.state.update_incumbent(self.part.extend(inner.extend(solution.columns)))
        self.is_cheapest &= solution.is_cheapest or not solution.proven
        return solution.proven

    def _core(self, priced: PricedProgram, slack: Fraction, decisions: Decisions) -> _Part:
        """Return the columns that may differ from the prices in a plan that follows the decisions."""
        group, free = self.program.group, priced.deviation <= float(slack) * (1 + 1e-6) + 1e-6
        free = priced.with_group_choices(free, group)
        selected = self.program.mask(priced.selected)
        for column, _ in decisions:  # another column of its group may take its place
            free |= group == group[column]
        for column, value in decisions:
            free[column] = selected[column] = False
            if value:
                same = group == group[column]
                free[same] = selected[same] = False
                selected[column] = True
        return _Part.of(self.program, free, np.flatnonzero(selected & ~free))

    def _round(self, decisions: Decisions, values: NDArray[np.float64]) -> None:
        """Look for a plan that differs from a relaxation in few columns."""
        if self.rounding is None or self.roundings == MOST_ROUNDINGS:
            return
        self.roundings += 1
        deviation = np.abs(self.relaxation.reduced)
        deviation[[column for column, _ in decisions]] = inf
        for few in ROUNDING_COLUMNS:
            free = _is_fractional(values) | _nearest(deviation, self.size, few)
            inner = _Part.of(self.program, free, np.flatnonzero(~free & (values > 0.5)))
            rest = self.bound - self.state.program.linear_objective(self.part.extend(inner.extend(inner.fixed[:0])))
            gap = min(0.5, ROUNDING_GAP * self.bound / rest) if rest > 0 else 0.0
            limits = replace(self.state.remaining(0.25), gap=gap, nodes=ROUNDING_NODES)
            try:
                result = solve_verified(inner.program, self.rounding, limits)
            except (AuditError, BackendError):
                return  # another node may lead to a plan, and the proof needs none
            if result.limit is Limit.INTERRUPT:
                self.state.limit = Limit.INTERRUPT
                return
            if result.columns is not None:
                self.state.update_incumbent(self.part.extend(inner.extend(result.columns)))
                return


def _sizes(program: IntegerProgram) -> NDArray[np.float64]:
    """Return how large each column is compared with a typical one, in the row where it is largest, (n,)."""
    size = np.ones(len(program))
    for row in program.rows:
        if len(row.columns):
            magnitude = np.abs(row.coefficients).astype(float)
            size[row.columns] = np.maximum(size[row.columns], magnitude / magnitude.mean())
    return size


def _nearest(deviation: NDArray[np.float64], size: NDArray[np.float64], count: int) -> NDArray[np.bool_]:
    """Return as a mask the columns of smallest deviation, and those of smallest deviation for their size.

    Small columns alone cannot make up for a large one in rows of money.
    """
    near = np.zeros(len(deviation), dtype=bool)
    near[k_smallest(deviation, count // 2)] = near[k_smallest(deviation / size, count // 2)] = True
    return near


def _is_fractional(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (values > INTEGRALITY) & (values < 1 - INTEGRALITY)
