"""What each rule costs: the best plan without it, by solving again; the prices of a relaxation would mislead."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from microopt.campaign.metrics import GROSS
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import RulePrice
from microopt.planning.between import difference
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, WarmStart
from microopt.solver.search import solve


def rule_prices(answered: SolvedProblem, limits: SolveLimits, solver: Backend) -> tuple[RulePrice, ...]:
    """Return what the best plan without each rule has more, in the order of the rules.

    Parameters
    ----------
    limits
        For all of it: after the time, or an interrupt, what is left is told to be not looked at.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    stint = TimeBudget(limits)
    labels = tuple(dict.fromkeys(rule.label for rule in answered.case.campaign.rules))
    found = []
    for number, label in enumerate(labels):
        share = 1 / (len(labels) - number)
        price = stint.work(partial(_price, answered, label, solver), f"without {label}", share)
        found.append(price or RulePrice(label=label, status=NOT_LOOKED_AT))
    return tuple(found)


def _price(answered: SolvedProblem, label: str, solver: Backend, limits: SolveLimits) -> RulePrice:
    answer = answered.answer
    assert answer.picks is not None
    without = _without(answered.program, (label, label + GROSS))
    hint = WarmStart(prices=answer.prices, plans=(answer.picks,))
    found = solve(without, solver, limits, cheapest=False, hint=hint)
    if found.picks is None or found.value is None:
        return RulePrice(label=label, status=found.stop.value)
    unit = answered.objective.unit
    values = (answered.program.objective_value(answer.picks) * unit, found.value * unit)
    change = difference(answered.case, answer.picks, found.picks, values)
    return RulePrice(label=label, status=found.stop.value, change=change)


def _without(program: IntegerProgram, labels: tuple[str, ...]) -> IntegerProgram:
    """Return the program whose rows of these labels hold whatever is bought; pools name rows by place, so they stay."""
    rows = [
        replace(line, lower=None, upper=None, penalty=None) if line.label in labels else line for line in program.rows
    ]
    return replace(program, rows=tuple(rows))
