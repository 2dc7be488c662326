"""Which rule a plan for the worst outcomes keeps least often once results vary and creators decline.

A plan keeps its rules as planned: with what is expected, and if everybody accepts. In an outcome it may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule, Rule
from microopt.plan.tail import WeakestRule
from microopt.planning.audit import is_soft
from microopt.planning.outcomes.outcomes import Outcomes
from microopt.planning.outcomes.rules_in_outcomes import rule_holds
from microopt.planning.problem import PlanningProblem, restrict
from microopt.solver.program import Columns

if TYPE_CHECKING:
    from microopt.forecast.scenarios import Scenarios


def weakest_rule(problem: PlanningProblem, draws: Scenarios, picks: Columns) -> WeakestRule | None:
    """Return the rule that a plan keeps in the fewest draws, None if it keeps all in every draw.

    Parameters
    ----------
    draws
        The fresh draws of all offers of some choices, those of the plan among them.
    """
    rules = list(_judged_rules(problem))
    if not rules or not len(picks):
        return None
    outcomes = _outcomes_of(problem, draws, picks)
    held = [int(rule_holds(outcomes, rule).sum()) for rule in rules]
    least = min(held)
    if least == draws.count:
        return None
    return WeakestRule(label=rules[held.index(least)].label, share=Fraction(least, draws.count))


def _judged_rules(problem: PlanningProblem) -> Iterator[Rule]:
    """Yield the hard rules of the user that say nothing of their chance themselves."""
    running = problem.campaign.running
    added = () if running is None else running.stability  # by replan, to keep what it can
    for rule in problem.rules:
        has_chance = isinstance(rule, RangeRule) and rule.chance is not None
        if not is_soft(rule) and not has_chance and rule.label not in added:
            yield rule


def _outcomes_of(problem: PlanningProblem, draws: Scenarios, picks: Columns) -> Outcomes:
    """Return the draws of the offers that a plan buys alone."""
    assert draws.rows is not None
    chosen = np.zeros(problem.choice_count, dtype=bool)
    chosen[picks] = True
    places = np.flatnonzero(chosen[problem.choice[draws.rows]])
    own = replace(
        draws,
        metrics={name: amounts[places] for name, amounts in draws.metrics.items()},
        accepted=draws.accepted[places],
        cost=draws.cost[places],
        revenue=None if draws.revenue is None else draws.revenue[places],
        rows=None,
    )
    return Outcomes(problem=restrict(problem, chosen, problem.campaign), scenarios=own)
