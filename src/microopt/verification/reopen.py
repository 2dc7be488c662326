"""A plan file and its roster -> all that the plan was made of, once it is found that it can be one."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
from msgspec import Struct

from microopt.campaign.campaign import Campaign, Ideal
from microopt.campaign.validation import invalid_ideals
from microopt.errors import CampaignError, RosterError, UsageError
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import Objective
from microopt.planning.optimize import build_objective, ideal_names
from microopt.planning.problem import PlanningProblem
from microopt.readers.campaign_file import digest_of_campaign_file
from microopt.readers.formats.raw_bytes import read_stored_bytes
from microopt.readers.options import MAX_UNPACKED, ReadOptions
from microopt.readers.plan_file import PlanFile, read_plan
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster
from microopt.solver.program import Columns, IntegerProgram
from microopt.verification.certificate import check_dual_counts
from microopt.verification.match_picks import match_picks

ROSTER_FIX = "give the roster that it was made of with --roster, or make the plan again"
UNRELATED_ERRORS = ("extra-missing", "file-bomb")  # that a roster cannot be read here says nothing of the plan


class FalseClaim(Exception):  # noqa: N818 (it is no error of ours: it ends a check early)
    """A plan says what cannot be so."""

    def __init__(self, statement: Discrepancy) -> None:
        super().__init__(statement.message)
        self.statement = statement


class ReopenedPlan(Struct, frozen=True, kw_only=True, eq=False):
    """What a plan is made of, once it is found that it can be one."""

    file: PlanFile
    roster: Roster
    campaign: Campaign
    problem: PlanningProblem
    warnings: tuple[str, ...]
    ideals: tuple[Ideal, ...]
    program: IntegerProgram
    objective: Objective
    picks: Columns


def reopen_plan(plan: str, roster: str | None, *, max_unpacked: int = MAX_UNPACKED) -> ReopenedPlan:
    """Return what a plan file was made of, for further questions.

    Parameters
    ----------
    plan
        Its path; `-` is standard input.
    roster
        By default the path that the plan names, from the folder of the plan, else from the current one.

    Raises
    ------
    UsageError
        If the file is no plan, or is none of this roster.
    RosterError
        If the roster cannot be read.
    """
    file = read_plan(plan)
    return reopen_file(file, find_roster(file, roster), max_unpacked=max_unpacked)


def reopen_file(file: PlanFile, path: str, *, max_unpacked: int = MAX_UNPACKED) -> ReopenedPlan:
    """Return what a plan that was read was made of, as `reopened` does.

    Parameters
    ----------
    path
        Of its roster.

    Raises
    ------
    UsageError, RosterError
        As `reopened` does.
    """
    try:
        facts = check_plan_file(file, path, None, max_unpacked)
        if facts.program.violated_constraints(facts.picks):
            raise false_claim("picks", f"the picks break {facts.program.violated_constraints(facts.picks)[0]}")
    except FalseClaim as wrong:
        other = wrong.statement.place == "roster.source.sha256"
        fix = ROSTER_FIX if other else f"see what is false: microopt verify {file.path}"
        told = wrong.statement.message if other else f"{file.path} does not hold: {wrong.statement.message}"
        raise UsageError(told, fix=fix, code="roster-other" if other else "plan-false") from None
    return facts


def find_roster(file: PlanFile, given: str | None) -> str:
    """Return where the roster of a plan is.

    Raises
    ------
    RosterError, UsageError
        If nothing is there, or the plan's came from standard input, and none is given.
    """
    path = given or _stated_roster_path(file)
    if given is None and not _exists(path):
        message = f"the roster of {file.path} is not at {path}"
        raise RosterError(message, fix="say where it is: --roster FILE", code="file-missing")
    return path


def _stated_roster_path(file: PlanFile) -> str:
    named = file.plan.roster.source.path
    if named == "-":
        message = f"the roster of {file.path} came from standard input"
        raise UsageError(message, fix="give it with --roster FILE", code="roster-missing")
    folder = Path() if file.path == "-" else Path(file.path).parent
    beside = folder / named
    there = beside.exists() or (any(mark in named for mark in "*?[") and any(beside.parent.glob(beside.name)))
    return str(beside) if there else named


def _exists(path: str) -> bool:
    return Path(path).exists() or any(mark in path for mark in "*?[")


def check_plan_file(file: PlanFile, path: str, campaign_path: str | None, max_unpacked: int) -> ReopenedPlan:
    """Read everything that a plan is made of, and see that it can be one."""
    stated = file.plan
    campaign = stated.campaign
    if campaign_path is not None:
        _check_campaign_file(campaign_path, stated.campaign_sha256)
    try:
        roster = read_plan_roster(file, path, plan_read_options(file, campaign, max_unpacked))
        case, warnings = build_problem(roster, campaign)
    except CampaignError as error:
        raise false_claim("campaign", f"it does not fit the roster: {error.message}") from None
    ideals = _check_ideals(file, case)
    try:
        objective = build_objective(case, ideals)
        program = formulate(case, objective)
    except CampaignError as error:
        raise false_claim("campaign", error.message) from None
    for statement in check_dual_counts(program, stated):
        raise FalseClaim(statement)
    chosen = match_picks(case, stated.picks)
    if isinstance(chosen, Discrepancy):
        raise FalseClaim(chosen)
    return ReopenedPlan(
        file=file,
        roster=roster,
        campaign=campaign,
        problem=case,
        warnings=warnings,
        ideals=ideals,
        program=program,
        objective=objective,
        picks=np.flatnonzero(chosen),
    )


def false_claim(place: str, message: str) -> FalseClaim:
    """Return that what a plan says at a place cannot be so."""
    return FalseClaim(Discrepancy(place=place, message=message))


def _check_campaign_file(path: str, said: str | None) -> None:
    found = digest_of_campaign_file(path)
    if said != found:
        told = "without a campaign file" if said is None else f"with another campaign file than {path}"
        raise FalseClaim(
            Discrepancy(place="campaign_sha256", message=f"the plan was made {told}", stated=said, recomputed=found)
        )


def plan_read_options(file: PlanFile, campaign: Campaign, max_unpacked: int) -> ReadOptions:
    """Return how the roster was read for a plan."""
    source = file.plan.roster.source
    return ReadOptions(
        fees_required=not campaign.estimate_fees,
        skip_bad_rows=source.skip_bad_rows,
        sheet=source.sheet,
        columns=campaign.columns,
        units=campaign.units,
        currency=campaign.currency,
        exchange=campaign.exchange,
        max_unpacked=max_unpacked,
    )


def read_plan_roster(file: PlanFile, path: str, options: ReadOptions) -> Roster:
    """Read the roster as it was read for the plan, and see that it is the same to the byte.

    Raises
    ------
    RosterError
        If there is none, or it says nothing of the plan that it cannot be read.
    Untrue
        If it is another one, or cannot be read as the plan says.
    """
    source = file.plan.roster.source
    try:
        roster = read_roster(path, options)
    except RosterError as error:
        if path == "-" or not Path(path).is_file() or error.code in UNRELATED_ERRORS:
            raise
        found = sha256(read_stored_bytes(path)).hexdigest()
        if found != source.sha256:
            raise _other_roster_claim(path, source.sha256, found) from None
        raise false_claim("roster", f"it cannot be read as the plan says: {error.message}") from None
    if roster.source.sha256 != source.sha256:
        raise _other_roster_claim(path, source.sha256, roster.source.sha256)
    return roster


def _other_roster_claim(path: str, said: str, found: str) -> FalseClaim:
    message = f"the plan was made of another roster than {path}: their bytes differ"
    return FalseClaim(Discrepancy(place="roster.source.sha256", message=message, stated=said, recomputed=found))


def _check_ideals(file: PlanFile, case: PlanningProblem) -> tuple[Ideal, ...]:
    """Return the ideals that a plan is measured by, once they can be such."""
    ideals = file.plan.ideals
    for place, told in invalid_ideals("ideals", ideals, ideal_names(case)):
        raise false_claim(place, told)
    if case.campaign.ideals and case.campaign.ideals != ideals:
        raise false_claim("ideals", "they are not those that the campaign keeps")
    return ideals
