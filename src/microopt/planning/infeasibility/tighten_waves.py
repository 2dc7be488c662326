"""Give up less of rules on each wave.

A row for each wave prices what a plan lacks in each of them, and their sum. But such a rule has one limit, which moves
by the most that any wave lacks. So a limit that was moved, or dropped, is moved back step by step while plans keep it.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule
from microopt.campaign.metrics import REPEATS, canonical_measure
from microopt.campaign.rule_grammar import format_rule
from microopt.planning.build_problem import expand_rules
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.formulation.rules.chance import has_chance
from microopt.planning.infeasibility.relax_limits import (
    NEVER_NEGATIVE,
    RelaxedProblem,
    SolveForPicks,
    relax_to_fit,
    relaxation_price,
)
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range
from microopt.solver.program import Columns

ROUNDS = 6  # of halving what a limit gives up
CLOSE = Fraction(1, 100)  # of a limit: what is left is not worth another solve
Relaxation = tuple[RelaxedProblem, Columns]


def tighten_each_wave(problem: PlanningProblem, relaxation: Relaxation, solve_for_picks: SolveForPicks) -> Relaxation:
    """Return a relaxation that gives up no more, and the picks that keep it.

    Parameters
    ----------
    problem
        As the user stated it.
    relaxation
        A relaxation of it, and the picks that it was made for.
    solve_for_picks
        Solves a program; returns None if there is no plan, or no time.
    """
    for rule in problem.campaign.rules:
        if isinstance(rule, RangeRule) and rule.when is not None and rule.when.each and not has_chance(rule):
            for is_floor in (True, False):
                relaxation = _tighten(problem, relaxation, rule, is_floor, solve_for_picks)
    return relaxation


def _tighten(
    problem: PlanningProblem, relaxation: Relaxation, rule: RangeRule, is_floor: bool, solve_for_picks: SolveForPicks
) -> Relaxation:
    """Return a relaxation with one end of a rule nearer to what the user wrote."""
    wanted = rule.bounds.low if is_floor else rule.bounds.high
    for _ in range(ROUNDS):
        reached = _reached(relaxation[0], rule, is_floor)
        target = None if wanted is None or reached is None else _between(rule, reached, wanted)
        if target is None:
            break
        closer = _with_end(relaxation[0], rule, is_floor, target)
        program = formulate(closer.without_soft_rules(), zero_objective(problem))
        picks = solve_for_picks(program)
        if picks is not None:
            better = relax_to_fit(problem, problem.select_rows(program.mask(picks)))
            if relaxation_price(better) < relaxation_price(relaxation[0]):
                relaxation = (better, picks)
                continue
        wanted = target
    return relaxation


def _reached(relaxed: RelaxedProblem, rule: RangeRule, is_floor: bool) -> Fraction | None:
    """Return where an end of a rule was moved to, None if it was not; the floor of a dropped rule is 0."""
    changes = [change for change in relaxed.changes if change.label == rule.label]
    if not changes:
        return None
    moved = _relaxed_rule(relaxed, rule)
    if moved is None:
        return Fraction(0) if is_floor and canonical_measure(rule.measure) in NEVER_NEGATIVE else None
    return moved.bounds.low if is_floor else moved.bounds.high


def _relaxed_rule(relaxed: RelaxedProblem, rule: RangeRule) -> RangeRule | None:
    """Return a rule as it was relaxed, None if it was dropped."""
    becomes = {change.becomes for change in relaxed.changes if change.label == rule.label}
    rules = (each for each in relaxed.problem.campaign.rules if each.label in becomes)
    return next((each for each in rules if isinstance(each, RangeRule)), None)


def _between(rule: RangeRule, reached: Fraction, wanted: Fraction) -> Fraction | None:
    """Return a limit halfway, in steps of the measure; None if there is none in between, or too little is left."""
    if canonical_measure(rule.measure) in ("count", REPEATS) and not rule.bounds.percent:
        step = Fraction(1)
    else:
        step = Fraction(1, 1000) if rule.bounds.percent else Fraction(1, 100)
        if abs(wanted - reached) <= CLOSE * abs(wanted):
            return None
    middle = (reached + wanted) / 2
    target = (ceil if reached < wanted else floor)(middle / step) * step
    return target if min(reached, wanted) < target < max(reached, wanted) else None


def _with_end(relaxed: RelaxedProblem, rule: RangeRule, is_floor: bool, end: Fraction) -> PlanningProblem:
    """Return a relaxed problem with another end of a rule."""
    campaign, moved = relaxed.problem.campaign, _relaxed_rule(relaxed, rule)
    others = tuple(each for each in campaign.rules if moved is None or each.label != moved.label)
    low, high = (None, None) if moved is None else (moved.bounds.low, moved.bounds.high)
    bounds = Range(end, high, rule.bounds.percent) if is_floor else Range(low, end, rule.bounds.percent)
    closer = replace(rule, bounds=bounds)
    campaign = replace(campaign, rules=(*others, replace(closer, label=format_rule(closer))))
    return replace(relaxed.problem, campaign=campaign, rules=tuple(expand_rules(campaign)))
