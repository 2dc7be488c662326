"""Reopen a plan file with its roster: the inputs of the plan, if it can be a plan of that roster."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, Ideal
from microopt.campaign.validation import invalid_ideals
from microopt.errors import CampaignError, RosterError, UsageError
from microopt.files.reading import source_name
from microopt.plan.plan import Plan
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_problem import build_problem
from microopt.planning.declines.choose import wrong_claims
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.planning.left_out_schedules import repeat_schedules
from microopt.planning.match_picks import match_picks
from microopt.planning.optimize import build_objective, ideal_names
from microopt.planning.problem import PlanningProblem
from microopt.planning.risk.tail_goal import TailGoal, build_tail_goal, wrong_sets
from microopt.readers.campaign_file import digest_of_campaign_file
from microopt.readers.formats.raw_bytes import read_stored_bytes
from microopt.readers.options import MAX_UNPACKED, ReadOptions, roster_options
from microopt.readers.plan_file import FalsePlanError, PlanFile, read_plan
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster, Source
from microopt.solver.program import Columns, IntegerProgram
from microopt.verification.certificate import check_dual_counts
from microopt.verification.stated_roster import find_posts, find_roster

POSTS_FIX = "give the file of posts that the plan was made from with --posts, or make the plan again"
ROSTER_FIX = "give the roster that the plan was made from with --roster, or make the plan again"
UNRELATED_ERRORS = ("extra-missing", "file-bomb")  # of reading here, which say nothing about the plan


class FalseClaim(Exception):  # noqa: N818 (not an error of the program: it ends a check early)
    """A plan states something that cannot be true."""

    def __init__(self, discrepancy: Discrepancy) -> None:
        super().__init__(discrepancy.message)
        self.discrepancy = discrepancy


class ReopenedPlan(Struct, frozen=True, kw_only=True, eq=False):
    """The inputs of a plan, and its picks.

    Attributes
    ----------
    program, objective
        Those of the worst scenarios for a plan that was chosen for them; `by_means` is then the program of the mean.
    tail
        The goal of the worst scenarios, None for a plan that was not chosen for them.
    """

    file: PlanFile
    roster: Roster
    campaign: Campaign
    problem: PlanningProblem
    warnings: tuple[str, ...]
    ideals: tuple[Ideal, ...]
    program: IntegerProgram
    objective: Objective
    picks: Columns
    by_means: IntegerProgram | None = None
    tail: TailGoal | None = None


def reopen_plan(
    plan: str, roster: str | None, *, posts: str | None = None, max_unpacked: int = MAX_UNPACKED
) -> ReopenedPlan:
    """Return the inputs of a plan file, for further analyses.

    Parameters
    ----------
    plan
        The path of the plan; `-` is standard input.
    roster
        By default the path that the plan states, where it may (`find_roster`).
    posts
        The file of past posts, if the plan has one; by default the path that the plan states (`find_posts`).

    Raises
    ------
    UsageError
        If the file is not a plan, or not one of this roster.
    RosterError
        If the roster cannot be read.
    """
    file = read_plan(plan)
    return reopen_file(file, find_roster(file, roster), posts=posts, max_unpacked=max_unpacked)


def reopen_file(
    file: PlanFile, path: str, *, posts: str | None = None, max_unpacked: int = MAX_UNPACKED
) -> ReopenedPlan:
    """Return the inputs of a plan, as `reopen_plan` does, once its file is read.

    Parameters
    ----------
    path
        The path of its roster.

    Raises
    ------
    UsageError, RosterError
        As `reopen_plan` does.
    """
    try:
        reopened = check_plan_file(file, path, None, max_unpacked, posts=posts)
        for broken in reopened.program.violated_constraints(reopened.picks):
            raise false_claim("picks", f"the picks break {broken}")
    except FalseClaim as claim:
        if claim.discrepancy.place == "roster.source.sha256":
            raise UsageError(claim.discrepancy.message, fix=ROSTER_FIX, code="roster-other") from None
        if claim.discrepancy.place == "roster.source.posts_sha256":
            raise UsageError(claim.discrepancy.message, fix=POSTS_FIX, code="posts-changed") from None
        raise FalsePlanError(file.path, claim.discrepancy.message) from None
    return reopened


def check_plan_file(
    file: PlanFile, path: str, campaign_path: str | None, max_unpacked: int, *, posts: str | None = None
) -> ReopenedPlan:
    """Read all inputs of a plan, and check that it can be a plan of them.

    Raises
    ------
    FalseClaim
        If it cannot.
    RosterError, UsageError
        If the roster or the campaign file cannot be read.
    """
    stated = file.plan
    campaign = stated.campaign
    if campaign_path is not None:
        _check_campaign_file(campaign_path, stated.campaign_sha256)
    try:
        roster = read_plan_roster(file, path, plan_read_options(file, campaign, max_unpacked, posts))
        problem, warnings = build_problem(roster, campaign)
    except CampaignError as error:
        raise false_claim("campaign", f"it does not fit the roster: {error.message}") from None
    ideals = _check_ideals(file, problem)
    problem = _with_stated_schedules(problem, ideals, stated)
    try:
        objective = build_objective(problem, ideals)
        program = formulate(problem, objective, by_means=True)
        tail = _reopen_tail(problem, objective, ideals, stated)
    except CampaignError as error:
        raise false_claim("campaign", error.message) from None
    by_means = None
    if tail is not None and stated.tail is not None:
        by_means, objective, program = program, tail.objective, tail.goal.with_cuts(stated.tail.sets)
    for discrepancy in check_dual_counts(program, stated):
        raise FalseClaim(discrepancy)
    chosen = match_picks(problem, stated.picks)
    if isinstance(chosen, Discrepancy):
        raise FalseClaim(chosen)
    if (
        tail is not None
        and stated.tail is not None
        and tail.goal.worst_set(np.flatnonzero(chosen)) not in stated.tail.sets
    ):
        raise false_claim("tail.sets", "they lack the scenarios in which the picks do worst")
    for key, message in wrong_claims(problem, program, np.flatnonzero(chosen), stated.after_declines):
        raise false_claim(f"after_declines{key and '.'}{key}", message)
    return ReopenedPlan(
        file=file,
        roster=roster,
        campaign=campaign,
        problem=problem,
        warnings=warnings,
        ideals=ideals,
        program=program,
        objective=objective,
        picks=np.flatnonzero(chosen),
        by_means=by_means,
        tail=tail,
    )


def _with_stated_schedules(problem: PlanningProblem, ideals: tuple[Ideal, ...], stated: Plan) -> PlanningProblem:
    """Return the problem with the schedules that the plan looked at, where there were too many to look at each."""
    if problem.schedules is None:
        return problem
    repeated = repeat_schedules(problem, partial(build_objective, ideals=ideals), stated.proof.left_out)
    if repeated is None:
        raise false_claim("proof.left_out", "it does not say which of very many schedules the plan was made from")
    return repeated


def _reopen_tail(
    problem: PlanningProblem, objective: Objective, ideals: tuple[Ideal, ...], stated: Plan
) -> TailGoal | None:
    """Return the goal of the worst scenarios, drawn again, of a plan that was chosen for it."""
    if problem.campaign.worst_share is None:
        return None
    if stated.tail is None:
        raise false_claim("tail", "the campaign plans for the worst outcomes, and the plan does not say what they are")
    tail = build_tail_goal(problem, objective, ideals)
    if wrong := wrong_sets(tail.goal, stated.tail.sets):
        raise false_claim("tail.sets", wrong)
    means = stated.tail.means
    if list(means) != sorted(set(means)) or (means and not 0 <= means[0] <= means[-1] < problem.choice_count):
        raise false_claim("tail.means", "they are not different choices of the problem in ascending order")
    for broken in tail.goal.program.violated_constraints(np.asarray(means, dtype=np.intp)):
        raise false_claim("tail.means", f"the plan of means breaks {broken}")
    return tail


def false_claim(place: str, message: str) -> FalseClaim:
    """Return the exception for a statement of a plan that cannot be true."""
    return FalseClaim(Discrepancy(place=place, message=message))


def _check_campaign_file(path: str, stated: str | None) -> None:
    recomputed = digest_of_campaign_file(path)
    if stated != recomputed:
        without = "this plan was made without a campaign file"
        message = without if stated is None else f"{path} is not the campaign file of this plan, or has changed since"
        raise FalseClaim(Discrepancy(place="campaign_sha256", message=message, stated=stated, recomputed=recomputed))


def plan_read_options(file: PlanFile, campaign: Campaign, max_unpacked: int, posts: str | None = None) -> ReadOptions:
    """Return how the roster of a plan was read; `posts` is where its file of posts is, if not where the plan says."""
    source = file.plan.roster.source
    options = roster_options(
        campaign, skip_bad_rows=source.skip_bad_rows, sheet=source.sheet, max_unpacked=max_unpacked
    )
    return replace(options, posts=find_posts(file, posts))


def read_plan_roster(file: PlanFile, path: str, options: ReadOptions) -> Roster:
    """Read the roster as it was read for the plan, and check that it is the same to the byte.

    Raises
    ------
    RosterError
        If there is none, or it cannot be read for a reason that says nothing about the plan.
    FalseClaim
        If it is another one, or cannot be read as the plan says.
    """
    source = file.plan.roster.source
    try:
        roster = read_roster(path, options)
    except RosterError as error:
        if path == "-" or not Path(path).is_file() or error.code in UNRELATED_ERRORS:
            raise
        recomputed = sha256(read_stored_bytes(path)).hexdigest()
        if recomputed != source.sha256:
            raise _other_roster_claim(path, source, recomputed) from None
        if changed := _digest_of_changed_posts(options.posts, source):
            raise _other_posts_claim(options.posts, source, changed) from None
        raise false_claim("roster", f"it cannot be read as the plan says: {_name_problem(error)}") from None
    if roster.source.sha256 != source.sha256:
        raise _other_roster_claim(path, source, roster.source.sha256)
    if roster.source.posts_sha256 != source.posts_sha256:
        raise _other_posts_claim(options.posts, source, roster.source.posts_sha256)
    return roster


def _digest_of_changed_posts(path: str | None, source: Source) -> str | None:
    """Return the digest of a file of posts that is not the one of the plan, or None."""
    if path is None or not Path(path).is_file():
        return None
    recomputed = sha256(read_stored_bytes(path)).hexdigest()
    return recomputed if recomputed != source.posts_sha256 else None


def _name_problem(error: RosterError) -> str:
    """Return what is wrong with a file: its first problem, where the message only counts them."""
    first = next(iter(error.faults), None)
    message = error.message.rstrip(".")
    if first is None or first.message == error.message:
        return message
    row = "" if first.row is None else f"row {first.row}, "
    return f"{message}, {'' if len(error.faults) == 1 else 'first '}{row}{first.message}"


def _other_posts_claim(path: str | None, source: Source, recomputed: str | None) -> FalseClaim:
    message = f"{source_name(path or '')} has changed since this plan was made, or is another file of posts"
    return FalseClaim(
        Discrepancy(
            place="roster.source.posts_sha256", message=message, stated=source.posts_sha256, recomputed=recomputed
        )
    )


def _other_roster_claim(path: str, source: Source, recomputed: str) -> FalseClaim:
    same_name = Path(path).name == Path(source.path).name
    difference = "has changed since this plan was made" if same_name else "is not the roster of this plan"
    message = f"{source_name(path)} {difference}"
    return FalseClaim(
        Discrepancy(place="roster.source.sha256", message=message, stated=source.sha256, recomputed=recomputed)
    )


def _check_ideals(file: PlanFile, problem: PlanningProblem) -> tuple[Ideal, ...]:
    """Return the ideals of a plan, which must be valid and those that its campaign keeps."""
    ideals = file.plan.ideals
    for place, message in invalid_ideals("ideals", ideals, ideal_names(problem)):
        raise false_claim(place, message)
    if problem.campaign.ideals and problem.campaign.ideals != ideals:
        raise false_claim("ideals", "they are not those that the campaign keeps")
    return ideals


def exceeded_ideals(reopened: ReopenedPlan) -> Iterator[Discrepancy]:
    """Yield the ideals that are to bound every plan under these rules, and that the picks exceed.

    The ideals that a campaign keeps are those of an earlier plan, and bound no other.
    """
    problem = reopened.problem
    for ideal in () if problem.campaign.ideals else reopened.ideals:
        weights = problem.forecast.metrics.get(ideal.metric)
        if weights is None:
            continue
        brought = int(problem.sum_by_choice(weights)[reopened.picks].sum())
        if brought > ideal.bound:
            stated, recomputed = ideal.bound / 1000, brought / 1000
            message = f"the plan says that no plan brings more {ideal.metric} than {stated!r}, but its own picks bring"
            yield Discrepancy(place="ideals", message=f"{message} {recomputed!r}", stated=stated, recomputed=recomputed)
