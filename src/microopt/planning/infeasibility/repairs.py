"""Repairs: the cheapest changes to an infeasible campaign that make a plan possible, each proven by a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import EachRule, Ideal, PairRule, RangeRule, Rule, SoftPenalty, include_label
from microopt.errors import AuditError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.repair import Change, Repair
from microopt.planning.build_problem import labels_meant
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import affordable, zero_objective
from microopt.planning.formulation.rules.chance import has_chance
from microopt.planning.infeasibility.relax_limits import (
    RelaxedProblem,
    is_ratio,
    minimize_relaxation,
    relax_to_fit,
    tighten_share,
)
from microopt.planning.infeasibility.tighten_chances import relax_chances, tighten_chances
from microopt.planning.infeasibility.tighten_waves import tighten_each_wave
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.ratios import find_ratio
from microopt.planning.shares import share_base
from microopt.planning.time_budget import TimeBudget
from microopt.roster.contract_status import contracts_by_label
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import constraint
from microopt.solver.elastic import elastic_program
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve

MAX_REPAIRS = 3
MAX_ROUNDS = 8  # to find them
SOLVE_SHARE = 0.3  # of the time left, for each solve
ELASTIC_SHARE = 0.4  # of that time, for the first plan where rules have a chance, whose changes are then made smaller
TIGHTEN_SHARE = 0.3  # of the time left for a repair, for each solve that makes its change smaller
MAX_NODES = 250  # branch-and-bound nodes: a proof that no smaller change would do can be hard, and is worth less
PRICE_GAP = 1e-3  # of the price: how much smaller a change might be
LITTLE_MORE = 2  # times the price: what a repair of fewer limits may cost, and still be the smaller change
NONEMPTY_LABEL = "somebody is bought"  # an empty plan keeps almost any rules, and helps nobody
HALF_SPENT = "half of the budget is spent"
TYPICAL_PICKS = 5  # how many picks a mean is assumed to average, to price it


class CandidateRepair(Struct, frozen=True, kw_only=True, eq=False):
    """A repair, the repaired problem, and picks that solve it."""

    repair: Repair
    problem: PlanningProblem
    picks: Columns

    @property
    def changed_labels(self) -> frozenset[str]:
        """The labels of all rules that it changes."""
        return frozenset(change.label for change in self.repair.changes)


class _RepairSearch(Struct, frozen=True, kw_only=True, eq=False):
    """What the search for repairs of one problem shares.

    Attributes
    ----------
    hard_program
        The program of the hard rules, without an objective.
    programs
        The same with priced slack in each row: of plans that buy somebody, and of plans that also spend much.
    """

    problem: PlanningProblem
    hard_program: IntegerProgram
    programs: tuple[IntegerProgram, ...]
    solver: Backend
    time_budget: TimeBudget


def find_repairs(
    problem: PlanningProblem, hard_program: IntegerProgram, solver: Backend, time_budget: TimeBudget
) -> list[CandidateRepair]:
    """Return up to three repairs of an infeasible problem, the cheapest first; fewer if the time runs out.

    A repair that changes further limits than another one, and is not much cheaper for it, is left out.

    The first solve looks for the cheapest repair of all. The others look for the cheapest repair that leaves alone
    something that an earlier one changes. Conflicts and contracts always stay: no campaign can change them.

    Parameters
    ----------
    hard_program
        The program of the problem's hard rules.

    Raises
    ------
    AuditError
        If a plan keeps all rules as they are.
    BackendError
        If the solver fails.
    """
    programs = tuple(_relaxed_programs(problem, hard_program))
    search = _RepairSearch(
        problem=problem, hard_program=hard_program, programs=programs, solver=solver, time_budget=time_budget
    )
    repairs: list[CandidateRepair] = [*_candidate_by_means(search)]
    queue = [frozenset({NONEMPTY_LABEL, HALF_SPENT, *_unchangeable_labels(problem)})]
    seen: set[frozenset[str]] = set()
    while queue and len(repairs) < MAX_REPAIRS and len(seen) < MAX_ROUNDS and not time_budget.exhausted:
        fixed = queue.pop(0)
        seen.add(fixed)
        candidates = sorted(_cheapest_candidates(search, fixed), key=lambda each: each.repair.price)
        for candidate in candidates:
            repairs = _add_candidate(repairs, candidate)
        changes = sorted(candidates[0].repair.changes, key=lambda change: change.label) if candidates else []
        more = [fixed.union(_labels_of_change(problem, change)) for change in changes]
        queue += [labels for labels in more if labels not in seen and labels not in queue]
    return sorted(repairs, key=lambda each: each.repair.price)[:MAX_REPAIRS]


def _labels_of_change(problem: PlanningProblem, change: Change) -> Iterator[str]:
    """Yield the labels of the rows that a change of a rule, or of the budget of a wave, is about."""
    if change.wave is None:
        yield from labels_meant(problem.campaign, change.label)
        return
    for rule in problem.rules:
        if isinstance(rule, RangeRule) and rule.wave_budget == change.wave:
            yield rule.label


def _candidate_by_means(search: _RepairSearch) -> Iterator[CandidateRepair]:
    """Yield the repair that only moves limits with a chance, where there is one."""
    problem = search.problem
    if not any(map(has_chance, problem.rules)):
        return

    def find(limits: SolveLimits) -> CandidateRepair | None:
        solve_for_answer = partial(_solve_for_answer, search, TimeBudget(limits))
        relaxation = relax_chances(problem, solve_for_answer)
        if relaxation is None:
            return None
        (relaxed, picks), tight = tighten_chances(problem, relaxation, solve_for_answer)
        return _checked_candidate(problem, relaxed, picks, minimal=tight)

    candidate = search.time_budget.run(find, "repairs", SOLVE_SHARE)
    if candidate is not None:
        yield candidate


def _checked_candidate(
    problem: PlanningProblem, relaxed: RelaxedProblem, picks: Columns, *, minimal: bool
) -> CandidateRepair:
    """Return a repair that its picks keep.

    Raises
    ------
    AuditError
        If they do not, or nothing is changed.
    """
    broken = formulate(relaxed.problem.without_soft_rules(), zero_objective(problem)).violated_constraints(picks)
    if broken or not relaxed.changes:
        fix = "try another --solver, and report this with the roster"
        raise AuditError(f"a repair does not hold: {', '.join(broken)}", fix=fix)
    return CandidateRepair(
        repair=Repair(changes=relaxed.changes, minimal=minimal), problem=relaxed.problem, picks=picks
    )


def _unchangeable_labels(problem: PlanningProblem) -> Iterator[str]:
    """Yield the labels of what no campaign can change."""
    yield from (conflict.label for conflict in problem.conflicts)
    yield from contracts_by_label(problem.campaign.running)


def _add_candidate(repairs: list[CandidateRepair], candidate: CandidateRepair) -> list[CandidateRepair]:
    """Return the repairs and a further one, without those that another one dominates."""
    if any(_dominates(repair, candidate) for repair in repairs):
        return repairs
    return [repair for repair in repairs if not _dominates(candidate, repair)] + [candidate]


def _dominates(first: CandidateRepair, second: CandidateRepair) -> bool:
    """Whether a repair changes the same limits as another one for no more, or only some of them for little more."""
    if first.changed_labels == second.changed_labels:
        return first.repair.price <= second.repair.price
    return first.changed_labels < second.changed_labels and first.repair.price <= LITTLE_MORE * second.repair.price


def _relaxed_programs(problem: PlanningProblem, hard_program: IntegerProgram) -> Iterator[IntegerProgram]:
    """Yield the programs with slack in each row; a second one where there are shares and means.

    What a plan lacks of a share is priced in units of its measure, and a small plan lacks few units of any share. So
    the second program requires a plan that spends much.
    """
    hard = problem.without_soft_rules()
    penalties = {line.label: SoftPenalty(Fraction(1)) for line in hard_program.rows}
    relaxed = require_a_pick(formulate(hard, zero_objective(problem), soft=penalties))
    yield relaxed
    if problem.campaign.spendable and any(is_ratio(rule) for rule in hard.rules):
        yield relaxed.with_row(constraint(HALF_SPENT, relaxed.cost, lower=problem.campaign.spendable // 2))


def _cheapest_candidates(search: _RepairSearch, fixed: frozenset[str]) -> Iterator[CandidateRepair]:
    """Yield the cheapest repair of each program that leaves the rows with these labels alone, where there is one.

    If the first repair changes no share and no mean, a larger plan cannot improve it.
    """
    ratios = {rule.label for rule in search.problem.campaign.rules if is_ratio(rule)}
    for program in search.programs:
        task = partial(_find_candidate, search, program, fixed)
        candidate = search.time_budget.run(task, "repairs", SOLVE_SHARE)
        if candidate is not None:
            yield candidate
            if not candidate.changed_labels & ratios:
                return


def _find_candidate(
    search: _RepairSearch, relaxed_program: IntegerProgram, fixed: frozenset[str], limits: SolveLimits
) -> CandidateRepair | None:
    problem, time_budget = search.problem, TimeBudget(limits)
    scales, dropped = dict(_rule_scales(problem)), set(_droppable_labels(problem))
    elastic = elastic_program(relaxed_program, scales=scales, dropped=dropped, hard=fixed)
    has_chances = any(map(has_chance, problem.rules))
    result = _solve_elastic(search, time_budget, elastic.program, ELASTIC_SHARE if has_chances else 1.0)
    if result.columns is None:
        return None
    picks = elastic.original_columns(result.columns)
    relaxed = relax_to_fit(problem, problem.select_rows(relaxed_program.mask(picks)))
    if not relaxed.changes and not search.hard_program.violated_constraints(picks):
        message = f"{search.solver.name} calls the campaign infeasible, but a plan keeps all its rules"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")

    def solve_for_picks(program: IntegerProgram) -> Columns | None:
        return _solve_for_picks(search, time_budget, require_a_pick(program))

    relaxed, picks = minimize_relaxation(problem, relaxed, picks, solve_for_picks)
    relaxed, picks = tighten_each_wave(problem, (relaxed, picks), solve_for_picks)
    tight = False
    if has_chances:
        (relaxed, picks), tight = tighten_chances(
            problem, (relaxed, picks), partial(_solve_for_answer, search, time_budget)
        )
    minimal = relaxed_program is search.programs[0] and _is_proven_minimal(problem, result, relaxed.changes)
    minimal = minimal or tight or _is_tight(search, time_budget, relaxed)
    return _checked_candidate(problem, relaxed, picks, minimal=minimal)


def _is_proven_minimal(problem: PlanningProblem, result: SolveResult, changes: tuple[Change, ...]) -> bool:
    """Whether the solve proves that no smaller change would do.

    The price of a share is at most its reported change. The price of a mean, of a limit on each creator or each wave,
    or of budgets that carry over, may be higher or lower than that. That of a limit with a chance is how many scenarios
    more may fail, and not its change.
    """
    rules, labels = problem.rules, {change.label for change in changes}
    inexact = any(isinstance(rule, EachRule) or (isinstance(rule, RangeRule) and rule.mean) for rule in rules)
    written = problem.campaign.rules
    inexact |= any(has_chance(rule) and rule.label in labels for rule in written)
    inexact |= any(rule.when is not None and rule.when.each for rule in written)
    inexact |= problem.campaign.calendar is not None and problem.campaign.calendar.carry_over
    proven = result.termination is Termination.OPTIMAL or result.limit is Limit.GAP
    ratio_changed = any(is_ratio(rule) and rule.label in labels for rule in written)
    return proven and not ratio_changed and not inexact


def _is_tight(search: _RepairSearch, time_budget: TimeBudget, relaxed: RelaxedProblem) -> bool:
    """Whether a solve proves that the only change, of a share, cannot be smaller by the finest step."""
    tighter = tighten_share(search.problem, relaxed)
    if tighter is None or time_budget.exhausted or search.time_budget.interrupted:
        return False
    program = require_a_pick(formulate(tighter.without_soft_rules(), zero_objective(search.problem)))
    return _solve_elastic(search, time_budget, program).termination is Termination.INFEASIBLE


def _solve_elastic(
    search: _RepairSearch, time_budget: TimeBudget, program: IntegerProgram, share: float = 1.0
) -> SolveResult:
    limits = replace(time_budget.remaining_limits(share), nodes=MAX_NODES, gap=PRICE_GAP)
    result = solve(program, search.solver, limits, cheapest=False)
    search.time_budget.note_interrupt(result.limit)
    return result


def _solve_for_picks(search: _RepairSearch, time_budget: TimeBudget, program: IntegerProgram) -> Columns | None:
    if time_budget.exhausted or search.time_budget.interrupted:
        return None
    return _solve_elastic(search, time_budget, program).columns


def _solve_for_answer(
    search: _RepairSearch, time_budget: TimeBudget, program: IntegerProgram
) -> tuple[Columns | None, bool]:
    """Return the picks of a program, and whether it is proven that there are none."""
    if time_budget.exhausted or search.time_budget.interrupted:
        return None, False
    limits = replace(time_budget.remaining_limits(TIGHTEN_SHARE), nodes=MAX_NODES, gap=PRICE_GAP)
    result = solve(require_a_pick(program), search.solver, limits, cheapest=False)
    search.time_budget.note_interrupt(result.limit)
    return result.columns, result.termination is Termination.INFEASIBLE


def require_a_pick(program: IntegerProgram) -> IntegerProgram:
    """Return the program without its empty plan."""
    return program.with_row(constraint(NONEMPTY_LABEL, np.ones(len(program), dtype=np.int64), lower=1))


def _droppable_labels(problem: PlanningProblem) -> Iterator[str]:
    """Yield the labels of what can only be kept or dropped: inclusions and pair rules."""
    yield from map(include_label, problem.campaign.include)
    yield from (rule.label for rule in problem.rules if isinstance(rule, PairRule))


def _rule_scales(problem: PlanningProblem) -> Iterator[tuple[str, Fraction]]:
    """Yield the amount whose violation costs 1, for rules whose rows do not show it as their limit."""
    for rule in problem.rules:
        scale = _rule_scale(problem, rule)
        if scale is not None:
            yield rule.label, scale


def _rule_scale(problem: PlanningProblem, rule: Rule) -> Fraction | None:
    if isinstance(rule, PairRule):
        return None
    if rule.of_budget:
        return Fraction(problem.campaign.budget or 0, 100)
    limits = [abs(bound) for bound in (rule.bounds.low, rule.bounds.high) if bound is not None]
    ratio = find_ratio(problem, rule.measure) if isinstance(rule, EachRule) or not rule.mean else None
    if ratio is not None:  # about what the budget could buy of what is above the line
        return (
            max(Fraction(1), Fraction(affordable(problem, problem.sum_by_choice(ratio.above.weights).astype(float))))
            / ratio.above.scale
        )
    if isinstance(rule, EachRule):
        return max(limits)
    if rule.mean:
        return TYPICAL_PICKS * max(Fraction(1), *limits)
    if not rule.bounds.percent:
        return None
    measure = find_measure(
        problem, share_base(rule)[0]
    )  # a share refers to a plan's total: about what the budget could buy
    if measure.name == "spend" and problem.campaign.budget is not None:
        return Fraction(problem.campaign.budget, 100)
    return Fraction(affordable(problem, problem.sum_by_choice(measure.weights).astype(float))) / measure.scale


def plan_cheapest(
    candidates: Sequence[CandidateRepair], make_plan: Callable[..., Plan | Diagnosis], time_budget: TimeBudget
) -> tuple[tuple[CandidateRepair, ...], Plan | None]:
    """Return repairs with those of the lowest price ordered by what their plans bring, and the plan of the first.

    Parameters
    ----------
    candidates
        Repairs, the cheapest first.
    make_plan
        Called with a problem and `limits=`.
    """
    cheapest = [candidate for candidate in candidates if candidate.repair.price == candidates[0].repair.price]
    plans: dict[int, Plan] = {}
    for number, candidate in enumerate(cheapest):
        plan = make_plan(candidate.problem, limits=time_budget.remaining_limits(1 / (len(cheapest) - number)))
        if isinstance(plan, Plan):
            plans[number] = replace(plan, repair=candidate.repair)
    if not plans:
        return tuple(candidates), None
    value = partial(_plan_value, next(iter(plans.values())).ideals)
    order = sorted(plans, key=lambda number: value(plans[number]), reverse=True)
    first = [cheapest[number] for number in order]
    return (*first, *(each for each in candidates if each not in first)), plans[order[0]]


def _plan_value(ideals: tuple[Ideal, ...], plan: Plan) -> Fraction:
    """Return the value of a plan; a balanced goal uses the given ideals, because each repair has its own."""
    if plan.campaign.goal.name != "balanced":
        return -plan.proof.objective if plan.campaign.goal.targets else plan.proof.objective
    totals = plan.totals.metrics
    return sum((Fraction(totals[ideal.metric], ideal.total) for ideal in ideals if ideal.total), Fraction(0))
