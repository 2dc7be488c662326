"""Why is there no plan? What plain arithmetic shows, the rules that cannot all be kept, and what would help."""

from __future__ import annotations

from math import floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule
from microopt.campaign.metrics import canonical
from microopt.plan.plan import Diagnosis
from microopt.planning.build_plan import facts_of
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import nothing
from microopt.planning.infeasibility.repairs import CandidateRepair, repairs
from microopt.planning.problem import PlanningProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.parse_and_format import print_bound, print_money
from microopt.roster.underway import contract_labels
from microopt.solver.backends.base import Backend
from microopt.solver.iis import find_iis
from microopt.solver.program import Constraint, IntegerProgram
from microopt.solver.result import ALONE, SolveLimits, SolveResult, Termination


class Diagnosed(Struct, frozen=True, kw_only=True):
    """A diagnosis, and its repairs as cases."""

    diagnosis: Diagnosis
    found: tuple[CandidateRepair, ...] = ()


def brief(case: PlanningProblem, answer: SolveResult, warnings: tuple[str, ...] = ()) -> Diagnosis:
    """Return what an answer without a plan and plain arithmetic show; the clash may name rules that are no part of it.

    Parameters
    ----------
    answer
        An answer without picks: infeasible, or stopped before any plan.
    """
    program = formulate(case.hard(), nothing(case))
    clash, reasons = _arithmetic(case, program)
    status = "infeasible" if answer.stop is Termination.INFEASIBLE or reasons else "unknown"
    if status == "infeasible" and not clash:
        clash = tuple(dict.fromkeys(line.label for line in program.rows))
    return Diagnosis(
        status=status,
        campaign=case.campaign,
        roster=facts_of(case),
        clash=clash,
        reasons=reasons,
        limit=answer.limit.value if answer.limit else None,
        shown_by="arithmetic" if reasons else answer.shown_by,
        seconds=answer.seconds,
        warnings=warnings,
    )


def diagnose(case: PlanningProblem, known: Diagnosis, solver: Backend, limits: SolveLimits) -> Diagnosed:
    """Return a diagnosis with repairs and a clash of which each rule is needed, as far as the limits allow.

    Parameters
    ----------
    known
        Of the same case, as `brief` tells it.

    Raises
    ------
    AuditError
        If a plan keeps everything that was called infeasible.
    BackendError
        If the solver fails.
    """
    stint = TimeBudget(limits)
    stint.heed(known.limit)
    if known.status != "infeasible" or stint.over:
        return Diagnosed(diagnosis=known)
    found = tuple(repairs(case, solver, stint))
    program = formulate(case.hard(), nothing(case))
    plans = [one.picks for one in found]
    shown = stint.work(lambda limits: find_iis(program, solver, limits, among=known.clash, known=plans), "clash", 1.0)
    told = replace(known, repairs=tuple(one.repair for one in found), seconds=known.seconds + stint.passed)
    if shown is not None:
        told = replace(told, clash=shown.labels, irreducible=shown.irreducible)
        if known.shown_by != "arithmetic":
            told = replace(told, shown_by=shown.shown_by)
        if shown.shown_by == ALONE:  # then no second solver is needed
            told = replace(told, unconfirmed="")
    return Diagnosed(diagnosis=told, found=found)


def _arithmetic(case: PlanningProblem, program: IntegerProgram) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the first rule that cannot be kept by itself or within the budget, and why."""
    for number, line in enumerate(program.rows):
        reason = _out_of_reach(case, program, number, line)
        if reason:
            return reason
    signed = contract_labels(case.campaign.running)
    included = [line for line in program.rows if line.label.startswith("include ") or line.label in signed]
    once: dict[int, int] = {}  # a creator may be named twice; a selector may mean several, whom others may meet too
    for line in included:
        if len(np.unique(program.group[line.columns])) == 1:
            group = int(program.group[line.columns[0]])
            once[group] = max(once.get(group, 0), int(program.cost[line.columns].min()))
    least = sum(once.values())
    if case.campaign.budget is not None and least > case.campaign.budget:
        labels = (*(line.label for line in included), "budget")
        who = "creators who must be kept" if signed else "included creators"
        told = f"the {who} cost at least {_money(case, least)}, the budget is {_money(case)}"
        return labels, (told,)
    return (), ()


def _out_of_reach(
    case: PlanningProblem, program: IntegerProgram, number: int, line: Constraint
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if line.lower is None or line.lower <= 0 or (line.coefficients < 0).any():
        return None
    best = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(best, program.group[line.columns], line.coefficients)
    net = sum(pool.net(pool.most) for pool in program.pools if pool.row == number)
    if int(best.sum()) + net < line.lower:
        return (line.label,), (f"{line.label}: {_all_there_is(case, line, int(best.sum()) + floor(net))}",)
    if set(line.coefficients.tolist()) == {1} and not net and case.campaign.budget is not None:
        cheapest = _cheapest_each(program, line)[: line.lower]
        if sum(cheapest) > case.campaign.budget:
            needs, have = _money(case, sum(cheapest)), _money(case)
            few = "even the cheapest costs" if line.lower == 1 else f"even the {line.lower} cheapest cost"
            told = f"{line.label}: {few} {needs}, the budget is {have}"
            return (line.label, "budget"), (told,)
    return None


def _all_there_is(case: PlanningProblem, line: Constraint, most: int) -> str:
    """Say how far all offers together come towards a floor."""
    floors = [rule for rule in case.rules if rule.label == line.label and isinstance(rule, RangeRule)]
    if not floors:
        return "no offer does"
    amount, rule = most * line.unit, floors[0]
    if rule.mean or rule.bounds.percent:
        return "no offers together can keep it"
    if canonical(rule.measure) == "count":
        return f"only {print_bound(amount, False)} such creators may enter" if amount else "no such creator may enter"
    told = _money(case, int(amount * 100)) if canonical(rule.measure) == "spend" else print_bound(amount, False)
    return f"all offers together come to {told}"


def _cheapest_each(program: IntegerProgram, line: Constraint) -> list[int]:
    """Return the cost of the cheapest matching choice of each group, ascending."""
    least = np.full(int(program.group.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, program.group[line.columns], program.cost[line.columns])
    return sorted(least[np.unique(program.group[line.columns])].tolist())


def _money(case: PlanningProblem, cents: int | None = None) -> str:
    return print_money((case.campaign.budget or 0) if cents is None else cents, facts_of(case).currency)
