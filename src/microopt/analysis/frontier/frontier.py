"""The frontier: the best plan of each of several budgets, all measured alike.

The campaign's own budget comes first, then its neighbors outwards, so that a short time leaves the ends out. All plans
are measured by the ideals of the highest budget, which comes first where a goal needs them. Each point starts from the
prices and the plan of the next lower one that is known; the rules are the same, so that a plan of a lower budget is
feasible at a higher one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import ceil
from time import perf_counter
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.frontier.budgets import budgets_of_campaign, listed_budgets, round_budgets
from microopt.analysis.frontier.next_budget import next_improving_budget
from microopt.analysis.frontier.result import Frontier, FrontierPoint, NextImprovement, OptimalSpend, leaves_money
from microopt.analysis.session import solve_or_diagnose
from microopt.campaign.campaign import Campaign, RangeRule, Rule, has_rules_of_budget
from microopt.campaign.goals import LEAST_COST
from microopt.errors import UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.planning.build_picks import plan_ranges
from microopt.planning.build_plan import build_tier_mix
from microopt.planning.build_problem import expand_rules
from microopt.planning.counterfactuals import creator_names
from microopt.planning.declines.choose import refuse_after_declines
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import worth_objective
from microopt.planning.optimize import build_objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.risk.tail_goal import refuse_worst_share
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.totals import sum_totals
from microopt.planning.unspent_money import unspent_reason
from microopt.quantities.parse_and_format import format_bound
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import NO_WARM_START, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

OWN_SHARE = 0.4  # of the time, for the plan of the campaign's own budget
TOP_SHARE = 0.4  # of the time, for the ideals and the plan of the highest budget
POINTS_SHARE = 0.7  # of the remaining time, for the other points; the rest is for the next improving budgets
DEFAULT_STEPS = 20
NOT_SEARCHED = NextImprovement(message="not found before the time was up")
NO_RESULTS: Mapping[int, SolveResult] = MappingProxyType({})


class FrontierContext(Struct, frozen=True, kw_only=True, eq=False):
    """What all points share: the solved problem of the highest budget, which measures them, and the solver."""

    top: SolvedProblem
    solver: Backend
    time_budget: TimeBudget


class FrontierSolve(Struct, frozen=True, kw_only=True, eq=False):
    """A budget, its program and its result, which is None if a limit came first."""

    budget: int
    program: IntegerProgram
    result: SolveResult | None


def frontier(
    roster: Roster,
    campaign: Campaign,
    *,
    low: int | None = None,
    steps: int = DEFAULT_STEPS,
    budgets: Sequence[int] | None = None,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Frontier | Diagnosis:
    """Return the best plan of each of several budgets, or a diagnosis if even the highest has none.

    Parameters
    ----------
    campaign
        Its budget is the highest, unless `budgets` are given.
    low
        The lowest budget in cents; by default the range is from a quarter of the campaign's budget to twice the budget.
    steps
        How many budgets a range has at most, including both ends; the others are round.
    budgets
        The budgets in cents, in place of a range.
    limits
        For the whole analysis; 60 seconds by default. Budgets left out are marked as not looked at.
    solver
        CBC by default.

    Raises
    ------
    UsageError
        If the budgets are out of range, or the goal is the least cost.
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver fails.
    """
    refuse_worst_share(campaign, "frontier")
    refuse_after_declines(campaign, "frontier")
    amounts = _frontier_budgets(campaign, low, steps, budgets)
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    found = _solve_first(roster, campaign, amounts, time_budget, solver)
    if isinstance(found, Diagnosis):
        return found
    top, known, warnings = found
    frontier = _trace(FrontierContext(top=top, solver=solver, time_budget=time_budget), amounts, known, campaign.budget)
    return replace(frontier, campaign_sha256=campaign_sha256, warnings=warnings)


def _solve_first(
    roster: Roster, campaign: Campaign, budgets: Sequence[int], time_budget: TimeBudget, solver: Backend
) -> tuple[SolvedProblem, int, tuple[str, ...]] | Diagnosis:
    """Return the solved problem to start from, on the scale of the highest budget, and its budget.

    It is that of the campaign's own budget where this is among the others, and the goal needs no ideals: those are of
    the highest budget.
    """
    own = campaign.budget
    if own is not None and own in budgets[1:-1] and not _needs_ideals(campaign):
        found = solve_or_diagnose(
            roster, campaign, time_budget.limits_for("your budget", OWN_SHARE), time_budget, solver, study="frontier"
        )
        if not isinstance(found, Diagnosis):
            return rescale_to_budget(found[0], budgets[-1]), own, found[1]
    limits, highest = time_budget.limits_for("highest budget", TOP_SHARE), replace(campaign, budget=budgets[-1])
    found = solve_or_diagnose(roster, highest, limits, time_budget, solver, study="frontier")
    return found if isinstance(found, Diagnosis) else (found[0], budgets[-1], found[1])


def _needs_ideals(campaign: Campaign) -> bool:
    """Whether the goal, or the penalty of a soft rule, is measured by ideals."""
    penalties = (rule.soft for rule in campaign.rules if isinstance(rule, RangeRule))
    return campaign.goal.name == "balanced" or any(penalty is not None and penalty.percent for penalty in penalties)


def rescale_to_budget(solved: SolvedProblem, budget: int) -> SolvedProblem:
    """Return the solved plan on the scale of the highest budget: objectives are scaled by what a budget can buy."""
    problem = replace(solved.problem, campaign=replace(solved.problem.campaign, budget=budget))
    objective = build_objective(problem, solved.ideals)
    program, result = formulate(problem, objective), solved.result
    value, scale = program.objective_value(solved.picks), solved.objective.unit / objective.unit
    return replace(
        solved,
        problem=problem,
        objective=objective,
        program=program,
        result=replace(
            result,
            objective=value,
            bound=max(value, ceil(solved.proof.bound / objective.unit)),
            prices=None if result.prices is None else result.prices * float(scale),
        ),
    )


def _trace(context: FrontierContext, budgets: Sequence[int], known: int, own: int | None) -> Frontier:
    """Solve the budgets other than the known one and the optimal spend, and build the frontier."""
    top, time_budget, problem = context.top, context.time_budget, context.top.problem
    solves = solve_budgets(context, budgets, {known: top.result}, own=own)
    optimal_spend = time_budget.run(partial(_optimal_spend, context), "where spending stops being worth it", 0.3)
    points = tuple(_build_points(context, solves))
    return Frontier(
        campaign=problem.campaign,
        campaign_sha256=None,
        roster=problem.roster_facts,
        ideals=top.ideals,
        points=points,
        optimal_spend=optimal_spend,
        backend=top.proof.backend,
        version=top.proof.version,
        seconds=perf_counter() - time_budget.start,
        unspent_reason=explain_unspent(top, solves[-1], points[-1]),
        notes=(*problem.roster.notes, *problem.forecast.notes, *_contingency_note(problem.campaign)),
    )


def _contingency_note(campaign: Campaign) -> tuple[str, ...]:
    share = campaign.contingency
    return (f"{format_bound(share, True)} of each budget is kept as contingency",) if share else ()


def _frontier_budgets(
    campaign: Campaign, low: int | None, steps: int, budgets: Sequence[int] | None
) -> tuple[int, ...]:
    if campaign.goal.name == LEAST_COST:
        fix = "leave --target out: each point of a frontier is the most that its budget buys"
        raise UsageError("a frontier compares budgets, and a target has none", fix=fix, code="goal-other")
    if budgets is not None:
        return listed_budgets(budgets)
    budget = campaign.budget or 0
    return budgets_of_campaign(budget, steps) if low is None else round_budgets(low, budget, steps)


def solve_budgets(
    context: FrontierContext,
    budgets: Sequence[int],
    existing: Mapping[int, SolveResult] = NO_RESULTS,
    share: float = POINTS_SHARE,
    own: int | None = None,
) -> list[FrontierSolve]:
    """Return the result of each budget, the lowest first.

    Parameters
    ----------
    existing
        Results that are already known, by budget.
    share
        The share of the remaining time for all of them.
    own
        The budget to start from, so that those nearest to it are solved where the time is short; None for the lowest.
    """
    results: dict[int, SolveResult] = dict(existing)
    missing = [budget for budget in nearest_first(budgets, own) if budget not in existing]
    programs = {budget: _at_budget(context.top, budget) for budget in budgets}
    for number, budget in enumerate(missing):
        time_share = share / (len(missing) - number * share)
        task = partial(_solve_budget, context, programs[budget], _warm_start_at(budget, results, context.top.result))
        result = context.time_budget.run(task, f"budget {budgets.index(budget) + 1}", time_share)
        if result is not None:
            context.time_budget.note_interrupt(result.limit)
            results[budget] = result
    solves = [FrontierSolve(budget=budget, program=programs[budget], result=results.get(budget)) for budget in budgets]
    return list(_with_plans_of_lower(solves))


def _with_plans_of_lower(solves: Sequence[FrontierSolve]) -> Iterator[FrontierSolve]:
    """Yield solves, where one that the time left unproven is no worse than the plans of lower budgets."""
    plans: list[Columns] = []
    for each in solves:
        result = each.result
        if result is not None and result.columns is not None and result.objective is not None:
            if result.termination is Termination.FEASIBLE:
                better = _best_of(each.program, plans, result.objective)
                result = result if better is None else replace(result, columns=better[1], objective=better[0])
            assert result.columns is not None
            plans.append(result.columns)
        yield replace(each, result=result)


def _best_of(program: IntegerProgram, plans: Sequence[Columns], least: int) -> tuple[int, Columns] | None:
    """Return the best of some plans that keep all rows and are worth more than so much, with its value."""
    valued = ((program.objective_value(plan), plan) for plan in plans)
    fitting = [(value, plan) for value, plan in valued if value > least and not program.violated_constraints(plan)]
    return max(fitting, key=lambda pair: pair[0], default=None)


def nearest_first(budgets: Sequence[int], own: int | None) -> list[int]:
    """Return budgets from one of them outwards, lower and higher ones in turn, or the lowest first.

    One at an end of the range is no middle to start from.
    """
    if own not in budgets[1:-1]:
        return list(budgets)
    middle = budgets.index(own)
    return sorted(budgets, key=lambda budget: abs(budgets.index(budget) - middle))


def _solve_budget(
    context: FrontierContext, program: IntegerProgram, warm_start: WarmStart, limits: SolveLimits
) -> SolveResult:
    return solve_cheapest(program, context.solver, limits, warm_start)


def _warm_start_at(budget: int, results: Mapping[int, SolveResult], top: SolveResult) -> WarmStart:
    """Return the prices and the plan of the next lower budget, or the prices of the next higher one."""
    priced = {known: result for known, result in results.items() if result.prices is not None}
    lower, higher = ([known for known in priced if (known < budget) == is_lower] for is_lower in (True, False))
    if lower:
        found = priced[max(lower)]
        return WarmStart(prices=found.prices, plans=() if found.columns is None else (found.columns,))
    nearest = priced[min(higher)] if higher else top
    if nearest.prices is None:
        return NO_WARM_START
    plans = () if higher or nearest.columns is None else (nearest.columns,)
    return WarmStart(prices=nearest.prices, plans=plans)


def _at_budget(top: SolvedProblem, budget: int) -> IntegerProgram:
    """Return the program for another budget with the same objective."""
    problem = top.problem
    campaign = replace(problem.campaign, budget=budget)
    if has_rules_of_budget(problem.rules):
        return formulate(replace(problem, campaign=campaign, rules=_rules_at(problem, campaign)), top.objective)
    spendable = Fraction(campaign.spendable or 0, 100)
    rows = [
        replace(line, upper=int(spendable / line.unit)) if line.label == "budget" else line for line in top.program.rows
    ]
    return replace(top.program, rows=tuple(rows))


def _rules_at(problem: PlanningProblem, campaign: Campaign) -> tuple[Rule, ...]:
    """Return the rules at another budget: it is part of limits that carry over amounts together with shares."""
    calendar = campaign.calendar
    return problem.rules if calendar is None or not calendar.carry_over else tuple(expand_rules(campaign))


def _build_points(context: FrontierContext, solves: list[FrontierSolve]) -> Iterator[FrontierPoint]:
    """Yield the points, each with the next budget that buys a better plan."""
    for number, solve_ in enumerate(solves):
        point = build_frontier_point(context.top, solve_)
        if point.objective is None or solve_.result is None:
            yield point
            continue
        better_plans = [
            later.result.columns for later in solves[number + 1 :] if later.result and later.result.columns is not None
        ]
        task = partial(next_improving_budget, context.top, solve_.program, solve_.result, better_plans, context.solver)
        improvement = context.time_budget.run(task, f"more than budget {number + 1}", 1 / (len(solves) - number))
        yield replace(point, next_better=improvement or NOT_SEARCHED)


def build_frontier_point(top: SolvedProblem, solve_: FrontierSolve) -> FrontierPoint:
    """Return the frontier point of a solved budget."""
    result, problem, unit = solve_.result, top.problem, top.objective.unit
    if result is None:
        return FrontierPoint(budget=solve_.budget, status=NOT_LOOKED_AT)
    limit = None if result.limit is None else result.limit.value
    if result.columns is None or result.objective is None or result.bound is None:
        return FrontierPoint(budget=solve_.budget, status=result.termination.value, limit=limit)
    purchased = problem.select_rows(solve_.program.mask(result.columns))
    return FrontierPoint(
        budget=solve_.budget,
        status=result.termination.value,
        limit=limit,
        objective=result.objective * unit,
        bound=result.bound * unit,
        totals=sum_totals(problem, purchased),
        mix=build_tier_mix(problem, purchased),
        creators=creator_names(problem, set(problem.choice_creators[result.columns].tolist())),
        likely=plan_ranges(problem, purchased).correlated,
    )


def explain_unspent(top: SolvedProblem, solve_: FrontierSolve, point: FrontierPoint) -> str:
    """Say why the plan of the highest budget leaves money, empty where it leaves little or is not proven.

    Parameters
    ----------
    top
        The problem of the highest budget.
    solve_, point
        Of that budget.
    """
    result, campaign = solve_.result, top.problem.campaign
    if result is None or result.columns is None or point.status != "optimal" or not leaves_money(campaign, point):
        return ""
    return unspent_reason(top.problem, solve_.program, solve_.program.mask(result.columns))


def _optimal_spend(context: FrontierContext, limits: SolveLimits) -> OptimalSpend | None:
    """Return the spend that maximizes worth minus cost, or None if the goal is not money."""
    problem: PlanningProblem = context.top.problem
    if problem.campaign.goal.name != "worth":
        return None
    objective = worth_objective(problem, {**problem.campaign.goal.worths, "spend": Fraction(-1)})
    program = formulate(problem, replace(objective, ideal=context.top.objective.ideal))
    result = solve(program, context.solver, limits, cheapest=False)
    if result.columns is None:
        return None
    assert result.objective is not None and result.bound is not None
    worth = context.top.program.objective_value(result.columns) * context.top.objective.unit
    proven = result.bound - result.objective <= limits.accepted_gap * abs(result.bound)
    return OptimalSpend(spend=program.total_cost(result.columns), worth=worth, proven=proven)
