"""Why is there no plan? What plain arithmetic shows, which rules conflict, and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule, include_label
from microopt.campaign.earnings import is_money, ratio_name
from microopt.campaign.metrics import REPEATS, canonical_measure
from microopt.campaign.rules_by_wave import pieces_by_label
from microopt.plan.chance import BestChance
from microopt.plan.diagnosis import ARITHMETIC, Diagnosis
from microopt.planning.build_problem import labels_meant
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.formulation.rules.chance import has_chance
from microopt.planning.infeasibility.repairs import NONEMPTY_LABEL, CandidateRepair, find_repairs, require_a_pick
from microopt.planning.problem import PlanningProblem
from microopt.planning.share_caps import find_caps_below_total
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.parse_and_format import format_bound, format_money
from microopt.roster.contract_status import contracts_by_label
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import Constraint
from microopt.solver.iis import any_drop_resolves, find_iis
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import PRICES_ALONE, SolveLimits, SolveResult, Termination


class DiagnosedProblem(Struct, frozen=True, kw_only=True):
    """A diagnosis, and its repairs as planning problems."""

    diagnosis: Diagnosis
    candidates: tuple[CandidateRepair, ...] = ()


def quick_diagnosis(problem: PlanningProblem, result: SolveResult, warnings: tuple[str, ...] = ()) -> Diagnosis:
    """Return what a result without a plan and plain arithmetic show; the clash may include rules that do not conflict.

    Parameters
    ----------
    result
        A result without picks: infeasible, or stopped before it had a plan.
    """
    program = formulate(problem.without_soft_rules(), zero_objective(problem))
    clash, reasons = _find_arithmetic_conflict(problem, program)
    status = "infeasible" if result.termination is Termination.INFEASIBLE or reasons else "unknown"
    if status == "infeasible" and not clash:
        clash = program.labels
    return Diagnosis(
        status=status,
        campaign=problem.campaign,
        roster=problem.roster_facts,
        clash=clash,
        reasons=reasons,
        limit=result.limit.value if result.limit else None,
        proven_by=ARITHMETIC if reasons else result.proven_by,
        seconds=result.seconds,
        warnings=warnings,
    )


def diagnose(problem: PlanningProblem, initial: Diagnosis, solver: Backend, limits: SolveLimits) -> DiagnosedProblem:
    """Return a diagnosis with repairs and an irreducible clash, as far as the limits allow.

    Parameters
    ----------
    initial
        The diagnosis of the same problem by `quick_diagnosis`.

    Raises
    ------
    AuditError
        If a plan keeps all rules of a problem that was called infeasible.
    BackendError
        If the solver fails.
    """
    time_budget = TimeBudget(limits)
    time_budget.note_interrupt(initial.limit)
    is_open = initial.left_out is not None and bool(initial.clash)  # a conflict among the schedules that were looked at
    if not (initial.status == "infeasible" or is_open) or time_budget.exhausted:
        return DiagnosedProblem(diagnosis=initial)
    program = formulate(problem.without_soft_rules(), zero_objective(problem))
    chances: tuple[BestChance, ...] = ()
    if any(map(has_chance, problem.rules)):
        from microopt.planning.infeasibility.best_chance import best_chances

        chances = tuple(best_chances(problem, initial.clash, solver, time_budget))
    candidates = tuple(find_repairs(problem, program, solver, time_budget))
    plans = [candidate.picks for candidate in candidates]
    diagnosis = _reduce_clash(initial, problem, program, solver, time_budget, plans)
    if diagnosis.irreducible:
        check_drops = partial(any_drop_resolves, require_a_pick(program), solver)
        resolves = time_budget.run(
            lambda limits: check_drops(
                limits,
                labels=diagnosis.clash,
                together=_written_together(problem, diagnosis.clash),
                initial_plans=plans,
            ),
            "clash",
            1.0,
        )
        diagnosis = replace(diagnosis, resolved_by_any=bool(resolves))
    if problem.schedules is not None:
        from microopt.planning.infeasibility.among_schedules import check_clash  # only for very many schedules

        diagnosis = check_clash(problem, initial, diagnosis, solver, time_budget.remaining_limits)
    repairs = tuple(candidate.repair for candidate in candidates)
    diagnosis = replace(diagnosis, repairs=repairs, best_chances=chances, seconds=initial.seconds + time_budget.elapsed)
    return DiagnosedProblem(diagnosis=diagnosis, candidates=candidates)


def _written_together(problem: PlanningProblem, labels: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return, by the label of a rule on one wave, the labels of what the user wrote as one rule on each wave."""
    pieces = pieces_by_label(problem.campaign)
    return {label: labels_meant(problem.campaign, pieces[label].label) for label in labels if label in pieces}


def find_conflict(problem: PlanningProblem, initial: Diagnosis, solver: Backend, limits: SolveLimits) -> Diagnosis:
    """Return a diagnosis with an irreducible clash, as far as the limits allow, and without repairs.

    Parameters
    ----------
    initial
        As in `diagnose`.

    Raises
    ------
    AuditError, BackendError
        As in `diagnose`.
    """
    program = formulate(problem.without_soft_rules(), zero_objective(problem))
    return _reduce_clash(initial, problem, program, solver, TimeBudget(limits), ())


def _reduce_clash(
    initial: Diagnosis,
    problem: PlanningProblem,
    program: IntegerProgram,
    solver: Backend,
    time_budget: TimeBudget,
    plans: Sequence[Columns],
) -> Diagnosis:
    """Return a diagnosis without the rules of its clash that are not needed, as far as the time allows.

    A conflict of rules that no budget would resolve is named first.

    An empty plan does not count, else two rules that only an empty plan keeps would not conflict. But it counts where
    there are reasons: of a budget too small for anybody, the rule that asks for somebody is part of the reason.
    """
    always = () if initial.reasons else (NONEMPTY_LABEL,)
    budgets = {"budget", *(rule.label for rule in problem.rules if isinstance(rule, RangeRule) and rule.wave_budget)}
    plain = () if initial.reasons else tuple(label for label in initial.clash if label not in budgets)
    plain = plain if len(plain) < len(initial.clash) else ()
    find_subset = partial(find_iis, require_a_pick(program), solver, always=always, plain=plain)
    iis = time_budget.run(
        lambda limits: find_subset(limits, candidates=initial.clash, initial_plans=plans), "clash", 1.0
    )
    if iis is None:
        return initial
    diagnosis = replace(initial, clash=iis.labels, irreducible=iis.irreducible)
    if initial.proven_by != ARITHMETIC:
        diagnosis = replace(diagnosis, proven_by=iis.proven_by)
    if iis.proven_by == PRICES_ALONE:  # then no second solver is needed
        diagnosis = replace(diagnosis, unconfirmed="")
    return diagnosis


def _find_arithmetic_conflict(
    problem: PlanningProblem, program: IntegerProgram
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels of the first rule that cannot be kept alone or within the budget, and the reason."""
    for number, line in enumerate(program.rows):
        reason = _unreachable_floor(problem, program, number, line)
        if reason:
            return reason
    caps = find_caps_below_total(problem)
    needing = next((line.label for line in program.rows if not line.holds(0)), None)  # by an empty plan
    if caps is not None and needing is not None:
        return (*(rule.label for rule in caps.rules), needing), (caps.contradiction,)
    signed = contracts_by_label(problem.campaign.running)
    required = {*signed, *map(include_label, problem.campaign.include)}
    included = [line for line in program.rows if line.label in required]
    # A creator may be named twice. A selector may mean several creators, and one of them may serve other rows too.
    cheapest: dict[int, int] = {}
    for line in included:
        if len(np.unique(program.group[line.columns])) == 1:
            group = int(program.group[line.columns[0]])
            cheapest[group] = max(cheapest.get(group, 0), int(program.cost[line.columns].min()))
    minimum = sum(cheapest.values())
    spendable = problem.campaign.spendable
    if spendable is not None and minimum > spendable:
        labels = (*(line.label for line in included), "budget")
        who = "creators you must keep" if signed else "required creators"
        needed, budget = _format_money(problem, minimum), _format_spendable(problem)
        return labels, (f"the {who} cost at least {needed}, but the budget is {budget}",)
    return (), ()


def _unreachable_floor(
    problem: PlanningProblem, program: IntegerProgram, number: int, line: Constraint
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the labels and the reason of a floor that all offers together, or the budget, cannot reach."""
    if line.lower is None or line.lower <= 0 or (line.coefficients < 0).any():
        return None
    best = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(best, program.group[line.columns], line.coefficients)
    net_reach = sum(pool.net_reach(pool.max_exposure) for pool in program.pools if pool.row == number)
    if int(best.sum()) + net_reach < line.lower:
        return (line.label,), (f"{line.label}: {_format_reachable(problem, line, int(best.sum()) + floor(net_reach))}",)
    spendable = problem.campaign.spendable
    if set(line.coefficients.tolist()) == {1} and not net_reach and spendable is not None:
        cheapest = _cheapest_per_creator(program, line)[: line.lower]
        if sum(cheapest) > spendable:
            needs, have = _format_money(problem, sum(cheapest)), _format_spendable(problem)
            few = "even the cheapest costs" if line.lower == 1 else f"even the {line.lower} cheapest cost"
            few = "they cost at least" if line.label in map(include_label, problem.campaign.include) else few
            return (line.label, "budget"), (f"{line.label}: {few} {needs}, but the budget is {have}",)
    return None


def _format_reachable(problem: PlanningProblem, line: Constraint, total: int) -> str:
    """Say how close all offers together come to a floor."""
    rule = next((rule for rule in problem.rules if rule.label == line.label and isinstance(rule, RangeRule)), None)
    if rule is None:
        return "no offer meets this"
    amount, measure = total * line.unit, canonical_measure(rule.measure)
    if rule.mean or rule.bounds.percent or ratio_name(rule.measure):
        return "no mix of offers meets this"
    if measure == "count":
        if not amount:
            return f"no such creator is available{_why_nobody(problem, rule)}"
        noun = "creator is" if amount == 1 else "creators are"
        return f"only {format_bound(amount, False)} such {noun} available"
    if measure == REPEATS:
        noun = "creator" if amount == 1 else "creators"
        return f"only {format_bound(amount, False)} such {noun} can post in two waves"
    reached = _format_money(problem, int(amount * 100)) if is_money(measure) else format_bound(amount, False)
    return f"all offers together reach only {reached}"


def _why_nobody(problem: PlanningProblem, rule: RangeRule) -> str:
    """Return why nobody is available in the waves of a rule, after a colon; empty without a calendar."""
    if problem.campaign.calendar is None:
        return ""
    from microopt.planning.infeasibility.absent_in_wave import why_nobody  # only for a campaign with a calendar

    why = why_nobody(problem, rule)
    return f": {why}" if why else ""


def _cheapest_per_creator(program: IntegerProgram, line: Constraint) -> list[int]:
    """Return the cost of each group's cheapest choice in the row, ascending."""
    costs = np.full(int(program.group.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(costs, program.group[line.columns], program.cost[line.columns])
    return sorted(costs[np.unique(program.group[line.columns])].tolist())


def _format_money(problem: PlanningProblem, cents: int) -> str:
    return format_money(cents, problem.currency)


def _format_spendable(problem: PlanningProblem) -> str:
    campaign = problem.campaign
    text = _format_money(problem, campaign.spendable or 0)
    return f"{text} after the {format_bound(campaign.contingency, True)} contingency" if campaign.contingency else text
