"""The step from the plan of means to the one that brings most after declines, and its objective."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Ideal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.errors import CampaignError
from microopt.forecast.scenarios import draw_scenarios
from microopt.plan.after_declines import AfterDeclines
from microopt.plan.plan import Proof
from microopt.planning.declines.freed_value import freed_objective, priced_use
from microopt.planning.declines.if_accepted import everyone_accepts, if_accepted
from microopt.planning.declines.two_stage import SHARES, Asking, best_of, measure, measured_share, summarize
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import SolveResult

BuildObjective = Callable[[PlanningProblem, tuple[Ideal, ...]], Objective]
SolveCandidate = Callable[[IntegerProgram, Objective, int], SolveResult]  # with how many solves are still to come
Prove = Callable[[IntegerProgram, SolveResult, Objective], tuple[SolveResult, Proof]]
NOBODY_DECLINES = "--after-declines changes nothing: everybody on your list is expected to accept"


class Candidate(Struct, frozen=True, kw_only=True, eq=False):
    """A plan that is compared by what it brings after declines, with the program that it is the best of."""

    share: Fraction
    columns: Columns
    objective: Objective
    program: IntegerProgram
    result: SolveResult


def is_chosen_after_declines(problem: PlanningProblem) -> bool:
    """Whether the campaign asks for a plan by its value after declines, and somebody may decline."""
    declines = problem.campaign.declines
    return declines is not None and declines.after_declines and not everyone_accepts(problem)


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
        If the goal is net reach, the least cost, or the worst outcomes.
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


def choose_after_declines(
    solved: SolvedProblem, build_objective: BuildObjective, solve: SolveCandidate, prove: Prove
) -> SolvedProblem:
    """Return the plan that brings most after declines: the plan of means, or one that asks others first.

    Parameters
    ----------
    solved
        The plan of means.
    build_objective
        Returns the objective of a problem's goal.
    solve, prove
        Solve a program, and state its proof.
    """
    check_goal_after_declines(solved.problem)
    means = solved.picks
    assert solved.result.prices is not None
    asking = asking_of(solved.problem, solved.ideals, solved.result.prices, build_objective)
    candidates = [
        Candidate(
            share=Fraction(0),
            columns=means,
            objective=solved.objective,
            program=solved.program,
            result=solved.result,
        )
    ]
    shares = dict.fromkeys([*SHARES, *filter(None, [measured_share(asking, means)])])
    for number, share in enumerate(sorted(shares)):
        candidate = _solve(asking, share, solved, solve, len(shares) - number)
        if candidate is not None and not any(np.array_equal(candidate.columns, each.columns) for each in candidates):
            candidates.append(candidate)
    best = candidates[best_of(measure(asking, [each.columns for each in candidates]))]
    if best.share:
        result, proof = prove(best.program, best.result, best.objective)
        solved = replace(solved, objective=best.objective, program=best.program, result=result, proof=proof)
    after = summarize(asking, solved.picks, means, share=best.share, candidates=len(candidates))
    return replace(solved, after_declines=after)


def _solve(
    asking: Asking, share: Fraction, solved: SolvedProblem, solve: SolveCandidate, still: int
) -> Candidate | None:
    objective = freed_objective(asking.problem, asking.objective, asking.uses, share, solved.objective.ideal)
    if solved.program.has_soft_rows:
        program = formulate(asking.problem, objective)
    else:
        program = solved.program.with_objective(objective.values)
    result = solve(program, objective, still)
    if result.columns is None:
        return None
    return Candidate(share=share, columns=result.columns, objective=objective, program=program, result=result)


def asking_of(
    problem: PlanningProblem, ideals: tuple[Ideal, ...], prices: np.ndarray, build_objective: BuildObjective
) -> Asking:
    """Return a problem with all that is needed to measure plans after declines."""
    settings, objective = problem.campaign.scenarios, build_objective(problem, ideals)
    accepting = if_accepted(problem)
    accepted_objective = build_objective(accepting, ideals)

    def accept(rows: np.ndarray) -> np.ndarray:
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
        prices=np.asarray(prices, dtype=float),
        accept=accept,
        scenarios=settings.count,
        seed=settings.seed,
    )


def objective_of_plan(
    problem: PlanningProblem, ideals: tuple[Ideal, ...], after: AfterDeclines | None, build_objective: BuildObjective
) -> Objective:
    """Return the objective by which a plan was chosen: the goal, and what its declines free where it counts that."""
    objective = build_objective(problem, ideals)
    if after is None or not after.share:
        return objective
    uses = priced_use(formulate(problem, objective), np.asarray(after.prices, dtype=float), objective.unit)
    accepted = build_objective(if_accepted(problem), ideals)
    return freed_objective(problem, accepted, uses, after.share, objective.ideal)


def wrong_claims(
    problem: PlanningProblem, ideals: tuple[Ideal, ...], after: AfterDeclines | None, build_objective: BuildObjective
) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) of what a plan states of its declines and cannot be so, before anything is recomputed."""
    if after is None:
        if is_chosen_after_declines(problem):
            yield "", "the campaign asks for a plan after declines, but the plan does not say what it brings"
        return
    if not is_chosen_after_declines(problem):
        yield "", "the campaign does not ask for a plan after declines, or nobody may decline"
        return
    program = formulate(problem, build_objective(problem, ideals))
    if after.share < 0 or after.candidates < 1:
        yield "share", f"{float(after.share):g} is not a share of what a decline frees"
    elif len(after.prices) != len(program.rows):
        yield "prices", f"the plan has {len(after.prices):,} of them, but its campaign needs {len(program.rows):,}"
    elif not _are_choices(after.means, len(program)) or program.violated_constraints(np.asarray(after.means, np.intp)):
        yield "means", "the plan of means breaks the rules"


def _are_choices(positions: tuple[int, ...], count: int) -> bool:
    return all(0 <= position < count for position in positions) and list(positions) == sorted(set(positions))


def recompute(
    problem: PlanningProblem,
    ideals: tuple[Ideal, ...],
    picks: Columns,
    stated: AfterDeclines,
    build_objective: BuildObjective,
) -> AfterDeclines:
    """Return what a plan brings after declines, recomputed from its picks, its prices and the seed."""
    asking = asking_of(problem, ideals, np.asarray(stated.prices, dtype=float), build_objective)
    means = np.asarray(stated.means, dtype=np.intp)
    return summarize(asking, picks, means, share=stated.share, candidates=stated.candidates)
