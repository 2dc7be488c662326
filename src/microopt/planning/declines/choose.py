"""The step from the plan of means to the one that brings most after declines, and what a check recomputes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, Ideal, RangeRule
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.errors import CampaignError, UsageError
from microopt.plan.after_declines import AfterDeclines
from microopt.planning.declines.freed_value import freed_objective
from microopt.planning.declines.if_accepted import everyone_accepts, if_accepted
from microopt.planning.declines.two_stage import MOST_SHARE, SHARES, Asking, best_of, measure, measured_share, summarize
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import solver_title
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import REPEATABLE, SolveResult, Termination

BuildObjective = Callable[[PlanningProblem, tuple[Ideal, ...]], Objective]
SolveCandidate = Callable[[IntegerProgram, Objective, int], SolveResult]  # with how many solves are still to come
NOBODY_DECLINES = "--after-declines changes nothing: everybody on your list is expected to accept"


def is_chosen_after_declines(problem: PlanningProblem) -> bool:
    """Whether the campaign asks for a plan by its value after declines, and somebody may decline.

    Raises
    ------
    CampaignError
        If it does, and its goal or its rules have no value after declines.
    """
    declines = problem.campaign.declines
    if declines is None or not declines.after_declines:
        return False
    check_goal_after_declines(problem)
    return not everyone_accepts(problem)


def note_nobody_declines(problem: PlanningProblem) -> tuple[str, ...]:
    """Say that everybody accepts, where a plan was asked for by its value after declines."""
    declines = problem.campaign.declines
    wanted = declines is not None and declines.after_declines
    return (NOBODY_DECLINES,) if wanted and everyone_accepts(problem) else ()


def check_goal_after_declines(problem: PlanningProblem) -> None:
    """Refuse goals whose value after declines is not a sum over the creators who accept.

    Raises
    ------
    CampaignError
        If the goal is net reach, the least cost, or the worst outcomes, or a rule has a chance.
    """
    goal, fix = problem.campaign.goal.name, "drop --after-declines, or take another goal, such as --goal engagement"
    if goal == LEAST_COST:
        message = "--after-declines needs a goal to maximize, and --target asks for the lowest cost"
        raise CampaignError(message, fix="drop --after-declines, or give a --budget and a --goal", code="declines-goal")
    if goal == NET_REACH:
        message = "--after-declines cannot be measured for net reach"
        raise CampaignError(message, fix=fix, code="declines-goal")
    if problem.campaign.worst_share is not None:
        message = "--after-declines plans for the mean of all outcomes, and --risk for the worst of them"
        raise CampaignError(message, fix="keep one of --after-declines and --risk", code="declines-goal")
    if any(isinstance(rule, RangeRule) and rule.chance is not None for rule in problem.rules):
        message = "--after-declines asks substitutes, and a rule with a chance counts on nobody being replaced"
        raise CampaignError(message, fix="drop --after-declines, or the chances of the rules", code="declines-goal")


def choose_after_declines(
    means: SolvedProblem, build_objective: BuildObjective, solve: SolveCandidate
) -> tuple[Columns, AfterDeclines]:
    """Return the plan that brings most after declines, and what it brings: the plan of means, or one that asks others.

    Parameters
    ----------
    means
        The plan of means.
    build_objective
        Returns the objective of a problem's goal.
    solve
        Solves a program.
    """
    assert means.result.prices is not None
    asking = asking_of(means.problem, means.ideals, means.result.prices, build_objective)
    plans: dict[tuple[int, ...], Fraction] = {tuple(means.picks.tolist()): Fraction(0)}
    shares = sorted(dict.fromkeys([*SHARES, *filter(None, [measured_share(asking, means.picks)])]))
    for number, share in enumerate(shares):
        result = solve(*_program_at(asking, share, means), len(shares) - number)
        if result.columns is not None:
            plans.setdefault(tuple(result.columns.tolist()), share)
    candidates = [np.asarray(plan, dtype=np.intp) for plan in plans]
    best = best_of(measure(asking, candidates))
    share = list(plans.values())[best]
    return candidates[best], summarize(asking, candidates[best], means.picks, share=share, candidates=len(candidates))


def _program_at(asking: Asking, share: Fraction, means: SolvedProblem) -> tuple[IntegerProgram, Objective]:
    """Return the program that counts a share of what declines free, and its objective."""
    objective = freed_objective(asking.problem, asking.objective, asking.uses, share, means.objective.ideal)
    if means.program.has_soft_rows:
        return formulate(asking.problem, objective), objective
    return means.program.with_objective(objective.values), objective


def with_picks(means: SolveResult, program: IntegerProgram, picks: Columns) -> SolveResult:
    """Return the result of the plan of means with other picks, which are not the best if nobody declines.

    Bound and prices stay: they say how much better a plan may be before declines.
    """
    proven_by = means.proven_by
    if proven_by not in REPEATABLE and not proven_by.startswith("branch and bound of "):
        proven_by = f"branch and bound of {solver_title(means.backend, means.version)}"
    return replace(
        means,
        termination=Termination.FEASIBLE,
        columns=picks,
        objective=program.objective_value(picks),
        is_cheapest=False,
        proven_by=proven_by,
    )


def asking_of(
    problem: PlanningProblem, ideals: tuple[Ideal, ...], prices: NDArray[np.float64], build_objective: BuildObjective
) -> Asking:
    """Return a problem with all that is needed to measure plans after declines."""
    settings, objective = problem.campaign.scenarios, build_objective(problem, ideals)
    accepting = if_accepted(problem)
    accepted_objective = build_objective(accepting, ideals)

    def accept(rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        from microopt.forecast.scenarios import draw_scenarios

        drawn = draw_scenarios(
            problem.roster, problem.campaign, problem.forecast, count=settings.count, seed=settings.seed, rows=rows
        )
        return drawn.accepted

    return Asking(
        problem=problem,
        means=formulate(problem, objective),
        unit=objective.unit,
        accepting=formulate(accepting, accepted_objective),
        objective=accepted_objective,
        prices=prices,
        accept=accept,
        scenarios=settings.count,
        seed=settings.seed,
    )


def wrong_claims(
    problem: PlanningProblem, program: IntegerProgram, picks: Columns, after: AfterDeclines | None
) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) of what a plan states of its declines and cannot be so, before anything is recomputed."""
    if after is None:
        if is_chosen_after_declines(problem):
            yield "", "the campaign asks for a plan after declines, but the plan does not say what it brings"
    elif not is_chosen_after_declines(problem):
        yield "", "the campaign does not ask for a plan after declines, or nobody may decline"
    elif not 0 <= after.share <= MOST_SHARE or not 1 <= after.candidates <= len(SHARES) + 2:
        yield "share", f"{float(after.share):g} of what a decline frees, the best of {after.candidates:,}, is not tried"
    elif not _are_choices(after.means, len(program)) or program.violated_constraints(np.asarray(after.means, np.intp)):
        yield "means", "the plan of means breaks the rules"
    elif not after.share and list(after.means) != picks.tolist():
        yield "means", "the plan says that it is the plan of means, and has other picks"


def _are_choices(positions: tuple[int, ...], count: int) -> bool:
    return all(0 <= position < count for position in positions) and list(positions) == sorted(set(positions))


def recompute(
    problem: PlanningProblem,
    ideals: tuple[Ideal, ...],
    picks: Columns,
    stated: AfterDeclines,
    prices: NDArray[np.float64],
    build_objective: BuildObjective,
) -> AfterDeclines:
    """Return what a plan brings after declines, recomputed from its picks, its prices and the seed."""
    asking = asking_of(problem, ideals, prices, build_objective)
    means = np.asarray(stated.means, dtype=np.intp)
    return summarize(asking, picks, means, share=stated.share, candidates=stated.candidates)


def refuse_after_declines(campaign: Campaign, study: str) -> None:
    """Refuse a study of plans before declines where the campaign asks for a plan after them.

    Raises
    ------
    UsageError
        If it does.
    """
    if campaign.declines is not None and campaign.declines.after_declines:
        message = f"{study} measures plans before declines, and this campaign asks for a plan after declines"
        fix = "leave out --after-declines, and after_declines in the campaign file"
        raise UsageError(message, fix=fix, code="declines-not-studied")
