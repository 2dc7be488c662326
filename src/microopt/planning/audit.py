"""Recompute every rule from the picks alone, outside the solver and its program."""

from __future__ import annotations

from collections.abc import Set
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule, PairRule, RangeRule, Relation, Rule
from microopt.campaign.earnings import TARGET_SHARE, is_money
from microopt.campaign.metrics import NET_REACH, REPEATS, canonical_measure
from microopt.errors import AuditError, Fault
from microopt.plan.plan import RuleUse
from microopt.planning.audience_overlap import build_overlap
from microopt.planning.each_amounts import amounts_of_creators
from microopt.planning.idle_rules import is_idle
from microopt.planning.measures import Measure, find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.ratios import Amounts, Ratio, amounts_by_creator, find_ratio, sum_amounts
from microopt.planning.shares import share_base
from microopt.planning.wave_counts import count_crowded, count_repeats
from microopt.roster.contract_status import contract_offers, contracts_by_label
from microopt.roster.one_offer_per import numbers_that_differ
from microopt.roster.selection import matching_offers, offers_named
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram

COLUMNS_AT_ONCE = 1 << 14
Mask = NDArray[np.bool_]


def audit(problem: PlanningProblem, program: IntegerProgram, picks: Columns, value: int) -> tuple[RuleUse, ...]:
    """Return how the picks use each rule.

    Budget, rules and value are recomputed in integers and fractions, from the roster, the forecast and the campaign.

    Raises
    ------
    AuditError
        If a rule is broken, or the value differs from the claimed one.
    """
    selection = problem.select_rows(program.mask(picks))
    uses = [rule_usage(problem, rule, selection) for rule in problem.rules]
    broken = _broken_basics(problem, selection)
    broken += [
        use.label
        for use, rule in zip(uses, problem.rules, strict=True)
        if not is_soft(rule) and not satisfies(problem, rule, selection, use)
    ]
    broken += _broken_conflicts(problem, selection)
    if program.objective_value(picks) != value:
        broken.append("the plan's value")
    if broken:
        message = f"the solver's answer does not hold: {', '.join(broken)}"
        fix, code = "try another --solver, and report this with the roster", "answer-refused"
        faults = [Fault(code=code, message=f"{label} does not hold", fix=fix, column=label) for label in broken]
        raise AuditError(message, fix=fix, code=code, faults=faults)
    return tuple(_report_usage(program, rule, use, picks) for use, rule in zip(uses, problem.rules, strict=True))


def _broken_basics(problem: PlanningProblem, selection: Mask) -> list[str]:
    """Return what the offers bought break of the budget, the offer limit, inclusions and contracts."""
    roster, campaign = problem.roster, problem.campaign
    broken = []
    if campaign.spendable is not None and int(problem.forecast.cost[selection].sum()) > campaign.spendable:
        broken.append("budget")
    if not within_offer_limit(problem, selection):
        broken.append(f"one offer per {campaign.one_offer_per}")
    if any(not (offers_named(roster, name) & selection).any() for name in campaign.include):
        broken.append("include")
    contracts = contract_offers(roster, contracts_by_label(campaign.running))
    return broken + [label for label, offers in contracts.items() if not (offers & selection).any()]


def within_offer_limit(problem: PlanningProblem, selection: Mask) -> bool:
    """Whether no creator has more offers bought than the campaign allows, in all or in a wave."""
    bought = problem.roster.take(np.flatnonzero(selection))
    slots = [bought.creator_id.astype(np.int64)]
    if bought.timing is not None:
        assert problem.campaign.calendar is not None
        posts = np.bincount(slots[0], weights=bought.unit_counts())
        if posts.max(initial=0) > problem.campaign.calendar.max_posts:
            return False
        slots.append(bought.timing.wave.astype(np.int64))
    slots += numbers_that_differ(bought, problem.campaign.one_offer_per)
    return len(np.unique(np.stack(slots), axis=1).T) == len(bought)


def _broken_conflicts(problem: PlanningProblem, selection: Mask) -> list[str]:
    """Return the conflicts of a creator who is bought together with one whom their conflicts name."""
    if not problem.conflicts:
        return []
    picked = frozenset(problem.roster.creator_id[selection].tolist())
    return [
        conflict.label
        for conflict in problem.conflicts
        if _count_meeting(conflict.holders & picked, conflict.named & picked)
    ]


def _count_meeting(creators: Set[int], others: Set[int]) -> int:
    """Return how many of some creators have another one among the others."""
    if len(others) > 1:
        return len(creators)
    return len(creators - others) if others else 0


def is_soft(rule: Rule) -> bool:
    """Whether a plan may violate the rule, at a penalty."""
    return isinstance(rule, RangeRule) and rule.soft is not None


def rule_usage(problem: PlanningProblem, rule: Rule, selection: Mask) -> RuleUse:
    """Return how the offers bought use a rule; for a pair rule, how many creators break it."""
    if isinstance(rule, PairRule):
        broken = Fraction(_pair_violations(problem, rule, selection))
        return RuleUse(label=rule.label, used=broken, at_most=Fraction(0), idle=is_idle(problem, rule, selection))
    if isinstance(rule, EachRule):
        return _each_usage(problem, rule, selection)
    selected = matching_offers(problem.roster, rule.selector) & selection
    if rule.chance is not None:
        from microopt.planning.chances import chance_usage

        return chance_usage(problem, rule, selection)
    if rule.measure == NET_REACH:
        return RuleUse(label=rule.label, used=_net_reach(problem, selected), at_least=rule.bounds.low)
    ratio = _ratio_of(problem, rule)
    if ratio is not None:
        return _ratio_usage(rule, ratio, sum_amounts(ratio, selected))
    measure = find_measure(problem, rule.measure)
    used = _used_of_range(problem, rule, measure, selected, selection)
    # Without the offers that it is about, a mean says nothing; a share of nothing has no floor.
    vacuous = not selected.any() if rule.mean else rule.bounds.percent and not _percent_base(problem, rule, selection)
    return RuleUse(
        label=rule.label,
        used=used,
        at_least=None if vacuous else rule.bounds.low,
        at_most=None if vacuous and rule.mean else rule.bounds.high,
        share=rule.bounds.percent,
        money=is_money(measure.name) and not rule.bounds.percent,
    )


def _ratio_usage(rule: RangeRule, ratio: Ratio, amounts: Amounts) -> RuleUse:
    """Return how a rule on a ratio is used: without anything below the line there is no ratio, and without anything
    above it either, every rule holds.
    """
    vacuous = not amounts.above and not amounts.below
    return RuleUse(
        label=rule.label,
        used=Fraction(0) if vacuous else ratio.value(amounts),
        at_least=None if vacuous else rule.bounds.low,
        at_most=None if vacuous else rule.bounds.high,
        share=ratio.name == TARGET_SHARE,
        money=is_money(ratio.name),
    )


def _used_of_range(
    problem: PlanningProblem, rule: RangeRule, measure: Measure, selected: Mask, selection: Mask
) -> Fraction:
    """Return the total, mean or share that a range rule limits, in the user's units."""
    used = measure.to_user_units(_sum_measure(problem, measure, selected))
    if rule.mean:
        total = measure.to_user_units(int(measure.per_unit[selected].sum()))
        return total / int(selected.sum()) if selected.any() else Fraction(0)
    if rule.of_budget:
        return used * 100 / problem.campaign.budget if problem.campaign.budget else Fraction(0)
    if rule.bounds.percent:
        denominator = measure.to_user_units(_percent_base(problem, rule, selection))
        return used / denominator if denominator else Fraction(0)
    return used


def _sum_measure(problem: PlanningProblem, measure: Measure, rows: Mask) -> int:
    """Return the sum over these rows; a creator counts once, whatever the number of offers."""
    if measure.name == "count":
        return len(np.unique(problem.roster.creator_id[rows]))
    if measure.name == REPEATS and problem.roster.timing is not None:
        return count_repeats(problem, rows)
    return int(measure.weights[rows].sum())


def _net_reach(problem: PlanningProblem, rows: Mask) -> Fraction:
    audience, reach = problem.campaign.audience, problem.forecast.metrics["reach"]
    assert audience is not None
    return Fraction(build_overlap(problem.roster, reach, audience).net_reach(rows), 1000)


def _percent_base(problem: PlanningProblem, rule: RangeRule, selection: Mask) -> int:
    """Return what a percent refers to, in integers of the measure: the budget, or what the plan has of its base."""
    if rule.of_budget:
        return problem.campaign.budget or 0
    measure, base = share_base(rule)
    return _sum_measure(problem, find_measure(problem, measure), matching_offers(problem.roster, base) & selection)


def values_per_creator(problem: PlanningProblem, rule: EachRule, selection: Mask) -> list[Fraction | None]:
    """Return the amount of each creator bought in the rule's units, None for a ratio with nothing below the line."""
    ratio = find_ratio(problem, rule.measure)
    if ratio is not None:
        selected = matching_offers(problem.roster, rule.selector) & selection
        return [ratio.value(amounts) for amounts in amounts_by_creator(problem, ratio, selected)]
    numbers, scale = amounts_of_creators(problem, rule, selection)
    return [Fraction(number, scale) if scale else Fraction(0) for number in numbers]


def _each_usage(problem: PlanningProblem, rule: EachRule, selection: Mask) -> RuleUse:
    """Return the amount of the creator nearest to the limit: the largest amount where there is an upper limit."""
    values = values_per_creator(problem, rule, selection)
    known = [value for value in values if value is not None]
    nearest = (max if rule.bounds.high is not None else min)(known, default=Fraction(0))
    has_base = not rule.of_budget or bool(problem.campaign.budget)
    return RuleUse(
        label=rule.label,
        used=nearest,
        at_least=rule.bounds.low if values and has_base else None,
        at_most=rule.bounds.high,
        share=rule.of_budget,
        money=is_money(canonical_measure(rule.measure)) and not rule.of_budget,
    )


def _pair_violations(problem: PlanningProblem, rule: PairRule, selection: Mask) -> int:
    """Return how many creators of the left side break the rule."""
    ids = problem.roster.creator_id
    if rule.days is not None:
        return count_crowded(problem, rule, selection)
    remaining, right = (matching_offers(problem.roster, side) & selection for side in (rule.left, rule.right))
    partners = set(ids[right].tolist())
    if rule.relation is Relation.EXCLUDES:
        return _count_meeting(set(ids[remaining].tolist()), partners)
    unmatched = set(ids[remaining & ~right].tolist())
    return len(unmatched) if not partners else 0


def satisfies(problem: PlanningProblem, rule: Rule, selection: Mask, use: RuleUse) -> bool:
    """Whether the offers bought satisfy a rule.

    Parameters
    ----------
    use
        As `rule_usage` returns it for the same offers.
    """
    if isinstance(rule, RangeRule | EachRule) and (ratio := _ratio_of(problem, rule)):
        return _within_ratio(problem, rule, ratio, selection)
    if use.used is None:
        return True
    if isinstance(rule, RangeRule) and rule.chance is not None:
        from microopt.planning.chances import keeps_chance

        return keeps_chance(problem, rule, selection)
    if isinstance(rule, EachRule):
        amounts, scale = amounts_of_creators(problem, rule, selection)
        return all(_within_scaled(rule, amount, scale) for amount in amounts)
    if isinstance(rule, RangeRule) and rule.bounds.percent:  # multiplied out: the base may be 0, or negative
        measure = find_measure(problem, rule.measure)
        part = _sum_measure(problem, measure, matching_offers(problem.roster, rule.selector) & selection)
        return _within_scaled(rule, part, _percent_base(problem, rule, selection))
    return (use.at_least is None or use.used >= use.at_least) and (use.at_most is None or use.used <= use.at_most)


def _ratio_of(problem: PlanningProblem, rule: RangeRule | EachRule) -> Ratio | None:
    return None if isinstance(rule, RangeRule) and rule.mean else find_ratio(problem, rule.measure)


def _within_ratio(problem: PlanningProblem, rule: RangeRule | EachRule, ratio: Ratio, selection: Mask) -> bool:
    """Whether a ratio is within its limits, of the plan or of each creator, multiplied out."""
    if isinstance(rule, EachRule):
        selected = matching_offers(problem.roster, rule.selector) & selection
        return all(ratio.within(each, rule.bounds) for each in amounts_by_creator(problem, ratio, selected))
    amounts = sum_amounts(ratio, matching_offers(problem.roster, rule.selector) & selection)
    return ratio.within(amounts, rule.bounds)


def _within_scaled(rule: RangeRule | EachRule, amount: int, scale: int) -> bool:
    low, high = rule.bounds.low, rule.bounds.high
    return (low is None or amount >= low * scale) and (high is None or amount <= high * scale)


def _report_usage(program: IntegerProgram, rule: Rule, use: RuleUse, picks: Columns) -> RuleUse:
    """Return what a plan reports about a rule that it keeps; a pair rule is kept or not, and has no used amount."""
    if isinstance(rule, PairRule):
        return replace(use, binding=_is_binding(program, rule.label, picks), used=None, at_most=None)
    if isinstance(rule, EachRule):
        return replace(use, binding=len(picks) > 0 and use.used in (use.at_least, use.at_most))
    if rule.chance is not None:
        from microopt.planning.chances import leaves_no_room

        quotas = (quota for quota in program.quotas if quota.label == rule.label)
        return replace(use, binding=any(leaves_no_room(quota, program, picks) for quota in quotas))
    use = replace(use, binding=_is_binding(program, rule.label, picks))
    return replace(use, beyond=_soft_violation(program, rule, picks), soft=rule.soft) if is_soft(rule) else use


def _soft_violation(program: IntegerProgram, rule: Rule, picks: Columns) -> Fraction:
    """Return by how many units of its measure a plan violates a soft rule."""
    return sum(
        (
            line.unit * line.violation(program.activity(number, picks))
            for number, line in enumerate(program.rows)
            if line.label == rule.label
        ),
        Fraction(0),
    )


def _is_binding(program: IntegerProgram, label: str, picks: Columns) -> bool:
    """Whether a rule leaves no room, judged by its rows in the program."""
    lines = [(number, line) for number, line in enumerate(program.rows) if line.label == label]
    return any(_row_is_binding(program, number, line, picks) for number, line in lines)


def _row_is_binding(program: IntegerProgram, number: int, line: Constraint, picks: Columns) -> bool:
    """Whether no further column fits below the upper limit, or no pick can leave without breaking the lower one."""
    if any(pool.row == number for pool in program.pools):
        return _needs_every_pick(program, number, line, picks)
    taken = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    taken[program.group[picks]] = True
    activity, binding = line.activity(picks), False
    if line.upper is not None:
        binding |= _nothing_more_fits(program, line, taken, line.upper - activity)
    if line.lower is not None:
        removable = line.coefficients_at(picks)
        removable = removable[removable > 0]
        binding |= len(removable) > 0 and int(removable.min()) > activity - line.lower
    return binding


def _nothing_more_fits(program: IntegerProgram, line: Constraint, taken: Mask, room: int) -> bool:
    """Whether columns of other groups count in a row, and each of them for more than the room that it leaves."""
    some_count = False
    for start in range(0, len(line.columns), COLUMNS_AT_ONCE):  # mostly, one of the first columns fits
        part = slice(start, start + COLUMNS_AT_ONCE)
        addable = line.coefficients[part][~taken[program.group[line.columns[part]]]]
        addable = addable[addable > 0]
        if len(addable) and int(addable.min()) <= room:
            return False
        some_count |= len(addable) > 0
    return some_count


def _needs_every_pick(program: IntegerProgram, number: int, line: Constraint, picks: Columns) -> bool:
    """Whether a floor on net reach breaks without any one of the picks that it counts."""
    assert line.lower is not None
    counted = line.coefficients_at(picks) != 0
    for pool in program.pools:
        if pool.row == number:
            counted |= pool.exposures_at(picks) != 0
    without = (np.delete(picks, place) for place in np.flatnonzero(counted).tolist())
    return bool(counted.any()) and all(program.activity(number, fewer) < line.lower for fewer in without)
