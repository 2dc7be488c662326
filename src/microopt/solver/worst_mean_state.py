"""What is known during a search for the worst scenarios: the best plan, bounds, cuts, and the relaxation."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from time import perf_counter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.signals import interrupted
from microopt.solver.arrays import k_smallest
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.backends.cut_relaxation import CutRelaxation
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import Limit, SolveLimits
from microopt.solver.scenario_swaps import improve_by_swaps
from microopt.solver.scenario_weights import column_sizes, exact_shares
from microopt.solver.worst_mean import ScenarioSet, WorstMean, first_of_smallest

ACCEPTED_GAPS = (
    (200, 0.0),
    (300, 1e-4),
    (400, 1e-3),
)  # of the bound, and up to how many nodes no larger one is accepted
LAST_ACCEPTED_GAP = 2.5e-3  # after these nodes
MORE = 200  # columns that join it at a time
CANDIDATES = 300  # for swaps
MOST_CUTS = 150  # in the relaxation, after which those that had no price since are left out
MOST_UNSOLVED = 500  # relaxations that HiGHS fails to solve before the search ends
ROUNDS = 60  # of cuts at one node
SEPARATION = 1e-9  # of the value; a smaller violation of a cut is none
SEPARATION_OF_GAP = 0.02  # of the gap that is still open: at nodes that are not the last, a smaller violation is none
IN_OUT = (0.5, 0.8)  # shares of the best point so far in the points that are cut besides the solution
INTEGRALITY = 1e-6
RAY_MULTIPLES = (1e3, 1e6, 1e9)  # multiples of a ray that are tried as prices
Decisions = tuple[tuple[int, int], ...]


class Stopped(Exception):  # noqa: N818 (not an error: a limit ends the search)
    """The time is over, or the user wants what there is."""


class Node(Struct, frozen=True, kw_only=True, eq=False):
    """A node whose relaxation is solved: its bound, the values of all columns, and its prices.

    Attributes
    ----------
    bound
        No plan that follows its decisions exceeds it.
    deviation
        (n,) how much a column that is decided against the prices loses at least.
    selected
        The columns that the prices select, or that are decided to be 1: the plan that is left if no other column pays.
    """

    bound: int
    values: NDArray[np.float64]
    deviation: NDArray[np.float64]
    selected: Columns


class WorstMeanState:
    """The state of a search."""

    def __init__(self, goal: WorstMean, backend: Backend, limits: SolveLimits) -> None:
        self.goal, self.backend, self.limits, self.start = goal, backend, limits, perf_counter()
        self.plan: Columns | None = None
        self.value = 0
        self.cuts: dict[ScenarioSet, None] = {}
        self.used: set[ScenarioSet] = set()  # cuts that had a price since the last were left out
        self.root: PricedProgram | None = None
        self.root_sets: tuple[ScenarioSet, ...] = ()
        self.open_nodes: list[tuple[int, Decisions]] = []
        self.closed_bound: int | None = None
        self.latest: tuple[tuple[ScenarioSet, ...], NDArray[np.float64]] = ((), np.zeros(0))  # cuts, prices with theirs
        self.nodes, self.unsolved, self.failure = 0, 0, ""
        self.limit: Limit | None = None
        self.size = column_sizes(goal.program)
        self.relaxations = load_backend("highs")  # whose bounds a node without a solution rests on
        self.columns: Columns = np.zeros(0, dtype=np.intp)
        self.relaxation: CutRelaxation | None = None
        self.center: NDArray[np.float64] | None = None

    # Plans

    def offer(self, plan: Columns) -> bool:
        """Keep a plan if it keeps all rows and is better, or as good and cheaper."""
        program = self.goal.program
        if program.violated_constraints(plan):
            return False
        value = self.goal.objective_value(plan)
        if self.plan is not None and (value, -program.total_cost(plan)) <= (
            self.value,
            -program.total_cost(self.plan),
        ):
            return False
        self.plan, self.value = plan, value
        self.add_set(self.goal.worst_set(plan))
        return True

    def improve(self, plan: Columns, deviation: NDArray[np.float64]) -> None:
        """Offer a plan, and what swaps make of it."""
        if self.goal.program.violated_constraints(plan):
            return
        candidates = np.setdiff1d(k_smallest(deviation, CANDIDATES), self.goal.program.fixed_at_zero)
        self.offer(improve_by_swaps(self.goal, plan, candidates, self.must_stop))

    def must_stop(self) -> bool:
        """Whether the time is over, or the user wants what there is."""
        if interrupted():
            self.limit = Limit.INTERRUPT
        elif self.limits.remaining(self.start).seconds == 0:
            self.limit = Limit.TIME
        return self.limit is not None

    # Bounds

    @property
    def allowance(self) -> int:
        """How far above the best plan a node may be and yet be closed."""
        if not self.limits.negligible:  # asked for the whole proof, however long it takes
            return floor(self.limits.gap * abs(self.value))
        accepted = next((gap for nodes, gap in ACCEPTED_GAPS if self.nodes <= nodes), LAST_ACCEPTED_GAP)
        return floor(max(self.limits.gap, accepted) * abs(self.value))

    def closes(self, bound: int) -> bool:
        """Close a node of this bound if no plan of it is better by more than is allowed; return whether it is."""
        if bound > self.value + self.allowance:
            return False
        self.closed_bound = bound if self.closed_bound is None else max(bound, self.closed_bound)
        return True

    def bound(self) -> int:
        """Return the least value that no plan is known to exceed."""
        assert self.root is not None
        if not self.nodes:
            return max(self.root.integer_bound, self.value)
        bounds = [bound for bound, _ in self.open_nodes]
        bounds += [] if self.closed_bound is None else [self.closed_bound]
        return max(self.value, min(self.root.integer_bound, max(bounds, default=self.value)))

    @property
    def gap(self) -> float:
        """The gap that is still open, as a share of the bound."""
        bound = self.bound()
        return (bound - self.value) / max(1, abs(bound))

    def report(self, phase: str) -> None:
        self.limits.report(phase, self.value, None if self.root is None else self.bound())

    # The relaxation

    def add_set(self, scenarios: ScenarioSet) -> bool:
        """Add a cut, and return whether it is new."""
        if scenarios in self.cuts:
            return False
        self.cuts[scenarios] = None
        if self.relaxation is not None:
            self.relaxation.add_cut(scenarios)
        return True

    def load(self, columns: Columns) -> None:
        """Make the relaxation of these columns, or add them to it; all others are 0."""
        if self.relaxation is None:
            self.relaxation = CutRelaxation(self.goal, columns, self.cuts)
        else:
            self.relaxation.add_columns(np.setdiff1d(columns, self.columns))
        self.columns = self.relaxation.columns

    def leave_out_cuts(self) -> None:
        """Begin the relaxation anew without the cuts that had no price for long, if there are very many.

        Those of the root and of the best plan stay: a relaxation without any cut bounds nothing.
        """
        assert self.plan is not None
        kept = {*self.root_sets, self.goal.worst_set(self.plan)}
        if len(self.cuts) <= MOST_CUTS + len(kept) or len(self.used) > MOST_CUTS // 2:
            if len(self.used) > MOST_CUTS // 2:
                self.used.clear()
            return
        kept |= self.used
        self.cuts = {scenarios: None for scenarios in self.cuts if scenarios in kept}
        self.used, self.relaxation, columns = set(), None, self.columns
        self.load(columns)

    def expand(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return values of the relaxation's columns as values of all columns."""
        everywhere = np.zeros(len(self.goal.program))
        everywhere[self.columns] = values
        return everywhere

    def price(
        self, prices: NDArray[np.float64], cut_prices: NDArray[np.float64], decisions: Decisions = ()
    ) -> tuple[PricedProgram, list[int]]:
        """Return the program that decisions leave at these prices, with the cuts that have one, and which these are."""
        kept = np.flatnonzero(cut_prices < 0).tolist()
        sets = list(self.cuts)
        if not kept:
            kept = [0]
        self.used.update(sets[number] for number in kept)
        chosen = exact_shares(cut_prices[kept], self.goal.weight)
        self.latest = (tuple(sets[number] for number in kept), np.concatenate([prices, chosen]))
        return self._at_latest_prices(decisions), kept

    def _at_latest_prices(self, decisions: Decisions) -> PricedProgram:
        """Return the program that decisions leave at the prices of the last relaxation that was solved."""
        sets, prices = self.latest
        return price_program(self._following(self.goal.with_cuts(sets), decisions), prices)

    def _following(self, program: IntegerProgram, decisions: Decisions) -> IntegerProgram:
        """Return the program without the columns that are 0 by these decisions; those that are 1 are alone."""
        if not decisions:
            return program
        group, zero = program.group, program.mask(program.fixed_at_zero)
        for column, value in decisions:
            if value:
                zero |= group == group[column]
        for column, value in decisions:
            zero[column] = not value
        return program.with_fixed_at_zero(np.flatnonzero(zero))

    def solve_node(self, decisions: Decisions) -> Node | None:
        """Return a node once no cut and no column is missing in its relaxation, or None once it is closed."""
        at_root = not decisions
        for _ in range(ROUNDS):
            if self.must_stop():
                raise Stopped
            assert self.relaxation is not None
            if not self.relaxation.solve(dict(decisions)):
                missing = self._missing_to_be_feasible(decisions)
                if missing is None:
                    return None
                if not len(missing):
                    return self._unsolved_node(decisions)
                self.load(missing)
                continue
            values, theta = self.relaxation.solution
            upper, prices = self.relaxation.bound, self.relaxation.prices
            may_close = upper <= self.value + self.allowance + 1
            if not may_close and self._cut(values, theta, at_root=at_root):
                continue
            priced, _ = self.price(*prices, decisions)
            if at_root:
                self._keep_root(prices)
            bound, missing = self._bound_of(priced, decisions), self._missing(priced)
            if self.closes(bound):
                return None
            if len(missing) and bound > upper + SEPARATION * abs(upper) + 1:
                self.load(missing)
                continue
            if may_close and self._cut(values, theta, at_root=False):
                continue
            return self._node(bound, self.expand(values), priced, decisions)
        assert self.relaxation is not None
        priced, _ = self.price(*self.relaxation.prices, decisions)
        if at_root and self.root is None:  # every round cut, and none of them kept prices
            self._keep_root(self.relaxation.prices)
        if self.closes(bound := self._bound_of(priced, decisions)):
            return None
        return self._node(bound, self.expand(self.relaxation.solution[0]), priced, decisions)

    def _node(self, bound: int, values: NDArray[np.float64], priced: PricedProgram, decisions: Decisions) -> Node:
        ones = np.asarray([column for column, value in decisions if value], dtype=np.intp)
        selected = np.union1d(priced.selected, ones)
        return Node(bound=bound, values=values, deviation=priced.deviation, selected=selected)

    def _unsolved_node(self, decisions: Decisions) -> Node | None:
        """Return a node whose relaxation HiGHS did not solve, at the latest prices: any prices bound it.

        So is one that HiGHS calls infeasible where its prices do not prove that.

        Raises
        ------
        BackendError
            If that happens all the time.
        """
        self.unsolved += 1
        if self.unsolved > MOST_UNSOLVED:
            raise BackendError(
                f"HiGHS did not solve {self.unsolved} relaxations",
                fix="plan for another share, such as --risk 20%",
                code="solver-failed",
            )
        priced = self._at_latest_prices(decisions)
        if not decisions and self.root is None:
            self.root, self.root_sets = priced, self.latest[0]
        bound = self._bound_of(priced, decisions)
        if self.closes(bound):
            return None
        values = self.goal.program.mask(priced.selected).astype(float)
        return self._node(bound, values, priced, decisions)

    def _missing_to_be_feasible(self, decisions: Decisions) -> Columns | None:
        """Return columns without which the rows and decisions cannot hold; None if prices prove that no plan is better.

        There are none where all are in the relaxation and prices prove nothing, or HiGHS failed for another reason.
        """
        assert self.relaxation is not None
        if not self.relaxation.is_infeasible or self.root is None:
            return np.zeros(0, dtype=np.intp)
        ray, first = self.relaxation.ray, len(self.goal.program.rows)
        if ray is None:
            return np.setdiff1d(np.flatnonzero(self.goal.program.can_be_selected), self.columns)
        unit = max(1.0, float(np.abs(self.goal.values).max(initial=0))) / (float(np.abs(ray).max()) or 1.0)
        missing = np.zeros(0, dtype=np.intp)
        for factor in RAY_MULTIPLES:
            prices = np.concatenate([factor * unit * ray, self.root.prices[first:]])
            priced = price_program(self._following(self.goal.with_cuts(self.root_sets), decisions), prices)
            if self._bound_of(priced, decisions) <= self.value:
                return None
            missing = self._missing(priced)
        return missing

    def _cut(self, values: NDArray[np.float64], theta: float, *, at_root: bool) -> bool:
        """Add the cuts that a solution violates; return whether there are any."""
        totals = self._totals(values)
        worst = first_of_smallest(totals, self.goal.worst)
        reached = float(totals[list(worst)].sum())
        separation = SEPARATION
        if not at_root and (np.minimum(values, 1 - values) > INTEGRALITY).any():
            separation = max(SEPARATION, SEPARATION_OF_GAP * self.gap)
        if theta - reached <= separation * max(1.0, abs(theta)):
            return False
        is_new = self.add_set(worst)
        if at_root:
            everywhere = self.expand(values)
            if self.center is not None:
                for share in IN_OUT:
                    point = (1 - share) * values + share * self.center[self.columns]
                    is_new |= self.add_set(first_of_smallest(self._totals(point), self.goal.worst))
                center_totals = self._totals(self.center[self.columns])
                best = float(center_totals[list(first_of_smallest(center_totals, self.goal.worst))].sum())
                self.center = everywhere if reached > best else self.center
            else:
                self.center = everywhere
        return is_new

    def _totals(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what values of the relaxation's columns bring in each scenario."""
        used = np.flatnonzero(values)
        totals: NDArray[np.float64] = values[used] @ self.goal.values[self.columns[used]]
        return totals

    def _keep_root(self, prices: tuple[NDArray[np.float64], NDArray[np.float64]]) -> None:
        """Keep the prices of the root, if none bound better."""
        priced, kept = self.price(*prices)
        if self.root is None or priced.exact_bound < self.root.exact_bound:
            sets = list(self.cuts)
            self.root, self.root_sets = priced, tuple(sets[number] for number in kept)

    def _bound_of(self, priced: PricedProgram, decisions: Decisions) -> int:
        """Return the bound of the plans that follow the decisions, in exact arithmetic, of a program that does."""
        selected = self.goal.program.mask(priced.selected)
        losses = [float(priced.deviation[column]) for column, value in decisions if value and not selected[column]]
        return floor(priced.exact_bound - sum(map(Fraction, losses), Fraction(0)))

    def _missing(self, priced: PricedProgram) -> Columns:
        """Return the columns that the prices select and the relaxation lacks, those that matter most."""
        missing = np.setdiff1d(priced.selected, self.columns)
        return missing[k_smallest(-priced.deviation[missing], MORE)]
