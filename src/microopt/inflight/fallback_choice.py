"""Which fallback takes which place: the first with whom a plan keeps the rules and the budget and is good enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import numpy as np

from microopt.campaign.campaign import SoftPenalty
from microopt.campaign.progress import TakenFallback
from microopt.inflight.fallback_notes import OpenPlace, ordinal
from microopt.plan.fallback_step import VacantPlace
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_percent
from microopt.roster.contract_status import named_offers
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import constraint
from microopt.solver.program import Columns
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

PlanWith = Callable[[Sequence[TakenFallback], SolveLimits], SolveResult]
ALLOWED_COST = Fraction(2, 100)  # a design figure: of the goal, for all fallbacks of a night together
TRIAL_SHARE = 0.3  # of the time left, for each trial
NO_TIME = "the time did not suffice to try their fallbacks"
NONE_FITS = "none of their fallbacks is available within the budget and the rules"


class FallbackChoice:
    """Chooses the fallback for each place: all first ones together if that is possible, else one place at a time.

    Parameters
    ----------
    free
        The best plan without regard to fallbacks.
    penalty
        What a swap must gain at least: each fallback may cost that. By default, all of them may cost 2% of the goal.
    plan_with
        Makes the whole plan with some fallbacks. It is asked where the free plan's program does not say what a plan is
        worth: for the worst outcomes, or after declines.
    """

    def __init__(
        self,
        free: SolvedProblem,
        penalty: SoftPenalty | None,
        solver: Backend,
        time_budget: TimeBudget,
        plan_with: PlanWith,
    ) -> None:
        assert free.result.objective is not None
        self.taken: list[TakenFallback] = []
        self.vacant: list[VacantPlace] = []
        self._free, self._penalty, self._solver, self._time_budget = free, penalty, solver, time_budget
        self._best, self._plan_with = free.result.objective, plan_with

    def choose(self, places: Sequence[OpenPlace]) -> None:
        """Decide who is taken, and why nobody is taken for the other places.

        Raises
        ------
        AuditError, BackendError
            If the solver fails.
        """
        first = self._all_first(places)
        if len(first) == len(places):
            result = self._solve(first)
            if result is not None and result.objective is not None and self._is_cheap(result.objective, len(first)):
                self.taken = first
                return
        for place in places:
            reason = self._fill(place)
            if reason and not place.stands:
                self.vacant.append(VacantPlace(creator=place.creator, reason=reason))

    @property
    def needs_no_rule(self) -> bool:
        """Whether the free plan has all who are taken."""
        return self._are_in_free_plan(self.taken)

    def _are_in_free_plan(self, fallbacks: Sequence[TakenFallback]) -> bool:
        return all(np.isin(self._columns(each), self._free.picks).any() for each in fallbacks)

    def _all_first(self, places: Sequence[OpenPlace]) -> list[TakenFallback]:
        """Return the first fallback for each place who is available and not taken for an earlier one."""
        found: list[TakenFallback] = []
        for place in places:
            found += next(([each] for each in place.options if self._is_free(each, found)), [])
        return found

    def _fill(self, place: OpenPlace) -> str:
        """Take the first fallback for a place that is possible; return why none is taken, or nothing."""
        for option in place.options:
            if not self._is_free(option, self.taken):
                continue
            result = self._solve([*self.taken, option])
            if result is not None and result.termination is Termination.INFEASIBLE:
                continue
            if result is None or result.objective is None:
                return NO_TIME
            if not self._is_cheap(result.objective, len(self.taken) + 1):
                return self._too_dear(option, result.objective)
            self.taken.append(option)
            return ""
        return NONE_FITS

    def _too_dear(self, option: TakenFallback, value: int) -> str:
        lost = format_percent(float(Fraction(self._best - value, abs(self._best) or 1)))
        limit = "a swap is worth less than that"
        if self._penalty is None:
            limit = f"fallbacks may cost {float(ALLOWED_COST):.0%} together"
        name = f"their {ordinal(option.rank)} fallback {option.creator}"
        return f"with {name}, the plan would be {lost} below the best free choice, and {limit}"

    def _is_free(self, option: TakenFallback, taken: Sequence[TakenFallback]) -> bool:
        """Whether a fallback can be bought, and has no other place already."""
        names = {match_key(each.creator) for each in taken}
        return match_key(option.creator) not in names and bool(len(self._columns(option)))

    def _columns(self, option: TakenFallback) -> Columns:
        """Return the choices that have one of the fallback's offers."""
        problem = self._free.problem
        return np.flatnonzero(problem.any_by_choice(named_offers(problem.roster, (option,)))).astype(np.intp)

    def _solve(self, fallbacks: Sequence[TakenFallback]) -> SolveResult | None:
        """Return the best plan with the fallbacks, None if no time is left."""
        if self._free.tail is not None or self._free.after_declines is not None:
            run: Callable[[SolveLimits], SolveResult] = partial(self._plan_with, fallbacks)
            return self._time_budget.run(run, "fallbacks", TRIAL_SHARE)
        return self._time_budget.run(partial(self._solve_program, fallbacks), "fallbacks", TRIAL_SHARE)

    def _solve_program(self, fallbacks: Sequence[TakenFallback], limits: SolveLimits) -> SolveResult:
        """Return the best plan with the fallbacks by the free plan's program."""
        program, current = self._free.program, self._free.result
        for each in fallbacks:
            coefficients = np.zeros(len(program), dtype=np.int64)
            coefficients[self._columns(each)] = 1
            program = program.with_row(constraint(f"fallback {each.creator}", coefficients, lower=1))
        prices, place = current.prices, len(self._free.program.rows)  # those of quotas come after all rows
        if prices is not None:
            prices = np.insert(prices, place, np.zeros(len(fallbacks)))
        plans = (self._free.picks,) if self._are_in_free_plan(fallbacks) else ()
        warm_start = WarmStart(prices=prices, pool_prices=current.pool_prices, plans=plans)
        return solve(program, self._solver, limits, cheapest=False, warm_start=warm_start)

    def _is_cheap(self, value: int, count: int) -> bool:
        """Whether a plan's value is near enough to the best for this number of fallbacks."""
        return self._best - value <= self._allowed(count)

    def _allowed(self, count: int) -> Fraction:
        """Return what this number of fallbacks may cost, in units of the program's objective."""
        best, objective = abs(self._best), self._free.objective
        if self._penalty is None:
            return ALLOWED_COST * best
        unit = abs(objective.unit)
        if not self._penalty.percent:
            return count * self._penalty.amount / unit
        return count * self._penalty.amount * (best if objective.ideal is None else objective.ideal / unit)
