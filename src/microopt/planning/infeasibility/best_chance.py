"""In how many scenarios any plan can keep a rule, where it cannot in as many as the rule asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from functools import partial
from math import floor

from microopt.campaign.campaign import RangeRule
from microopt.errors import AuditError, BackendError
from microopt.plan.chance import BestChance
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.formulation.rules.chance import has_chance
from microopt.planning.infeasibility.repairs import require_a_pick
from microopt.planning.problem import PlanningProblem
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram
from microopt.solver.quota_expansion import fewest_failures
from microopt.solver.result import SolveLimits
from microopt.solver.search import solve

SOLVE_SHARE = 0.25  # of the time left, for each rule


def best_chances(
    problem: PlanningProblem, labels: Collection[str], solver: Backend, time_budget: TimeBudget
) -> Iterator[BestChance]:
    """Yield the best chance of each rule with one of these labels, while all other rules are kept.

    Rules without any plan that keeps the others are left out, as are those for which no time is left. The campaign is
    proven to have no plan, so that no rule has the chance that it asks for.

    Raises
    ------
    AuditError
        If a plan keeps all rules after all.
    """
    rules = [rule for rule in problem.rules if has_chance(rule) and rule.label in labels]
    if not rules:
        return
    program = require_a_pick(formulate(problem.without_soft_rules(), zero_objective(problem)))
    for rule in rules:
        assert isinstance(rule, RangeRule)
        best = time_budget.run(partial(_best_chance, program, rule, solver), "best chance", SOLVE_SHARE)
        if best is not None:
            yield best


def _best_chance(program: IntegerProgram, rule: RangeRule, solver: Backend, limits: SolveLimits) -> BestChance | None:
    expanded = fewest_failures(program, rule.label)
    quota = next(each for each in program.quotas if each.label == rule.label)
    scenarios, needed = len(quota), len(quota) - quota.may_fail
    try:
        result = solve(expanded.program, solver.successor or solver, limits, cheapest=False)
    except (AuditError, BackendError):
        return None  # the diagnosis does not depend on it
    if result.objective is None or result.bound is None or rule.chance is None:
        return None
    kept = scenarios + int(result.objective)
    if kept >= needed:
        message = f"{solver.name} calls the campaign infeasible, but a plan keeps all its rules"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    possible = max(kept, min(floor(scenarios + result.bound), needed - 1))  # as many as needed have no plan, proven
    return BestChance(
        label=rule.label,
        share=Fraction(kept, scenarios),
        at_most=Fraction(possible, scenarios),
        asked=rule.chance,
        scenarios=scenarios,
    )
