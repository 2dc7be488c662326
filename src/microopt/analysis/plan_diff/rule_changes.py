"""Rules that a second campaign adds, drops or changes, and whom such a change pushes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, EachRule, PairRule, RangeRule, Relation, Rule, Selector
from microopt.campaign.metrics import canonical
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import Range, print_bound, print_range


class RuleChange(Struct, frozen=True, kw_only=True):
    """A rule of the first campaign and the one that stands in its place in the second; None where there is none."""

    before: Rule | None
    after: Rule | None

    @property
    def told(self) -> str:
        """The change in the rule's own words: `niche:beauty count 2..5 -> 3..6`."""
        if self.before is None or self.after is None:
            return " ".join(rule.label for rule in (self.before, self.after) if rule is not None)
        return f"{self.before.label} -> {_range(self.after)}"


def rule_changes(before: Campaign, after: Campaign) -> tuple[RuleChange, ...]:
    """Return what a second campaign does otherwise: rules of one selector and measure are one rule that changed.

    How a rule is spelled makes no difference.
    """
    old, new = _distinct(before.rules), _distinct(after.rules)
    gone = [rule for meaning, rule in old.items() if meaning not in new]
    come = [rule for meaning, rule in new.items() if meaning not in old]
    found = []
    for rule in gone:
        alike, others = _of(_matter(rule), gone), _of(_matter(rule), come)
        partner = others[alike.index(rule)] if len(alike) == len(others) else None
        found.append(RuleChange(before=rule, after=partner))
    taken = [change.after for change in found]
    return (*found, *(RuleChange(before=None, after=rule) for rule in come if rule not in taken))


def _distinct(rules: Sequence[Rule]) -> dict[Any, Rule]:
    """Return the rules by all that they mean, however they are spelled."""
    return {(_matter(rule), _bounds(rule)): rule for rule in rules}


def _of(matter: Any, rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if _matter(rule) == matter]


def _matter(rule: Rule) -> Any:
    """Return what a rule is about: two rules about one matter differ only in their range."""
    if isinstance(rule, PairRule):
        return rule.relation, _meaning(rule.left), _meaning(rule.right)
    measure = header_key(canonical(rule.measure))
    return ("each", measure) if isinstance(rule, EachRule) else (_meaning(rule.selector), measure, rule.mean)


def _meaning(selector: Selector) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset(
        (header_key(clause.column), frozenset(map(match_key, clause.values))) for clause in selector.clauses
    )


def _bounds(rule: Rule) -> Any:
    if isinstance(rule, PairRule):
        return None
    return rule.bounds, rule.of_budget, rule.soft if isinstance(rule, RangeRule) else None


def _range(rule: Rule) -> str:
    """Return the range of a rule as the grammar writes it."""
    if isinstance(rule, PairRule):
        return rule.label
    told = print_range(rule.bounds) + (" of budget" if rule.of_budget else "")
    if isinstance(rule, RangeRule) and rule.soft is not None:
        told += f" (soft {print_bound(rule.soft.amount, rule.soft.percent)})"
    return told


def newly_excluded(old: Rule | None, new: Rule | None) -> Iterator[tuple[Rule, Selector]]:
    """Yield (rule, selector) of whom it may cost a place that a new rule stands for an old one.

    A cap that falls pushes out those it counts, a floor that falls no longer holds them in. A rule on a mean, or on
    each creator, pushes whoever it counts at both ends.
    """
    if isinstance(new, PairRule):
        yield new, new.left
        if new.relation is Relation.EXCLUDES:
            yield new, new.right
    elif new is not None:
        both = isinstance(new, EachRule) or new.mean
        if _cap_falls(old, new) or (both and _cap_falls(_upside_down(old), _upside_down(new))):
            yield new, Selector() if isinstance(new, EachRule) else new.selector
    if isinstance(old, PairRule):
        if old.relation is Relation.REQUIRES:
            yield old, old.right
    elif isinstance(old, RangeRule) and not old.mean and _cap_falls(_upside_down(new), _upside_down(old)):
        yield old, old.selector


def _cap_falls(old: Rule | None, new: Rule | None) -> bool:
    """Whether the upper bound of a rule is new, is lower, or is one of another kind."""
    if new is None or isinstance(new, PairRule) or new.bounds.high is None:
        return False
    if old is None or isinstance(old, PairRule) or old.bounds.high is None:
        return True
    if (old.bounds.percent, old.of_budget) != (new.bounds.percent, new.of_budget):
        return True
    return new.bounds.high < old.bounds.high or (new.bounds.high == old.bounds.high and _harder(old, new))


def _harder(old: Rule, new: Rule) -> bool:
    """Whether the same bound costs more to go beyond."""
    was, now = (rule.soft if isinstance(rule, RangeRule) else None for rule in (old, new))
    if was is None or now is None:
        return was is not None
    return was.percent != now.percent or now.amount > was.amount


def _upside_down(rule: Rule | None) -> Rule | None:
    """Return a rule whose floor is a cap: what falls of it has risen."""
    if rule is None or isinstance(rule, PairRule):
        return rule
    low, high = (None if bound is None else Fraction(-bound) for bound in (rule.bounds.low, rule.bounds.high))
    return replace(rule, bounds=Range(high, low, rule.bounds.percent))
