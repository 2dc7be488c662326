"""Offers bought -> the campaign that they keep: each limit they break moved to where they are, the rest as it was.

A loosened share or mean -> the one that gives up least, all else as it was loosened.

A share is a ratio, which no row can price. Where a plan reaches p', one that reaches more of it has `part - p' whole`
above 0: the most of that is looked for, until nothing more is found (Dinkelbach 1967).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil, floor, log10

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, EachRule, Goal, PairRule, RangeRule, Rule, Selector
from microopt.campaign.metrics import METRICS, NET_REACH, canonical_measure
from microopt.campaign.rule_grammar import format_rule
from microopt.plan.plan import Change
from microopt.planning.audit import amounts_per_creator, is_soft, rule_usage, satisfies
from microopt.planning.build_problem import expand_rules, target_label
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import IDEAL_TOTAL, zero_objective
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range, format_exact
from microopt.roster.selection import offers_named
from microopt.solver.program import Columns, Constraint, IntegerProgram

NEVER_NEGATIVE = ("count", "spend", *METRICS, NET_REACH)
DIGITS = 6  # of a limit that is neither a count nor money
FINEST_STEP = Fraction(1, 10**9)  # what the grammar reads
SHARE_STEP = Fraction(1, 1000)  # of a percent: how finely a share is told


class RelaxedProblem(Struct, frozen=True, kw_only=True, eq=False):
    """A case that offers bought keep, and what was changed for it."""

    problem: PlanningProblem
    changes: tuple[Change, ...]


def relax_to_fit(problem: PlanningProblem, bought: NDArray[np.bool_]) -> RelaxedProblem:
    """Return the case whose limits these offers keep.

    Parameters
    ----------
    bought
        (rows,) offers of the case, one choice a creator, that keep the roster's conflicts.
    """
    changes = [*_relax_budget(problem, bought)]
    if changes:  # before shares of it are looked at
        problem = _with_campaign(problem, replace(problem.campaign, budget=int(problem.forecast.cost[bought].sum())))
    campaign = problem.campaign
    kept = [name for name in campaign.include if (offers_named(problem.roster, name) & bought).any()]
    changes += [Change(label=f"include {name}") for name in campaign.include if name not in kept]
    rules = [(rule, _relax_rule(problem, rule, bought)) for rule in campaign.rules]
    changes += [change for rule, found in rules for change in _rule_changes(rule, found)]
    targets = {name: _relax_target(problem, name, amount, bought) for name, amount in campaign.goal.targets.items()}
    changes += [
        _target_change(name, amount, targets[name])
        for name, amount in campaign.goal.targets.items()
        if targets[name] < amount
    ]
    asked = replace(
        campaign,
        include=tuple(kept),
        rules=tuple(found for _, found in rules if found is not None),
        goal=replace(campaign.goal, targets=targets),
    )
    return RelaxedProblem(
        problem=_with_campaign(problem, asked), changes=tuple(dict.fromkeys(changes))
    )  # a rule may be written twice


def _with_campaign(problem: PlanningProblem, campaign: Campaign) -> PlanningProblem:
    return replace(problem, campaign=campaign, rules=tuple(expand_rules(campaign)))


def _relax_budget(problem: PlanningProblem, bought: NDArray[np.bool_]) -> Iterator[Change]:
    spent, budget = int(problem.forecast.cost[bought].sum()), problem.campaign.budget
    if budget is not None and spent > budget:
        now = Fraction(spent, 100)
        becomes = f"budget {format_exact(now, False)}"
        yield Change(label="budget", before=Fraction(budget, 100), after=now, becomes=becomes, money=True)


def _relax_rule(problem: PlanningProblem, rule: Rule, bought: NDArray[np.bool_]) -> Rule | None:
    """Return the rule as these offers keep it, the same object where they do; None where it is dropped."""
    if isinstance(rule, PairRule):
        return rule if _is_satisfied(problem, rule, bought) else None
    if is_soft(rule):
        return rule
    low, high = rule.bounds.low, rule.bounds.high
    broken = [piece for piece in _expand_rule(problem, rule) if not _is_satisfied(problem, piece, bought)]
    if not broken:
        return rule
    for piece in broken:
        least, most = _usage_range(problem, piece, bought)
        low = (
            low if piece.bounds.low is None else min(piece.bounds.low, _round_outward(least, -1, piece.bounds.percent))
        )
        high = (
            high if piece.bounds.high is None else max(piece.bounds.high, _round_outward(most, 1, piece.bounds.percent))
        )
    if high is None and low == 0 and canonical_measure(rule.measure) in NEVER_NEGATIVE:
        return None  # whatever is bought keeps a floor of nothing
    changed = replace(rule, bounds=Range(low, high, rule.bounds.percent))
    if not all(_is_satisfied(problem, piece, bought) for piece in _expand_rule(problem, changed)):
        return None  # a share of a total below 0 is kept by no share
    return replace(changed, label=format_rule(changed))


def _is_satisfied(problem: PlanningProblem, rule: Rule, bought: NDArray[np.bool_]) -> bool:
    return satisfies(problem, rule, bought, rule_usage(problem, rule, bought))


def _expand_rule(problem: PlanningProblem, rule: RangeRule | EachRule) -> Iterator[RangeRule | EachRule]:
    """Yield a rule as the case has it: of net reach a floor, and a cap of gross reach beside it."""
    for piece in expand_rules(replace(problem.campaign, rules=(rule,), goal=Goal())):
        assert not isinstance(piece, PairRule)
        yield piece


def _usage_range(
    problem: PlanningProblem, rule: RangeRule | EachRule, bought: NDArray[np.bool_]
) -> tuple[Fraction, Fraction]:
    """Return the least and the most that these offers make of a rule."""
    if isinstance(rule, EachRule):
        amounts, scale = amounts_per_creator(problem, rule, bought)
        return Fraction(min(amounts), scale), Fraction(max(amounts), scale)
    used = rule_usage(problem, rule, bought).used
    assert used is not None
    return used, used


def _round_outward(value: Fraction, sign: int, share: bool) -> Fraction:
    """Return a value as a limit that can be written: counts and money as they are, others rounded away from it.

    Parameters
    ----------
    sign
        1 to round up, -1 to round down.
    """
    if not share and 100 % value.denominator == 0:
        return value
    step = SHARE_STEP if share else max(FINEST_STEP, Fraction(10) ** (floor(log10(abs(value))) + 1 - DIGITS))
    return sign * ceil(sign * value / step) * step


def _rule_changes(rule: Rule, found: Rule | None) -> Iterator[Change]:
    """Yield what has become of a rule, one change for each side."""
    if found is None:
        yield Change(label=rule.label)
    if found is None or isinstance(rule, PairRule) or isinstance(found, PairRule):
        return
    share = rule.bounds.percent
    money = not share and canonical_measure(rule.measure) == "spend"
    for was, now in ((rule.bounds.low, found.bounds.low), (rule.bounds.high, found.bounds.high)):
        if was != now:
            yield Change(label=rule.label, before=was, after=now, becomes=found.label, share=share, money=money)


def _relax_target(problem: PlanningProblem, measure: str, amount: Fraction, bought: NDArray[np.bool_]) -> Fraction:
    """Return what of a target these offers reach, the target itself where they do."""
    rule = RangeRule(label=measure, selector=Selector(), measure=measure, bounds=Range(amount, None))
    if _is_satisfied(problem, rule, bought):
        return amount
    return _round_outward(_usage_range(problem, rule, bought)[0], -1, share=False)


def _target_change(measure: str, was: Fraction, now: Fraction) -> Change:
    label, becomes = target_label(measure, was), f"target {measure} >= {format_exact(now, False)}"
    return Change(label=label, before=was, after=now, becomes=becomes, money=canonical_measure(measure) == "spend")


DINKELBACH_ROUNDS = 4  # for each rule: each closes most of what is left

SolveForPicks = Callable[[IntegerProgram], Columns | None]


def minimize_relaxation(
    problem: PlanningProblem, loosened: RelaxedProblem, picks: Columns, ask: SolveForPicks
) -> tuple[RelaxedProblem, Columns]:
    """Return changes that give up no more, and the plan that shows them.

    Parameters
    ----------
    case
        As the user asked for it.
    loosened, picks
        What was made of it, and for which plan.
    ask
        Solves a program; None where there is no plan, or no time.
    """
    for place, rule in enumerate(problem.campaign.rules):
        for _ in range(DINKELBACH_ROUNDS if is_ratio(rule) else 0):
            better = _improve_relaxation(problem, loosened, place, ask)
            if better is None or _relaxation_price(better[0]) >= _relaxation_price(loosened):
                break
            loosened, picks = better
    return loosened, picks


def is_ratio(rule: Rule) -> bool:
    """Whether a rule is on a share of the plan, or on a mean."""
    return isinstance(rule, RangeRule) and (rule.mean or (rule.bounds.percent and not rule.of_budget))


def _relaxation_price(loosened: RelaxedProblem) -> Fraction:
    return sum((change.price for change in loosened.changes), Fraction(0))


def _improve_relaxation(
    problem: PlanningProblem, loosened: RelaxedProblem, place: int, ask: SolveForPicks
) -> tuple[RelaxedProblem, Columns] | None:
    """Return a plan that is within a rule as it was loosened by as much as can be, None where it was not changed."""
    label = problem.campaign.rules[place].label
    becomes = [change.becomes for change in loosened.changes if change.label == label]
    program = formulate(loosened.problem.without_soft_rules(), zero_objective(problem))
    for line in program.rows:
        if line.label in becomes and line.label is not None:
            picks = ask(replace(program, objective=_slack_values(program, line)))
            if picks is not None:
                return relax_to_fit(problem, problem.select_rows(program.mask(picks))), picks
    return None


def _slack_values(program: IntegerProgram, line: Constraint) -> NDArray[np.int64]:
    """Return what each column adds to how far a plan is within a row, as values."""
    dense = np.zeros(len(program))
    dense[line.columns] = line.coefficients if line.lower is not None else -line.coefficients
    whole = float(np.abs(dense).sum()) or 1.0
    return np.rint(dense * min(1.0, IDEAL_TOTAL / whole)).astype(np.int64)
