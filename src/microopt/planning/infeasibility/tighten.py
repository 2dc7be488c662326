"""A loosened share or mean -> the one that gives up least, all else as it was loosened.

A share is a ratio, which no row can price. Where a plan reaches p', one that reaches more of it has `part - p' whole`
above 0: the most of that is looked for, until nothing more is found (Dinkelbach 1967).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule, Rule
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import IDEAL_TOTAL, nothing
from microopt.planning.infeasibility.relax_limits import RelaxedProblem, relax_to_fit
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Constraint, IntegerProgram, Picks

ROUNDS = 4  # for each rule: each closes most of what is left

Ask = Callable[[IntegerProgram], Picks | None]


def minimise_relaxation(
    case: PlanningProblem, loosened: RelaxedProblem, picks: Picks, ask: Ask
) -> tuple[RelaxedProblem, Picks]:
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
    for place, rule in enumerate(case.campaign.rules):
        for _ in range(ROUNDS if is_ratio(rule) else 0):
            better = _better(case, loosened, place, ask)
            if better is None or _price(better[0]) >= _price(loosened):
                break
            loosened, picks = better
    return loosened, picks


def is_ratio(rule: Rule) -> bool:
    """Whether a rule is on a share of the plan, or on a mean."""
    return isinstance(rule, RangeRule) and (rule.mean or (rule.bounds.percent and not rule.of_budget))


def _price(loosened: RelaxedProblem) -> Fraction:
    return sum((change.price for change in loosened.changes), Fraction(0))


def _better(
    case: PlanningProblem, loosened: RelaxedProblem, place: int, ask: Ask
) -> tuple[RelaxedProblem, Picks] | None:
    """Return a plan that is within a rule as it was loosened by as much as can be, None where it was not changed."""
    label = case.campaign.rules[place].label
    becomes = [change.becomes for change in loosened.changes if change.label == label]
    program = formulate(loosened.case.hard(), nothing(case))
    for line in program.rows:
        if line.label in becomes and line.label is not None:
            picks = ask(replace(program, value=_within(program, line)))
            if picks is not None:
                return relax_to_fit(case, case.rows(program.chosen(picks))), picks
    return None


def _within(program: IntegerProgram, line: Constraint) -> NDArray[np.int64]:
    """Return what each column adds to how far a plan is within a row, as values."""
    dense = np.zeros(len(program))
    dense[line.columns] = line.coefficients if line.lower is not None else -line.coefficients
    whole = float(np.abs(dense).sum()) or 1.0
    return np.rint(dense * min(1.0, IDEAL_TOTAL / whole)).astype(np.int64)
