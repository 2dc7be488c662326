"""Why is there no plan? What plain arithmetic shows, the rules that cannot all be kept, and what would help."""

from __future__ import annotations

from math import floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule
from microopt.campaign.metrics import canonical_measure
from microopt.plan.plan import Diagnosis
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.infeasibility.repairs import CandidateRepair, find_repairs
from microopt.planning.problem import PlanningProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.parse_and_format import format_bound, format_money
from microopt.roster.contract_status import contracts_by_label
from microopt.solver.backends.base import Backend
from microopt.solver.iis import find_iis
from microopt.solver.program import Constraint, IntegerProgram
from microopt.solver.result import PRICES_ALONE, SolveLimits, SolveResult, Termination


class DiagnosedProblem(Struct, frozen=True, kw_only=True):
    """A diagnosis, and its repairs as cases."""

    diagnosis: Diagnosis
    candidates: tuple[CandidateRepair, ...] = ()


def quick_diagnosis(problem: PlanningProblem, answer: SolveResult, warnings: tuple[str, ...] = ()) -> Diagnosis:
    """Return what an answer without a plan and plain arithmetic show; the clash may name rules that are no part of it.

    Parameters
    ----------
    answer
        An answer without picks: infeasible, or stopped before any plan.
    """
    program = formulate(problem.without_soft_rules(), zero_objective(problem))
    clash, reasons = _find_arithmetic_conflict(problem, program)
    status = "infeasible" if answer.termination is Termination.INFEASIBLE or reasons else "unknown"
    if status == "infeasible" and not clash:
        clash = tuple(dict.fromkeys(line.label for line in program.rows))
    return Diagnosis(
        status=status,
        campaign=problem.campaign,
        roster=problem.roster_facts,
        clash=clash,
        reasons=reasons,
        limit=answer.limit.value if answer.limit else None,
        shown_by="arithmetic" if reasons else answer.proven_by,
        seconds=answer.seconds,
        warnings=warnings,
    )


def diagnose(problem: PlanningProblem, known: Diagnosis, solver: Backend, limits: SolveLimits) -> DiagnosedProblem:
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
    time_budget = TimeBudget(limits)
    time_budget.note_interrupt(known.limit)
    if known.status != "infeasible" or time_budget.exhausted:
        return DiagnosedProblem(diagnosis=known)
    found = tuple(find_repairs(problem, solver, time_budget))
    program = formulate(problem.without_soft_rules(), zero_objective(problem))
    plans = [one.picks for one in found]
    shown = time_budget.run(
        lambda limits: find_iis(program, solver, limits, candidates=known.clash, initial_plans=plans), "clash", 1.0
    )
    told = replace(known, repairs=tuple(one.repair for one in found), seconds=known.seconds + time_budget.elapsed)
    if shown is not None:
        told = replace(told, clash=shown.labels, irreducible=shown.irreducible)
        if known.shown_by != "arithmetic":
            told = replace(told, shown_by=shown.proven_by)
        if shown.proven_by == PRICES_ALONE:  # then no second solver is needed
            told = replace(told, unconfirmed="")
    return DiagnosedProblem(diagnosis=told, candidates=found)


def _find_arithmetic_conflict(
    problem: PlanningProblem, program: IntegerProgram
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the first rule that cannot be kept by itself or within the budget, and why."""
    for number, line in enumerate(program.rows):
        reason = _unreachable_floor(problem, program, number, line)
        if reason:
            return reason
    signed = contracts_by_label(problem.campaign.running)
    included = [line for line in program.rows if line.label.startswith("include ") or line.label in signed]
    once: dict[int, int] = {}  # a creator may be named twice; a selector may mean several, whom others may meet too
    for line in included:
        if len(np.unique(program.group[line.columns])) == 1:
            group = int(program.group[line.columns[0]])
            once[group] = max(once.get(group, 0), int(program.cost[line.columns].min()))
    least = sum(once.values())
    if problem.campaign.budget is not None and least > problem.campaign.budget:
        labels = (*(line.label for line in included), "budget")
        who = "creators who must be kept" if signed else "included creators"
        told = f"the {who} cost at least {_format_money(problem, least)}, the budget is {_format_money(problem)}"
        return labels, (told,)
    return (), ()


def _unreachable_floor(
    problem: PlanningProblem, program: IntegerProgram, number: int, line: Constraint
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if line.lower is None or line.lower <= 0 or (line.coefficients < 0).any():
        return None
    best = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(best, program.group[line.columns], line.coefficients)
    net = sum(pool.net_reach(pool.max_exposure) for pool in program.pools if pool.row == number)
    if int(best.sum()) + net < line.lower:
        return (line.label,), (f"{line.label}: {_format_reachable(problem, line, int(best.sum()) + floor(net))}",)
    if set(line.coefficients.tolist()) == {1} and not net and problem.campaign.budget is not None:
        cheapest = _cheapest_per_creator(program, line)[: line.lower]
        if sum(cheapest) > problem.campaign.budget:
            needs, have = _format_money(problem, sum(cheapest)), _format_money(problem)
            few = "even the cheapest costs" if line.lower == 1 else f"even the {line.lower} cheapest cost"
            told = f"{line.label}: {few} {needs}, the budget is {have}"
            return (line.label, "budget"), (told,)
    return None


def _format_reachable(problem: PlanningProblem, line: Constraint, most: int) -> str:
    """Say how far all offers together come towards a floor."""
    floors = [rule for rule in problem.rules if rule.label == line.label and isinstance(rule, RangeRule)]
    if not floors:
        return "no offer does"
    amount, rule = most * line.unit, floors[0]
    if rule.mean or rule.bounds.percent:
        return "no offers together can keep it"
    if canonical_measure(rule.measure) == "count":
        return f"only {format_bound(amount, False)} such creators may enter" if amount else "no such creator may enter"
    told = (
        _format_money(problem, int(amount * 100))
        if canonical_measure(rule.measure) == "spend"
        else format_bound(amount, False)
    )
    return f"all offers together come to {told}"


def _cheapest_per_creator(program: IntegerProgram, line: Constraint) -> list[int]:
    """Return the cost of the cheapest matching choice of each group, ascending."""
    least = np.full(int(program.group.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, program.group[line.columns], program.cost[line.columns])
    return sorted(least[np.unique(program.group[line.columns])].tolist())


def _format_money(problem: PlanningProblem, cents: int | None = None) -> str:
    return format_money((problem.campaign.budget or 0) if cents is None else cents, problem.currency)
