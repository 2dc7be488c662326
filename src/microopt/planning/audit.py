"""Recompute every rule from the picks alone, outside the solver and its program."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule, PairRule, RangeRule, Relation, Rule
from microopt.campaign.metrics import NET_REACH, canonical
from microopt.errors import AuditError, Fault
from microopt.plan.plan import RuleUse
from microopt.planning.audience_overlap import overlap
from microopt.planning.measures import Measure, measure
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.roster.conflicts import Conflict
from microopt.roster.selection import matching_offers, offers_named
from microopt.roster.underway import contract_labels, rows_of
from microopt.solver.program import Constraint, IntegerProgram, Picks


def audit(case: PlanningProblem, program: IntegerProgram, picks: Picks, value: int) -> tuple[RuleUse, ...]:
    """Return what the picks make of each rule.

    Budget, rules and value are worked out anew, in integers and fractions, from roster, forecast and campaign.

    Raises
    ------
    AuditError
        If anything is broken, or the value is not what was claimed.
    """
    bought = case.rows(program.chosen(picks))
    broken = []
    if case.campaign.budget is not None and int(case.forecast.cost[bought].sum()) > case.campaign.budget:
        broken.append("budget")
    if not offers_allowed(case, bought):
        broken.append(f"one offer per {case.campaign.one_offer_per}")
    if any(not (offers_named(case.roster, name) & bought).any() for name in case.campaign.include):
        broken.append("include")
    broken += [
        label
        for label, contract in contract_labels(case.campaign.running).items()
        if not (rows_of(case.roster, contract) & bought).any()
    ]
    uses = [rule_usage(case, rule, bought) for rule in case.rules]
    broken += [
        use.label
        for use, rule in zip(uses, case.rules, strict=True)
        if not is_soft(rule) and not satisfies(case, rule, bought, use)
    ]
    fought = [_fought(case, conflict, bought) for conflict in case.conflicts]
    broken += [use.label for use in fought if use.used]
    if program.objective_value(picks) != value:
        broken.append("the plan's value")
    if broken:
        message = f"the solver's answer does not hold: {', '.join(broken)}"
        fix, code = "try another --solver, and report this with the roster", "answer-refused"
        faults = [Fault(code=code, message=f"{label} does not hold", fix=fix, column=label) for label in broken]
        raise AuditError(message, fix=fix, code=code, faults=faults)
    return tuple(_told(program, rule, use, picks) for use, rule in zip(uses, case.rules, strict=True))


def _told(program: IntegerProgram, rule: Rule, use: RuleUse, picks: Picks) -> RuleUse:
    """Return what a plan says of a rule that it keeps; a pair rule is kept or not, and uses nothing."""
    if isinstance(rule, PairRule):
        return replace(_binding(program, use, picks), used=None, at_most=None)
    if isinstance(rule, EachRule):
        return replace(use, binding=len(picks) > 0 and use.used in (use.at_least, use.at_most))
    told = _binding(program, use, picks)
    return replace(told, beyond=_beyond(program, rule, picks), soft=rule.soft) if is_soft(rule) else told


def is_soft(rule: Rule) -> bool:
    """Whether a plan may be beyond a rule, at a price."""
    return isinstance(rule, RangeRule) and rule.soft is not None


def _beyond(program: IntegerProgram, rule: Rule, picks: Picks) -> Fraction:
    """Return by how many units of its measure a plan is beyond a rule."""
    return sum(
        (
            line.unit * line.violation(program.activity(number, picks))
            for number, line in enumerate(program.rows)
            if line.label == rule.label
        ),
        Fraction(0),
    )


def offers_allowed(case: PlanningProblem, bought: NDArray[np.bool_]) -> bool:
    """Whether no creator has more offers bought than the campaign allows."""
    slots = [case.roster.creator_id[bought].tolist()]
    if case.campaign.one_offer_per != "creator":
        names = ("platform",) if case.campaign.one_offer_per == "creator,platform" else ("platform", "offer")
        rows = np.flatnonzero(bought).tolist()
        slots += [[match_key(case.roster.text(name, row)) for row in rows] for name in names]
    return len(set(zip(*slots, strict=True))) == int(bought.sum())


def rule_usage(case: PlanningProblem, rule: Rule, bought: NDArray[np.bool_]) -> RuleUse:
    """Return what offers bought make of a rule; of a pair rule, how many creators break it."""
    if isinstance(rule, PairRule):
        return RuleUse(label=rule.label, used=Fraction(_pairs_broken(case, rule, bought)), at_most=Fraction(0))
    if isinstance(rule, EachRule):
        return _each_use(case, rule, bought)
    mine = matching_offers(case.roster, rule.selector) & bought
    if rule.measure == NET_REACH:
        return RuleUse(label=rule.label, used=_net(case, mine), at_least=rule.bounds.low)
    what = measure(case, rule.measure)
    used = what.units(_amount(case, what, mine))
    if rule.mean:
        used = what.units(int(what.each[mine].sum())) / int(mine.sum()) if mine.any() else Fraction(0)
    elif rule.of_budget:
        used = used * 100 / case.campaign.budget if case.campaign.budget else Fraction(0)
    elif rule.bounds.percent:
        total = what.units(_amount(case, what, bought))
        used = used / total if total else Fraction(0)
    vacuous = not mine.any() if rule.mean else rule.bounds.percent and not _whole(case, rule, bought)
    low = None if vacuous else rule.bounds.low
    high = None if vacuous and rule.mean else rule.bounds.high
    return RuleUse(
        label=rule.label,
        used=used,
        at_least=low,
        at_most=high,
        share=rule.bounds.percent,
        money=what.name == "spend" and not rule.bounds.percent,
    )


def _amount(case: PlanningProblem, what: Measure, rows: NDArray[np.bool_]) -> int:
    """Return what these rows add up to; a creator counts once, whatever the number of offers."""
    if what.name == "count":
        return len(np.unique(case.roster.creator_id[rows]))
    return int(what.weights[rows].sum())


def _net(case: PlanningProblem, rows: NDArray[np.bool_]) -> Fraction:
    assert case.campaign.audience is not None
    return Fraction(overlap(case.roster, case.forecast.metrics["reach"], case.campaign.audience).net(rows), 1000)


def each_amounts(case: PlanningProblem, rule: EachRule, bought: NDArray[np.bool_]) -> tuple[list[int], int]:
    """Return the amount of each creator bought, and how much of it makes one of what the rule says."""
    what, ids = measure(case, rule.measure), case.roster.creator_id
    amounts = [_amount(case, what, bought & (ids == creator)) for creator in np.unique(ids[bought]).tolist()]
    return amounts, (case.campaign.budget or 0) if rule.of_budget else what.scale


def _each_use(case: PlanningProblem, rule: EachRule, bought: NDArray[np.bool_]) -> RuleUse:
    """Return the amount of the creator who comes nearest to the limit: the most, where there is an upper one."""
    amounts, scale = each_amounts(case, rule, bought)
    nearest = max(amounts, default=0) if rule.bounds.high is not None else min(amounts, default=0)
    return RuleUse(
        label=rule.label,
        used=Fraction(nearest, scale) if scale else Fraction(0),
        at_least=rule.bounds.low if amounts and scale else None,
        at_most=rule.bounds.high,
        share=rule.of_budget,
        money=canonical(rule.measure) == "spend" and not rule.of_budget,
    )


def _fought(case: PlanningProblem, conflict: Conflict, bought: NDArray[np.bool_]) -> RuleUse:
    """Return how many creators are bought beside one whom their conflicts name."""
    picked = set(case.roster.creator_id[bought].tolist())
    named = conflict.named & picked
    broken = sum(1 for one in conflict.holders & picked if named - {one})
    return RuleUse(label=conflict.label, used=Fraction(broken), at_most=Fraction(0))


def _pairs_broken(case: PlanningProblem, rule: PairRule, bought: NDArray[np.bool_]) -> int:
    """Return how many creators of the left side break the rule."""
    ids = case.roster.creator_id
    left, right = matching_offers(case.roster, rule.left) & bought, matching_offers(case.roster, rule.right) & bought
    partners = set(ids[right].tolist())
    if rule.relation is Relation.EXCLUDES:
        return sum(1 for creator in set(ids[left].tolist()) if partners - {creator})
    unmatched = set(ids[left & ~right].tolist())
    return len(unmatched) if not partners else 0


def _whole(case: PlanningProblem, rule: RangeRule, bought: NDArray[np.bool_]) -> int:
    """Return what a percent is of: the budget, or the plan's total, in integers of the measure."""
    return (case.campaign.budget or 0) if rule.of_budget else _amount(case, measure(case, rule.measure), bought)


def satisfies(case: PlanningProblem, rule: Rule, bought: NDArray[np.bool_], use: RuleUse) -> bool:
    """Whether offers bought keep a rule of which they make this use."""
    if use.used is None:
        return True
    if isinstance(rule, EachRule):
        amounts, scale = each_amounts(case, rule, bought)
        low, high = rule.bounds.low, rule.bounds.high
        return all((low is None or one >= low * scale) and (high is None or one <= high * scale) for one in amounts)
    if isinstance(rule, RangeRule) and rule.bounds.percent:  # multiplied out: the whole may be 0, or below it
        whole, low, high = _whole(case, rule, bought), rule.bounds.low, rule.bounds.high
        part = _amount(case, measure(case, rule.measure), matching_offers(case.roster, rule.selector) & bought)
        return (low is None or part >= low * whole) and (high is None or part <= high * whole)
    return (use.at_least is None or use.used >= use.at_least) and (use.at_most is None or use.used <= use.at_most)


def _nobody_can_leave(program: IntegerProgram, number: int, line: Constraint, picks: Picks) -> bool:
    """Whether a floor on net reach breaks with each pick that it counts."""
    assert line.lower is not None
    counted = line.at(picks) != 0
    for pool in program.pools:
        if pool.row == number:
            counted |= pool.at(picks) != 0
    without = (np.delete(picks, place) for place in np.flatnonzero(counted).tolist())
    return bool(counted.any()) and all(program.activity(number, fewer) < line.lower for fewer in without)


def _binding(program: IntegerProgram, use: RuleUse, picks: Picks) -> RuleUse:
    """Say whether a rule leaves no room, from its rows in the program."""
    taken = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    taken[program.group[picks]] = True
    binding = False
    for number, line in enumerate(program.rows):
        if line.label != use.label:
            continue
        if any(pool.row == number for pool in program.pools):
            binding |= _nobody_can_leave(program, number, line, picks)
            continue
        activity = line.activity(picks)
        if line.upper is not None:
            fitting = line.coefficients[~taken[program.group[line.columns]]]
            fitting = fitting[fitting > 0]
            binding |= len(fitting) > 0 and int(fitting.min()) > line.upper - activity
        if line.lower is not None:
            spare = line.at(picks)
            spare = spare[spare > 0]
            binding |= len(spare) > 0 and int(spare.min()) > activity - line.lower
    return RuleUse(
        label=use.label,
        used=use.used,
        at_least=use.at_least,
        at_most=use.at_most,
        share=use.share,
        money=use.money,
        binding=binding,
    )
