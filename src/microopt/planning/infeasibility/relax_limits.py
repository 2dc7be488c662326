"""Relax a campaign until a plan fits: each limit that the plan breaks moves to the plan's figure; the rest stays.

A share is a ratio, and no row can price a ratio. So a relaxed share or mean is then tightened again. Where a plan
reaches the share p, a plan with a larger share has `part - p whole` above 0: that difference is maximized until
nothing more is found (Dinkelbach 1967).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from math import ceil, floor, log10

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import Campaign, EachRule, PairRule, RangeRule, Rule, Selector, include_label
from microopt.campaign.earnings import RATIOS, is_money, ratio_name
from microopt.campaign.metrics import METRICS, NET_REACH, REPEATS, TARGET_METRICS, canonical_measure
from microopt.campaign.rule_grammar import format_rule
from microopt.campaign.wave_rules import GAP
from microopt.plan.repair import Change
from microopt.planning.audit import is_soft, rule_usage, satisfies, values_per_creator
from microopt.planning.build_problem import expand_rule, expand_rules, labels_meant, target_label
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import IDEAL_TOTAL, zero_objective
from microopt.planning.formulation.rules.chance import has_chance
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range, format_exact
from microopt.roster.selection import offers_named
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram

NEVER_NEGATIVE = ("count", "spend", REPEATS, *METRICS, *TARGET_METRICS, NET_REACH, "revenue", *RATIOS)
LEAST_OF = {**dict.fromkeys(NEVER_NEGATIVE, 0), GAP: 1}  # what every plan has at least
DIGITS = 6  # significant digits of a limit that is neither a count nor money
CHANCE_DIGITS, LARGE_CHANCE_DIGITS = 2, 3  # of one that holds in a share of the scenarios; from 100 up
FINEST_STEP = Fraction(1, 10**9)  # the finest that the rule grammar reads
SHARE_STEP = Fraction(1, 1000)  # a tenth of a percent: how finely a share is reported
DINKELBACH_ROUNDS = 4  # for each rule: each round closes most of the remaining difference

Mask = NDArray[np.bool_]
SolveForPicks = Callable[[IntegerProgram], Columns | None]


class RelaxedProblem(Struct, frozen=True, kw_only=True, eq=False):
    """A problem whose rules the selected offers satisfy, and what was changed for it."""

    problem: PlanningProblem
    changes: tuple[Change, ...]


def relax_to_fit(problem: PlanningProblem, selection: Mask) -> RelaxedProblem:
    """Return the problem with its limits relaxed so that these offers satisfy them.

    Parameters
    ----------
    selection
        (rows,) offers of the problem, at most one choice per creator, that respect the roster's conflicts.
    """
    changes = [*_relax_budget(problem, selection)]
    if changes:  # the budget comes first, because shares of it depend on it
        needed = problem.campaign.budget_for(int(problem.forecast.cost[selection].sum()))
        problem = _with_campaign(problem, replace(problem.campaign, budget=needed))
    campaign = problem.campaign
    include = [name for name in campaign.include if (offers_named(problem.roster, name) & selection).any()]
    changes += [Change(label=include_label(name)) for name in campaign.include if name not in include]
    rules = [(rule, _relax_rule(problem, rule, selection)) for rule in campaign.rules]
    changes += [change for rule, relaxed in rules for change in _rule_changes(rule, relaxed)]
    targets = {name: _relax_target(problem, name, amount, selection) for name, amount in campaign.goal.targets.items()}
    changes += [
        _target_change(name, amount, targets[name])
        for name, amount in campaign.goal.targets.items()
        if targets[name] < amount
    ]
    calendar, changed_budgets = _relax_calendar(problem, selection)
    changes += changed_budgets
    campaign = replace(
        campaign,
        calendar=calendar,
        include=tuple(include),
        rules=tuple(relaxed for _, relaxed in rules if relaxed is not None),
        goal=replace(campaign.goal, targets=targets),
    )
    unique = tuple(dict.fromkeys(changes))  # a rule may be written twice
    return RelaxedProblem(problem=_with_campaign(problem, campaign), changes=unique)


def _with_campaign(problem: PlanningProblem, campaign: Campaign) -> PlanningProblem:
    return replace(problem, campaign=campaign, rules=tuple(expand_rules(campaign)))


def _relax_budget(problem: PlanningProblem, selection: Mask) -> Iterator[Change]:
    spent, campaign = int(problem.forecast.cost[selection].sum()), problem.campaign
    if campaign.budget is not None and campaign.spendable is not None and spent > campaign.spendable:
        budget, amount = campaign.budget, Fraction(campaign.budget_for(spent), 100)
        becomes = f"budget {format_exact(amount, False)}"
        yield Change(label="budget", before=Fraction(budget, 100), after=amount, becomes=becomes, money=True)


def _relax_calendar(problem: PlanningProblem, selection: Mask) -> tuple[Calendar | None, list[Change]]:
    campaign = problem.campaign
    if campaign.calendar is None or not campaign.calendar.budgets:
        return campaign.calendar, []
    from microopt.planning.infeasibility.relax_wave_budgets import relax_wave_budgets  # only for budgets of waves

    def spend(rule: RangeRule) -> Fraction:
        return rule_usage(problem, rule, selection).used or Fraction(0)

    return relax_wave_budgets(campaign.calendar, campaign.budget, spend)


def _relax_rule(problem: PlanningProblem, rule: Rule, selection: Mask) -> Rule | None:
    """Return the rule relaxed so that these offers keep it: the same object if they do, None if it must be dropped."""
    if is_soft(rule):
        return rule
    broken = [piece for piece in expand_rule(problem.campaign, rule) if not _is_satisfied(problem, piece, selection)]
    if not broken:
        return rule
    if isinstance(rule, PairRule):
        return None
    low, high = rule.bounds.low, rule.bounds.high
    for piece in broken:
        assert not isinstance(piece, PairRule)
        bounds, used = piece.bounds, _usage_range(problem, piece, selection)
        if used is None:
            return None
        lowest, highest = used
        is_amount = not bounds.percent and is_money(canonical_measure(rule.measure))
        outward = _round_chance if has_chance(piece) else partial(_round_outward, is_amount=is_amount)
        low = low if bounds.low is None else min(bounds.low, outward(lowest, -1, bounds.percent))
        high = high if bounds.high is None else max(bounds.high, outward(highest, 1, bounds.percent))
    if high is None and low == LEAST_OF.get(canonical_measure(rule.measure)):
        return None  # every plan keeps such a floor
    relaxed = replace(rule, bounds=Range(low, high, rule.bounds.percent))
    if not all(_is_satisfied(problem, piece, selection) for piece in expand_rule(problem.campaign, relaxed)):
        return None  # no share can be kept of a total below 0
    return replace(relaxed, label=format_rule(relaxed))


def _is_satisfied(problem: PlanningProblem, rule: Rule, selection: Mask) -> bool:
    return satisfies(problem, rule, selection, rule_usage(problem, rule, selection))


def _usage_range(
    problem: PlanningProblem, rule: RangeRule | EachRule, selection: Mask
) -> tuple[Fraction, Fraction] | None:
    """Return the smallest and the largest amount of these offers that a rule limits; None if a ratio has no value."""
    if isinstance(rule, EachRule):
        values = values_per_creator(problem, rule, selection)
        known = [value for value in values if value is not None]
        return (min(known), max(known)) if len(known) == len(values) else None
    total = rule_usage(problem, rule, selection).used
    return None if total is None else (total, total)


def _round_outward(value: Fraction, sign: int, share: bool, is_amount: bool = False) -> Fraction:
    """Return a value as a limit that can be written: counts and money exactly, others rounded so that the value fits.

    Parameters
    ----------
    sign
        1 to round up, -1 to round down.
    is_amount
        Whether it is money, which has cents from a tenth up.
    """
    if not share and 100 % value.denominator == 0:
        return value
    if is_amount and abs(value) >= Fraction(1, 10):
        return Fraction(sign * ceil(sign * value * 100), 100)
    step = SHARE_STEP if share else max(FINEST_STEP, Fraction(10) ** (floor(log10(abs(value))) + 1 - DIGITS))
    return sign * ceil(sign * value / step) * step


def _round_chance(value: Fraction, sign: int, share: bool) -> Fraction:
    """Return a value as a limit with a chance, as a person writes it: 88 or 273, rounded to the side that is kept.

    What is reached in some scenarios is no exact figure.
    """
    if not value:
        return value
    count = LARGE_CHANCE_DIGITS if abs(value) >= 100 else CHANCE_DIGITS
    digits = Fraction(10) ** (floor(log10(abs(value))) + 1 - count)
    step = max(digits, SHARE_STEP if share else FINEST_STEP)
    return sign * ceil(sign * value / step) * step


def _rule_changes(rule: Rule, relaxed: Rule | None) -> Iterator[Change]:
    """Yield how a rule was relaxed, one change for each side."""
    if relaxed is None:
        yield Change(label=rule.label)
    if relaxed is None or isinstance(rule, PairRule) or isinstance(relaxed, PairRule):
        return
    share = rule.bounds.percent
    money = not share and is_money(canonical_measure(rule.measure))
    for before, after in ((rule.bounds.low, relaxed.bounds.low), (rule.bounds.high, relaxed.bounds.high)):
        if before != after:
            yield Change(label=rule.label, before=before, after=after, becomes=relaxed.label, share=share, money=money)


def _relax_target(problem: PlanningProblem, measure: str, amount: Fraction, selection: Mask) -> Fraction:
    """Return the target if these offers reach it, otherwise the amount that they reach."""
    rule = RangeRule(label=measure, selector=Selector(), measure=measure, bounds=Range(amount, None))
    if _is_satisfied(problem, rule, selection):
        return amount
    used = _usage_range(problem, rule, selection)
    assert used is not None  # a target is of a sum
    return _round_outward(used[0], -1, share=False)


def _target_change(measure: str, before: Fraction, after: Fraction) -> Change:
    label, becomes = target_label(measure, before), f"target {measure} >= {format_exact(after, False)}"
    return Change(label=label, before=before, after=after, becomes=becomes, money=is_money(canonical_measure(measure)))


def minimize_relaxation(
    problem: PlanningProblem, relaxed: RelaxedProblem, picks: Columns, solve_for_picks: SolveForPicks
) -> tuple[RelaxedProblem, Columns]:
    """Return a relaxation that gives up no more, and the picks that keep it.

    Parameters
    ----------
    problem
        As the user stated it.
    relaxed, picks
        A relaxation of it, and the picks that it was made for.
    solve_for_picks
        Solves a program; returns None if there is no plan, or no time.
    """
    for rule in problem.campaign.rules:
        for _ in range(DINKELBACH_ROUNDS if is_ratio(rule) else 0):
            better = _improve_relaxation(problem, relaxed, rule, solve_for_picks)
            if better is None or relaxation_price(better[0]) >= relaxation_price(relaxed):
                break
            relaxed, picks = better
    return relaxed, picks


def tighten_share(problem: PlanningProblem, relaxed: RelaxedProblem) -> PlanningProblem | None:
    """Return a relaxed problem whose only change, of a share, is smaller by the finest step; None for other changes.

    Parameters
    ----------
    problem
        As the user stated it.
    """
    if len(relaxed.changes) > 1:
        return None
    change, rules = relaxed.changes[0], problem.campaign.rules
    rule = next((rule for rule in rules if rule.label == change.label), None)
    if not isinstance(rule, RangeRule) or rule.mean or not rule.bounds.percent or rule.of_budget:
        return None
    low, high = rule.bounds.low, rule.bounds.high
    dropped = change.after is None
    if low is not None and (change.before == low or (dropped and high is None)):
        low = min(low, (change.after or Fraction(0)) + SHARE_STEP)
    elif high is not None and change.after is not None:
        high = max(high, change.after - SHARE_STEP)
    else:
        return None
    tighter = replace(rule, bounds=Range(low, high, percent=True))
    kept = tuple(tighter if each.label == rule.label else each for each in rules)
    return _with_campaign(problem, replace(problem.campaign, rules=kept))


def is_ratio(rule: Rule) -> bool:
    """Whether a rule limits a share of the plan, a mean, or a ratio such as its CPA."""
    if not isinstance(rule, RangeRule):
        return False
    return rule.mean or (rule.bounds.percent and not rule.of_budget) or ratio_name(rule.measure) is not None


def relaxation_price(relaxed: RelaxedProblem) -> Fraction:
    """Return the sum of the prices of what was changed."""
    return sum((change.price for change in relaxed.changes), Fraction(0))


def _improve_relaxation(
    problem: PlanningProblem, relaxed: RelaxedProblem, rule: Rule, solve_for_picks: SolveForPicks
) -> tuple[RelaxedProblem, Columns] | None:
    """Return the relaxation for the picks with the most slack in the relaxed rule, None if the rule was not relaxed."""
    campaign = relaxed.problem.campaign
    changed = [change.becomes for change in relaxed.changes if change.label == rule.label and change.becomes]
    becomes = {label for each in changed for label in labels_meant(campaign, each)}
    program = formulate(relaxed.problem.without_soft_rules(), zero_objective(problem))
    for line in program.rows:
        if line.label in becomes and line.label is not None:
            picks = solve_for_picks(replace(program, objective=_slack_values(program, line)))
            if picks is not None:
                return relax_to_fit(problem, problem.select_rows(program.mask(picks))), picks
    return None


def _slack_values(program: IntegerProgram, line: Constraint) -> NDArray[np.int64]:
    """Return how much each column adds to the slack of a row, as objective values."""
    dense = np.zeros(len(program))
    dense[line.columns] = line.coefficients if line.lower is not None else -line.coefficients
    scale = float(np.abs(dense).sum()) or 1.0
    return np.rint(dense * min(1.0, IDEAL_TOTAL / scale)).astype(np.int64)
