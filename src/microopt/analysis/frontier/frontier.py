"""What does more budget buy? The best plan of each of several budgets, all measured alike.

Ideals are those of the highest budget and are held for all. Each point starts from the prices and the plan of the one
below it; the rules are the same, so that a lower budget's plan is one of a higher budget too.

The least budget that buys a better plan than the one at hand: to the cent, or between which budgets it lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import ceil
from time import perf_counter
from types import MappingProxyType

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.frontier.result import NOT_LOOKED_AT, Frontier, FrontierPoint, NextImprovement, OptimalSpend
from microopt.campaign.campaign import Campaign, EachRule, RangeRule
from microopt.campaign.goals import LEAST_COST
from microopt.errors import UsageError
from microopt.plan.plan import Diagnosis
from microopt.planning.build_plan import build_tier_mix, facts_of, sum_totals
from microopt.planning.build_problem import build_problem
from microopt.planning.counterfactuals import creator_names
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import worth_objective
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import solve_problem
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, backend
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.reduced_cost_fixing import price
from microopt.solver.result import NO_HINT, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

SMALL = 300  # choices: to the cent among so few; among more it takes longer than the plan itself
MILLIONTH = 10**6  # of the value: less is no better plan to anyone, and lies within the tolerances of solvers
NONE_BETTER = NextImprovement(told="no budget buys a better plan")
UNPROVEN = NextImprovement(told="the plan itself is not proven best")
MOVING = NextImprovement(told="rules in percent of the budget move with it")
NOT_LINEAR = NextImprovement(told="soft rules and net reach have no last digit to go beyond")


def next_improving_budget(
    top: SolvedProblem,
    program: IntegerProgram,
    answer: SolveResult,
    known: Sequence[Picks],
    solver: Backend,
    limits: SolveLimits,
) -> NextImprovement:
    """Return the least budget that buys a plan worth more than an answer's, by a millionth of it or more.

    Parameters
    ----------
    top
        The campaign.
    program, answer
        At a budget.
    known
        Plans that may be worth more.
    """
    if answer.stop is not Termination.OPTIMAL or answer.value is None:
        return UNPROVEN
    if any(isinstance(rule, RangeRule | EachRule) and rule.of_budget for rule in top.problem.rules):
        return MOVING
    if not program.exact or program.soft:
        return NOT_LINEAR
    number = [line.label for line in program.rows].index("budget")
    rows = [replace(line, upper=None) if place == number else line for place, line in enumerate(program.rows)]
    asked = replace(program, rows=tuple(rows)).cheapest(answer.value + max(1, abs(answer.value) // MILLIONTH))
    prices = _prices(asked, answer, number)
    if len(program) > SMALL:
        return _between(asked, prices, known)
    found = solve(asked, solver, limits, cheapest=False, hint=WarmStart(prices=prices, plans=tuple(known)))
    if found.stop is Termination.INFEASIBLE:
        return NONE_BETTER
    least = None if found.bound is None else -found.bound
    return NextImprovement(budget=None if found.value is None else -found.value, least=least)


def _between(asked: IntegerProgram, prices: NDArray[np.float64] | None, known: Sequence[Picks]) -> NextImprovement:
    """Return the budget of the cheapest of known plans, and the one below which prices show that there is none."""
    costs = [asked.total_cost(picks) for picks in known if not asked.violated_constraints(picks)]
    least = None if prices is None else ceil(-price(asked, prices).bound)
    return NextImprovement(budget=min(costs, default=None), least=least)


def _prices(asked: IntegerProgram, answer: SolveResult, number: int) -> NDArray[np.float64] | None:
    """Return the prices by which a cent of cost is worth what the budget's price says.

    Parameters
    ----------
    number
        Of the budget's row.
    """
    if answer.prices is None or answer.prices[number] <= 0:
        return None
    cent = answer.prices[number] / float(asked.rows[number].unit * 100)
    prices = np.append(answer.prices / cent, -float(asked.rows[-1].unit) / cent)
    prices[number] = 0.0
    return prices


WHOLE = 1_000  # cents from budget to budget: beyond that those within the range are told in whole money
MOST_STEPS = 1_000
TOP_SHARE = 0.4  # of the time: the highest budget's ideals and plan
POINTS_SHARE = 0.7  # of what is left, for the other points; what is then left is for the next better plans
NONE_KNOWN: Mapping[int, SolveResult] = MappingProxyType({})
QUARTER, DOUBLE = Fraction(1, 4), 2  # of the campaign's own budget, where no range is given


class Question(Struct, frozen=True, kw_only=True, eq=False):
    """What is asked of each budget: the plan of one by whose goal and ideals all are measured."""

    top: SolvedProblem
    solver: Backend
    stint: TimeBudget


class FrontierSolve(Struct, frozen=True, kw_only=True, eq=False):
    """A budget, its program, and the answer to it, None where a limit came before."""

    budget: int
    program: IntegerProgram
    answer: SolveResult | None


def budgets_of(low: int, high: int, steps: int) -> tuple[int, ...]:
    """Return evenly spaced budgets in cents, both ends included.

    Raises
    ------
    UsageError
        If there are too few or too many, or the range has no width.
    """
    check_steps(steps)
    if not 0 < low < high:
        fix = "give the lower budget first, above 0, and a higher one, such as --budget 5k..50k"
        raise UsageError("the range of budgets has no width", fix=fix, code="budget-range")
    inner = [low + (high - low) * number // (steps - 1) for number in range(1, steps - 1)]
    if high - low > steps * WHOLE:
        inner = [round(budget, -2) for budget in inner]
    return tuple(dict.fromkeys((low, *inner, high)))  # of a range of a few cents, fewer


def check_steps(steps: int) -> None:
    """See that a frontier can have so many budgets.

    Raises
    ------
    UsageError
        If there are too few or too many.
    """
    if not 2 <= steps <= MOST_STEPS:
        fix = f"give --steps from 2 to {MOST_STEPS:,}, such as --steps 20"
        raise UsageError(f"a frontier of {steps:,} budgets is none that can be looked at", fix=fix, code="steps")


def frontier(
    roster: Roster,
    campaign: Campaign,
    *,
    low: int | None = None,
    steps: int = 20,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Frontier | Diagnosis:
    """Return the best plan of each of several budgets.

    Parameters
    ----------
    campaign
        Its budget is the highest.
    low
        The lowest budget, cents; by default the range is from a quarter of the campaign's budget to its double.
    steps
        How many budgets, both ends included.
    limits
        For all of it; 60 seconds by default. After the time, or an interrupt, what is left is told to be not looked at.
    solver
        CBC by default.

    Returns
    -------
    Frontier | Diagnosis
        Why there is no plan, where even the highest budget has none.

    Raises
    ------
    UsageError
        If the budgets are none, or the goal is the least cost.
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver fails.
    """
    budgets = _budgets(campaign, low, steps)
    stint, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or backend()
    case, warnings = build_problem(roster, replace(campaign, budget=budgets[-1]))
    top = solve_problem(case, limits=stint.limits_for("highest budget", TOP_SHARE), solver=solver, warnings=warnings)
    if isinstance(top, Diagnosis):
        return diagnose(case, top, solver, stint.remaining_limits()).diagnosis
    stint.note_interrupt(top.proof.limit)
    question = Question(top=top, solver=solver, stint=stint)
    found = [
        *answers(question, budgets[:-1]),
        FrontierSolve(budget=budgets[-1], program=top.program, answer=top.result),
    ]
    enough = stint.run(partial(_enough, question), "where spending stops being worth it", 0.3)
    points = tuple(_points(question, found))
    return Frontier(
        campaign=case.campaign,
        campaign_sha256=campaign_sha256,
        roster=facts_of(case),
        ideals=top.ideals,
        points=points,
        enough=enough,
        backend=top.proof.backend,
        version=top.proof.version,
        seconds=perf_counter() - stint.start,
        notes=(*case.roster.notes, *case.forecast.notes),
        warnings=warnings,
    )


def _budgets(campaign: Campaign, low: int | None, steps: int) -> tuple[int, ...]:
    if campaign.goal.name == LEAST_COST:
        fix = "leave --target out: each point of a frontier is the most that its budget buys"
        raise UsageError("a frontier is of budgets, and a target has none", fix=fix, code="goal-other")
    budget = campaign.budget or 0
    if low is None:
        return budgets_of(int(budget * QUARTER), budget * DOUBLE, steps)
    return budgets_of(low, budget, steps)


def answers(
    question: Question,
    budgets: Sequence[int],
    known: Mapping[int, SolveResult] = NONE_KNOWN,
    share: float = POINTS_SHARE,
) -> Iterator[FrontierSolve]:
    """Yield the answer of each budget, the lowest first.

    Parameters
    ----------
    known
        By budget: answers that are there already.
    share
        Of the time left, for all of them.
    """
    hint = _hint_of(question.top.result, NO_HINT)
    for number, budget in enumerate(budgets):
        part = share / (len(budgets) - number * share)
        program = _at(question.top, budget)
        answer = known.get(budget)
        if answer is None:
            answer = question.stint.run(partial(_best, question, program, hint), f"budget {number + 1}", part)
        if answer is not None:
            question.stint.note_interrupt(answer.limit)
            hint = _hint_of(answer, hint)
        yield FrontierSolve(budget=budget, program=program, answer=answer)


def _best(question: Question, program: IntegerProgram, hint: WarmStart, limits: SolveLimits) -> SolveResult:
    return solve_cheapest(program, question.solver, limits, hint)


def _hint_of(answer: SolveResult, before: WarmStart) -> WarmStart:
    if answer.prices is None:
        return before
    return WarmStart(prices=answer.prices, plans=() if answer.picks is None else (answer.picks,))


def _at(top: SolvedProblem, budget: int) -> IntegerProgram:
    """Return the program of another budget, by the same goal."""
    case = top.problem
    if any(isinstance(rule, RangeRule | EachRule) and rule.of_budget for rule in case.rules):
        return formulate(replace(case, campaign=replace(case.campaign, budget=budget)), top.objective)
    rows = [
        replace(line, upper=int(Fraction(budget, 100) / line.unit)) if line.label == "budget" else line
        for line in top.program.rows
    ]
    return replace(top.program, rows=tuple(rows))


def _points(question: Question, found: list[FrontierSolve]) -> Iterator[FrontierPoint]:
    """Yield the points, each with the next budget that buys more."""
    for number, one in enumerate(found):
        point = point_of(question.top, one)
        if point.value is None or one.answer is None:
            yield point
            continue
        known = [other.answer.picks for other in found[number + 1 :] if other.answer and other.answer.picks is not None]
        task = partial(next_improving_budget, question.top, one.program, one.answer, known, question.solver)
        better = question.stint.run(task, f"more than budget {number + 1}", 1 / (len(found) - number))
        yield replace(point, next_better=better or NextImprovement(told="a limit came first"))


def point_of(top: SolvedProblem, found: FrontierSolve) -> FrontierPoint:
    """Return the point of a budget and its answer."""
    answer, case, unit = found.answer, top.problem, top.objective.unit
    if answer is None:
        return FrontierPoint(budget=found.budget, status=NOT_LOOKED_AT)
    limit = None if answer.limit is None else answer.limit.value
    if answer.picks is None or answer.value is None or answer.bound is None:
        return FrontierPoint(budget=found.budget, status=answer.stop.value, limit=limit)
    bought = case.select_rows(found.program.chosen(answer.picks))
    return FrontierPoint(
        budget=found.budget,
        status=answer.stop.value,
        limit=limit,
        value=answer.value * unit,
        bound=answer.bound * unit,
        totals=sum_totals(case, bought),
        mix=build_tier_mix(case, bought),
        creators=creator_names(case, set(case.choice_creators[answer.picks].tolist())),
    )


def _enough(question: Question, limits: SolveLimits) -> OptimalSpend | None:
    """Return the plan whose worth is most above its cost, None where the goal is not money."""
    case: PlanningProblem = question.top.problem
    if case.campaign.goal.name != "worth":
        return None
    objective = worth_objective(case, {**case.campaign.goal.worths, "spend": Fraction(-1)})
    program = formulate(case, replace(objective, ideal=question.top.objective.ideal))
    answer = solve(program, question.solver, limits, cheapest=False)
    if answer.picks is None:
        return None
    worth = question.top.program.objective_value(answer.picks) * question.top.objective.unit
    return OptimalSpend(spend=program.total_cost(answer.picks), worth=worth, proven=answer.stop is Termination.OPTIMAL)
