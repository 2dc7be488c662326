"""The break-even fee: the highest fee at which an offer is still in the plan, to the cent, for negotiation.

If costs enter the rules linearly and the value is linear, the solver finds the highest cost in one question
(`planning.formulation.open_cost`); with soft rules or net reach it is found by bisection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from time import perf_counter
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.explain.highest_cost import HighestCosts
from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import canonical_measure
from microopt.forecast.model import forecast
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective, profit_cents, zero_objective
from microopt.planning.formulation.open_cost import ObjectiveFloor, OpenCost, OpenCosts, open_costs
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.quantities.units import Cents
from microopt.roster.roster import find_number_column
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.subproblem import solve_subproblem


class BreakEven(Struct, frozen=True, kw_only=True):
    """The highest fee at which an offer is in the plan.

    Attributes
    ----------
    fee
        Cents: at this fee a plan with the offer is worth at least as much as the best without it. None if there is no
        such fee, or none is known.
    excluded_from
        Cents: at this fee no plan with the offer is worth as much. One cent above `fee` if that is exact, None if no
        fee is too high, or none is known.
    message
        A sentence why there is no fee, or what is known about it; or empty.
    unlimited
        Whether no fee is too high.
    limited_by
        `budget` or `rules`, if no plan at all has the offer at a higher fee: it may be worth more. Empty if a plan
        without it is just as good, or it is not known.
    worth
        Cents: what the offer is worth beyond that limit, where the goal is a profit. None elsewhere.
    """

    fee: Cents | None = None
    excluded_from: Cents | None = None
    message: str = ""
    unlimited: bool = False
    limited_by: str = ""
    worth: Cents | None = None

    computed: ClassVar[tuple[str, ...]] = ("exact",)

    @property
    def exact(self) -> bool:
        """Whether the fee is known to the cent."""
        return self.fee is not None and self.excluded_from == self.fee + 1

    @property
    def is_worth(self) -> bool:
        """Whether the fee is exact and is what the offer is worth, not only what the budget or the rules allow."""
        return self.exact and not self.limited_by

    @property
    def conclusive(self) -> bool:
        """Whether nothing is left to be found out: the fee is exact, or it is known why there is none."""
        has_none = self.fee is None and self.excluded_from is None and self.message != NOT_SEARCHED.message
        return self.exact or has_none


FEE_STEP = 10**10  # cents: a fee increase that shows its share in the cost
MAX_FEE = 10**10  # cents: the upper end of the search if no budget limits the fee
ROUNDING_CENTS = 8  # cents around a fee that is exact except for rounding
NEVER_IN = BreakEven(message="not in at any fee, not even for free")
ALWAYS_IN = BreakEven(message="no fee is too high", unlimited=True)
NOT_SEARCHED = BreakEven(message="not found before the search ended")
FEE_AGREED = BreakEven(message="the fee is agreed")
GOAL_COUNTS_FEES = BreakEven(message="no walk-away fee: your goal counts the fees themselves")
COST_WITHOUT_FEE = BreakEven(message="what they cost does not depend on the fee")
NOT_NARROWED = "the search ended before the fee was exact"


class BreakEvenSearch(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The search for break-even fees of the offers of a solved problem."""

    solved: SolvedProblem
    solver: Backend

    def find(self, row: int, without: Columns | None, limits: SolveLimits, also: Sequence[int] = ()) -> BreakEven:
        """Return the break-even fee of an offer.

        Parameters
        ----------
        row
            A row of the problem.
        without
            The best plan without the row's choice, or None if there is none.
        also
            Other rows of its choice that have the same fee, and rise with it; only where the value is linear.

        Raises
        ------
        AuditError, BackendError
            If the solver fails.
        """
        if goal_counts_spend(self.solved):
            return GOAL_COUNTS_FEES
        is_pick = int(self.solved.problem.choice[row]) in self.solved.picks
        free, dear = self._costs_of_picks[row] if is_pick else costs_at_fees(self.solved.problem, row, [0, FEE_STEP])
        if free == dear:
            return COST_WITHOUT_FEE
        start = perf_counter()
        if self._open_costs is None:
            found = self._bisect(row, without, limits)
        else:
            found = self._solve_for_cost(row, without, dear - free, limits, also)
        if not found.exact or not (limit := self._limit_beyond(row, found, limits.remaining(start), also)):
            return found
        if also:
            return replace(found, limited_by=limit)
        return replace(found, limited_by=limit, worth=self._worth_in_profit(row, without, dear - free))

    def _limit_beyond(self, row: int, found: BreakEven, limits: SolveLimits, also: Sequence[int]) -> str:
        """Return `budget` or `rules` if no plan has the offer at a fee above an exact one; empty if not known."""
        problem, column = self.solved.problem.without_soft_rules(), int(self.solved.problem.choice[row])
        cost, rows = problem.forecast.cost.copy(), np.asarray([row, *also])
        cost[rows] = [costs[0] for costs in costs_of_rows(problem, rows, [(found.fee or 0) + 1])]
        spendable = problem.campaign.spendable
        if spendable is not None and int(cost[problem.choice == column].sum()) > spendable:
            return "budget"
        rules, required = problem.campaign.rules, problem.campaign.include
        if not rules and not required:
            return ""
        dearer = replace(problem, forecast=replace(problem.forecast, cost=cost))
        program = formulate(dearer, zero_objective(dearer))
        free = program.group != program.group[column]
        result = solve_subproblem(program, free, np.asarray([column]), self.solver, limits)
        if result.termination is not Termination.INFEASIBLE:
            return ""
        return "rules" if rules else "budget"  # of which the required creators take a part

    def _worth_in_profit(self, row: int, without: Columns | None, step: int) -> Cents | None:
        """Return the fee at which the best plan with the offer at its quote would earn no more than one without it."""
        problem, picks = self.solved.problem, self.solved.picks
        if not _is_profit(self.solved) or without is None:
            return None
        profits, column = profit_cents(problem), int(problem.choice[row])
        gain = int(profits[picks].sum() - profits[without].sum()) if column in picks else int(profits[column])
        return highest_fees(problem, row, [int(problem.forecast.cost[row]) + gain], step)[0]

    @cached_property
    def _costs_of_picks(self) -> dict[int, list[int]]:
        """What each offer of the plan costs for free and at `FEE_STEP`, by row."""
        rows = np.flatnonzero(np.isin(self.solved.problem.choice, self.solved.picks))
        costs = costs_of_rows(self.solved.problem, rows, [0, FEE_STEP])
        return dict(zip(rows.tolist(), costs, strict=True))

    @property
    def is_linear(self) -> bool:
        """Whether the highest cost is found in one question."""
        return self._open_costs is not None

    @cached_property
    def _open_costs(self) -> OpenCosts | None:
        """The problem with variable costs, or None if its value is not linear."""
        problem, program = self.solved.problem, self.solved.program
        if not program.has_linear_objective or program.has_soft_rows or program.quotas:
            return None
        if _is_least_cost(self.solved):
            return open_costs(problem, replace(program, objective=-program.cost))
        if _is_profit(self.solved):
            return open_costs(problem, replace(program, objective=profit_cents(problem)))
        return open_costs(problem, program, self.solved.result.prices)

    @cached_property
    def _highest_costs(self) -> HighestCosts:
        assert self._open_costs is not None
        return HighestCosts.of_plan(self._open_costs, self.solved.picks, self.solver)

    def _solve_for_cost(
        self, row: int, without: Columns | None, step: int, limits: SolveLimits, also: Sequence[int]
    ) -> BreakEven:
        """Solve for the highest cost at which a plan with the choice is worth as much as the best without."""
        problem, open_costs, floor = self.solved.problem, self._open_costs, None
        assert open_costs is not None
        if without is not None:
            by_cost = -1 if _is_least_cost(self.solved) or _is_profit(self.solved) else 0
            floor = ObjectiveFloor(lower=open_costs.program.objective_value(without), per_cent=by_cost)
        result = self._highest_cost(row, cost_program := open_costs.open_offer(row, floor, also), floor, limits)
        if result.termination is Termination.INFEASIBLE:
            return NEVER_IN
        if result.objective is None or result.bound is None:
            return NOT_SEARCHED
        cost, bound = cost_program.cost_from_objective(result.objective), cost_program.cost_from_objective(result.bound)
        if cost is None or bound is None:
            return ALWAYS_IN if cost is None else NOT_SEARCHED
        fee, beyond = highest_fees(problem, row, [cost, bound], step)
        if beyond is None:
            return NEVER_IN
        message = "" if fee == beyond else result.failure or NOT_NARROWED
        return BreakEven(fee=fee, excluded_from=beyond + 1, message=message)

    def _highest_cost(
        self, row: int, cost_program: OpenCost, floor: ObjectiveFloor | None, limits: SolveLimits
    ) -> SolveResult:
        """Return the result of the cost program: found by its prices, or else by the solver."""
        start, column = perf_counter(), int(self.solved.problem.choice[row])
        plans: tuple[Columns, ...] = ()
        if floor is not None and cost_program.warm_start.prices is not None:
            found = self._highest_costs.find(cost_program, column, floor.lower, limits)
            if found.termination is Termination.OPTIMAL:
                return found
            plans = () if found.columns is None else (found.columns,)
        elif column in self.solved.picks:
            rest = self.solved.picks[self.solved.picks != column]
            plans = (np.searchsorted(np.flatnonzero(cost_program.free), rest),)
        hint = replace(cost_program.warm_start, plans=plans)
        remaining = limits.remaining(start)
        return solve(cost_program.program, self.solver, remaining, cheapest=False, warm_start=hint)

    def _bisect(self, row: int, without: Columns | None, limits: SolveLimits) -> BreakEven:
        """Bisect between a fee at which the offer is in and one at which it is not."""
        problem, picks = self.solved.problem, self.solved.picks
        required = (
            None
            if without is None
            else formulate(problem, comparable_objective(self.solved, problem)).objective_value(without)
        )
        start = perf_counter()

        def is_in(fee: int) -> bool | None:
            return self._reaches(row, fee, required, limits.remaining(start))

        low = int(problem.forecast.fee[row]) if int(problem.choice[row]) in picks else 0
        if not is_in(low):
            return NOT_SEARCHED if low or is_in(low) is None else NEVER_IN
        high = MAX_FEE if problem.campaign.budget is None else max(problem.campaign.budget, low) + 1
        above = is_in(high)
        if above:
            return ALWAYS_IN
        found = BreakEven(fee=low, message=NOT_NARROWED) if above is None else _bisect_fees(low, high, is_in)
        says_nothing = found.fee == low and not found.exact and bool(self.solved.program.quotas)
        return NOT_SEARCHED if says_nothing else found  # that a pick is in at its own fee was known

    def _reaches(self, row: int, fee: int, required: int | None, limits: SolveLimits) -> bool | None:
        """Whether the best plan with an offer at a fee reaches the required value; None if not known."""
        problem, program = self.solved.problem, self.solved.program
        column = int(problem.choice[row])
        cost = problem.forecast.cost.copy()
        cost[row] = costs_at_fees(problem, row, [fee])[0]
        dearer = replace(problem, forecast=replace(problem.forecast, cost=cost))
        program_at_fee = formulate(dearer, comparable_objective(self.solved, dearer))
        hint = WarmStart(prices=self.solved.result.prices)
        free = program.group != program.group[column]
        result = solve_subproblem(program_at_fee, free, np.asarray([column]), self.solver, limits, hint)
        if result.termination is Termination.INFEASIBLE or (
            result.bound is not None and required is not None and result.bound < required
        ):
            return False
        return True if result.objective is not None and (required is None or result.objective >= required) else None


def comparable_objective(solved: SolvedProblem, problem: PlanningProblem) -> Objective:
    """Return the objective that plans are compared by: that of the goal, or the exact cost for a least cost.

    Parameters
    ----------
    problem
        The solved problem, with other fees.
    """
    if _is_profit(solved):
        return replace(solved.objective, values=profit_cents(problem), unit=Fraction(1, 100))
    if not _is_least_cost(solved):
        return solved.objective
    return replace(solved.objective, values=-problem.sum_by_choice(problem.forecast.cost), unit=Fraction(-1, 100))


def _bisect_fees(low: int, high: int, is_in: Callable[[int], bool | None]) -> BreakEven:
    while high - low > 1:
        middle = (low + high) // 2
        inside = is_in(middle)
        if inside is None:
            return BreakEven(fee=low, excluded_from=high, message=NOT_NARROWED)
        low, high = (middle, high) if inside else (low, middle)
    return BreakEven(fee=low, excluded_from=high)


def highest_fees(problem: PlanningProblem, row: int, costs: list[int], step: int) -> list[int | None]:
    """Return the highest fee in cents at which an offer costs at most each of these; None if it costs more for free.

    Parameters
    ----------
    step
        The increase of the cost when the fee rises by `FEE_STEP`.
    """
    current_fee, current_cost = int(problem.forecast.fee[row]), int(problem.forecast.cost[row])
    if step == FEE_STEP:  # cost is the fee plus an amount that does not depend on it
        return [fee if (fee := current_fee + cost - current_cost) >= 0 else None for cost in costs]
    return [_nearest_fee(problem, row, cost, current_fee + (cost - current_cost) * FEE_STEP // step) for cost in costs]


def _nearest_fee(problem: PlanningProblem, row: int, cost: int, guess: int) -> int | None:
    """Return the highest fee near a guess at which an offer costs at most this much, or None."""
    fees = [fee for fee in range(guess - ROUNDING_CENTS, guess + ROUNDING_CENTS + 1) if fee >= 0] or [0]
    fitting = [fee for fee, needed in zip(fees, costs_at_fees(problem, row, fees), strict=True) if needed <= cost]
    return max(fitting, default=None)


def costs_at_fees(problem: PlanningProblem, row: int, fees: list[int]) -> list[int]:
    """Return the cost of an offer of the problem at each of these fees, in cents."""
    return costs_of_rows(problem, np.asarray([row]), fees)[0]


def costs_of_rows(
    problem: PlanningProblem, rows: NDArray[np.intp], fees: list[int] | NDArray[np.int64]
) -> list[list[int]]:
    """Return the costs of each of these offers at each of some fees, in cents; one forecast does for all.

    Parameters
    ----------
    fees
        In cents: the same for every offer, or (rows, fees).
    """
    current, asked = problem.forecast.fee[rows], np.asarray(fees, dtype=np.int64)
    fee_columns = np.column_stack([current, np.broadcast_to(asked, (len(rows), asked.shape[-1]))])
    copies = replace(problem.roster.take(np.repeat(rows, fee_columns.shape[1])), fee=fee_columns.reshape(-1))
    cost = forecast(copies, replace(problem.campaign, fit_benchmarks=False)).cost.reshape(fee_columns.shape)
    return (cost[:, 1:] + (problem.forecast.cost[rows] - cost[:, 0])[:, None]).tolist()  # type: ignore[no-any-return]


def _is_least_cost(solved: SolvedProblem) -> bool:
    return solved.problem.campaign.goal.name == LEAST_COST


def _is_profit(solved: SolvedProblem) -> bool:
    return solved.problem.campaign.goal.name == PROFIT


def goal_counts_spend(solved: SolvedProblem) -> bool:
    """Whether the goal counts the fees themselves, so that none of them is the highest that is worth it."""
    problem = solved.problem
    measured = [*problem.campaign.goal.worths, *filter(None, [problem.campaign.goal.column])]
    return any(
        canonical_measure(name) == "spend"
        or (canonical_measure(name) == PROFIT and find_number_column(problem.roster, name) is None)
        for name in measured
    )
