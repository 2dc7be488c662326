"""The plan with the best mean of its worst scenarios: cuts on the relaxation, then branch and bound over lazy cuts.

1. The relaxation is solved over the columns nearest to selection, with a cut for each set of scenarios that binds
   (Kelley's method); every round also cuts at points between the solution and the best point so far (in-out points),
   which takes far fewer rounds. Its prices weigh the scenarios.
2. Any weights bound every plan by an ordinary program, and the best plan of that program, improved by swaps that count
   the true worst scenarios, is a good plan to begin with.
3. Branch and bound decides large columns first, and finds further cuts on the way. The bound of a node is exact: the
   prices of its relaxation, evaluated in integers over all columns. So is the proof that a node has no plan: a node
   that the relaxation only calls infeasible is searched on.

A plan counts with its true value, whatever the cuts are, so that the bound is honest whenever the search ends.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend, backend_title
from microopt.solver.greedy_fill import greedy_fill
from microopt.solver.program import Columns
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import PRICES_ALONE, Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.scenario_weights import WorstMeanResult, prices_of
from microopt.solver.search import solve
from microopt.solver.worst_mean import ScenarioSet, WorstMean, first_of_smallest
from microopt.solver.worst_mean_state import Decisions, Node, Stopped, WorstMeanState

ROUND_EVERY, ROUND_SELDOM, OFTEN = 20, 100, 10  # nodes between plans that are rounded, and how many are rounded often
NEAREST = 400  # columns of the relaxation at first, besides those that prices select
WEIGHTED_GAP, WEIGHTED_SHARE = 1e-3, 0.2  # of the ordinary program: gap, and share of the time
INTEGRALITY = 1e-6
FAR = 2e-3  # of the bound; until a plan is this close, the search is depth first
NODES_DEPTH_FIRST = 100


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
    search = _WorstMeanSearch(goal, backend, limits)
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


class _WorstMeanSearch(WorstMeanState):
    """The steps of a search."""

    def run(self) -> None:
        self.report("worst scenarios")
        try:
            self._solve_root()
            self.report("branch and bound")
            while self.open_nodes and not self.must_stop():
                decisions: Decisions | None = self._next()
                while decisions is not None:
                    decisions = self._branch(decisions)
        except Stopped:
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
        rough = prices_of(weighted, self.backend, self.limits.remaining(self.start))
        near = rough.nearest(NEAREST, program.group)
        near[rough.selected] = near[self.plan] = True
        near[program.fixed_at_zero] = False
        own = self.goal.worst_set(self.plan)
        self.latest = ((own,), np.append(rough.prices, -float(self.goal.weight)))
        self.load(np.flatnonzero(near))
        node = self.solve_node(())
        if node is None:
            return
        self.open_nodes.append((node.bound, ()))
        self._find_good_plan(node)

    def _find_good_plan(self, node: Node) -> None:
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

    def _round(self, node: Node) -> None:
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
        if self.nodes and self.closes(bound):
            self.open_nodes.pop()
            return None
        self.leave_out_cuts()
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

    def _column_to_branch(self, node: Node, decisions: Decisions) -> int | None:
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
            self.offer(node.selected)  # any other plan of the node is worse than the best one
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
        limit = self.limit or (None if optimal or self.failure else Limit.GAP)
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
