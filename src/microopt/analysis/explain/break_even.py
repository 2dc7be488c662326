"""What is the highest fee at which an offer is in? To the cent, for negotiation.

The highest cost is one question to the solver where costs enter the rules linearly and the value is linear
(`solver.open_cost`); where soft rules or net reach count for the value it is closed in on by halving.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import canonical
from microopt.forecast.model import forecast
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.planning.formulation.open_cost import Floor, OpenCosts, open_costs
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import Backend
from microopt.solver.program import Picks
from microopt.solver.result import SolveLimits, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.subproblem import solve_part


class BreakEven(Struct, frozen=True, kw_only=True):
    """The highest fee at which an offer is in.

    Attributes
    ----------
    fee
        Cents: at this fee a plan with the offer is worth no less than the best without it. None where no fee does, or
        where none is known.
    beyond
        Cents: at this fee no such plan is worth as much. A cent above `fee` where that is exact, None where no fee is
        too high, or none is known.
    told
        Why there is no fee, or what is known of it, in a sentence; or empty.
    unlimited
        Whether no fee is too high.
    """

    fee: int | None = None
    beyond: int | None = None
    told: str = ""
    unlimited: bool = False

    @property
    def exact(self) -> bool:
        """Whether the fee is known to the cent."""
        return self.fee is not None and self.beyond == self.fee + 1


LARGE = 10**10  # cents: a step of a fee that shows how much of it goes into the cost
HIGHEST = 10**10  # cents: where no budget limits a fee, none beyond it is looked for
AROUND = 4  # cents about a fee that is right but for rounding
NO_FEE = BreakEven(told="not in at any fee, not even for free")
ANY_FEE = BreakEven(told="no fee is too high", unlimited=True)
UNKNOWN = BreakEven(told="a limit came first")
COUNTED = BreakEven(told="the goal counts the fees themselves")
NO_PART = BreakEven(told="what it costs has no fee in it")
OPEN = "closer than this was not shown"


class BreakEvens(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The highest fees at which the offers of an answered campaign are in."""

    answered: SolvedProblem
    solver: Backend

    def of(self, row: int, without: Picks | None, limits: SolveLimits) -> BreakEven:
        """Return the highest fee of an offer.

        Parameters
        ----------
        row
            Of the case.
        without
            The best plan without the row's choice, None where there is none.

        Raises
        ------
        AuditError, BackendError
            If the solver fails.
        """
        if _counts_money(self.answered):
            return COUNTED
        free, dear = costs_at(self.answered.problem, row, [0, LARGE])
        if free == dear:
            return NO_PART
        if self._open is None:
            return self._halved(row, without, limits)
        return self._asked(row, without, dear - free, limits)

    @cached_property
    def _open(self) -> OpenCosts | None:
        """The case with costs that may be left open, None where its value is not linear."""
        case, program = self.answered.problem, self.answered.program
        if not program.exact or program.soft:
            return None
        if _is_least_cost(self.answered):
            return open_costs(case, replace(program, value=-program.cost))
        return open_costs(case, program, self.answered.result.prices)

    def _asked(self, row: int, without: Picks | None, step: int, limits: SolveLimits) -> BreakEven:
        """Ask for the highest cost at which a plan with the choice is worth what the best without is."""
        case, asked, least = self.answered.problem, self._open, None
        assert asked is not None
        if without is not None:
            by_cost = -1 if _is_least_cost(self.answered) else 0
            least = Floor(least=asked.program.objective_value(without), by_cost=by_cost)
        question = asked.of(row, least)
        hint = replace(question.hint, plans=self._plan_in_hand(row, question.free))
        answer = solve(question.program, self.solver, limits, cheapest=False, hint=hint)
        if answer.stop is Termination.INFEASIBLE:
            return NO_FEE
        if answer.value is None or answer.bound is None:
            return UNKNOWN
        cost, bound = question.cost(answer.value), question.cost(answer.bound)
        if cost is None or bound is None:
            return ANY_FEE if cost is None else UNKNOWN
        fee, beyond = fees_at(case, row, [cost, bound], step)
        if beyond is None:
            return NO_FEE
        return BreakEven(fee=fee, beyond=beyond + 1, told="" if fee == beyond else answer.failure or OPEN)

    def _plan_in_hand(self, row: int, free: NDArray[np.bool_]) -> tuple[Picks, ...]:
        """Return the plan at hand by the columns of a question, where it buys the choice that is asked about."""
        picks, column = self.answered.result.picks, int(self.answered.problem.choice[row])
        assert picks is not None
        return (np.searchsorted(np.flatnonzero(free), picks[picks != column]),) if column in picks else ()

    def _halved(self, row: int, without: Picks | None, limits: SolveLimits) -> BreakEven:
        """Close in on the fee between one at which the offer is in and one at which it is not."""
        case, picks = self.answered.problem, self.answered.result.picks
        least = None if without is None else formulate(case, self._objective(case)).objective_value(without)
        start = perf_counter()

        def is_in(fee: int) -> bool | None:
            return self._reaches(row, fee, least, limits.left(start))

        low = int(case.forecast.fee[row]) if picks is not None and int(case.choice[row]) in picks else 0
        if not is_in(low):
            return UNKNOWN if low or is_in(low) is None else NO_FEE
        high = HIGHEST if case.campaign.budget is None else max(case.campaign.budget, low) + 1
        above = is_in(high)
        if above is None:
            return BreakEven(fee=low, told=OPEN)
        return ANY_FEE if above else _between(low, high, is_in)

    def _reaches(self, row: int, fee: int, least: int | None, limits: SolveLimits) -> bool | None:
        """Whether the best plan with an offer at a fee is worth as much as `least`, None where that is not known."""
        case, program = self.answered.problem, self.answered.program
        column = int(case.choice[row])
        cost = case.forecast.cost.copy()
        cost[row] = costs_at(case, row, [fee])[0]
        dearer = replace(case, forecast=replace(case.forecast, cost=cost))
        asked = formulate(dearer, self._objective(dearer))
        hint = WarmStart(prices=self.answered.result.prices)
        free = program.group != program.group[column]
        answer = solve_part(asked, free, np.asarray([column]), self.solver, limits, hint)
        if answer.stop is Termination.INFEASIBLE or (
            answer.bound is not None and least is not None and answer.bound < least
        ):
            return False
        return True if answer.value is not None and (least is None or answer.value >= least) else None

    def _objective(self, case: PlanningProblem) -> Objective:
        """Return what the value of a plan is compared by: the goal's, a least cost to the cent."""
        if not _is_least_cost(self.answered):
            return self.answered.objective
        return replace(self.answered.objective, values=-case.sum_by_choice(case.forecast.cost), unit=Fraction(-1, 100))


def _between(low: int, high: int, is_in: Callable[[int], bool | None]) -> BreakEven:
    while high - low > 1:
        middle = (low + high) // 2
        found = is_in(middle)
        if found is None:
            return BreakEven(fee=low, beyond=high, told=OPEN)
        low, high = (middle, high) if found else (low, middle)
    return BreakEven(fee=low, beyond=high)


def fees_at(case: PlanningProblem, row: int, costs: list[int], step: int) -> list[int | None]:
    """Return the highest fee at which an offer costs no more than each of these, cents; None where it costs more free.

    Parameters
    ----------
    step
        By how much it costs more where the fee is `LARGE` more.
    """
    now, paid = int(case.forecast.fee[row]), int(case.forecast.cost[row])
    if step == LARGE:  # the fee as it is, and what does not depend on it
        return [fee if (fee := now + cost - paid) >= 0 else None for cost in costs]
    return [_nearest_fee(case, row, cost, now + (cost - paid) * LARGE // step) for cost in costs]


def _nearest_fee(case: PlanningProblem, row: int, cost: int, guess: int) -> int | None:
    """Return the highest fee about a guess at which an offer costs no more than this."""
    fees = [fee for fee in range(guess - AROUND, guess + AROUND + 1) if fee >= 0] or [0]
    fitting = [fee for fee, needed in zip(fees, costs_at(case, row, fees), strict=True) if needed <= cost]
    return max(fitting, default=None)


def costs_at(case: PlanningProblem, row: int, fees: list[int]) -> list[int]:
    """Return what an offer of the case costs at each of these fees, cents."""
    now = int(case.forecast.fee[row])
    asked = np.asarray([now, *fees], dtype=np.int64)
    alike = replace(case.roster.take(np.full(len(asked), row)), fee=asked)
    cost = forecast(alike, replace(case.campaign, fit=False)).cost
    return (cost[1:] + int(case.forecast.cost[row]) - cost[0]).tolist()  # type: ignore[no-any-return]


def _is_least_cost(answered: SolvedProblem) -> bool:
    return answered.problem.campaign.goal.name == LEAST_COST


def _counts_money(answered: SolvedProblem) -> bool:
    goal = answered.problem.campaign.goal
    measured = [*goal.worths, *([goal.column] if goal.column else [])]
    return any(canonical(name) == "spend" for name in measured)
