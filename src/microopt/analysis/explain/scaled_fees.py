"""The highest fees of a creator in a campaign with a calendar, where several posts have one price.

A creator who asks for more does so for all of their posts, whichever of them a plan has. So the fees of all their
schedules rise alike, and the highest is found by bisection: at it a plan with one of some schedules is worth as much as
the best without the creator, and a cent higher none is. Prices and known plans answer most questions of it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property, partial
from itertools import count
from math import floor
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.explain.break_even import (
    ALWAYS_IN,
    FEE_STEP,
    MAX_FEE,
    NEVER_IN,
    NOT_NARROWED,
    NOT_SEARCHED,
    BreakEven,
    comparable_objective,
    costs_of_rows,
)
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.quantities.units import Cents
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import NO_WARM_START, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

EXACT = Fraction(0)
Integers = NDArray[np.int64]
IS_IN = "the creator is in"


class _Answer(Struct, frozen=True, kw_only=True):
    """Whether a plan at a fee is good enough: such a plan, or that there is none; neither where it is not known."""

    plan: Columns | None = None
    is_excluded: bool = False
    hint: WarmStart | None = None


class ScaledFees(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The search for the highest fee of a creator at which a plan with one of some schedules is good enough.

    Attributes
    ----------
    columns
        The schedules that count; a plan with one of them has no other schedule of the creator.
    rows
        The rows of these columns.
    fees_at
        The fees of the rows in cents at a fee of the creator, which is the unknown.
    without
        The best plan without the creator, or None if there is none.
    """

    solved: SolvedProblem
    solver: Backend
    columns: Columns
    rows: NDArray[np.intp]
    fees_at: Callable[[Cents], Integers]
    without: Columns | None

    @property
    def problem(self) -> PlanningProblem:
        """The problem at the quoted fees."""
        return self.solved.problem

    def find(
        self, low: Cents | None, plan: Columns | None, limits: SolveLimits, tolerance: Fraction = EXACT
    ) -> tuple[BreakEven, Columns | None]:
        """Return the highest fee, and the plan that was found at it if it is not the one that is given.

        Parameters
        ----------
        low, plan
            A fee at which a plan with one of the schedules is known to be good enough, and that plan where it is at
            hand; None if no such fee is known.
        tolerance
            Where the highest fee lies between two that are this share apart, the search ends.

        Raises
        ------
        AuditError, BackendError
            If the solver fails.
        """
        start = perf_counter()
        if low is None:
            first = self._ask(0, limits)
            if first.plan is None:
                return (NEVER_IN if first.is_excluded else NOT_SEARCHED), None
            low, plan = 0, first.plan
        budget = self.problem.campaign.budget
        high, message = MAX_FEE if budget is None else max(budget, low) + 1, ""
        hint = self._hint(self._program(low))
        for turn in count():
            high = self._last(low, high, partial(self._may_be_good, hint)) + 1
            low = low if plan is None else self._last(low, high, partial(self._is_good, plan))
            near = max(1, floor(low * tolerance))
            if high - low <= near:
                break
            middle = low + near if turn % 2 == 0 else (low + high) // 2
            answer = self._ask(middle, limits.remaining(start), hint)
            if answer.plan is None and not answer.is_excluded:
                message = NOT_NARROWED
                break
            low, high = (low, middle) if answer.plan is None else (middle, high)
            plan, hint = plan if answer.plan is None else answer.plan, answer.hint or hint
        if low == MAX_FEE - 1:
            return ALWAYS_IN, plan
        found = BreakEven(fee=low, excluded_from=high, message=message)
        if not message:
            found = replace(found, limited_by=self._limit_at(high, limits.remaining(start)))
        return found, plan

    def _last(self, low: Cents, high: Cents, holds: Callable[[Cents], bool]) -> Cents:
        """Return the last fee below an upper one at which something holds that holds at the lower one."""
        step = max(1, low // 8)
        while high - low > 1:
            middle = min(low + step, (low + high) // 2)
            low, high = (middle, high) if holds(middle) else (low, middle)
            step *= 4
        return low

    def _at(self, fee: Cents) -> PlanningProblem:
        """Return the problem with the creator at a fee."""
        problem = self.problem
        cost, fees = problem.forecast.cost.copy(), self.fees_at(fee)
        cost[self.rows] = self._costs(fees)
        all_fees = problem.forecast.fee.copy()
        all_fees[self.rows] = fees
        return replace(problem, forecast=replace(problem.forecast, cost=cost, fee=all_fees))

    @cached_property
    def _costs_for_free(self) -> Integers | None:
        """What the rows cost on top of their fees, in cents; None where that depends on the fees."""
        free, dear = np.asarray(costs_of_rows(self.problem, self.rows, [0, FEE_STEP]), dtype=np.int64).T
        return free if bool((dear - free == FEE_STEP).all()) else None

    def _costs(self, fees: Integers) -> Integers:
        """Return what the rows cost at these fees, in cents."""
        if self._costs_for_free is not None:
            return self._costs_for_free + fees
        return np.asarray(costs_of_rows(self.problem, self.rows, fees[:, None]), dtype=np.int64)[:, 0]

    def _program(self, fee: Cents) -> IntegerProgram:
        """Return the program of plans with one of the schedules, with the creator at a fee."""
        dearer = self._at(fee)
        return self._with_creator(formulate(dearer, comparable_objective(self.solved, dearer)))

    def _required(self, program: IntegerProgram) -> int | None:
        return None if self.without is None else program.objective_value(self.without)

    def _is_good(self, plan: Columns, fee: Cents) -> bool:
        """Whether a plan is worth as much as the best without the creator, where the creator is at a fee."""
        program = self._program(fee)
        required = self._required(program)
        worth_it = required is None or program.objective_value(plan) >= required
        return worth_it and not program.violated_constraints(plan)

    def _may_be_good(self, hint: WarmStart, fee: Cents) -> bool:
        """Whether prices leave it open that a plan at a fee is worth as much as the best without the creator."""
        program = self._program(fee)
        required = self._required(program)
        if required is None or hint.prices is None or len(hint.prices) != len(program.rows):
            return True
        return price_program(program, hint.prices, hint.pool_prices).integer_bound >= required

    def _ask(self, fee: Cents, limits: SolveLimits, hint: WarmStart = NO_WARM_START) -> _Answer:
        """Solve for the best plan with a schedule at a fee, and compare it with the best without the creator."""
        program = self._program(fee)
        required, result = self._required(program), self._solve(program, limits, hint)
        next_hint = None if result.prices is None else WarmStart(prices=result.prices, pool_prices=result.pool_prices)
        value = result.objective
        if result.columns is not None and value is not None and (required is None or value >= required):
            return _Answer(plan=result.columns, hint=next_hint)
        is_less = result.bound is not None and required is not None and result.bound < required
        return _Answer(is_excluded=is_less or result.termination is Termination.INFEASIBLE, hint=next_hint)

    def _with_creator(self, program: IntegerProgram) -> IntegerProgram:
        coefficients = np.zeros(len(program), dtype=np.int64)
        coefficients[self.columns] = 1
        return program.with_row(constraint(IS_IN, coefficients, lower=1))

    def _hint(self, program: IntegerProgram) -> WarmStart:
        """Return the prices of the plan, with that of having the creator, and the plans that are known."""
        prices, pool_prices = self.solved.result.prices, self.solved.result.pool_prices
        hint = NO_WARM_START
        if prices is None or program.quotas or len(prices) != len(program.rows) - 1:
            return hint
        priced = price_program(program, np.append(prices, 0.0), pool_prices)
        loss = float(priced.deviation[self.columns].min())  # at this price the cheapest of the schedules costs nothing
        return replace(hint, prices=np.append(prices, -loss), pool_prices=pool_prices)

    def _solve(self, program: IntegerProgram, limits: SolveLimits, hint: WarmStart = NO_WARM_START) -> SolveResult:
        """Return the best plan with one of the schedules."""
        return solve(program, self.solver, limits, cheapest=False, warm_start=hint)

    def _limit_at(self, fee: Cents, limits: SolveLimits) -> str:
        """Return `budget` or `rules` if no plan at all has one of the schedules at a fee; empty if not known."""
        dearer = self._at(fee)
        spendable, cost = self.problem.campaign.spendable, dearer.sum_by_choice(dearer.forecast.cost)
        if spendable is not None and int(cost[self.columns].min()) > spendable:
            return "budget"
        if not self.problem.campaign.rules and not self.problem.campaign.include:
            return ""
        hard = dearer.without_soft_rules()
        result = self._solve(self._with_creator(formulate(hard, zero_objective(hard))), limits)
        if result.termination is not Termination.INFEASIBLE:
            return ""
        return "rules" if self.problem.campaign.rules else "budget"
