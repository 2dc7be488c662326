"""Rules that contradict one another by themselves, whatever the roster holds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from microopt.campaign.campaign import Campaign, RangeRule, Selector
from microopt.campaign.metrics import canonical
from microopt.errors import Fault
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import print_bound

Kind = tuple[object, ...]
ONE_EACH = ("tier", "platform", "region")  # an offer has one value of each


def contradictions(campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return a fault for each two rules whose ranges for the same amount do not meet.

    Shares of the plan and means are met by a plan that has nothing of what they measure: these are warnings.
    """
    faults: list[Fault] = []
    warnings: list[str] = []
    rules = [rule for rule in campaign.rules if isinstance(rule, RangeRule) and rule.soft is None]
    for one, other in combinations(rules, 2):
        if _kind(one) == _kind(other) and _apart(one, other):
            message = f"rules {one.label!r} and {other.label!r} contradict each other"
            if one.mean or (one.bounds.percent and not one.of_budget):
                warnings.append(f"{message}: only a plan with nothing of it keeps both")
            else:
                faults.append(Fault(code="rules-contradict", message=message, fix="drop one of the two"))
    return faults, [*warnings, *_beyond_all(rules)]


def _beyond_all(rules: list[RangeRule]) -> Iterator[str]:
    """Yield that shares of groups that no offer has two of add up to more than all there is."""
    groups: dict[Kind, list[RangeRule]] = {}
    for rule in rules:
        clauses = rule.selector.clauses
        if rule.bounds.percent and rule.bounds.low and not rule.of_budget and len(clauses) == 1:
            column, measure = header_key(clauses[0].column), header_key(canonical(rule.measure))
            if column in ONE_EACH and measure != "count":
                groups.setdefault((column, measure), []).append(rule)
    for found in groups.values():
        names = [match_key(value) for rule in found for value in rule.selector.clauses[0].values]
        total = sum((rule.bounds.low or Fraction(0) for rule in found), Fraction(0))
        if total > 1 and len(set(names)) == len(names):
            told = " and ".join(repr(rule.label) for rule in found)
            yield f"rules {told} ask for {print_bound(total, True)} together: only a plan with nothing of it keeps them"


def _kind(rule: RangeRule) -> Kind:
    """Return what two rules on the same amount share."""
    return _meaning(rule.selector), header_key(canonical(rule.measure)), rule.mean, rule.bounds.percent, rule.of_budget


def _meaning(selector: Selector) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset(
        (header_key(clause.column), frozenset(map(match_key, clause.values))) for clause in selector.clauses
    )


def _apart(one: RangeRule, other: RangeRule) -> bool:
    lows = [rule.bounds.low for rule in (one, other) if rule.bounds.low is not None]
    highs = [rule.bounds.high for rule in (one, other) if rule.bounds.high is not None]
    return bool(lows and highs) and max(lows) > min(highs)
