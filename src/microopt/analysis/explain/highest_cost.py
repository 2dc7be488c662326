"""The highest cost at which an offer stays in the plan, by trying the highest one that prices allow.

Prices bound the cost, and on the grid of sums of money the bound is mostly the answer. So the best plan at that cost is
made: if it is worth enough, the bound is reached. If not, the next lower cost is the bound. The plan is kept: it saves
as much money as this offer costs more, and so answers for every other offer with that much room.
"""

from __future__ import annotations

from bisect import insort
from itertools import islice
from time import perf_counter

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from microopt.planning.formulation.open_cost import OpenCost, OpenCosts
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

TRIES = 3  # costs that are tried before the solver is asked for the highest one
CANDIDATES = 3  # kept plans that are looked at, the cheapest first


class _KeptPlan(Struct, frozen=True, kw_only=True, eq=False):
    """A plan with its objective, and its cost where every offer costs what it is quoted at."""

    columns: Columns
    objective: int
    cost: int


class HighestCosts(Struct, frozen=True, kw_only=True, eq=False):
    """The search for highest costs of a problem's offers, with the plans that it has found.

    Attributes
    ----------
    slack
        How far the bound of the problem's prices is above the objective of its plan.
    """

    open_costs: OpenCosts
    solver: Backend
    slack: int
    _kept: list[_KeptPlan] = field(default_factory=list)

    @classmethod
    def of_plan(cls, open_costs: OpenCosts, picks: Columns, solver: Backend) -> HighestCosts:
        """Return the search that knows a problem's plan."""
        program, prices, slack = open_costs.program, open_costs.prices, 0
        if prices is not None:
            slack = price_program(program, prices).integer_bound - program.objective_value(picks)
        search = cls(open_costs=open_costs, solver=solver, slack=slack)
        search.keep(picks)
        return search

    def keep(self, plan: Columns) -> int:
        """Keep a plan of the whole program for later questions, and return its objective."""
        program = self.open_costs.program
        kept = _KeptPlan(columns=plan, objective=program.objective_value(plan), cost=program.total_cost(plan))
        insort(self._kept, kept, key=lambda each: each.cost)
        return kept.objective

    def find(self, cost_program: OpenCost, column: int, required: int, limits: SolveLimits) -> SolveResult:
        """Return the highest cost, `OPTIMAL` if it is proven; columns, objective and bound are of the cost program.

        Parameters
        ----------
        cost_program
            The program in which the cost of an offer is open, with prices.
        column
            The offer's choice.
        required
            The objective that a plan must have in the whole program.

        Raises
        ------
        AuditError, BackendError
            If the solver fails.
        """
        prices, start = cost_program.warm_start.prices, perf_counter()
        assert prices is not None
        bound = price_program(cost_program.program, prices).integer_bound
        best = self._best_kept(cost_program, column, required)
        step_value = -1 / float(prices[-1])  # at these prices, of the money in one step of the cost
        for _ in range(TRIES):
            if best.objective is not None and best.objective >= bound:
                return replace(best, termination=Termination.OPTIMAL, bound=best.objective)
            if bound < 0 or cost_program.cost_from_objective(bound) is None or self.slack > step_value:
                break  # there is no such cost, or prices allow a cost some steps too high
            result = self._solve_at(cost_program, bound, limits.remaining(start))
            plan = result.columns
            if plan is not None and self.keep(_whole_plan(cost_program, plan, column)) >= required:
                best = _better(best, cost_program.program, plan)
            elif result.termination in (Termination.OPTIMAL, Termination.INFEASIBLE):
                bound -= 1  # no plan reaches the objective at exactly this cost
            else:
                break
        return best

    def _best_kept(self, cost_program: OpenCost, column: int, required: int) -> SolveResult:
        """Return the kept plan with the offer at which it can cost most, of the few that save most money."""
        best = SolveResult(termination=Termination.UNKNOWN)
        useful = (kept.columns for kept in self._kept if kept.objective >= required and column in kept.columns)
        for plan in islice(useful, CANDIDATES):
            rest = np.searchsorted(np.flatnonzero(cost_program.free), plan[plan != column])
            best = _better(best, cost_program.program, rest)
        return best

    def _solve_at(self, cost_program: OpenCost, number: int, limits: SolveLimits) -> SolveResult:
        """Return the best plan in which the open cost is this number of its steps."""
        program, prices = cost_program.program, cost_program.warm_start.prices
        assert program.integer is not None and prices is not None
        steps = program.integer.coefficients
        rows = [row.with_offset(steps.get(position, 0) * number) for position, row in enumerate(program.rows)]
        rows[-1] = replace(rows[-1], lower=None)  # the floor under the objective, which is maximized instead
        objective = self.open_costs.program.objective[cost_program.free]
        at_cost = replace(program, objective=objective, rows=tuple(rows), integer=None)
        hint = WarmStart(prices=np.append(prices[:-1] / -prices[-1], 0.0))
        return solve(at_cost, self.solver, limits, cheapest=False, warm_start=hint)


def _better(best: SolveResult, program: IntegerProgram, plan: Columns) -> SolveResult:
    """Return the result with this plan if it is feasible and has a higher objective."""
    if program.violated_constraints(plan):
        return best
    objective = program.objective_value(plan)
    if best.objective is not None and best.objective >= objective:
        return best
    return SolveResult(termination=Termination.FEASIBLE, columns=plan, objective=objective)


def _whole_plan(cost_program: OpenCost, plan: Columns, column: int) -> Columns:
    """Return a plan of the cost program, with the offer's choice, as a plan of the whole program."""
    return np.sort(np.append(np.flatnonzero(cost_program.free)[plan], column)).astype(np.intp)
