"""The steps from a plan: buying one choice more, or another choice of a creator in place of the one in the plan."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule, RangeRule
from microopt.planning.each_amounts import amounts_of_choices
from microopt.planning.formulation.rules.chance import has_chance
from microopt.planning.formulation.rules.fixed import BUDGET_LABEL
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range
from microopt.roster.selection import matching_offers
from microopt.solver.arrays import times
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota import Quota

MAX_TRIED = 500  # steps whose exact objective is computed, where penalties or net reach decide
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


class Steps(Struct, frozen=True, kw_only=True, eq=False):
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
    def from_plan(cls, problem: PlanningProblem, program: IntegerProgram, chosen: Mask) -> Steps:
        """Return the steps from a plan."""
        of_group = np.full(int(program.group.max(initial=-1)) + 1, -1, dtype=np.intp)
        of_group[program.group[chosen]] = np.flatnonzero(chosen)
        replaced = of_group[program.group]
        cost = _changes(program.cost, replaced)
        return cls(problem=problem, program=program, chosen=chosen, replaced=replaced, cost=cost)

    def cheapest(self, candidates: Mask) -> tuple[int | None, bool]:
        """Return the choice among the candidates that costs least more, improves the plan, and keeps every rule.

        The rules are those at the budget that the step needs. None if there is no such choice, and whether that is
        known of all: where only the exact objective can tell, the first `MAX_TRIED` are tried.
        """
        allowed = candidates & ~self.chosen & self._may_improve
        return self._first_improving(np.flatnonzero(allowed & self._keep_rules())) if allowed.any() else (None, True)

    def cheapest_improving(self, candidates: Mask) -> tuple[int | None, bool]:
        """Return what `cheapest` does, but whether or not the choice keeps the rules."""
        return self._first_improving(np.flatnonzero(candidates & ~self.chosen & self._may_improve))

    def rules_in_the_way(self, money: int) -> tuple[set[frozenset[str]], bool]:
        """Return which rows further creators break, and whether all were looked at.

        Each set has the labels of the rows that some creator breaks who would improve the plan and costs no more than
        this money: without these rows, the plan would buy more.
        """
        affordable = ~np.isin(self.program.group, self.program.group[self.chosen]) & (self.cost <= money)
        improving, complete = self._improving(np.flatnonzero(affordable & self._may_improve))
        position = np.full(len(self.program), -1)
        position[improving] = np.arange(len(improving))
        broken: dict[str, Mask] = {}
        for row, columns in self._broken_by_one_more():
            steps = position[columns]
            if (steps >= 0).any():
                broken.setdefault(row.label, np.zeros(len(improving), dtype=bool))[steps[steps >= 0]] = True
        if not broken:
            return set(), complete
        labels = np.asarray([*broken], dtype=object)
        combinations = np.unique(np.asarray([*broken.values()]), axis=1)
        return {frozenset(labels[each]) for each in combinations.T if each.any()}, complete

    def _broken_by_one_more(self) -> Iterator[tuple[Constraint | Quota, Columns]]:
        """Yield each hard row or quota that one choice more breaks within the budget, and the choices that do."""
        picks, net_reach = np.flatnonzero(self.chosen), self._net_reach_rows
        for number, row in enumerate(self.program.rows):
            if row.penalty is None and row.label != BUDGET_LABEL and number not in net_reach:
                outside = _is_outside(row, self.program.activity(number, picks) + row.coefficients)
                if outside.any():
                    yield row, row.columns[outside]
        for quota in self.program.quotas:
            outside = _fails_too_often(quota, quota.activities(picks)[:, None] + quota.amounts)
            if outside.any():
                yield quota, quota.columns[outside]

    @property
    def _is_linear(self) -> bool:
        return self.program.has_linear_objective and not self.program.has_soft_rows

    @property
    def _may_improve(self) -> Mask:
        """Which steps can improve the plan; all where penalties or net reach decide."""
        gains = _changes(self.program.objective, self.replaced)
        return gains > 0 if self._is_linear else np.ones(len(gains), dtype=bool)

    @property
    def _net_reach_rows(self) -> set[int]:
        return {pool.row for pool in self.program.pools if pool.row is not None}

    def _first_improving(self, columns: Columns) -> tuple[int | None, bool]:
        if self._is_linear and not self.program.pools:
            return (int(columns[np.argmin(self.cost[columns])]) if len(columns) else None), True
        columns = columns[np.argsort(self.cost[columns], kind="stable")]
        found = next((column for column in columns[:MAX_TRIED].tolist() if self._improves(column)), None)
        return found, found is not None or len(columns) <= MAX_TRIED

    def _improving(self, columns: Columns) -> tuple[Columns, bool]:
        """Return the steps that improve the plan, the cheapest `MAX_TRIED` where only the exact objective can tell."""
        if self._is_linear and not self.program.pools:
            return columns, True
        tried = columns[np.argsort(self.cost[columns], kind="stable")[:MAX_TRIED]]
        return tried[[self._improves(column) for column in tried.tolist()]], len(columns) <= MAX_TRIED

    def _keep_rules(self) -> Mask:
        """Return which steps keep all hard rows but those of net reach, at the budget that they need."""
        rules = [rule for rule in self.problem.rules if isinstance(rule, RangeRule | EachRule) and rule.of_budget]
        rules = [rule for rule in rules if not has_chance(rule)]  # which is a quota
        moving = {BUDGET_LABEL, *(rule.label for rule in rules)}
        picks, allowed = np.flatnonzero(self.chosen), np.ones(len(self.program), dtype=bool)
        net_reach, replacing = self._net_reach_rows, np.flatnonzero(self.replaced >= 0)
        for number, row in enumerate(self.program.rows):
            if row.penalty is not None or row.label in moving or number in net_reach:
                continue
            activity = self.program.activity(number, picks)
            outside = np.full(len(allowed), not row.holds(activity))
            outside[row.columns] = _is_outside(row, activity + row.coefficients)
            given_up = row.coefficients_at(self.replaced[replacing])
            outside[replacing] = _is_outside(row, activity + row.coefficients_at(replacing) - given_up)
            allowed &= ~outside
        for quota in self.program.quotas:
            allowed &= ~self._break_quota(quota)
        for rule in rules:
            if isinstance(rule, EachRule):
                allowed = self._keep_each_share(rule, allowed)
            elif rule.soft is None:
                amounts = self._amounts(rule.measure, matching_offers(self.problem.roster, rule.selector))
                totals = int(amounts[self.chosen].sum()) + _changes(amounts, self.replaced)
                allowed = self._within(rule.bounds, totals, allowed)
        return allowed

    def _break_quota(self, quota: Quota) -> Mask:
        """Return which steps violate too many rows of a quota."""
        amounts = np.zeros((len(quota), len(self.program)), dtype=np.int64)
        amounts[:, quota.columns] = quota.amounts
        changes, replacing = amounts.copy(), np.flatnonzero(self.replaced >= 0)
        changes[:, replacing] -= amounts[:, self.replaced[replacing]]
        return _fails_too_often(quota, quota.activities(np.flatnonzero(self.chosen))[:, None] + changes)

    def _keep_each_share(self, rule: EachRule, allowed: Mask) -> Mask:
        """Return which of the allowed steps keep every creator's share of the budget, whose limits move with it."""
        each = amounts_of_choices(self.problem, rule)
        amounts = each.most
        allowed = self._within(rule.bounds, amounts, allowed) | (allowed & ~each.applies)
        picks = np.flatnonzero(self.chosen & each.applies)
        ascending = picks[np.argsort(amounts[picks])]
        for first, *others in (ascending.tolist(), ascending[::-1].tolist()) if len(picks) else ():
            limits = np.full_like(amounts, amounts[first])
            leaves = self.replaced == first  # who is replaced sets no limit any more
            limits[leaves] = amounts[others[0]] if others else amounts[leaves]
            allowed = self._within(rule.bounds, limits, allowed)
        return allowed

    def _amounts(self, measure: str, rows: Mask) -> Integers:
        return sum_over_choices(self.problem, find_measure(self.problem, measure), rows)

    def _within(self, bounds: Range, amounts: Integers, allowed: Mask) -> Mask:
        """Return which of the allowed steps have an amount within these shares of the budget that they need."""
        columns = np.flatnonzero(allowed)
        budgets, within = self.budgets(columns), np.zeros_like(allowed)
        holds = np.ones(len(columns), dtype=bool)
        for bound, compare in ((bounds.low, np.greater_equal), (bounds.high, np.less_equal)):
            if bound is not None:
                sides = times(amounts[columns], bound.denominator), times(budgets, bound.numerator)
                holds &= compare(*sides).astype(bool)
        within[columns] = holds
        return within

    def budgets(self, columns: NDArray[np.intp]) -> NDArray[Any]:
        """Return the budget that each step needs, or the campaign's where that is enough, in exact cents."""
        spendable = 1 - (self.problem.campaign.contingency or Fraction(0))
        spend = self.cost[columns] + int(self.program.cost[self.chosen].sum())
        needed = -(times(-spend, spendable.denominator) // spendable.numerator)
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
        if not all(program.rows[number].holds(program.activity(number, picks)) for number in self._net_reach_rows):
            return False
        return program.objective_value(picks) > self.program.objective_value(np.flatnonzero(self.chosen))


def _is_outside(row: Constraint, activities: Integers) -> Mask:
    """Return which activities are outside the bounds of a row."""
    outside = np.zeros(len(activities), dtype=bool)
    if row.lower is not None:
        outside |= activities < row.lower
    if row.upper is not None:
        outside |= activities > row.upper
    return outside


def _fails_too_often(quota: Quota, activities: Integers) -> Mask:
    """Return with which activities, (rows, steps), more rows of a quota are violated than may be."""
    failures: Integers = (activities < quota.floors[:, None]).sum(axis=0)
    return failures > quota.may_fail


def _changes(values: Integers, replaced: NDArray[np.intp]) -> Integers:
    """Return by how much a sum over the plan changes with each step."""
    changes, replacing = values.copy(), np.flatnonzero(replaced >= 0)
    changes[replacing] -= values[replaced[replacing]]
    return changes


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
