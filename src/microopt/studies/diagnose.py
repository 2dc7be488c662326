"""Why is there no plan? What plain arithmetic shows, and the rules that cannot all be kept."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from microopt.case import Case
from microopt.plan import Diagnosis
from microopt.solver.answer import Answer, Stop
from microopt.solver.formulate import formulate
from microopt.solver.objective import Objective
from microopt.solver.program import Program, Row
from microopt.studies.assemble import facts_of
from microopt.units import print_money


def diagnose(case: Case, answer: Answer, warnings: tuple[str, ...] = ()) -> Diagnosis:
    """Return why an answer has no plan.

    Parameters
    ----------
    answer
        An answer without picks: infeasible, or stopped before any plan.
    """
    nothing = Objective(values=np.zeros(case.choices, dtype=np.int64), unit=Fraction(1))
    program = formulate(case.hard(), nothing)
    clash, reasons = _arithmetic(case, program)
    status = "infeasible" if answer.stop is Stop.INFEASIBLE or reasons else "unknown"
    if status == "infeasible" and not clash:
        clash = tuple(dict.fromkeys(line.label for line in program.rows))
    return Diagnosis(
        status=status, campaign=case.campaign, roster=facts_of(case), clash=clash, reasons=reasons,
        limit=answer.limit.value if answer.limit else None,
        shown_by="arithmetic" if reasons else answer.shown_by, seconds=answer.seconds, warnings=warnings,
    )  # fmt: skip


def _arithmetic(case: Case, program: Program) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the first rule that cannot be kept by itself or within the budget, and why."""
    for number, line in enumerate(program.rows):
        reason = _out_of_reach(case, program, number, line)
        if reason:
            return reason
    included = [line for line in program.rows if line.label.startswith("include ")]
    once: dict[int, int] = {}  # a creator may be named twice; a selector may mean several, whom others may meet too
    for line in included:
        if len(np.unique(program.group[line.columns])) == 1:
            group = int(program.group[line.columns[0]])
            once[group] = max(once.get(group, 0), int(program.cost[line.columns].min()))
    least = sum(once.values())
    if case.campaign.budget is not None and least > case.campaign.budget:
        labels = (*(line.label for line in included), "budget")
        told = f"the included creators cost at least {_money(case, least)}, the budget is {_money(case)}"
        return labels, (told,)
    return (), ()


def _out_of_reach(
    case: Case, program: Program, number: int, line: Row
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if line.lower is None or line.lower <= 0 or (line.coefficients < 0).any():
        return None
    best = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(best, program.group[line.columns], line.coefficients)
    net = sum(pool.net(pool.most) for pool in program.pools if pool.row == number)
    if int(best.sum()) + net < line.lower:
        return (line.label,), (f"{line.label}: all offers of the roster together fall short of it",)
    if set(line.coefficients.tolist()) == {1} and not net and case.campaign.budget is not None:
        cheapest = _cheapest_each(program, line)[: line.lower]
        if sum(cheapest) > case.campaign.budget:
            needs, have = _money(case, sum(cheapest)), _money(case)
            few = "even the cheapest costs" if line.lower == 1 else f"even the {line.lower} cheapest cost"
            told = f"{line.label}: {few} {needs}, the budget is {have}"
            return (line.label, "budget"), (told,)
    return None


def _cheapest_each(program: Program, line: Row) -> list[int]:
    """Return the cost of the cheapest matching choice of each group, ascending."""
    least = np.full(int(program.group.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, program.group[line.columns], program.cost[line.columns])
    return sorted(least[np.unique(program.group[line.columns])].tolist())


def _money(case: Case, cents: int | None = None) -> str:
    return print_money((case.campaign.budget or 0) if cents is None else cents, facts_of(case).currency)
