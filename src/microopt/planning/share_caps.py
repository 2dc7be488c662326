"""Caps on shares that together allow less than the whole, so that only an empty plan keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from microopt.campaign.campaign import RangeRule
from microopt.campaign.metrics import canonical_measure
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import format_bound
from microopt.roster.selection import matching_offers

COUNT_WORDS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def caps_below_total(problem: PlanningProblem) -> str:
    """Return why caps on shares of one measure leave only an empty plan, or empty text if they leave more.

    The caps on the values of one column, such as the niche, are added up: where every offer falls under one of them
    and they sum to less than 100%, any plan has more than they allow.
    """
    for rules in _caps_by_column(problem):
        total = sum((rule.bounds.high or Fraction(0) for rule in rules), Fraction(0))
        if total < 1 and _covers_everyone(problem, rules):
            return _describe(rules, total)
    return ""


def _caps_by_column(problem: PlanningProblem) -> Iterator[list[RangeRule]]:
    caps: dict[tuple[str, ...], list[RangeRule]] = {}
    for rule in problem.rules:
        if isinstance(rule, RangeRule) and _is_hard_cap(rule):
            columns = sorted(header_key(clause.column) for clause in rule.selector.clauses)
            caps.setdefault((header_key(canonical_measure(rule.measure)), *columns), []).append(rule)
    yield from caps.values()


def _is_hard_cap(rule: RangeRule) -> bool:
    of_plan = rule.bounds.percent and not rule.of_budget and not rule.mean
    return of_plan and rule.bounds.high is not None and rule.soft is None


def _covers_everyone(problem: PlanningProblem, rules: list[RangeRule]) -> bool:
    covered = np.zeros(len(problem), dtype=bool)
    for rule in rules:
        covered |= matching_offers(problem.roster, rule.selector)
    return bool(covered.all())


def _describe(rules: list[RangeRule], total: Fraction) -> str:
    count = len(rules)
    caps = COUNT_WORDS[count] if count < len(COUNT_WORDS) else f"{count:,}"
    subject = "the cap allows" if count == 1 else f"the {caps} caps together allow"
    measure = canonical_measure(rules[0].measure)
    whole = "the creators" if measure == "count" else f"the {measure}"
    belongs = "belongs to it" if count == 1 else "belongs to one of them"
    keeps = "keeps it" if count == 1 else "keeps them"
    share = format_bound(total, True)
    labels = "; ".join(rule.label for rule in rules[:3]) + ("; ..." if count > 3 else "")
    return f"{subject} {share} of {whole} and every creator {belongs}, so only an empty plan {keeps} ({labels})"
