"""Recompute every rule from the picks alone, outside the solver and its program."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule, PairRule, RangeRule, Relation, Rule
from microopt.campaign.metrics import NET_REACH, canonical_measure
from microopt.errors import AuditError, Fault
from microopt.plan.plan import RuleUse
from microopt.planning.audience_overlap import build_overlap
from microopt.planning.measures import Measure, find_measure
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.roster.conflicts import Conflict
from microopt.roster.contract_status import contract_offers, contracts_by_label
from microopt.roster.selection import matching_offers, offers_named
from microopt.solver.program import Columns, Constraint, IntegerProgram


def audit(problem: PlanningProblem, program: IntegerProgram, picks: Columns, value: int) -> tuple[RuleUse, ...]:
    """Return what the picks make of each rule.

    Budget, rules and value are worked out anew, in integers and fractions, from roster, forecast and campaign.

    Raises
    ------
    AuditError
        If anything is broken, or the value is not what was claimed.
    """
    bought = problem.select_rows(program.mask(picks))
    broken = []
    if problem.campaign.budget is not None and int(problem.forecast.cost[bought].sum()) > problem.campaign.budget:
        broken.append("budget")
    if not within_offer_limit(problem, bought):
        broken.append(f"one offer per {problem.campaign.one_offer_per}")
    if any(not (offers_named(problem.roster, name) & bought).any() for name in problem.campaign.include):
        broken.append("include")
    broken += [
        label
        for label, contract in contracts_by_label(problem.campaign.running).items()
        if not (contract_offers(problem.roster, contract) & bought).any()
    ]
    uses = [rule_usage(problem, rule, bought) for rule in problem.rules]
    broken += [
        use.label
        for use, rule in zip(uses, problem.rules, strict=True)
        if not is_soft(rule) and not satisfies(problem, rule, bought, use)
    ]
    fought = [_conflict_usage(problem, conflict, bought) for conflict in problem.conflicts]
    broken += [use.label for use in fought if use.used]
    if program.objective_value(picks) != value:
        broken.append("the plan's value")
    if broken:
        message = f"the solver's answer does not hold: {', '.join(broken)}"
        fix, code = "try another --solver, and report this with the roster", "answer-refused"
        faults = [Fault(code=code, message=f"{label} does not hold", fix=fix, column=label) for label in broken]
        raise AuditError(message, fix=fix, code=code, faults=faults)
    return tuple(_report_usage(program, rule, use, picks) for use, rule in zip(uses, problem.rules, strict=True))


def _report_usage(program: IntegerProgram, rule: Rule, use: RuleUse, picks: Columns) -> RuleUse:
    """Return what a plan says of a rule that it keeps; a pair rule is kept or not, and uses nothing."""
    if isinstance(rule, PairRule):
        return replace(_with_binding(program, use, picks), used=None, at_most=None)
    if isinstance(rule, EachRule):
        return replace(use, binding=len(picks) > 0 and use.used in (use.at_least, use.at_most))
    told = _with_binding(program, use, picks)
    return replace(told, beyond=_soft_violation(program, rule, picks), soft=rule.soft) if is_soft(rule) else told


def is_soft(rule: Rule) -> bool:
    """Whether a plan may be beyond a rule, at a price."""
    return isinstance(rule, RangeRule) and rule.soft is not None


def _soft_violation(program: IntegerProgram, rule: Rule, picks: Columns) -> Fraction:
    """Return by how many units of its measure a plan is beyond a rule."""
    return sum(
        (
            line.unit * line.violation(program.activity(number, picks))
            for number, line in enumerate(program.rows)
            if line.label == rule.label
        ),
        Fraction(0),
    )


def within_offer_limit(problem: PlanningProblem, bought: NDArray[np.bool_]) -> bool:
    """Whether no creator has more offers bought than the campaign allows."""
    slots = [problem.roster.creator_id[bought].tolist()]
    if problem.campaign.one_offer_per != "creator":
        names = ("platform",) if problem.campaign.one_offer_per == "creator,platform" else ("platform", "offer")
        rows = np.flatnonzero(bought).tolist()
        slots += [[match_key(problem.roster.text(name, row)) for row in rows] for name in names]
    return len(set(zip(*slots, strict=True))) == int(bought.sum())


def rule_usage(problem: PlanningProblem, rule: Rule, bought: NDArray[np.bool_]) -> RuleUse:
    """Return what offers bought make of a rule; of a pair rule, how many creators break it."""
    if isinstance(rule, PairRule):
        return RuleUse(label=rule.label, used=Fraction(_pair_violations(problem, rule, bought)), at_most=Fraction(0))
    if isinstance(rule, EachRule):
        return _each_usage(problem, rule, bought)
    mine = matching_offers(problem.roster, rule.selector) & bought
    if rule.measure == NET_REACH:
        return RuleUse(label=rule.label, used=_net_reach(problem, mine), at_least=rule.bounds.low)
    what = find_measure(problem, rule.measure)
    used = what.to_user_units(_sum_measure(problem, what, mine))
    if rule.mean:
        used = what.to_user_units(int(what.per_unit[mine].sum())) / int(mine.sum()) if mine.any() else Fraction(0)
    elif rule.of_budget:
        used = used * 100 / problem.campaign.budget if problem.campaign.budget else Fraction(0)
    elif rule.bounds.percent:
        total = what.to_user_units(_sum_measure(problem, what, bought))
        used = used / total if total else Fraction(0)
    vacuous = not mine.any() if rule.mean else rule.bounds.percent and not _percent_base(problem, rule, bought)
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


def _sum_measure(problem: PlanningProblem, what: Measure, rows: NDArray[np.bool_]) -> int:
    """Return what these rows add up to; a creator counts once, whatever the number of offers."""
    if what.name == "count":
        return len(np.unique(problem.roster.creator_id[rows]))
    return int(what.weights[rows].sum())


def _net_reach(problem: PlanningProblem, rows: NDArray[np.bool_]) -> Fraction:
    assert problem.campaign.audience is not None
    return Fraction(
        build_overlap(problem.roster, problem.forecast.metrics["reach"], problem.campaign.audience).net_reach(rows),
        1000,
    )


def amounts_per_creator(problem: PlanningProblem, rule: EachRule, bought: NDArray[np.bool_]) -> tuple[list[int], int]:
    """Return the amount of each creator bought, and how much of it makes one of what the rule says."""
    what, ids = find_measure(problem, rule.measure), problem.roster.creator_id
    amounts = [_sum_measure(problem, what, bought & (ids == creator)) for creator in np.unique(ids[bought]).tolist()]
    return amounts, (problem.campaign.budget or 0) if rule.of_budget else what.scale


def _each_usage(problem: PlanningProblem, rule: EachRule, bought: NDArray[np.bool_]) -> RuleUse:
    """Return the amount of the creator who comes nearest to the limit: the most, where there is an upper one."""
    amounts, scale = amounts_per_creator(problem, rule, bought)
    nearest = max(amounts, default=0) if rule.bounds.high is not None else min(amounts, default=0)
    return RuleUse(
        label=rule.label,
        used=Fraction(nearest, scale) if scale else Fraction(0),
        at_least=rule.bounds.low if amounts and scale else None,
        at_most=rule.bounds.high,
        share=rule.of_budget,
        money=canonical_measure(rule.measure) == "spend" and not rule.of_budget,
    )


def _conflict_usage(problem: PlanningProblem, conflict: Conflict, bought: NDArray[np.bool_]) -> RuleUse:
    """Return how many creators are bought beside one whom their conflicts name."""
    picked = set(problem.roster.creator_id[bought].tolist())
    named = conflict.named & picked
    broken = sum(1 for one in conflict.holders & picked if named - {one})
    return RuleUse(label=conflict.label, used=Fraction(broken), at_most=Fraction(0))


def _pair_violations(problem: PlanningProblem, rule: PairRule, bought: NDArray[np.bool_]) -> int:
    """Return how many creators of the left side break the rule."""
    ids = problem.roster.creator_id
    left, right = (
        matching_offers(problem.roster, rule.left) & bought,
        matching_offers(problem.roster, rule.right) & bought,
    )
    partners = set(ids[right].tolist())
    if rule.relation is Relation.EXCLUDES:
        return sum(1 for creator in set(ids[left].tolist()) if partners - {creator})
    unmatched = set(ids[left & ~right].tolist())
    return len(unmatched) if not partners else 0


def _percent_base(problem: PlanningProblem, rule: RangeRule, bought: NDArray[np.bool_]) -> int:
    """Return what a percent is of: the budget, or the plan's total, in integers of the measure."""
    return (
        (problem.campaign.budget or 0)
        if rule.of_budget
        else _sum_measure(problem, find_measure(problem, rule.measure), bought)
    )


def satisfies(problem: PlanningProblem, rule: Rule, bought: NDArray[np.bool_], use: RuleUse) -> bool:
    """Whether offers bought keep a rule of which they make this use."""
    if use.used is None:
        return True
    if isinstance(rule, EachRule):
        amounts, scale = amounts_per_creator(problem, rule, bought)
        low, high = rule.bounds.low, rule.bounds.high
        return all((low is None or one >= low * scale) and (high is None or one <= high * scale) for one in amounts)
    if isinstance(rule, RangeRule) and rule.bounds.percent:  # multiplied out: the whole may be 0, or below it
        whole, low, high = _percent_base(problem, rule, bought), rule.bounds.low, rule.bounds.high
        part = _sum_measure(
            problem, find_measure(problem, rule.measure), matching_offers(problem.roster, rule.selector) & bought
        )
        return (low is None or part >= low * whole) and (high is None or part <= high * whole)
    return (use.at_least is None or use.used >= use.at_least) and (use.at_most is None or use.used <= use.at_most)


def _every_pick_needed(program: IntegerProgram, number: int, line: Constraint, picks: Columns) -> bool:
    """Whether a floor on net reach breaks with each pick that it counts."""
    assert line.lower is not None
    counted = line.coefficients_at(picks) != 0
    for pool in program.pools:
        if pool.row == number:
            counted |= pool.exposures_at(picks) != 0
    without = (np.delete(picks, place) for place in np.flatnonzero(counted).tolist())
    return bool(counted.any()) and all(program.activity(number, fewer) < line.lower for fewer in without)


def _with_binding(program: IntegerProgram, use: RuleUse, picks: Columns) -> RuleUse:
    """Say whether a rule leaves no room, from its rows in the program."""
    taken = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    taken[program.group[picks]] = True
    binding = False
    for number, line in enumerate(program.rows):
        if line.label != use.label:
            continue
        if any(pool.row == number for pool in program.pools):
            binding |= _every_pick_needed(program, number, line, picks)
            continue
        activity = line.activity(picks)
        if line.upper is not None:
            fitting = line.coefficients[~taken[program.group[line.columns]]]
            fitting = fitting[fitting > 0]
            binding |= len(fitting) > 0 and int(fitting.min()) > line.upper - activity
        if line.lower is not None:
            spare = line.coefficients_at(picks)
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
