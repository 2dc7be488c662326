"""Recompute every rule from the picks alone, outside the solver and its program."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from microopt.campaign import PairRule, RangeRule, Relation
from microopt.case import Case
from microopt.errors import AuditError
from microopt.measures import measure
from microopt.plan import RuleUse
from microopt.roster import match_key
from microopt.selection import selected
from microopt.solver.program import Picks, Program


def audit(case: Case, program: Program, picks: Picks, value: int) -> tuple[RuleUse, ...]:
    """Return what the picks make of each rule.

    Budget, rules and value are worked out anew, in integers and fractions, from roster, forecast and campaign.

    Raises
    ------
    AuditError
        If anything is broken, or the value is not what was claimed.
    """
    bought = program.chosen(picks)
    broken = []
    if int(case.forecast.cost[bought].sum()) > case.campaign.budget:
        broken.append("budget")
    if len(np.unique(case.roster.creator_id[bought])) != int(bought.sum()):
        broken.append("one offer of a creator")
    if not {match_key(name) for name in case.campaign.include} <= _creators(case, bought):
        broken.append("include")
    uses = [_use(case, rule, bought) for rule in case.campaign.rules]
    broken += [
        use.label for use, rule in zip(uses, case.campaign.rules, strict=True) if not _kept(case, rule, bought, use)
    ]
    if int(program.value[bought].sum()) != value:
        broken.append("the plan's value")
    if broken:
        message = f"the solver's answer does not hold: {', '.join(broken)}"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    return tuple(_binding(program, use, bought) for use in uses)


def _creators(case: Case, bought: NDArray[np.bool_]) -> set[str]:
    return {match_key(case.roster.texts["creator"][int(row)]) for row in np.flatnonzero(bought)}


def _use(case: Case, rule: RangeRule | PairRule, bought: NDArray[np.bool_]) -> RuleUse:
    if isinstance(rule, PairRule):
        return RuleUse(label=rule.label, used=Fraction(_pairs_broken(case, rule, bought)), at_most=Fraction(0))
    what = measure(case, rule.measure)
    mine = selected(case.roster, rule.selector) & bought
    used = what.units(int(what.weights[mine].sum()))
    if rule.mean:
        used = used / int(mine.sum()) if mine.any() else Fraction(0)
    elif rule.of_budget:
        used = used * 100 / case.campaign.budget if case.campaign.budget else Fraction(0)
    elif rule.bounds.percent:
        total = what.units(int(what.weights[bought].sum()))
        used = used / total if total else Fraction(0)
    vacuous = not mine.any() if rule.mean else rule.bounds.percent and not _whole(case, rule, bought)
    low = None if vacuous else rule.bounds.low
    return RuleUse(
        label=rule.label, used=used, at_least=low, at_most=rule.bounds.high, share=rule.bounds.percent,
        money=what.name == "spend" and not rule.bounds.percent,
    )  # fmt: skip


def _pairs_broken(case: Case, rule: PairRule, bought: NDArray[np.bool_]) -> int:
    """Return how many creators of the left side break the rule."""
    ids = case.roster.creator_id
    left, right = selected(case.roster, rule.left) & bought, selected(case.roster, rule.right) & bought
    partners = set(ids[right].tolist())
    if rule.relation is Relation.EXCLUDES:
        return sum(1 for creator in set(ids[left].tolist()) if partners - {creator})
    unmatched = set(ids[left & ~right].tolist())
    return len(unmatched) if not partners else 0


def _whole(case: Case, rule: RangeRule, bought: NDArray[np.bool_]) -> int:
    """Return what a percent is of: the budget, or the plan's total, in integers of the measure."""
    return case.campaign.budget if rule.of_budget else int(measure(case, rule.measure).weights[bought].sum())


def _kept(case: Case, rule: RangeRule | PairRule, bought: NDArray[np.bool_], use: RuleUse) -> bool:
    if use.used is None:
        return True
    if isinstance(rule, RangeRule) and rule.bounds.percent:  # multiplied out: the whole may be 0, or below it
        whole, low, high = _whole(case, rule, bought), rule.bounds.low, rule.bounds.high
        part = int(measure(case, rule.measure).weights[selected(case.roster, rule.selector) & bought].sum())
        return (low is None or part >= low * whole) and (high is None or part <= high * whole)
    return (use.at_least is None or use.used >= use.at_least) and (use.at_most is None or use.used <= use.at_most)


def _binding(program: Program, use: RuleUse, bought: NDArray[np.bool_]) -> RuleUse:
    """Say whether a rule leaves no room, from its rows in the program."""
    open_groups = ~np.isin(program.group, program.group[bought])
    binding = False
    for line in program.rows:
        if line.label != use.label:
            continue
        activity = line.activity(bought)
        if line.upper is not None:
            fitting = line.coefficients[open_groups[line.columns]]
            fitting = fitting[fitting > 0]
            binding |= len(fitting) > 0 and int(fitting.min()) > line.upper - activity
        if line.lower is not None:
            spare = line.coefficients[bought[line.columns]]
            spare = spare[spare > 0]
            binding |= len(spare) > 0 and int(spare.min()) > activity - line.lower
    return RuleUse(
        label=use.label, used=use.used, at_least=use.at_least, at_most=use.at_most, share=use.share, money=use.money,
        binding=binding,
    )  # fmt: skip
