"""Which mix of creators is best? The whole road from a roster and a campaign to an audited plan."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import ceil, floor
from time import perf_counter

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Ideal, RangeRule
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import METRICS, NET_REACH
from microopt.errors import BackendError
from microopt.plan.plan import Diagnosis, Plan, Proof
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate, with_objective
from microopt.planning.formulation.objective import (
    BALANCED,
    METRIC_OF_GOAL,
    Objective,
    balanced_objective,
    cost_objective,
    metric_objective,
    net_reach_objective,
    nothing,
    worth_objective,
)
from microopt.planning.infeasibility.diagnose import Diagnosed, brief, diagnose
from microopt.planning.infeasibility.mend import best_repaired_plan
from microopt.planning.problem import PlanningProblem
from microopt.planning.rule_prices import rule_prices
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, backend
from microopt.solver.cross_check import CrossCheckResult, cross_check
from microopt.solver.fingerprint import fingerprint
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.outer_approximation import room
from microopt.solver.program import IntegerProgram
from microopt.solver.result import ALONE, NO_HINT, Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.sifting import SMALL

ARITHMETIC = "arithmetic"
IDEAL_SHARE = 0.25  # of the time left, for each ideal of a balanced goal
REPAIR_SHARE = 0.5  # of the time left, for what would help, where a plan is to follow
RETRY_SHARE = 0.5  # where that finds no plan at all
IDEAL_GAP = 5e-3  # of an ideal of many columns: its bound is as good to tell a percent by
IDEAL_NODES = 500  # an ideal is a scale: where its last digits are hard to prove, its bound is reported


class _Question(Struct, frozen=True, kw_only=True, eq=False):
    case: PlanningProblem
    solver: Backend
    second: Backend | None
    limits: SolveLimits
    start: float

    def ask(self, program: IntegerProgram, solver: Backend, limits: SolveLimits) -> SolveResult:
        return answer_of(self.case, program, solver, limits)

    def check(self, program: IntegerProgram, answer: SolveResult) -> CrossCheckResult:
        """Return what the second solver makes of an answer, where there is one."""
        if self.second is None:
            return CrossCheckResult(answer=answer)
        return cross_check(program, answer, partial(self.ask, program), (self.solver, self.second), self.limits)

    def left(self, share: float = 1.0) -> SolveLimits:
        return self.limits.left(self.start, share)


def optimize(
    roster: Roster,
    campaign: Campaign,
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    second: Backend | None = None,
    campaign_sha256: str | None = None,
    repair: bool = False,
    price_rules: bool = False,
) -> Plan | Diagnosis:
    """Return the best plan of a campaign on a roster, or why there is none and what would help.

    Parameters
    ----------
    limits
        60 seconds and no gap by default.
    solver
        CBC by default.
    second
        Another solver, asked afterwards within the same limits, whose answer must agree.
    campaign_sha256
        Of the campaign file, to be kept with the plan.
    repair
        Where there is no plan, return the best one after the cheapest repair, as `Plan.repair` tells.
    price_rules
        Tell what the plan would have more without each of its rules, as `Plan.rule_prices`.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    AuditError
        If the solver's answer does not hold, or the second solver contradicts it.
    BackendError
        If the solver fails.
    """
    limits = limits or SolveLimits(seconds=60.0)
    limits.report("forecast and rules", None, None)
    case, warnings = build_problem(roster, campaign)
    stint, solver = TimeBudget(limits), solver or backend()
    plan_of = partial(
        plan_problem,
        solver=solver,
        second=second,
        warnings=warnings,
        campaign_sha256=campaign_sha256,
        price_rules=price_rules,
    )
    known = plan_of(case, limits=stint.limits)
    if isinstance(known, Plan):
        return known
    told = Diagnosed(diagnosis=known)
    try:
        told = diagnose(case, known, solver, stint.rest(REPAIR_SHARE if repair else 1.0))
        mended = best_repaired_plan(told.found, plan_of, stint) if repair else None
    except BackendError as error:  # what is known by then stands
        failed = f"the solver failed while looking for what would help: {error.message}"
        return replace(told.diagnosis, warnings=(*told.diagnosis.warnings, failed))
    return told.diagnosis if mended is None else mended


def plan_problem(
    case: PlanningProblem,
    *,
    limits: SolveLimits,
    solver: Backend,
    second: Backend | None = None,
    warnings: tuple[str, ...] = (),
    campaign_sha256: str | None = None,
    price_rules: bool = False,
) -> Plan | Diagnosis:
    """Return the best plan of a case, or why there is none; `optimise` once the case is there.

    Parameters
    ----------
    second, price_rules
        As in `optimise`.
    warnings
        Of the case, to be kept with the plan.

    Raises
    ------
    AuditError, BackendError
        As `optimise` does.
    """
    start = perf_counter()
    found = solve_problem(case, limits=limits, solver=solver, second=second, warnings=warnings)
    if isinstance(found, Diagnosis):
        return found
    plan = build_plan(
        case,
        found.program,
        found.answer,
        found.proof,
        ideals=found.ideals,
        warnings=warnings,
        campaign_sha256=campaign_sha256,
    )
    return replace(plan, rule_prices=rule_prices(found, limits.left(start), solver)) if price_rules else plan


def solve_problem(
    case: PlanningProblem,
    *,
    limits: SolveLimits,
    solver: Backend,
    second: Backend | None = None,
    warnings: tuple[str, ...] = (),
) -> SolvedProblem | Diagnosis:
    """Return the best picks of a case and what is known of them, or why there are none.

    Parameters
    ----------
    second, warnings
        As in `best_of`.

    Raises
    ------
    AuditError, BackendError
        As `optimise` does.
    """
    question = _Question(case=case, solver=solver, second=second, limits=limits, start=perf_counter())
    ideals, asked, blocked = _ideals(question)
    if blocked is not None:
        return _no_plan(question, _blocked(question, blocked), warnings)
    objective = objective_of(case, ideals)
    program = (
        with_objective(asked, objective) if asked is not None and case is case.hard() else formulate(case, objective)
    )
    answer = question.ask(program, solver, question.left().saying("plan", objective.unit))
    seconds = perf_counter() - question.start
    checked = question.check(program, answer)
    if checked.answer.picks is None:
        return _no_plan(question, checked, warnings)
    proof = proof_of(checked, objective, program, seconds)
    return SolvedProblem(
        case=case, ideals=ideals, objective=objective, program=program, answer=checked.answer, proof=proof
    )


def answer_of(
    case: PlanningProblem, program: IntegerProgram, solver: Backend, limits: SolveLimits, hint: WarmStart = NO_HINT
) -> SolveResult:
    """Return the best plan of a program of the case, and of equal ones the cheapest.

    Raises
    ------
    AuditError, BackendError
        As `solve` does.
    """
    if case.campaign.goal.name != LEAST_COST:
        return solve_cheapest(program, solver, limits, hint)
    answer = solve(program, solver, limits, cheapest=False, hint=hint)
    return replace(answer, cheapest=answer.stop is Termination.OPTIMAL)  # a plan of equal value costs as much


def _blocked(question: _Question, answer: SolveResult) -> CrossCheckResult:
    """Return what the second solver says where an ideal already has no plan: rules do not depend on the goal."""
    if answer.stop is not Termination.INFEASIBLE:
        return CrossCheckResult(answer=answer)
    return question.check(formulate(question.case.hard(), nothing(question.case)), answer)


def _no_plan(question: _Question, checked: CrossCheckResult, warnings: tuple[str, ...]) -> Diagnosis:
    found = brief(question.case, checked.answer, warnings)
    unconfirmed = "" if found.shown_by == ARITHMETIC else checked.unconfirmed  # which needs no solver
    return replace(found, confirmed_by=checked.confirmed_by, unconfirmed=unconfirmed)


def _ideals(question: _Question) -> tuple[tuple[Ideal, ...], IntegerProgram | None, SolveResult | None]:
    """Return the best totals that a goal is measured by, the program asked last, or the answer that stands in the way.

    Soft rules do not count for them: what they cost may be a percent of an ideal.
    """
    campaign, case = question.case.campaign, question.case.hard()
    if campaign.ideals:
        return campaign.ideals, None, None
    ideals, program = [], None
    for name in ideal_names(question.case):
        objective = metric_objective(case, name) if campaign.goal.name == "balanced" else objective_of(case, ())
        program = formulate(case, objective) if program is None else with_objective(program, objective)
        limits = question.left(IDEAL_SHARE).saying(f"best possible {name}", objective.unit)
        limits = replace(limits, nodes=IDEAL_NODES, gap=IDEAL_GAP if len(program) > SMALL else 0.0)
        answer = solve(program, question.solver, limits, cheapest=False)
        if answer.stop is Termination.UNKNOWN and answer.limit is not Limit.INTERRUPT:  # a limit that nobody asked for
            answer = solve(program, question.solver, question.left(RETRY_SHARE), cheapest=False)
        if answer.limit is Limit.INTERRUPT:
            raise KeyboardInterrupt
        if answer.picks is None:
            return (), None, answer
        chosen = case.rows(program.chosen(answer.picks))
        counted = int(case.forecast.metrics[name][chosen].sum()) if name in METRICS else None
        ideals.append(ideal_of(name, answer, objective, counted))
    return tuple(ideals), program, None


def ideal_names(case: PlanningProblem) -> tuple[str, ...]:
    """Return what the goal of a case is measured by, if anything: metrics, or the goal itself for soft rules."""
    goal = case.campaign.goal.name
    if goal == "balanced":
        return BALANCED
    soft = [rule.soft for rule in case.rules if isinstance(rule, RangeRule) and rule.soft is not None]
    return (METRIC_OF_GOAL.get(goal, goal),) if any(price.percent for price in soft) else ()


def ideal_of(name: str, answer: SolveResult, objective: Objective, counted: int | None) -> Ideal:
    """Return an ideal, rounded so that no plan is above its bound; a least cost is bound from below.

    Parameters
    ----------
    counted
        Thousandths, where the goal is a metric: without the rounding of its values.
    """
    assert answer.value is not None and answer.bound is not None
    worth, best = (Fraction(amount) * objective.unit * 1000 for amount in (answer.value, answer.bound))
    total = round(worth) if counted is None else counted
    if answer.stop is Termination.OPTIMAL:
        return Ideal(metric=name, total=total, bound=total)
    bound = min(total, ceil(best)) if objective.unit < 0 else max(total, floor(best))
    return Ideal(metric=name, total=total, bound=bound)


def objective_of(case: PlanningProblem, ideals: tuple[Ideal, ...]) -> Objective:
    """Return what the goal of a case counts; a balanced one by its ideals, as do soft rules that cost a percent."""
    objective = _objective_of(case, ideals)
    if case.campaign.goal.name == "balanced":
        return replace(objective, ideal=Fraction(sum(ideal.total > 0 for ideal in ideals)))
    return replace(objective, ideal=Fraction(ideals[0].total, 1000)) if ideals else objective


def _objective_of(case: PlanningProblem, ideals: tuple[Ideal, ...]) -> Objective:
    goal = case.campaign.goal
    if goal.name == "balanced":
        return balanced_objective(case, {ideal.metric: ideal.total for ideal in ideals})
    if goal.name == NET_REACH:
        return net_reach_objective(case)
    if goal.name == LEAST_COST:
        return cost_objective(case)
    if goal.name == "worth":
        return worth_objective(case, goal.worths)
    return metric_objective(case, goal.column or METRIC_OF_GOAL[goal.name])


def proof_of(checked: CrossCheckResult, objective: Objective, program: IntegerProgram, seconds: float) -> Proof:
    """Return what is known of the plan of an answer, in the goal's unit."""
    answer = checked.answer
    assert answer.value is not None and answer.bound is not None and answer.price_bound is not None
    assert answer.prices is not None
    alone = answer.price_bound - answer.value <= room(program, answer.price_bound)
    reached = answer.bound - answer.value <= room(program, answer.bound)  # also where a limit stopped the last proof
    return Proof(
        status=(Termination.OPTIMAL if reached else Termination.FEASIBLE).value,
        limit=answer.limit.value if answer.limit else None,
        objective=Fraction(answer.value) * objective.unit,
        bound=Fraction(answer.bound) * objective.unit,
        shown_by=ALONE if alone else answer.shown_by,
        cheapest=answer.cheapest,
        row_prices=tuple(answer.prices.tolist()),
        price_bound=Fraction(answer.price_bound) * objective.unit,
        core=answer.core,
        backend=answer.backend,
        version=answer.version,
        seconds=seconds,
        pool_prices=() if answer.pool_prices is None else tuple(answer.pool_prices.tolist()),
        failure=answer.failure,
        confirmed_by=checked.confirmed_by,
        unconfirmed=checked.unconfirmed,
        program=fingerprint(program),
    )
