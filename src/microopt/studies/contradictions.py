"""Rules that contradict one another by themselves, whatever the roster holds."""

from __future__ import annotations

from itertools import combinations

from microopt.campaign import Campaign, RangeRule, Selector
from microopt.errors import Fault
from microopt.measures import canonical
from microopt.roster import header_key, match_key

Kind = tuple[object, ...]


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
    return faults, warnings


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
