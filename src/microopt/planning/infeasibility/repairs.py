"""What would help? The cheapest changes to an infeasible campaign that make a plan possible, each shown by a plan."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import EachRule, PairRule, RangeRule, Rule, SoftPenalty
from microopt.campaign.metrics import GROSS
from microopt.errors import AuditError
from microopt.plan.plan import Change, Repair
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import affordable, nothing
from microopt.planning.infeasibility.relax_limits import relax_to_fit
from microopt.planning.infeasibility.tighten import is_ratio, minimise_relaxation
from microopt.planning.measures import measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.time_budget import TimeBudget
from microopt.roster.underway import contract_labels
from microopt.solver.backends.base import Backend
from microopt.solver.elastic import elastic
from microopt.solver.program import IntegerProgram, Picks, row
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve

MOST = 3  # repairs
ROUNDS = 8  # to find them
SHARE = 0.3  # of the time left, for each solve
NODES = 250  # and branch-and-bound nodes: that no smaller change would do can be hard to show, and is worth less
GAP = 1e-3  # of the price: how much smaller a change may be
SOMEBODY = "somebody is bought"  # a plan of nobody keeps almost any rules, and helps nobody
SIZE = "half of the budget is spent"
SEVERAL = 5  # picks that a mean is of, for its price


class CandidateRepair(Struct, frozen=True, kw_only=True, eq=False):
    """A repair, the case that it makes, and a plan of it."""

    repair: Repair
    case: PlanningProblem
    picks: Picks

    @property
    def labels(self) -> frozenset[str]:
        """What is changed."""
        return frozenset(change.label for change in self.repair.changes)


class _Asked(Struct, frozen=True, kw_only=True, eq=False):
    """The programs whose elastic ones are solved: of plans that buy somebody, and of those that spend much as well."""

    case: PlanningProblem
    programs: tuple[IntegerProgram, ...]
    solver: Backend
    stint: TimeBudget


def repairs(case: PlanningProblem, solver: Backend, stint: TimeBudget) -> list[CandidateRepair]:
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
    asked = _Asked(case=case, programs=tuple(_programs(case)), solver=solver, stint=stint)
    found: list[CandidateRepair] = []
    waiting = [frozenset({SOMEBODY, SIZE, *_given(case)})]
    seen: set[frozenset[str]] = set()
    while waiting and len(found) < MOST and len(seen) < ROUNDS and not stint.over:
        fixed = waiting.pop(0)
        seen.add(fixed)
        one = min(_cheapest(asked, fixed), key=lambda one: one.repair.price, default=None)
        if one is None:
            continue
        if not any(_less(other, one) for other in found):
            found = [other for other in found if not _less(one, other)] + [one]
        more = [fixed | {label, label + GROSS} for label in sorted(one.labels)]
        waiting += [labels for labels in more if labels not in seen and labels not in waiting]
    return sorted(found, key=lambda one: one.repair.price)


def _given(case: PlanningProblem) -> Iterator[str]:
    """Yield the labels of what no campaign can change."""
    yield from (conflict.label for conflict in case.conflicts)
    yield from contract_labels(case.campaign.running)


def _less(one: CandidateRepair, other: CandidateRepair) -> bool:
    """Whether a repair changes no more limits than another, and none of them further."""
    return one.labels <= other.labels and one.repair.price <= other.repair.price


def _programs(case: PlanningProblem) -> Iterator[IntegerProgram]:
    """Yield the programs of a case whose rows are to be left; a second one where there are shares and means.

    What a plan lacks of a share is priced in units of its measure, and a small plan lacks few units of any share.
    """
    hard = case.hard()
    rows = formulate(hard, nothing(case)).rows
    loose = formulate(hard, nothing(case), soft={line.label: SoftPenalty(Fraction(1)) for line in rows})
    loose = _with_somebody(loose)
    yield loose
    if case.campaign.budget and any(is_ratio(rule) for rule in hard.rules):
        yield loose.with_row(row(SIZE, loose.cost, lower=case.campaign.budget // 2))


def _cheapest(asked: _Asked, fixed: frozenset[str]) -> Iterator[CandidateRepair]:
    """Yield the cheapest repair of each program that leaves rows of these labels alone, where one was found.

    Where the first changes no share and no mean, a plan of more size has nothing to better.
    """
    ratios = {rule.label for rule in asked.case.rules if is_ratio(rule)}
    for program in asked.programs:
        found = asked.stint.work(partial(_mend, asked, program, fixed), "repairs", SHARE)
        if found is not None:
            yield found
            if not found.labels & ratios:
                return


def _mend(asked: _Asked, loose: IntegerProgram, fixed: frozenset[str], limits: SolveLimits) -> CandidateRepair | None:
    case, stint = asked.case, TimeBudget(limits)
    made = elastic(loose, wholes=dict(_wholes(case)), dropped=set(_dropped(case)), hard=fixed)
    answer = _answer(asked, stint, made.program)
    if answer.picks is None:
        return None
    picks = made.plan(answer.picks)
    loosened = relax_to_fit(case, case.rows(loose.chosen(picks)))
    if not loosened.changes and not formulate(case.hard(), nothing(case)).violated_constraints(picks):
        message = f"{asked.solver.name} calls the campaign infeasible, but a plan keeps all its rules"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    loosened, picks = minimise_relaxation(
        case, loosened, picks, lambda program: _picks(asked, stint, _with_somebody(program))
    )
    broken = formulate(loosened.case.hard(), nothing(case)).violated_constraints(picks)
    if broken or not loosened.changes:
        raise AuditError(f"a repair does not hold: {', '.join(broken)}", fix="report this with the roster")
    repair = Repair(changes=loosened.changes, least=_is_least(asked, loose, answer, loosened.changes))
    return CandidateRepair(repair=repair, case=loosened.case, picks=picks)


def _is_least(asked: _Asked, loose: IntegerProgram, answer: SolveResult, changes: tuple[Change, ...]) -> bool:
    """Whether it was shown that nothing smaller does.

    A share is priced at no more than it is told at; a mean, or what each creator may be, at more or at less.
    """
    rules, labels = asked.case.rules, {change.label for change in changes}
    otherwise = any(isinstance(rule, EachRule) or (isinstance(rule, RangeRule) and rule.mean) for rule in rules)
    shown = answer.stop is Termination.OPTIMAL or answer.limit is Limit.GAP
    moved = any(is_ratio(rule) and rule.label in labels for rule in rules)
    return shown and loose is asked.programs[0] and not moved and not otherwise


def _answer(asked: _Asked, stint: TimeBudget, program: IntegerProgram) -> SolveResult:
    answer = solve(program, asked.solver, replace(stint.rest(), nodes=NODES, gap=GAP), cheapest=False)
    asked.stint.heed(answer.limit)
    return answer


def _picks(asked: _Asked, stint: TimeBudget, program: IntegerProgram) -> Picks | None:
    return None if stint.over or asked.stint.interrupted else _answer(asked, stint, program).picks


def _with_somebody(program: IntegerProgram) -> IntegerProgram:
    everyone = np.ones(len(program), dtype=np.int64)
    return program.with_row(row(SOMEBODY, everyone, lower=1))


def _dropped(case: PlanningProblem) -> Iterator[str]:
    """Yield the labels of what is kept or not: an inclusion, a pair."""
    yield from (f"include {name}" for name in case.campaign.include)
    yield from (rule.label for rule in case.rules if isinstance(rule, PairRule))


def _wholes(case: PlanningProblem) -> Iterator[tuple[str, Fraction]]:
    """Yield what costs 1 in rules whose rows do not tell it by their limit."""
    for rule in case.rules:
        whole = _whole(case, rule)
        if whole is not None:
            yield rule.label, whole


def _whole(case: PlanningProblem, rule: Rule) -> Fraction | None:
    if isinstance(rule, PairRule):
        return None
    if rule.of_budget:
        return Fraction(case.campaign.budget or 0, 100)
    limits = [abs(bound) for bound in (rule.bounds.low, rule.bounds.high) if bound is not None]
    if isinstance(rule, EachRule):
        return max(limits)
    if rule.mean:
        return SEVERAL * max(Fraction(1), *limits)
    if not rule.bounds.percent:
        return None
    what = measure(case, rule.measure)  # a share is of what a plan has of it: about what the budget could buy
    if what.name == "spend" and case.campaign.budget is not None:
        return Fraction(case.campaign.budget, 100)
    return Fraction(affordable(case, case.sums(what.weights).astype(float))) / what.scale
