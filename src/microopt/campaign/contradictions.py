"""Find rules that contradict one another on any roster."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import Campaign, RangeRule
from microopt.campaign.earnings import ratio_name
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.rules_by_wave import as_written, rules_by_wave
from microopt.errors import Fault
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import format_bound

QuantityKey = tuple[object, ...]
SINGLE_VALUED_COLUMNS = ("tier", "platform", "region", WAVE)  # an offer has a single value in each of these columns


def find_contradictions(campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return a fault for each pair of rules whose ranges for the same quantity do not overlap.

    Contradictory shares of the plan, or means, are warnings: a plan without anything that they measure meets both.
    """
    faults: list[Fault] = []
    warnings: list[str] = []
    expanded = dict.fromkeys(rules_by_wave(campaign.rules, campaign.calendar))
    ranges = [rule for rule in expanded if isinstance(rule, RangeRule) and rule.soft is None]
    rules = [rule for rule in ranges if rule.chance is None]  # what holds in some scenarios says nothing of others
    for (first, key), (second, other_key) in combinations(zip(rules, map(_quantity_key, rules), strict=True), 2):
        if key == other_key and _ranges_disjoint(first, second):
            labels = as_written(campaign, (first.label, second.label))
            message = f"rules {labels[0]!r} and {labels[-1]!r} contradict each other"
            if ratio_name(first.measure) and not first.mean:
                warnings.append(f"{message}: only a plan with no such creators keeps both")
            elif first.mean or (first.bounds.percent and not first.of_budget):
                nothing = "no such creators" if first.mean else _nothing_of(first.measure)
                warnings.append(f"{message}: only a plan with {nothing} keeps both")
            else:
                fix = f"drop {labels[0]!r} or {labels[-1]!r}"
                faults.append(Fault(code="rules-contradict", message=message, fix=fix))
    warnings += shares_above_total(campaign, rules)
    return [*dict.fromkeys(faults)], [*dict.fromkeys(warnings)]  # of rules on each wave, once


def shares_above_total(campaign: Campaign, rules: list[RangeRule]) -> Iterator[str]:
    """Yield a warning if the minimum shares of disjoint groups add up to more than 100%."""
    groups: dict[QuantityKey, list[RangeRule]] = {}
    for rule in rules:
        clauses = rule.selector.clauses
        if rule.bounds.percent and rule.bounds.low and not rule.of_budget and len(clauses) == 1:
            column, measure = header_key(clauses[0].column), header_key(canonical_measure(rule.measure))
            if column in SINGLE_VALUED_COLUMNS and measure != "count":
                groups.setdefault((column, measure), []).append(rule)
    for same_group in groups.values():
        largest = _largest_shares(same_group)
        total = sum(map(_minimum, largest), Fraction(0))
        if total > 1:
            written = as_written(campaign, [rule.label for rule in same_group if rule in largest])
            several = "rules" if len(written) > 1 else "the waves of rule"
            verb = "add up to" if len(written) > 1 else "need"
            demand = f"{several} {' and '.join(map(repr, written))} {verb} {format_bound(total, True)}"
            nothing, them = _nothing_of(same_group[0].measure), "them" if len(written) > 1 else "it"
            yield f"{demand}: only a plan with {nothing} keeps {them}"


def _largest_shares(rules: list[RangeRule]) -> list[RangeRule]:
    """Return rules on groups without overlap, the largest share first, until they add up to more than 100%."""
    taken: list[RangeRule] = []
    names: set[str] = set()
    for rule in sorted(rules, key=_minimum, reverse=True):
        clause = rule.selector.clauses[0]
        values = {clause.value_key(value) for value in clause.values}
        if sum(map(_minimum, taken), Fraction(0)) <= 1 and not names & values:
            taken.append(rule)
            names |= values
    return taken


def _minimum(rule: RangeRule) -> Fraction:
    return rule.bounds.low or Fraction(0)


def _nothing_of(measure: str) -> str:
    name = canonical_measure(measure)
    return "no creators" if name == "count" else f"no {name}"


def _quantity_key(rule: RangeRule) -> QuantityKey:
    """Return a key that two rules have in common if they bound the same quantity."""
    return (
        rule.selector.meaning,
        rule.base.meaning,
        header_key(canonical_measure(rule.measure)),
        rule.mean,
        rule.bounds.percent,
        rule.of_budget,
    )


def _ranges_disjoint(first: RangeRule, second: RangeRule) -> bool:
    lows = [rule.bounds.low for rule in (first, second) if rule.bounds.low is not None]
    highs = [rule.bounds.high for rule in (first, second) if rule.bounds.high is not None]
    return bool(lows and highs) and max(lows) > min(highs)
