"""Rules that no offer of the roster keeps, such as `each creator spend <= 20` where the lowest fee is $25."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from microopt.campaign.campaign import EachRule, RangeRule, Rule
from microopt.campaign.earnings import EARNINGS, PROFIT, ratio_name, ratio_title
from microopt.campaign.metrics import METRICS, NET_REACH, TARGET_METRICS, canonical_measure
from microopt.campaign.wave_rules import GAP
from microopt.planning.each_amounts import EachAmounts, amounts_of_choices
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import Measure, find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.ratios import Ratio, find_ratio, format_ratio, violations_of_ratio
from microopt.quantities.parse_and_format import Range, format_bound, format_count, format_money
from microopt.roster.selection import matching_offers


def rule_that_allows_nobody(problem: PlanningProblem) -> str:
    """Return which rule alone keeps every creator out, with the one who comes nearest; empty if none does."""
    for rule in problem.rules:
        bounds = _limits_of_one(rule)
        if bounds is None or not problem.choice_count:
            continue
        assert isinstance(rule, RangeRule | EachRule)
        ratio = find_ratio(problem, rule.measure)
        if ratio is not None:
            if nearest_one := _nearest_to_ratio(problem, rule, ratio):
                return f"your rule {rule.label} allows nobody: {nearest_one}"
            continue
        amounts = _amounts(problem, rule)
        excess = amounts.excess(*integer_bounds(bounds, amounts.scale))
        if excess.all():
            nearest = int(np.argmin(excess))
            figure = _describe(problem, find_measure(problem, rule.measure), nearest, int(amounts.most[nearest]))
            return f"your rule {rule.label} allows nobody: {figure}"
    return ""


def _amounts(problem: PlanningProblem, rule: RangeRule | EachRule) -> EachAmounts:
    """Return what each choice has of what a rule limits."""
    if isinstance(rule, RangeRule):
        rule = EachRule(label=rule.label, measure=rule.measure, bounds=rule.bounds, of_budget=rule.of_budget)
    return amounts_of_choices(problem, rule)


def _limits_of_one(rule: Rule) -> Range | None:
    """Return the limits that a creator must keep even if bought alone, None if the rule has none."""
    if isinstance(rule, EachRule):
        return None if rule.measure == GAP else rule.bounds  # a single post has no gap
    if not isinstance(rule, RangeRule) or canonical_measure(rule.measure) == "count":  # which every creator is one of
        return None
    if rule.chance is not None or rule.mean or rule.soft or rule.selector.clauses or rule.measure == NET_REACH:
        return None
    if ratio_name(rule.measure):  # of many creators, it is between the ratios of single ones
        return rule.bounds if None in (rule.bounds.low, rule.bounds.high) else None
    if canonical_measure(rule.measure) == PROFIT:  # which a creator with a loss lowers
        return None
    is_share_of_plan = rule.bounds.percent and not rule.of_budget
    return None if is_share_of_plan or rule.bounds.high is None else Range(None, rule.bounds.high)


def _nearest_to_ratio(problem: PlanningProblem, rule: RangeRule | EachRule, ratio: Ratio) -> str | None:
    """Return who comes nearest to a ratio that no creator keeps alone, None if one does."""
    rows = matching_offers(problem.roster, rule.selector)
    violations, _ = violations_of_ratio(problem, rule.label, ratio, rule.bounds, rows)
    if not (violations > 0).all():
        return None
    above, below = (problem.sum_by_choice(each.weights).astype(float) for each in (ratio.above, ratio.below))
    value = above / np.where(below > 0, below, np.nan) * float(ratio.factor)
    low, high = (None if bound is None else float(bound) for bound in (rule.bounds.low, rule.bounds.high))
    outside = np.maximum(0 if low is None else low - value, 0 if high is None else value - high)
    if np.isnan(outside).all():
        return f"nobody is expected to bring {ratio.below.name.replace('_', ' ')}"
    nearest = int(np.nanargmin(outside))
    figure = format_ratio(ratio.name, Fraction(float(value[nearest])), problem.currency)
    return f"{_name(problem, nearest)} comes nearest, with a {ratio_title(ratio.name)} of {figure}"


def _describe(problem: PlanningProblem, measure: Measure, choice: int, amount: int) -> str:
    """Return who comes nearest, in which row, and with how much."""
    if measure.name == "spend":
        figure = f"at {format_money(amount, problem.currency)}"
    elif measure.name in EARNINGS:
        figure = f"with {measure.name} of {format_money(amount, problem.currency)}"
    elif measure.name in (*METRICS, *TARGET_METRICS):
        figure = f"with {format_count(amount / measure.scale)} {measure.name}"
    else:
        figure = f"with {measure.name} {format_bound(measure.to_user_units(amount), False)}"
    return f"{_name(problem, choice)} comes nearest, {figure}"


def _name(problem: PlanningProblem, choice: int) -> str:
    """Return the creator of a choice, and its row."""
    first, roster = int(np.searchsorted(problem.choice, choice)), problem.roster
    return f"{roster.texts['creator'][first].strip()} (row {int(roster.row[first]):,})"
