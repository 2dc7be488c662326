"""Why a plan leaves money unspent, tested against every rule at the budget that a further purchase would need."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule, RangeRule
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.planning.share_caps import caps_below_total
from microopt.quantities.parse_and_format import Range, format_money
from microopt.roster.selection import matching_offers
from microopt.solver.program import IntegerProgram

MAX_TRIED = 500  # purchases whose exact objective is computed, where penalties or net reach decide
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


def unspent_reason(problem: PlanningProblem, program: IntegerProgram, chosen: Mask) -> str:
    """Say why the rest of the budget buys nothing more.

    Parameters
    ----------
    chosen
        (choices,) the plan.
    """
    if problem.campaign.budget is None or problem.campaign.goal.targets:
        return "the targets are met"
    unspent = (problem.campaign.spendable or 0) - int(program.cost[chosen].sum())
    if not chosen.any() and int(program.cost.min()) > unspent:
        return f"the cheapest offer needs {format_money(int(program.cost.min()), problem.currency)}"
    if not unspent:
        return "the budget is spent to the cent"
    if not chosen.any() and caps_below_total(problem):
        return "the limits on shares leave room only for an empty plan"
    useful = ~np.isin(program.group, program.group[chosen]) & program.can_increase_objective()
    steps = _Steps.from_plan(problem, program, chosen)
    if not useful.any():
        nothing = "nothing that keeps the rules adds to the goal"
        more = _describe_more_expensive(steps, unspent)
        return f"everyone who would improve the result is already in{more}" if chosen.any() else nothing
    cheapest = steps.cheapest(useful)
    if cheapest is None:
        return "the rules, not the budget, keep further creators out"
    cost = int(program.cost[cheapest])
    if cost <= unspent:
        return "the search ended before it found the best use of this money"
    within = " within the rules" if (useful & (program.cost < cost)).any() else ""
    return f"the cheapest offer that would improve the plan{within} costs {format_money(cost, problem.currency)}"


def _describe_more_expensive(steps: _Steps, unspent: int) -> str:
    """Say what more a creator of the plan would need for an offer that brings more, or nothing if none does."""
    column = steps.cheapest((steps.replaced >= 0) & (steps.cost > unspent))
    if column is None:
        return ""
    problem = steps.problem
    first, last = np.searchsorted(problem.choice, [column, column + 1]).tolist()
    name = problem.roster.texts["creator"][first].strip()
    budget = int(steps.budgets(np.asarray([column]))[0])
    more = format_money(budget - (problem.campaign.budget or 0), problem.currency)
    offer = "a more expensive offer" if last - first == 1 else "more offers"
    return f"; with the rest unchanged, {offer} of {name} would need {more} more"


class _Steps(Struct, frozen=True, kw_only=True, eq=False):
    """For each choice that a plan does not hold: buying it as well, or instead of the creator's choice in the plan.

    Attributes
    ----------
    chosen
        (choices,) the plan.
    replaced
        (choices,) the choice in the plan of the same creator; -1 where there is none.
    cost
        (choices,) how much more the plan would cost, in cents.
    """

    problem: PlanningProblem
    program: IntegerProgram
    chosen: Mask
    replaced: NDArray[np.intp]
    cost: Integers

    @classmethod
    def from_plan(cls, problem: PlanningProblem, program: IntegerProgram, chosen: Mask) -> _Steps:
        """Return the steps from a plan."""
        of_group = np.full(int(program.group.max(initial=-1)) + 1, -1, dtype=np.intp)
        of_group[program.group[chosen]] = np.flatnonzero(chosen)
        replaced = of_group[program.group]
        cost = _changes(program.cost, replaced)
        return cls(problem=problem, program=program, chosen=chosen, replaced=replaced, cost=cost)

    def cheapest(self, candidates: Mask) -> int | None:
        """Return the choice among the candidates that costs least more, improves the plan, and keeps every rule.

        The rules are those at the budget that the step needs. None if there is no such choice.
        """
        gains = _changes(self.program.objective, self.replaced)
        is_linear = self.program.has_linear_objective and not self.program.has_soft_rows
        allowed = candidates & ~self.chosen & ((gains > 0) | (not is_linear))
        if not allowed.any():
            return None
        columns = np.flatnonzero(allowed & self._keep_rules())
        columns = columns[np.argsort(self.cost[columns], kind="stable")]
        if is_linear and not self.program.pools:
            return int(columns[0]) if len(columns) else None
        return next((column for column in columns[:MAX_TRIED].tolist() if self._improves(column)), None)

    def _keep_rules(self) -> Mask:
        """Return which steps keep all hard rows but those of net reach, at the budget that they need."""
        rules = [rule for rule in self.problem.rules if isinstance(rule, RangeRule | EachRule) and rule.of_budget]
        moving = {"budget", *(rule.label for rule in rules)}
        net_reach = {pool.row for pool in self.program.pools}
        picks, allowed = np.flatnonzero(self.chosen), np.ones(len(self.program), dtype=bool)
        for number, row in enumerate(self.program.rows):
            if row.penalty is not None or row.label in moving or number in net_reach:
                continue
            dense = np.zeros(len(self.program), dtype=np.int64)
            dense[row.columns] = row.coefficients
            activity = self.program.activity(number, picks) + _changes(dense, self.replaced)
            allowed &= activity >= row.lower if row.lower is not None else True
            allowed &= activity <= row.upper if row.upper is not None else True
        for rule in rules:
            if isinstance(rule, EachRule):
                allowed = self._keep_each_share(rule, allowed)
            elif rule.soft is None:
                amounts = self._amounts(rule.measure, matching_offers(self.problem.roster, rule.selector))
                totals = int(amounts[self.chosen].sum()) + _changes(amounts, self.replaced)
                allowed = self._within(rule.bounds, totals, allowed)
        return allowed

    def _keep_each_share(self, rule: EachRule, allowed: Mask) -> Mask:
        """Return which of the allowed steps keep every creator's share of the budget, whose limits move with it."""
        amounts = self._amounts(rule.measure, np.ones(len(self.problem), dtype=bool))
        allowed = self._within(rule.bounds, amounts, allowed)
        own = amounts[self.chosen]
        extremes = (int(own.min()), int(own.max())) if len(own) else ()
        for limit in extremes:
            allowed = self._within(rule.bounds, np.full_like(amounts, limit), allowed)
        return allowed

    def _amounts(self, measure: str, rows: Mask) -> Integers:
        return sum_over_choices(self.problem, find_measure(self.problem, measure), rows)

    def _within(self, bounds: Range, amounts: Integers, allowed: Mask) -> Mask:
        """Return which of the allowed steps have an amount within these shares of the budget that they need."""
        columns = np.flatnonzero(allowed)
        budgets, within = self.budgets(columns), np.zeros_like(allowed)
        exact: NDArray[Any] = amounts[columns].astype(object)
        holds = np.ones(len(columns), dtype=bool)
        if bounds.low is not None:
            holds &= (exact * bounds.low.denominator >= budgets * bounds.low.numerator).astype(bool)
        if bounds.high is not None:
            holds &= (exact * bounds.high.denominator <= budgets * bounds.high.numerator).astype(bool)
        within[columns] = holds
        return within

    def budgets(self, columns: NDArray[np.intp]) -> NDArray[Any]:
        """Return the budget that each step needs, or the campaign's where that is enough, in exact cents."""
        spendable = 1 - (self.problem.campaign.contingency or Fraction(0))
        spend: NDArray[Any] = (self.cost[columns] + int(self.program.cost[self.chosen].sum())).astype(object)
        needed = -(-spend * spendable.denominator // spendable.numerator)
        budgets: NDArray[Any] = np.maximum(needed, self.problem.campaign.budget or 0)
        return budgets

    def _improves(self, column: int) -> bool:
        """Whether a step increases the objective at the budget that it needs, and keeps the rows of net reach."""
        after = self.chosen.copy()
        if self.replaced[column] >= 0:
            after[self.replaced[column]] = False
        after[column] = True
        budget = int(self.budgets(np.asarray([column]))[0])
        program, picks = _with_soft_shares(self.program, self.problem, budget), np.flatnonzero(after)
        net_reach = {pool.row for pool in program.pools if pool.row is not None}
        if not all(program.rows[number].holds(program.activity(number, picks)) for number in net_reach):
            return False
        return program.objective_value(picks) > self.program.objective_value(np.flatnonzero(self.chosen))


def _changes(values: Integers, replaced: NDArray[np.intp]) -> Integers:
    """Return by how much a sum over the plan changes with each step."""
    return values - np.where(replaced >= 0, values[replaced], 0)


def _with_soft_shares(program: IntegerProgram, problem: PlanningProblem, budget: int) -> IntegerProgram:
    """Return the program with its soft rules on shares of the budget at another budget."""
    bounds = {
        rule.label: integer_bounds(rule.bounds, budget)
        for rule in problem.rules
        if isinstance(rule, RangeRule) and rule.of_budget and rule.soft is not None
    }
    rows = (
        replace(row, lower=bounds[row.label][0], upper=bounds[row.label][1]) if row.label in bounds else row
        for row in program.rows
    )
    return replace(program, rows=tuple(rows)) if bounds else program
