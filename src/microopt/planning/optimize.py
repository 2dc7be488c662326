"""Which mix of creators is best? From a roster and a campaign to an audited plan, or to a diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from math import ceil, floor
from time import perf_counter

from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Ideal, RangeRule
from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import BALANCED_METRICS, LEAST_COST, MEASURE_OF_GOAL
from microopt.campaign.metrics import NET_REACH
from microopt.errors import BackendError
from microopt.plan.diagnosis import ARITHMETIC, Diagnosis
from microopt.plan.plan import Pick, Plan
from microopt.plan.proof import Proof
from microopt.planning.build_plan import build_plan, leaves_time_to_compare
from microopt.planning.build_problem import build_problem
from microopt.planning.counterfactuals import rule_prices
from microopt.planning.declines.choose import is_chosen_after_declines, refuse_after_declines
from microopt.planning.declines.plan_after_declines import plan_after_declines
from microopt.planning.formulation.formulate import formulate, with_objective
from microopt.planning.formulation.objective import (
    Objective,
    balanced_objective,
    cost_objective,
    metric_objective,
    net_reach_objective,
    profit_objective,
    worth_objective,
    zero_objective,
)
from microopt.planning.infeasibility.diagnose import DiagnosedProblem, diagnose, quick_diagnosis
from microopt.planning.infeasibility.repairs import plan_cheapest
from microopt.planning.left_out_schedules import bounded_by_left_out, find_schedule_search, left_out_of
from microopt.planning.problem import PlanningProblem
from microopt.planning.problem_run import ProblemRun
from microopt.planning.risk.plan_for_worst import plan_for_worst
from microopt.planning.risk.tail_goal import refuse_worst_share
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget, reserve_for_picks
from microopt.planning.unasked_prices import with_rules_priced_unasked
from microopt.roster.roster import Roster
from microopt.signals import finish_first, interrupted
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.cross_check import CrossCheckResult
from microopt.solver.fingerprint import fingerprint
from microopt.solver.outer_approximation import proof_tolerance
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import NO_WARM_START, PRICES_ALONE, Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve
from microopt.solver.sifting import SMALL

MEANS_SHARE = 0.5  # of the time left, for the plan of means where plans after declines are to follow
IDEAL_SHARE = 0.25  # of the time left, for each ideal of a balanced goal
REPAIR_SHARE = 0.5  # of the time left, for the diagnosis, when a repaired plan is to follow
RETRY_SHARE = 0.5  # of the time left, where an ideal's solve finds no plan at all
IDEAL_GAP = 5e-3  # for an ideal of many columns: its bound serves as well to express a percent
IDEAL_NODES = 500  # an ideal is a scale: where its last digits are hard to prove, its bound is reported


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
    """Return the best plan of a campaign on a roster, or a diagnosis that says why there is none and what would help.

    Parameters
    ----------
    limits, solver
        60 seconds, no gap, and CBC by default.
    second
        A second solver. It runs after the first, within the same limits, and must agree with it.
    campaign_sha256
        SHA-256 of the campaign file, to be kept with the plan.
    repair
        If there is no plan, return the best plan with the first repair of the diagnosis, which is then `Plan.repair`.
    price_rules
        Also return what the plan would gain without each of its rules, as `Plan.rule_prices`. Where rules leave more
        than a fifth of the budget unspent, they are returned in any case, as far as some seconds allow.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver's result does not hold, the second solver contradicts it, or a solver fails.
    """
    limits = limits or SolveLimits(seconds=60.0)
    limits.report("forecast and rules", None, None)
    problem, warnings = build_problem(roster, campaign)
    time_budget, solver = TimeBudget(limits), solver or load_backend()
    make_plan = partial(
        plan_problem,
        solver=solver,
        second=second,
        warnings=warnings,
        campaign_sha256=campaign_sha256,
        price_rules=price_rules or None,
    )
    outcome = make_plan(problem, limits=time_budget.limits)
    if isinstance(outcome, Plan):
        return outcome
    if not repair:
        make_plan = partial(make_plan, second=None, price_rules=False)
    return _diagnose_and_repair(problem, outcome, solver, time_budget, make_plan, repair=repair)


def _diagnose_and_repair(
    problem: PlanningProblem,
    initial: Diagnosis,
    solver: Backend,
    time_budget: TimeBudget,
    make_plan: Callable[..., Plan | Diagnosis],
    *,
    repair: bool,
) -> Plan | Diagnosis:
    """Return the full diagnosis, or with `repair` the best plan with the first repair that it lists, if one is found.

    Of repairs of the same price, the one whose plan brings most comes first.
    """
    diagnosed, repaired = DiagnosedProblem(diagnosis=initial), None
    try:
        limits = time_budget.remaining_limits(REPAIR_SHARE if repair else 1.0)
        diagnosed = diagnose(problem, initial, solver, limits)
        prices = [candidate.repair.price for candidate in diagnosed.candidates[:2]]
        if repair or (len(prices) > len(set(prices)) and not time_budget.exhausted):
            candidates, repaired = plan_cheapest(diagnosed.candidates, make_plan, time_budget)
            repairs = tuple(candidate.repair for candidate in candidates)
            diagnosis = replace(diagnosed.diagnosis, repairs=repairs)
            diagnosed = replace(diagnosed, candidates=candidates, diagnosis=diagnosis)
    except BackendError as error:  # keep what is known so far
        failure = f"the solver failed while looking for what would help: {error.message}"
        return replace(diagnosed.diagnosis, warnings=(*diagnosed.diagnosis.warnings, failure))
    return repaired if repair and repaired is not None else diagnosed.diagnosis


def plan_problem(
    problem: PlanningProblem,
    *,
    limits: SolveLimits,
    solver: Backend,
    second: Backend | None = None,
    warnings: tuple[str, ...] = (),
    campaign_sha256: str | None = None,
    price_rules: bool | None = False,
    known: Columns | None = None,
) -> Plan | Diagnosis:
    """Return the best plan of a problem, or a diagnosis; this is `optimize` once the problem is built.

    Parameters
    ----------
    second, campaign_sha256
        As in `optimize`.
    warnings
        Warnings about the problem, to be kept with the plan.
    price_rules
        Whether to price the rules; None where they leave much of the budget unspent.
    known
        As in `solve_problem`.

    Raises
    ------
    AuditError, BackendError
        As in `optimize`.
    """
    if price_rules:
        refuse_worst_share(problem.campaign, "--price-rules")
        refuse_after_declines(problem.campaign, "--price-rules")
    start, limits = perf_counter(), reserve_for_picks(problem, limits)
    solved = solve_problem(problem, limits=limits, solver=solver, second=second, warnings=warnings, known=known)
    if isinstance(solved, Diagnosis):
        return solved
    with finish_first():
        is_compared = leaves_time_to_compare(solved.proof.limit, len(solved.picks))
        plan = build_plan(solved, warnings=warnings, campaign_sha256=campaign_sha256, with_baseline=is_compared)
    solve_anew = partial(solve_problem, solver=solver)
    if price_rules:
        return replace(plan, rule_prices=rule_prices(solved, limits.remaining(start), solver, solve_anew))
    if price_rules is None:
        return with_rules_priced_unasked(plan, solved, limits.remaining(start), solver, solve_anew)
    return plan


def solve_problem(
    problem: PlanningProblem,
    *,
    limits: SolveLimits,
    solver: Backend,
    second: Backend | None = None,
    warnings: tuple[str, ...] = (),
    last: Sequence[Pick] = (),
    known: Columns | None = None,
) -> SolvedProblem | Diagnosis:
    """Return the best picks of a problem with their proof, or a diagnosis.

    Parameters
    ----------
    second, warnings
        As in `plan_problem`.
    last
        As in `solve_for_goal`.
    known
        Choices that keep all rules, None without any: the plan is no worse than they are.

    Raises
    ------
    AuditError, BackendError
        As in `optimize`.
    """
    limits = replace(limits, no_successor=second is not None)
    run = ProblemRun(
        problem=problem,
        solver=solver,
        second=second,
        limits=limits,
        start=perf_counter(),
        last=last,
        schedules=find_schedule_search(problem),
        plans=[] if known is None else [known],
    )
    ideals, of_ideals, failed = _solve_ideals(run)
    if failed is not None:
        return _explain_no_plan(run, _confirm_infeasible(run, failed), warnings)
    build = partial(build_objective, ideals=ideals)
    then_declines, is_for_worst = is_chosen_after_declines(problem), problem.campaign.worst_share is not None
    shown: PlanningProblem | None = run.with_schedules(problem, build)
    while shown is not None:
        problem, objective = shown, build(shown)
        run = replace(run, problem=problem)
        if of_ideals is not None and problem is problem.without_soft_rules() and run.schedules is None:
            program = with_objective(of_ideals, objective)
        else:
            program = formulate(problem, objective, by_means=True)
        own = run.remaining_limits(MEANS_SHARE if then_declines or is_for_worst else 1.0)
        result = run.solve(program, solver, own.reporting_as("plan", objective.unit))
        shown = run.with_more_schedules(problem, build) if result.columns is None else None
    if (moved := run.moved_evenly(build, result)) is not None:
        (problem, result), objective = moved, build(moved[0])
        program, run = formulate(problem, objective, by_means=True), replace(run, problem=problem)
    seconds = perf_counter() - run.start
    checked = run.check(program, result)
    checked = replace(checked, result=bounded_by_left_out(problem, objective, checked.result))
    if checked.result.columns is None:
        return _explain_no_plan(run, checked, warnings)
    solved = SolvedProblem(
        problem=problem,
        ideals=ideals,
        objective=objective,
        program=program,
        result=checked.result,
        proof=replace(build_proof(checked, objective, program, seconds), left_out=left_out_of(problem)),
    )
    if is_for_worst:
        return plan_for_worst(
            solved,
            solver=solver,
            limits=run.remaining_limits(),
            build_proof=build_proof,
            start=run.start,
            is_second_wanted=second is not None,
        )
    if then_declines:
        return plan_after_declines(solved, run, build_objective=build_objective, build_proof=build_proof)
    return solved


def _confirm_infeasible(run: ProblemRun, result: SolveResult) -> CrossCheckResult:
    """Cross-check the result of an ideal that has no plan: the rules do not depend on the goal."""
    if result.termination is not Termination.INFEASIBLE:
        return CrossCheckResult(result=result)
    return run.check(formulate(run.problem.without_soft_rules(), zero_objective(run.problem)), result)


def _explain_no_plan(run: ProblemRun, checked: CrossCheckResult, warnings: tuple[str, ...]) -> Diagnosis:
    if run.schedules is not None:
        from microopt.planning.infeasibility.among_schedules import diagnose_schedules  # only for very many schedules

        return diagnose_schedules(
            run.problem, run.schedules, checked.result, run.solver, run.remaining_limits, warnings
        )
    diagnosis = quick_diagnosis(run.problem, checked.result, warnings)
    unconfirmed = "" if diagnosis.proven_by == ARITHMETIC else checked.unconfirmed  # arithmetic needs no solver
    return replace(diagnosis, confirmed_by=checked.confirmed_by, unconfirmed=unconfirmed)


def _solve_ideals(run: ProblemRun) -> tuple[tuple[Ideal, ...], IntegerProgram | None, SolveResult | None]:
    """Return the ideals of the goal, the last program solved for them, and the result without a plan, if there was one.

    Soft rules do not count here, because their penalty may be a percent of an ideal.
    """
    campaign, problem = run.problem.campaign, run.problem.without_soft_rules()
    if campaign.ideals:
        return campaign.ideals, None, None
    ideals, program = [], None
    for name in ideal_names(run.problem):
        balanced = campaign.goal.name == "balanced"
        build = partial(metric_objective, name=name) if balanced else partial(build_objective, ideals=())
        shown: PlanningProblem | None = run.with_schedules(problem, build)
        while shown is not None:
            objective = build(shown)
            if program is None or shown is not problem:
                program = formulate(shown, objective, by_means=True)
            else:
                program = with_objective(program, objective)
            result = _solve_ideal(run, program, f"best possible {name}", objective)
            result = bounded_by_left_out(shown, objective, result)
            shown = run.with_more_schedules(shown, build) if result.columns is None else None
        if result.columns is None:
            return (), None, result
        ideals.append(ideal_from_result(name, result, objective))
    return tuple(ideals), program, None


def _solve_ideal(run: ProblemRun, program: IntegerProgram, report: str, objective: Objective) -> SolveResult:
    limits = run.remaining_limits(IDEAL_SHARE).reporting_as(report, objective.unit)
    limits = replace(limits, nodes=IDEAL_NODES, gap=IDEAL_GAP if len(program) > SMALL else 0.0)
    own = not run.is_out_of_time and run.schedules is None  # the ideal then has a plan of its own
    known = NO_WARM_START if own else run.known_plans
    result = solve(program, run.solver, limits, cheapest=False, warm_start=known)
    may_try_again = result.limit is not Limit.INTERRUPT and (run.plans or not run.is_out_of_time)
    if result.termination is Termination.UNKNOWN and may_try_again:
        # A limit stopped it that the user did not set: try again without that limit.
        limits = run.remaining_limits(RETRY_SHARE)
        result = solve(program, run.solver, limits, cheapest=False, warm_start=run.known_plans)
    if (result.columns is None) if interrupted() else (result.limit is Limit.INTERRUPT):
        raise KeyboardInterrupt
    if result.columns is not None:
        run.remember(result.columns)
    return result


def ideal_names(problem: PlanningProblem) -> tuple[str, ...]:
    """Return what needs an ideal, if anything: the metrics of a balanced goal, or the goal itself for soft rules."""
    goal = problem.campaign.goal.name
    if goal == "balanced":
        return BALANCED_METRICS
    penalties = [rule.soft for rule in problem.rules if isinstance(rule, RangeRule) and rule.soft is not None]
    return (MEASURE_OF_GOAL.get(goal, goal),) if any(penalty.percent for penalty in penalties) else ()


def ideal_from_result(name: str, result: SolveResult, objective: Objective, known: int | None = None) -> Ideal:
    """Return an ideal, rounded so that no plan exceeds its bound; a least cost is bounded from below.

    Parameters
    ----------
    known
        The most thousandths that a plan is known to bring; by default those of the result.
    """
    assert result.objective is not None and result.bound is not None
    value, best = (Fraction(amount) * objective.unit * 1000 for amount in (result.objective, result.bound))
    total = round(value) if known is None else known
    if result.termination is Termination.OPTIMAL:
        return Ideal(metric=name, total=total, bound=total)
    bound = min(total, ceil(best)) if objective.unit < 0 else max(total, floor(best))
    return Ideal(metric=name, total=total, bound=bound)


def build_objective(problem: PlanningProblem, ideals: tuple[Ideal, ...]) -> Objective:
    """Return the objective of a problem's goal; balanced goals and percent penalties are scaled by the ideals."""
    objective = _goal_objective(problem, ideals)
    if problem.campaign.goal.name == "balanced":
        return replace(objective, ideal=Fraction(sum(ideal.total > 0 for ideal in ideals)))
    return replace(objective, ideal=Fraction(ideals[0].total, 1000)) if ideals else objective


def _goal_objective(problem: PlanningProblem, ideals: tuple[Ideal, ...]) -> Objective:
    goal = problem.campaign.goal
    if goal.name == "balanced":
        return balanced_objective(problem, {ideal.metric: ideal.total for ideal in ideals})
    if goal.name == NET_REACH:
        return net_reach_objective(problem)
    if goal.name == LEAST_COST:
        return cost_objective(problem)
    if goal.name == PROFIT:
        return profit_objective(problem)
    if goal.name == "worth":
        return worth_objective(problem, goal.worths)
    return metric_objective(problem, goal.column or MEASURE_OF_GOAL[goal.name])


def build_proof(checked: CrossCheckResult, objective: Objective, program: IntegerProgram, seconds: float) -> Proof:
    """Return what is known about the value of a result's picks, in the goal's unit."""
    result = checked.result
    assert result.objective is not None and result.bound is not None and result.price_bound is not None
    assert result.prices is not None
    by_prices = result.price_bound - result.objective <= proof_tolerance(program, result.price_bound)
    # The bound may reach the value even where a limit stopped the last solve.
    optimal = result.bound - result.objective <= proof_tolerance(program, result.bound)
    return Proof(
        status=(Termination.OPTIMAL if optimal else Termination.FEASIBLE).value,
        limit=result.limit.value if result.limit else None,
        objective=Fraction(result.objective) * objective.unit,
        bound=Fraction(result.bound) * objective.unit,
        proven_by=PRICES_ALONE if by_prices else result.proven_by,
        cheapest=result.is_cheapest,
        row_prices=tuple(result.prices.tolist()),
        price_bound=Fraction(result.price_bound) * objective.unit,
        core_size=result.core_size,
        backend=result.backend,
        version=result.version,
        seconds=round(seconds, 3),  # as in the plan's file, so that a page of either says the same
        pool_prices=() if result.pool_prices is None else tuple(result.pool_prices.tolist()),
        failure=result.failure,
        confirmed_by=checked.confirmed_by,
        unconfirmed=checked.unconfirmed,
        program=fingerprint(program),
    )
