"""What would help? The cheapest changes to an infeasible campaign that make a plan possible, each shown by a plan.

Repairs -> the plan of the cheapest: of several that give up as little, the one whose plan brings most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import EachRule, Ideal, PairRule, RangeRule, Rule, SoftPenalty
from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.errors import AuditError
from microopt.plan.plan import Change, Diagnosis, Plan, Repair
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import affordable, zero_objective
from microopt.planning.infeasibility.relax_limits import is_ratio, minimize_relaxation, relax_to_fit
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.time_budget import TimeBudget
from microopt.roster.contract_status import contracts_by_label
from microopt.solver.backends.base import Backend
from microopt.solver.elastic import elastic_program
from microopt.solver.program import Columns, IntegerProgram, constraint
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve

MAX_REPAIRS = 3  # repairs
MAX_ROUNDS = 8  # to find them
SOLVE_SHARE = 0.3  # of the time left, for each solve
MAX_NODES = 250  # and branch-and-bound nodes: that no smaller change would do can be hard to show, and is worth less
PRICE_GAP = 1e-3  # of the price: how much smaller a change may be
A_PICK = "somebody is bought"  # a plan of nobody keeps almost any rules, and helps nobody
HALF_SPENT = "half of the budget is spent"
TYPICAL_PICKS = 5  # picks that a mean is of, for its price


class CandidateRepair(Struct, frozen=True, kw_only=True, eq=False):
    """A repair, the case that it makes, and a plan of it."""

    repair: Repair
    problem: PlanningProblem
    picks: Columns

    @property
    def changed_labels(self) -> frozenset[str]:
        """What is changed."""
        return frozenset(change.label for change in self.repair.changes)


class _RepairSearch(Struct, frozen=True, kw_only=True, eq=False):
    """The programs whose elastic ones are solved: of plans that buy somebody, and of those that spend much as well."""

    problem: PlanningProblem
    programs: tuple[IntegerProgram, ...]
    solver: Backend
    time_budget: TimeBudget


def find_repairs(problem: PlanningProblem, solver: Backend, time_budget: TimeBudget) -> list[CandidateRepair]:
    """Return up to three repairs of a case without a plan, the cheapest first; fewer where a limit comes.

    The first solve looks for the cheapest of all; the others for the cheapest where something that an earlier one
    changes must stay. Conflicts of the roster and contracts always stay: a campaign cannot change them.

    Raises
    ------
    AuditError
        If a plan keeps everything as it is.
    BackendError
        If the solver fails.
    """
    asked = _RepairSearch(
        problem=problem, programs=tuple(_relaxed_programs(problem)), solver=solver, time_budget=time_budget
    )
    found: list[CandidateRepair] = []
    waiting = [frozenset({A_PICK, HALF_SPENT, *_unchangeable_labels(problem)})]
    seen: set[frozenset[str]] = set()
    while waiting and len(found) < MAX_REPAIRS and len(seen) < MAX_ROUNDS and not time_budget.exhausted:
        fixed = waiting.pop(0)
        seen.add(fixed)
        one = min(_cheapest_candidates(asked, fixed), key=lambda one: one.repair.price, default=None)
        if one is None:
            continue
        if not any(_dominates(other, one) for other in found):
            found = [other for other in found if not _dominates(one, other)] + [one]
        more = [fixed | {label, label + GROSS_SUFFIX} for label in sorted(one.changed_labels)]
        waiting += [labels for labels in more if labels not in seen and labels not in waiting]
    return sorted(found, key=lambda one: one.repair.price)


def _unchangeable_labels(problem: PlanningProblem) -> Iterator[str]:
    """Yield the labels of what no campaign can change."""
    yield from (conflict.label for conflict in problem.conflicts)
    yield from contracts_by_label(problem.campaign.running)


def _dominates(one: CandidateRepair, other: CandidateRepair) -> bool:
    """Whether a repair changes no more limits than another, and none of them further."""
    return one.changed_labels <= other.changed_labels and one.repair.price <= other.repair.price


def _relaxed_programs(problem: PlanningProblem) -> Iterator[IntegerProgram]:
    """Yield the programs of a case whose rows are to be left; a second one where there are shares and means.

    What a plan lacks of a share is priced in units of its measure, and a small plan lacks few units of any share.
    """
    hard = problem.without_soft_rules()
    rows = formulate(hard, zero_objective(problem)).rows
    loose = formulate(hard, zero_objective(problem), soft={line.label: SoftPenalty(Fraction(1)) for line in rows})
    loose = _require_a_pick(loose)
    yield loose
    if problem.campaign.budget and any(is_ratio(rule) for rule in hard.rules):
        yield loose.with_row(constraint(HALF_SPENT, loose.cost, lower=problem.campaign.budget // 2))


def _cheapest_candidates(asked: _RepairSearch, fixed: frozenset[str]) -> Iterator[CandidateRepair]:
    """Yield the cheapest repair of each program that leaves rows of these labels alone, where one was found.

    Where the first changes no share and no mean, a plan of more size has nothing to better.
    """
    ratios = {rule.label for rule in asked.problem.rules if is_ratio(rule)}
    for program in asked.programs:
        found = asked.time_budget.run(partial(_find_candidate, asked, program, fixed), "repairs", SOLVE_SHARE)
        if found is not None:
            yield found
            if not found.changed_labels & ratios:
                return


def _find_candidate(
    asked: _RepairSearch, loose: IntegerProgram, fixed: frozenset[str], limits: SolveLimits
) -> CandidateRepair | None:
    problem, time_budget = asked.problem, TimeBudget(limits)
    made = elastic_program(
        loose, scales=dict(_rule_scales(problem)), dropped=set(_droppable_labels(problem)), hard=fixed
    )
    answer = _solve_elastic(asked, time_budget, made.program)
    if answer.columns is None:
        return None
    picks = made.original_columns(answer.columns)
    loosened = relax_to_fit(problem, problem.select_rows(loose.mask(picks)))
    if not loosened.changes and not formulate(
        problem.without_soft_rules(), zero_objective(problem)
    ).violated_constraints(picks):
        message = f"{asked.solver.name} calls the campaign infeasible, but a plan keeps all its rules"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    loosened, picks = minimize_relaxation(
        problem, loosened, picks, lambda program: _solve_for_picks(asked, time_budget, _require_a_pick(program))
    )
    broken = formulate(loosened.problem.without_soft_rules(), zero_objective(problem)).violated_constraints(picks)
    if broken or not loosened.changes:
        raise AuditError(f"a repair does not hold: {', '.join(broken)}", fix="report this with the roster")
    repair = Repair(changes=loosened.changes, minimal=_is_proven_smallest(asked, loose, answer, loosened.changes))
    return CandidateRepair(repair=repair, problem=loosened.problem, picks=picks)


def _is_proven_smallest(
    asked: _RepairSearch, loose: IntegerProgram, answer: SolveResult, changes: tuple[Change, ...]
) -> bool:
    """Whether it was shown that nothing smaller does.

    A share is priced at no more than it is told at; a mean, or what each creator may be, at more or at less.
    """
    rules, labels = asked.problem.rules, {change.label for change in changes}
    otherwise = any(isinstance(rule, EachRule) or (isinstance(rule, RangeRule) and rule.mean) for rule in rules)
    shown = answer.termination is Termination.OPTIMAL or answer.limit is Limit.GAP
    moved = any(is_ratio(rule) and rule.label in labels for rule in rules)
    return shown and loose is asked.programs[0] and not moved and not otherwise


def _solve_elastic(asked: _RepairSearch, time_budget: TimeBudget, program: IntegerProgram) -> SolveResult:
    answer = solve(
        program, asked.solver, replace(time_budget.remaining_limits(), nodes=MAX_NODES, gap=PRICE_GAP), cheapest=False
    )
    asked.time_budget.note_interrupt(answer.limit)
    return answer


def _solve_for_picks(asked: _RepairSearch, time_budget: TimeBudget, program: IntegerProgram) -> Columns | None:
    return (
        None
        if time_budget.exhausted or asked.time_budget.interrupted
        else _solve_elastic(asked, time_budget, program).columns
    )


def _require_a_pick(program: IntegerProgram) -> IntegerProgram:
    everyone = np.ones(len(program), dtype=np.int64)
    return program.with_row(constraint(A_PICK, everyone, lower=1))


def _droppable_labels(problem: PlanningProblem) -> Iterator[str]:
    """Yield the labels of what is kept or not: an inclusion, a pair."""
    yield from (f"include {name}" for name in problem.campaign.include)
    yield from (rule.label for rule in problem.rules if isinstance(rule, PairRule))


def _rule_scales(problem: PlanningProblem) -> Iterator[tuple[str, Fraction]]:
    """Yield what costs 1 in rules whose rows do not tell it by their limit."""
    for rule in problem.rules:
        whole = _rule_scale(problem, rule)
        if whole is not None:
            yield rule.label, whole


def _rule_scale(problem: PlanningProblem, rule: Rule) -> Fraction | None:
    if isinstance(rule, PairRule):
        return None
    if rule.of_budget:
        return Fraction(problem.campaign.budget or 0, 100)
    limits = [abs(bound) for bound in (rule.bounds.low, rule.bounds.high) if bound is not None]
    if isinstance(rule, EachRule):
        return max(limits)
    if rule.mean:
        return TYPICAL_PICKS * max(Fraction(1), *limits)
    if not rule.bounds.percent:
        return None
    what = find_measure(problem, rule.measure)  # a share is of what a plan has of it: about what the budget could buy
    if what.name == "spend" and problem.campaign.budget is not None:
        return Fraction(problem.campaign.budget, 100)
    return Fraction(affordable(problem, problem.sum_by_choice(what.weights).astype(float))) / what.scale


def best_repaired_plan(
    found: Sequence[CandidateRepair], plan_of: Callable[..., Plan | Diagnosis], time_budget: TimeBudget
) -> Plan | None:
    """Return the best plan of the cheapest repairs, None where no plan was found in time.

    Parameters
    ----------
    found
        Repairs, the cheapest first.
    plan_of
        Called with a case and `limits=`.
    """
    equal = [one for one in found if one.repair.price == found[0].repair.price]
    plans: list[Plan] = []
    for number, one in enumerate(equal):
        plan = plan_of(one.problem, limits=time_budget.remaining_limits(1 / (len(equal) - number)))
        if isinstance(plan, Plan):
            plans.append(replace(plan, repair=one.repair))
    return max(plans, key=partial(_plan_value, plans[0].ideals)) if plans else None


def _plan_value(ideals: tuple[Ideal, ...], plan: Plan) -> Fraction:
    """Return what a plan is worth; by these ideals, for a balanced one, since each repair has ideals of its own."""
    if plan.campaign.goal.name != "balanced":
        return -plan.proof.objective if plan.campaign.goal.targets else plan.proof.objective
    totals = plan.totals.metrics
    return sum((Fraction(totals[it.metric], it.total) for it in ideals if it.total), Fraction(0))
