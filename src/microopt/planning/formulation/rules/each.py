"""`each creator MEASURE RANGE`: cost or result of every selected creator within a range."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.campaign import EachRule
from microopt.planning.each_amounts import amounts_of_choices, rows_of_rule
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.problem import PlanningProblem
from microopt.planning.ratios import find_ratio, violations_of_ratio
from microopt.solver.constraint import Constraint, constraint


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each such rule: the violations of all selected choices add up to at most 0."""
    for rule in problem.rules:
        if not isinstance(rule, EachRule):
            continue
        ratio = find_ratio(problem, rule.measure)
        if ratio is not None:
            violation, unit = violations_of_ratio(problem, rule.label, ratio, rule.bounds, rows_of_rule(problem, rule))
            yield constraint(rule.label, violation, upper=0, unit=unit)
        else:
            amounts = amounts_of_choices(problem, rule)
            violation = amounts.excess(*integer_bounds(rule.bounds, amounts.scale))
            yield constraint(rule.label, violation, upper=0, unit=amounts.unit)
