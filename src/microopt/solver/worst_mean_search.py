"""The plan with the best mean of its worst scenarios: cuts on the relaxation, then branch and bound over lazy cuts.

1. The relaxation is solved over the columns nearest to selection, with a cut for each set of scenarios that binds
   (Kelley's method); every round also cuts at points between the solution and the best point so far (in-out points),
   which takes far fewer rounds. Its prices weigh the scenarios.
2. Any weights bound every plan by an ordinary program, and the best plan of that program, improved by swaps that count
   the true worst scenarios, is a good plan to begin with.
3. Branch and bound decides large columns first, and finds further cuts on the way. The bound of a node is exact: the
   prices of its relaxation, evaluated in integers over all columns. Only that a node without any solution has none is
   the word of the relaxation.

A plan counts with its true value, whatever the cuts are, so that the bound is honest whenever the search ends.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, inf
from time import perf_counter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import AuditError, BackendError
from microopt.signals import interrupted
from microopt.solver.arrays import k_smallest
from microopt.solver.backends.base import Backend, backend_title, load_backend
from microopt.solver.backends.cut_relaxation import CutRelaxation
from microopt.solver.greedy_fill import greedy_fill
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import PRICES_ALONE, Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.scenario_swaps import improve_by_swaps
from microopt.solver.search import solve
from microopt.solver.worst_mean import ScenarioSet, WorstMean, first_of_smallest

ACCEPTED_GAPS = (
    (200, 0.0),
    (300, 1e-4),
    (400, 1e-3),
)  # of the bound, and up to how many nodes no larger one is accepted
LAST_ACCEPTED_GAP = 2.5e-3  # after these nodes
ROUND_EVERY, ROUND_SELDOM, OFTEN = 20, 100, 10  # nodes between plans that are rounded, and how many are rounded often
NEAREST = 400  # columns of the relaxation at first, besides those that prices select
MORE = 200  # columns that join it at a time
CANDIDATES = 300  # for swaps
MOST_CUTS = 150  # in the relaxation, after which those that had no price since are left out
ROUNDS = 60  # of cuts at one node
SEPARATION = 1e-9  # of the value; a smaller violation of a cut is none
SEPARATION_OF_GAP = 0.02  # of the gap that is still open: at nodes that are not the last, a smaller violation is none
IN_OUT = (0.5, 0.8)  # shares of the best point so far in the points that are cut besides the solution
WEIGHTED_GAP, WEIGHTED_SHARE = 1e-3, 0.2  # of the ordinary program: gap, and share of the time
INTEGRALITY = 1e-6
RAY_MULTIPLES = (1e3, 1e6, 1e9)  # multiples of a ray that are tried as prices
FAR = 2e-3  # of the bound; until a plan is this close, the search is depth first
NODES_DEPTH_FIRST = 100
Decisions = tuple[tuple[int, int], ...]


class WorstMeanResult(Struct, frozen=True, kw_only=True, eq=False):
    """The outcome of a search.

    Attributes
    ----------
    program
        The program with the cuts that have a price at the root, and that of the plan's own worst scenarios: the plan
        has its true value there, and its bound by prices is one of the problem.
    sets
        The sets of scenarios of these cuts.
    result
        The plan, the bound and prices of that program.
    """

    program: IntegerProgram
    sets: tuple[ScenarioSet, ...]
    result: SolveResult


def solve_worst_mean(
    goal: WorstMean, backend: Backend, limits: SolveLimits, plans: tuple[Columns, ...]
) -> WorstMeanResult:
    """Return the plan with the best objective, as far as the limits allow, and what is proven about it.

    Parameters
    ----------
    backend
        Solves the ordinary program of step 2, where it may err: every plan is recomputed.
    plans
        Plans that are known, at least one of which keeps all rows.

    Raises
    ------
    AuditError
        If none of the plans keeps all rows.
    """
    search = _Search(goal, backend, limits)
    for plan in plans:
        search.offer(plan)
    if search.plan is None:
        raise AuditError("no plan keeps the rules", fix="try another --solver", code="answer-refused")
    try:
        search.run()
    except KeyboardInterrupt:
        search.limit = Limit.INTERRUPT
    except BackendError as error:
        search.failure = error.message
    return search.result()


class _Node(Struct, frozen=True, kw_only=True, eq=False):
    """A node whose relaxation is solved: its bound, the values of all columns, and its prices.

    Attributes
    ----------
    bound
        No plan that follows its decisions exceeds it.
    deviation
        (n,) how much a column that is decided against the prices loses at least.
    """

    bound: int
    values: NDArray[np.float64]
    deviation: NDArray[np.float64]


class _Search:
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
        self.nodes, self.failure = 0, ""
        self.limit: Limit | None = None
        self.size = _sizes(goal.program)
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

    def _leave_out_cuts(self) -> None:
        """Begin the relaxation anew without the cuts that had no price for long, if there are very many."""
        if len(self.cuts) <= MOST_CUTS or len(self.used) > MOST_CUTS // 2:
            if len(self.used) > MOST_CUTS // 2:
                self.used.clear()
            return
        self.cuts = {scenarios: None for scenarios in self.cuts if scenarios in self.used}
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
        chosen = _exact_shares(cut_prices[kept], self.goal.weight)
        program = self._following(self.goal.with_cuts([sets[number] for number in kept]), decisions)
        return price_program(program, np.concatenate([prices, chosen])), kept

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

    def solve_node(self, decisions: Decisions) -> _Node | None:
        """Return a node once no cut and no column is missing in its relaxation, or None once it is closed."""
        at_root = not decisions
        for _ in range(ROUNDS):
            if self.must_stop():
                raise _Stopped
            assert self.relaxation is not None
            if not self.relaxation.solve(dict(decisions)):
                if not self.relaxation.is_infeasible:
                    raise BackendError("HiGHS did not solve a relaxation", fix="try again", code="solver-failed")
                missing = self._missing_to_be_feasible(decisions)
                if not len(missing):
                    return None
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
            return _Node(bound=bound, values=self.expand(values), deviation=priced.deviation)
        assert self.relaxation is not None
        priced, _ = self.price(*self.relaxation.prices, decisions)
        if self.closes(bound := self._bound_of(priced, decisions)):
            return None
        return _Node(bound=bound, values=self.expand(self.relaxation.solution[0]), deviation=priced.deviation)

    def _missing_to_be_feasible(self, decisions: Decisions) -> Columns:
        """Return columns without which the rows and decisions cannot hold; none if prices prove that they cannot."""
        assert self.relaxation is not None and self.root is not None
        ray, first = self.relaxation.ray, len(self.goal.program.rows)
        if ray is None:
            return np.setdiff1d(np.flatnonzero(self.goal.program.can_be_selected), self.columns)
        unit = max(1.0, float(np.abs(self.goal.values).max(initial=0))) / (float(np.abs(ray).max()) or 1.0)
        missing = np.zeros(0, dtype=np.intp)
        for factor in RAY_MULTIPLES:
            prices = np.concatenate([factor * unit * ray, self.root.prices[first:]])
            priced = price_program(self._following(self.goal.with_cuts(self.root_sets), decisions), prices)
            if self._bound_of(priced, decisions) <= self.value:
                return missing[:0]
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

    # The steps

    def run(self) -> None:
        self.report("worst scenarios")
        try:
            self._solve_root()
            self.report("branch and bound")
            while self.open_nodes and not self.must_stop():
                decisions: Decisions | None = self._next()
                while decisions is not None:
                    decisions = self._branch(decisions)
        except _Stopped:
            pass

    def _solve_root(self) -> None:
        """Solve the relaxation and find a good plan; the root is then open or closed."""
        program = self.goal.program
        assert self.plan is not None
        even = np.full(self.goal.values.shape[1], self.goal.worst / self.goal.values.shape[1])
        totals = self.goal.values[self.plan].sum(axis=0)
        tilted = even.copy()
        tilted[list(first_of_smallest(totals, self.goal.worst))] += 1.0
        weighted = self.goal.with_weights(tilted * self.goal.worst / tilted.sum())
        rough = _prices_of(weighted, self.backend, self.limits.remaining(self.start))
        near = rough.nearest(NEAREST, program.group)
        near[rough.selected] = near[self.plan] = True
        near[program.fixed_at_zero] = False
        self.load(np.flatnonzero(near))
        node = self.solve_node(())
        if node is None:
            return
        self.open_nodes.append((node.bound, ()))
        self._find_good_plan(node)

    def _find_good_plan(self, node: _Node) -> None:
        """Improve the plans known so far, the rounded relaxation, and the best plan of the weighted scenarios."""
        assert self.plan is not None and self.root is not None
        self.improve(self.plan, node.deviation)
        self._round(node)
        if self.must_stop() or self.closes(node.bound):
            return
        weights = np.zeros(self.goal.values.shape[1])
        cut_prices = self.root.prices[len(self.goal.program.rows) :]
        for scenarios, price in zip(self.root_sets, cut_prices.tolist(), strict=True):
            weights[list(scenarios)] -= price / self.goal.weight
        weighted = self.goal.with_weights(weights)
        limits = self.limits.remaining(self.start, WEIGHTED_SHARE)
        limits = SolveLimits(seconds=limits.seconds, gap=WEIGHTED_GAP, end=limits.end)
        start = WarmStart(prices=self.root.prices[: len(self.goal.program.rows)])
        try:
            found = solve(weighted, self.backend, limits, cheapest=False, warm_start=start)
        except (AuditError, BackendError):
            return  # a plan is known, and the proof needs none
        if found.columns is not None:
            self.improve(found.columns, node.deviation)

    def _round(self, node: _Node) -> None:
        """Offer the plan that a relaxation is nearest to, improved."""
        order = np.argsort(-node.values[self.columns], kind="stable")
        taken = self.columns[order[node.values[self.columns][order] > INTEGRALITY]]
        rounded = np.sort(greedy_fill(self.goal.program, taken))
        self.improve(rounded, node.deviation)

    def _next(self) -> Decisions:
        """Take the open node of best bound, or the last one as long as there is no good plan."""
        best = max(range(len(self.open_nodes)), key=lambda number: self.open_nodes[number][0])
        is_far = self.open_nodes[best][0] - self.value > FAR * abs(self.open_nodes[best][0])
        place = len(self.open_nodes) - 1 if is_far and self.nodes < NODES_DEPTH_FIRST else best
        bound, decisions = self.open_nodes.pop(place)
        self.open_nodes.append((bound, decisions))  # it counts as open until its successors are
        return decisions

    def _branch(self, decisions: Decisions) -> Decisions | None:
        """Close the last open node and return None, or replace it by two and return the one to be solved next."""
        bound = self.open_nodes[-1][0]
        self._leave_out_cuts()
        if self.nodes and self.closes(bound):
            self.open_nodes.pop()
            return None
        node = self.solve_node(decisions)
        self.nodes += 1
        if node is None:
            self.open_nodes.pop()
            return None
        if self.nodes % (ROUND_EVERY if self.nodes <= ROUND_EVERY * OFTEN else ROUND_SELDOM) == 0:
            self._round(node)
        column = self._column_to_branch(node, decisions)
        if column is None:
            self.open_nodes.pop()
            return None
        nearest = round(float(node.values[column]))
        bound = min(bound, node.bound)
        self.open_nodes[-1] = (bound, (*decisions, (column, 1 - nearest)))
        self.open_nodes.append((bound, (*decisions, (column, nearest))))
        return (*decisions, (column, nearest))

    def _column_to_branch(self, node: _Node, decisions: Decisions) -> int | None:
        """Return the column to decide next, None if the node holds a single plan, which is then offered."""
        values = node.values
        fractional = np.flatnonzero((values > INTEGRALITY) & (values < 1 - INTEGRALITY))
        if len(fractional):
            return int(fractional[np.argmax(self.size[fractional])])
        if self.offer(np.flatnonzero(values > 0.5)):
            assert self.plan is not None
            self.improve(self.plan, node.deviation)
        if self.closes(node.bound):
            return None
        undecided = node.deviation <= node.bound - self.value
        undecided[[column for column, _ in decisions]] = False
        undecided &= self.goal.program.can_be_selected
        inside = self.columns[undecided[self.columns]]
        if undecided.sum() > len(inside):
            self.load(np.flatnonzero(undecided))
            inside = np.flatnonzero(undecided)
        if not len(inside):
            self.closes(self.value)
            return None
        return int(inside[np.argmin(node.deviation[inside])])

    def result(self) -> WorstMeanResult:
        """Return the plan, its bound, and the program that shows them."""
        assert self.plan is not None
        own = self.goal.worst_set(self.plan)
        sets: tuple[ScenarioSet, ...] = (own,)
        prices = np.zeros(len(self.goal.program.rows))
        cut_prices = np.asarray([-float(self.goal.weight)])
        if self.root is not None and self.root_sets:
            rows = len(self.goal.program.rows)
            prices, sets, cut_prices = self.root.prices[:rows], self.root_sets, self.root.prices[rows:]
        if own not in sets:
            sets, cut_prices = (*sets, own), np.append(cut_prices, 0.0)
        program = self.goal.with_cuts(sets)
        priced = price_program(program, np.concatenate([prices, cut_prices]))
        self.root = priced
        bound = min(self.bound(), max(priced.integer_bound, self.value))
        optimal = bound == self.value
        limit = self.limit or (None if optimal else Limit.GAP)
        by_prices = priced.integer_bound == self.value
        return WorstMeanResult(
            program=program,
            sets=sets,
            result=SolveResult(
                termination=Termination.OPTIMAL if optimal else Termination.FEASIBLE,
                limit=None if optimal else limit,
                columns=self.plan,
                objective=self.value,
                bound=bound,
                prices=priced.prices,
                price_bound=priced.integer_bound,
                pool_prices=priced.pool_prices,
                proven_by=PRICES_ALONE if by_prices else f"branch and bound of {backend_title(self.relaxations)}",
                core_size=int(priced.undecided(self.value).sum()),
                failure=self.failure,
                backend=self.relaxations.name,
                version=self.relaxations.version,
                seconds=perf_counter() - self.start,
            ),
        )


class _Stopped(Exception):  # noqa: N818 (not an error: a limit ends the search)
    """The time is over, or the user wants what there is."""


def _exact_shares(prices: NDArray[np.float64], weight: int) -> NDArray[np.float64]:
    """Return prices of cuts that add up to the weight, or to as little more as doubles allow.

    If they add up to less, the rest is worth as much as theta can be.
    """
    shares = np.maximum(-prices, 0.0)
    total = float(shares.sum())
    shares = shares * (weight / total) if total > 0 else np.full(len(prices), weight / len(prices))
    largest = int(np.argmax(shares))
    for _ in range(4):
        missing = Fraction(weight) - sum((Fraction(float(share)) for share in shares), Fraction(0))
        if missing <= 0:
            break
        shares[largest] = np.nextafter(shares[largest] + float(missing), inf)
    return -shares


def _prices_of(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> PricedProgram:
    """Return a program at the prices of its relaxation, or at 0 where it has none."""
    from microopt.solver.sifting import sift_relaxation

    relaxed = sift_relaxation(program, backend, lambda: limits)
    return relaxed.priced or price_program(program, np.zeros(len(program.rows)))


def _sizes(program: IntegerProgram) -> NDArray[np.float64]:
    """Return how large each column is compared with a typical one, in the row where it is largest, (n,)."""
    size = np.ones(len(program))
    for row in program.rows:
        if len(row.columns):
            magnitude = np.abs(row.coefficients).astype(float)
            size[row.columns] = np.maximum(size[row.columns], magnitude / magnitude.mean())
    return size
