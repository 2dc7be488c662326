"""The trade-off between two metrics: how much of one a plan gives up for more of the other under the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeGuard

from msgspec.structs import replace

from microopt.analysis.tradeoff.epsilon_constraint import EpsilonConstraintSearch, ParetoCandidate
from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoSearch, build_pareto_front
from microopt.campaign.campaign import Campaign, Goal, RangeRule
from microopt.campaign.goals import BALANCED_METRICS
from microopt.campaign.metrics import METRICS, canonical_measure
from microopt.errors import CampaignError, UsageError, did_you_mean
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.audit import audit
from microopt.planning.build_problem import build_problem
from microopt.planning.declines.choose import refuse_after_declines
from microopt.planning.formulation.formulate import formulate, with_objective
from microopt.planning.formulation.objective import balanced_objective, metric_objective
from microopt.planning.infeasibility.diagnose import diagnose, quick_diagnosis
from microopt.planning.left_out_schedules import refuse_some_schedules
from microopt.planning.optimize import solve_problem
from microopt.planning.time_budget import TimeBudget
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart

END_SHARE = 0.25  # of the remaining time for each end; if no plan is found in it, all remaining time
MIN_STEPS, DEFAULT_STEPS, MAX_STEPS = 2, 10, 100


def tradeoff(
    roster: Roster,
    campaign: Campaign,
    *,
    metrics: Sequence[str] = BALANCED_METRICS,
    steps: int = DEFAULT_STEPS,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> ParetoFront | Diagnosis:
    """Return Pareto points from the most of one metric to the most of another, and the plan of equal weights.

    Parameters
    ----------
    campaign
        Its goal is ignored.
    metrics
        The two metrics.
    steps
        The greatest number of points, including both ends. Inner points maximize the first metric with a floor on the
        second; floors are evenly spaced. The plan of equal weights, the balanced plan, is one more.
    limits
        For the whole analysis; 60 seconds and no gap by default. Steps left out are counted.
    solver, campaign_sha256
        CBC by default; SHA-256 of the campaign file, stored with the front.

    Raises
    ------
    UsageError
        If the two metrics, or the number of steps, are not valid.
    CampaignError
        If the campaign does not fit the roster, or has targets or soft rules, which need a single goal.
    AuditError, BackendError
        If the solver fails, or its result does not pass the audit.
    """
    names, steps = parse_tradeoff_metrics(metrics), check_tradeoff_steps(steps)
    refuse_after_declines(campaign, "tradeoff")
    unused = _check_goal(campaign)
    problem, warnings = build_problem(roster, replace(campaign, goal=Goal(), ideals=()))
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    refuse_some_schedules(problem, "tradeoff")
    objectives = (metric_objective(problem, names[0]), metric_objective(problem, names[1]))
    program = formulate(problem, objectives[0])
    search = EpsilonConstraintSearch(problem=problem, program=program, objectives=objectives, solver=solver)
    first = _solve_first_end(search, time_budget, names[0])
    if isinstance(first, SolveResult):
        quick = quick_diagnosis(problem, first, (*unused, *warnings))
        return diagnose(problem, quick, solver, time_budget.remaining_limits()).diagnosis
    result = _search_points(search, time_budget, first, names, steps)
    front = build_pareto_front(search, result, names, warnings=(*unused, *warnings))
    return replace(front, campaign=campaign, campaign_sha256=campaign_sha256, steps=steps, seconds=time_budget.elapsed)


def parse_tradeoff_metrics(names: Sequence[str]) -> tuple[str, str]:
    """Parse two metrics in any spelling.

    Raises
    ------
    UsageError
        If they are not two different metrics.
    """
    metrics = [canonical_measure(name.strip()) for name in names]
    for name in metrics:
        if name not in METRICS:
            fix = did_you_mean(name, METRICS) or f"use one of: {', '.join(METRICS)}"
            raise UsageError(f"--of: {name!r} is not a metric", fix=fix, code="tradeoff-of")
    if len(metrics) != 2 or metrics[0] == metrics[1]:
        message = f"a trade-off is between two metrics, not {', '.join(metrics)}"
        raise UsageError(message, fix="name two, such as --of engagements,conversions", code="tradeoff-of")
    return metrics[0], metrics[1]


def check_tradeoff_steps(steps: int) -> int:
    """Check the number of steps, and return it.

    Raises
    ------
    UsageError
        If it is out of range.
    """
    if not MIN_STEPS <= steps <= MAX_STEPS:
        fix = f"give {MIN_STEPS} to {MAX_STEPS}, both ends included, such as --steps {DEFAULT_STEPS}"
        raise UsageError(f"--steps {steps:,} is out of range", fix=fix, code="tradeoff-steps")
    return steps


def _check_goal(campaign: Campaign) -> tuple[str, ...]:
    """Refuse targets and soft rules, and return a warning about the part of the goal that is ignored."""
    if campaign.goal.targets:
        fix = "write it as a rule, such as 'all engagements >= 50k', and give a budget"
        raise CampaignError(
            "a trade-off has no target: it shows all weights of two metrics", fix=fix, code="tradeoff-goal"
        )
    for rule in campaign.rules:
        if isinstance(rule, RangeRule) and rule.soft is not None:
            message = f"{rule.label}: a soft rule needs a goal, but a trade-off between two metrics has none"
            raise CampaignError(message, fix="drop '(soft ...)' from the rule, or the rule", code="tradeoff-soft")
    if campaign.goal.name != "balanced":
        ignored = f"the campaign's goal {campaign.goal.name} does not count here"
    elif campaign.ideals:
        ignored = "the totals of the other plan do not count here"
    else:
        return ()
    return (f"{ignored}: a trade-off shows all weights of two metrics",)


def _solve_first_end(
    search: EpsilonConstraintSearch, time_budget: TimeBudget, name: str
) -> ParetoCandidate | SolveResult:
    """Return the plan with the most of the first metric, or the result without a plan."""
    result: ParetoCandidate | SolveResult = SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)
    for share in (END_SHARE, 1.0):
        result = search.find_point(time_budget.limits_for(f"most {name}", share), leading=0)
        if isinstance(result, ParetoCandidate):
            time_budget.note_interrupt(result.limit)
            return result
        time_budget.note_interrupt(result.limit)
        if result.termination is Termination.INFEASIBLE or time_budget.exhausted:
            break
    return result


def _search_points(
    search: EpsilonConstraintSearch, time_budget: TimeBudget, first: ParetoCandidate, names: tuple[str, str], steps: int
) -> ParetoSearch:
    """Search for the other end and the points between, as far as the time allows."""
    task = partial(search.find_point, leading=1, initial=(first.picks,))
    last = time_budget.run(task, f"most {names[1]}", END_SHARE)
    if not _was_searched(last, time_budget):
        equal = _search_equal_weights(search, time_budget, (first, None), names)
        left_out = steps - 1 + (equal is None)
        return ParetoSearch(first=first, last=None, equal_weights=equal, between=(), left_out=left_out)
    equal = _search_equal_weights(search, time_budget, (first, last), names)
    low, high = (search.metric_amount(1, end.picks) for end in (first, last))
    spaced = dict.fromkeys(low - (low - high) * step // (steps - 1) for step in range(1, steps - 1))
    between = tuple(_search_between(search, time_budget, first, last, list(spaced)))
    searched = tuple(candidate for candidate in between if candidate is not None)
    left_out = len(between) - len(searched) + (equal is None)
    return ParetoSearch(first=first, last=last, equal_weights=equal, between=searched, left_out=left_out)


def _search_equal_weights(
    search: EpsilonConstraintSearch,
    time_budget: TimeBudget,
    ends: tuple[ParetoCandidate, ParetoCandidate | None],
    names: tuple[str, str],
) -> ParetoCandidate | None:
    """Return the plan that is best at equal weights, None if it was not searched.

    Of engagements and conversions it is the plan of the balanced goal itself, measured by the ideals of that goal.
    """
    first, last = ends
    if set(names) == set(BALANCED_METRICS):
        return time_budget.run(partial(_solve_balanced, search, time_budget), "balanced plan", END_SHARE)
    if last is None:
        return None
    task = partial(_solve_equal_weights, search, time_budget, (first.picks, last.picks), names)
    return time_budget.run(task, "equal weights", END_SHARE)


def _solve_balanced(
    search: EpsilonConstraintSearch, time_budget: TimeBudget, limits: SolveLimits
) -> ParetoCandidate | None:
    """Return the plan of the balanced goal exactly as `optimize` makes it."""
    solved = solve_problem(search.problem, limits=limits, solver=search.solver)
    if isinstance(solved, Diagnosis):
        time_budget.note_interrupt(solved.limit)
        return None
    return _audited_candidate(search, time_budget, solved.program, solved.result)


def _solve_equal_weights(
    search: EpsilonConstraintSearch,
    time_budget: TimeBudget,
    ends: tuple[Columns, Columns],
    names: tuple[str, str],
    limits: SolveLimits,
) -> ParetoCandidate | None:
    """Return the plan with the greatest sum of two metrics, each as a share of what its end has."""
    problem = search.problem
    ideals = {
        name: int(problem.forecast.metrics[name][problem.select_rows(search.program.mask(end))].sum())
        for name, end in zip(names, ends, strict=True)
    }
    objective = balanced_objective(problem, ideals)
    program = with_objective(search.program, objective)
    limits = limits.reporting_as("", objective.unit)
    result = solve_cheapest(program, search.solver, limits, WarmStart(plans=ends))
    return _audited_candidate(search, time_budget, program, result)


def _audited_candidate(
    search: EpsilonConstraintSearch, time_budget: TimeBudget, program: IntegerProgram, result: SolveResult
) -> ParetoCandidate | None:
    time_budget.note_interrupt(result.limit)
    if result.columns is None or result.objective is None or result.bound is None:
        return None
    audit(search.problem, program, result.columns, result.objective)
    return ParetoCandidate(picks=result.columns, first=result, second=result)


def _search_between(
    search: EpsilonConstraintSearch,
    time_budget: TimeBudget,
    first: ParetoCandidate,
    last: ParetoCandidate,
    spaced: Sequence[int],
) -> Iterator[ParetoCandidate | None]:
    """Yield the candidate for each floor, None if it was not searched; skip floors that a proven plan covers."""
    previous = first
    for number, floor in enumerate(spaced):
        if _covers_floor(search, previous, floor) or (last.proven and floor >= search.metric_amount(1, last.picks)):
            continue
        task = partial(search.find_point, leading=0, floor=floor, initial=(previous.picks, last.picks))
        candidate = time_budget.run(task, f"floor {number + 1} of {len(spaced)}", 1 / (len(spaced) - number))
        if _was_searched(candidate, time_budget):
            previous = candidate
            yield candidate
        else:
            yield None


def _was_searched(result: ParetoCandidate | SolveResult | None, time_budget: TimeBudget) -> TypeGuard[ParetoCandidate]:
    """Whether a search was begun. It cannot prove that there is no plan, because the first end is one."""
    if result is not None:
        time_budget.note_interrupt(result.limit)
    return isinstance(result, ParetoCandidate) and result.searched


def _covers_floor(search: EpsilonConstraintSearch, previous: ParetoCandidate, floor: int) -> bool:
    """Whether the plan of a lower floor, or without a floor, is the plan of this floor too."""
    return previous.proven and search.metric_amount(1, previous.picks) >= floor
