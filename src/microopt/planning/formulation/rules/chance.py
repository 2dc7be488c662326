"""`SELECTOR MEASURE RANGE in 90%`: a total between constants in all but a few of the scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule, Rule
from microopt.errors import CampaignError
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.scenario_values import measure_in_scenarios, scenarios_of, sum_by_choice
from microopt.roster.selection import matching_offers
from microopt.solver.arrays import check_exact_sum
from microopt.solver.quota import Quota

if TYPE_CHECKING:
    from microopt.forecast.scenarios import Scenarios

MOST_SCENARIOS = 2_000
MOST_CELLS = 20_000_000  # choices times scenarios


def has_chance(rule: Rule) -> bool:
    """Whether a rule is to hold in a share of the scenarios."""
    return isinstance(rule, RangeRule) and rule.chance is not None


def may_fail(chance: Fraction, scenarios: int) -> int:
    """Return in how many scenarios a rule with this chance may fail."""
    return floor((1 - chance) * scenarios)


def rule_scenarios(problem: PlanningProblem) -> Scenarios:
    """Return the scenarios by which a campaign's rules with a chance are counted."""
    settings = problem.campaign.scenarios
    return scenarios_of(problem, count=settings.count, seed=settings.seed)


def quotas(problem: PlanningProblem) -> Iterator[Quota]:
    """Yield the quota of each rule with a chance: its scenarios, as floors."""
    rules = [rule for rule in problem.rules if isinstance(rule, RangeRule) and rule.chance is not None]
    if not rules:
        return
    _refuse_too_many(problem)
    scenarios = rule_scenarios(problem)
    for rule in rules:
        assert rule.chance is not None
        amounts, limit = amounts_in_scenarios(problem, rule, scenarios), limit_of_rule(problem, rule)
        check_exact_sum(rule.label, np.abs(amounts).max(axis=1, initial=0))
        sign = 1 if rule.bounds.high is None else -1
        columns = np.flatnonzero(amounts.any(axis=1))
        yield Quota(
            label=rule.label,
            columns=columns,
            amounts=np.ascontiguousarray(sign * amounts[columns].T),
            floors=np.full(scenarios.count, sign * limit, dtype=np.int64),
            may_fail=may_fail(rule.chance, scenarios.count),
        )


def _refuse_too_many(problem: PlanningProblem) -> None:
    """Refuse more scenarios than a search can give up or keep one by one.

    Raises
    ------
    CampaignError
        With how many there may be.
    """
    count, most = problem.campaign.scenarios.count, min(MOST_SCENARIOS, MOST_CELLS // max(1, problem.choice_count))
    if count > most:
        message = f"a rule with a chance can count up to {most:,} scenarios on this list, not {count:,}"
        fix = f"plan with --scenarios {min(most, 200)}, and count the chances in more with microopt simulate"
        raise CampaignError(message, fix=fix, code="scenarios-range")


def limit_of_rule(problem: PlanningProblem, rule: RangeRule) -> int:
    """Return the one limit of a rule with a chance, on the scale of its measure."""
    scale = (problem.campaign.budget or 0) if rule.of_budget else find_measure(problem, rule.measure).scale
    lower, upper = integer_bounds(rule.bounds, scale)
    limit = lower if upper is None else upper
    assert limit is not None
    return limit


def amounts_in_scenarios(problem: PlanningProblem, rule: RangeRule, scenarios: Scenarios) -> NDArray[np.int64]:
    """Return what each choice has of what a rule limits in each scenario, (choices, scenarios); creators count once."""
    selected = matching_offers(problem.roster, rule.selector)
    amounts = np.where(selected[:, None], measure_in_scenarios(problem, scenarios, rule.measure), 0)
    sums = sum_by_choice(problem, amounts)
    return np.minimum(sums, 1) if find_measure(problem, rule.measure).name == "count" else sums
