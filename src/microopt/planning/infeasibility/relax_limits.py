"""Offers bought -> the campaign that they keep: each limit they break moved to where they are, the rest as it was."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, log10

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, EachRule, Goal, PairRule, RangeRule, Rule, Selector
from microopt.campaign.metrics import METRICS, NET_REACH, canonical
from microopt.campaign.rule_grammar import print_rule
from microopt.plan.plan import Change
from microopt.planning.audit import each_amounts, is_soft, rule_usage, satisfies
from microopt.planning.build_problem import rules_of, target_label
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range, print_exact
from microopt.roster.selection import offers_named

NEVER_NEGATIVE = ("count", "spend", *METRICS, NET_REACH)
DIGITS = 6  # of a limit that is neither a count nor money
FINEST = Fraction(1, 10**9)  # what the grammar reads
TENTH = Fraction(1, 1000)  # of a percent: how finely a share is told


class RelaxedProblem(Struct, frozen=True, kw_only=True, eq=False):
    """A case that offers bought keep, and what was changed for it."""

    case: PlanningProblem
    changes: tuple[Change, ...]


def relax_to_fit(case: PlanningProblem, bought: NDArray[np.bool_]) -> RelaxedProblem:
    """Return the case whose limits these offers keep.

    Parameters
    ----------
    bought
        (rows,) offers of the case, one choice a creator, that keep the roster's conflicts.
    """
    changes = [*_budget(case, bought)]
    if changes:  # before shares of it are looked at
        case = _with(case, replace(case.campaign, budget=int(case.forecast.cost[bought].sum())))
    campaign = case.campaign
    kept = [name for name in campaign.include if (offers_named(case.roster, name) & bought).any()]
    changes += [Change(label=f"include {name}") for name in campaign.include if name not in kept]
    rules = [(rule, _rule(case, rule, bought)) for rule in campaign.rules]
    changes += [change for rule, found in rules for change in _told(rule, found)]
    targets = {name: _target(case, name, amount, bought) for name, amount in campaign.goal.targets.items()}
    changes += [
        _lowered(name, amount, targets[name])
        for name, amount in campaign.goal.targets.items()
        if targets[name] < amount
    ]
    asked = replace(
        campaign,
        include=tuple(kept),
        rules=tuple(found for _, found in rules if found is not None),
        goal=replace(campaign.goal, targets=targets),
    )
    return RelaxedProblem(case=_with(case, asked), changes=tuple(dict.fromkeys(changes)))  # a rule may be written twice


def _with(case: PlanningProblem, campaign: Campaign) -> PlanningProblem:
    return replace(case, campaign=campaign, rules=tuple(rules_of(campaign)))


def _budget(case: PlanningProblem, bought: NDArray[np.bool_]) -> Iterator[Change]:
    spent, budget = int(case.forecast.cost[bought].sum()), case.campaign.budget
    if budget is not None and spent > budget:
        now = Fraction(spent, 100)
        becomes = f"budget {print_exact(now, False)}"
        yield Change(label="budget", was=Fraction(budget, 100), now=now, becomes=becomes, money=True)


def _rule(case: PlanningProblem, rule: Rule, bought: NDArray[np.bool_]) -> Rule | None:
    """Return the rule as these offers keep it, the same object where they do; None where it is dropped."""
    if isinstance(rule, PairRule):
        return rule if _is_kept(case, rule, bought) else None
    if is_soft(rule):
        return rule
    low, high = rule.bounds.low, rule.bounds.high
    broken = [piece for piece in _of_one_kind(case, rule) if not _is_kept(case, piece, bought)]
    if not broken:
        return rule
    for piece in broken:
        least, most = _reached(case, piece, bought)
        low = low if piece.bounds.low is None else min(piece.bounds.low, _outward(least, -1, piece.bounds.percent))
        high = high if piece.bounds.high is None else max(piece.bounds.high, _outward(most, 1, piece.bounds.percent))
    if high is None and low == 0 and canonical(rule.measure) in NEVER_NEGATIVE:
        return None  # whatever is bought keeps a floor of nothing
    changed = replace(rule, bounds=Range(low, high, rule.bounds.percent))
    if not all(_is_kept(case, piece, bought) for piece in _of_one_kind(case, changed)):
        return None  # a share of a total below 0 is kept by no share
    return replace(changed, label=print_rule(changed))


def _is_kept(case: PlanningProblem, rule: Rule, bought: NDArray[np.bool_]) -> bool:
    return satisfies(case, rule, bought, rule_usage(case, rule, bought))


def _of_one_kind(case: PlanningProblem, rule: RangeRule | EachRule) -> Iterator[RangeRule | EachRule]:
    """Yield a rule as the case has it: of net reach a floor, and a cap of gross reach beside it."""
    for piece in rules_of(replace(case.campaign, rules=(rule,), goal=Goal())):
        assert not isinstance(piece, PairRule)
        yield piece


def _reached(case: PlanningProblem, rule: RangeRule | EachRule, bought: NDArray[np.bool_]) -> tuple[Fraction, Fraction]:
    """Return the least and the most that these offers make of a rule."""
    if isinstance(rule, EachRule):
        amounts, scale = each_amounts(case, rule, bought)
        return Fraction(min(amounts), scale), Fraction(max(amounts), scale)
    used = rule_usage(case, rule, bought).used
    assert used is not None
    return used, used


def _outward(value: Fraction, sign: int, share: bool) -> Fraction:
    """Return a value as a limit that can be written: counts and money as they are, others rounded away from it.

    Parameters
    ----------
    sign
        1 to round up, -1 to round down.
    """
    if not share and 100 % value.denominator == 0:
        return value
    step = TENTH if share else max(FINEST, Fraction(10) ** (floor(log10(abs(value))) + 1 - DIGITS))
    return sign * ceil(sign * value / step) * step


def _told(rule: Rule, found: Rule | None) -> Iterator[Change]:
    """Yield what has become of a rule, one change for each side."""
    if found is None:
        yield Change(label=rule.label)
    if found is None or isinstance(rule, PairRule) or isinstance(found, PairRule):
        return
    share = rule.bounds.percent
    money = not share and canonical(rule.measure) == "spend"
    for was, now in ((rule.bounds.low, found.bounds.low), (rule.bounds.high, found.bounds.high)):
        if was != now:
            yield Change(label=rule.label, was=was, now=now, becomes=found.label, share=share, money=money)


def _target(case: PlanningProblem, measure: str, amount: Fraction, bought: NDArray[np.bool_]) -> Fraction:
    """Return what of a target these offers reach, the target itself where they do."""
    rule = RangeRule(label=measure, selector=Selector(), measure=measure, bounds=Range(amount, None))
    if _is_kept(case, rule, bought):
        return amount
    return _outward(_reached(case, rule, bought)[0], -1, share=False)


def _lowered(measure: str, was: Fraction, now: Fraction) -> Change:
    label, becomes = target_label(measure, was), f"target {measure} >= {print_exact(now, False)}"
    return Change(label=label, was=was, now=now, becomes=becomes, money=canonical(measure) == "spend")
