"""Does a plan hold? All of it recomputed from its roster, without a solver; what only a solver knows is named.

A plan's object is a function of its roster, its campaign, its picks and what the solver told of them. The campaign and
the picks are read back from the file, everything else is made again, and the two objects are compared value by value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign import Campaign, Ideal
from microopt.case import Case
from microopt.document.bounds import wrong_ideals
from microopt.document.campaign import campaign_of_document, ideals_of
from microopt.document.plan import pick_document, plan_document
from microopt.document.seal import seal_of, taken_of
from microopt.errors import AuditError, CampaignError, RosterError, UsageError
from microopt.goals import LEAST_COST
from microopt.readers.campaign_file import digest_of_campaign_file
from microopt.readers.options import MAX_UNPACKED, ReadOptions
from microopt.readers.plan_document import PlanFile, read_plan
from microopt.readers.roster_reader import read_roster
from microopt.readers.source import stored_bytes
from microopt.roster import Roster
from microopt.solver.answer import Answer, Stop
from microopt.solver.backend import title_of
from microopt.solver.formulate import formulate
from microopt.solver.objective import Objective
from microopt.solver.program import Picks, Program
from microopt.studies.assemble import assemble, picks_of
from microopt.studies.differences import differences, leaves
from microopt.studies.found_again import found_again
from microopt.studies.optimise import ideal_names, objective_of
from microopt.studies.prepare import prepare
from microopt.studies.proven import (
    Shown,
    contradicted,
    proof_of,
    sentences_resting,
    sentences_shown,
    shown_by,
    unpriced,
    within,
)
from microopt.studies.repaired import not_repaired, repair_of
from microopt.verification import Statement, Verification

NOT_ITS_FAULT = ("extra-missing", "file-bomb")  # that a roster cannot be read here says nothing of the plan
FIXES = {
    "roster.sha256": "give the roster that it was made of with --roster, or make the plan again",
    "campaign.sha256": "give the campaign file that it was made with, or make the plan again",
}
SEAL = Statement(place="seal", message="the seal is not that of the file: it was altered after it was written")


class _Untrue(Exception):  # noqa: N818 (it is no error of ours: it ends a check early)
    def __init__(self, statement: Statement) -> None:
        super().__init__(statement.message)
        self.statement = statement


class _Facts(Struct, frozen=True, kw_only=True, eq=False):
    """What a plan is made of, once it is found that it can be one."""

    file: PlanFile
    campaign: Campaign
    case: Case
    warnings: tuple[str, ...]
    ideals: tuple[Ideal, ...]
    program: Program
    objective: Objective
    picks: Picks


def verify(
    plan: str, roster: str | None = None, campaign: str | None = None, *, max_unpacked: int = MAX_UNPACKED
) -> Verification:
    """Check a plan file against its roster, without a solver.

    Parameters
    ----------
    plan
        Its path; `-` is standard input.
    roster
        By default the path that the plan names, from the folder of the plan, else from the current one.
    campaign
        The campaign file that the plan was made with, to be checked too.
    max_unpacked
        Bytes that a packed roster may unpack to.

    Raises
    ------
    UsageError
        If the file is no plan.
    RosterError, CampaignError
        If the roster cannot be read, or there is no such campaign file.
    """
    file = read_plan(plan)
    path = roster or _roster_path(file)
    if roster is None and not _is_there(path):
        message = f"the roster of {file.path} is not at {path}"
        raise RosterError(message, fix="say where it is: --roster FILE", code="file-missing")
    try:
        facts = _facts(file, path, campaign, max_unpacked)
        shown = shown_by(facts.campaign, facts.program, facts.objective, facts.picks, file.document)
        made = _made_again(facts, shown)
        wrong = [*_of_picks(facts), *contradicted(shown, file.document)]
        wrong += [*not_repaired(facts.campaign, file.document.repair), *differences(file.object, made)]
    except _Untrue as untrue:
        return _verdict(file, path, [untrue.statement])
    wrong = [statement for statement in wrong if statement.place != "seal"]
    return _verdict(file, path, wrong) if wrong or not _sealed(file) else _held(facts, shown, path, made)


def _roster_path(file: PlanFile) -> str:
    """Return where the roster is that a plan names."""
    named = file.document.roster.path
    if named == "-":
        message = f"the roster of {file.path} came from standard input"
        raise UsageError(message, fix="give it with --roster FILE", code="roster-missing")
    folder = Path() if file.path == "-" else Path(file.path).parent
    beside = folder / named
    there = beside.exists() or (any(mark in named for mark in "*?[") and any(beside.parent.glob(beside.name)))
    return str(beside) if there else named


def _is_there(path: str) -> bool:
    return Path(path).exists() or any(mark in path for mark in "*?[")


def _facts(file: PlanFile, path: str, campaign_path: str | None, max_unpacked: int) -> _Facts:
    """Read everything that a plan is made of, and see that it can be one."""
    said = file.document
    try:
        campaign = campaign_of_document(said.campaign)
    except CampaignError as error:
        raise _untrue(error.faults[0].column or "campaign", error.message) from None
    if campaign_path is not None:
        _same_campaign_file(campaign_path, said.campaign.sha256)
    try:
        case, warnings = prepare(_roster(file, path, campaign, max_unpacked), campaign)
    except CampaignError as error:
        raise _untrue("campaign", f"it does not fit the roster: {error.message}") from None
    ideals = _ideals(file, case)
    try:
        objective = objective_of(case, ideals)
        program = formulate(case, objective)
    except CampaignError as error:
        raise _untrue("campaign", error.message) from None
    for statement in unpriced(program, said):
        raise _Untrue(statement)
    chosen = found_again(case, said.picks)
    if isinstance(chosen, Statement):
        raise _Untrue(chosen)
    return _Facts(
        file=file, campaign=campaign, case=case, warnings=warnings, ideals=ideals, program=program,
        objective=objective, picks=np.flatnonzero(chosen),
    )  # fmt: skip


def _untrue(place: str, message: str) -> _Untrue:
    return _Untrue(Statement(place=place, message=message))


def _same_campaign_file(path: str, said: str | None) -> None:
    found = digest_of_campaign_file(path)
    if said != found:
        told = "without a campaign file" if said is None else f"with another campaign file than {path}"
        raise _Untrue(Statement(place="campaign.sha256", message=f"the plan was made {told}", said=said, found=found))


def _roster(file: PlanFile, path: str, campaign: Campaign, max_unpacked: int) -> Roster:
    """Read the roster as it was read for the plan, and see that it is the same to the byte."""
    said = file.document.roster
    options = ReadOptions(
        fees_required=not campaign.estimate_fees, skip_bad_rows=said.skip_bad_rows, sheet=said.sheet,
        columns=campaign.columns, units=campaign.units, currency=campaign.currency, exchange=campaign.exchange,
        max_unpacked=max_unpacked,
    )  # fmt: skip
    try:
        roster = read_roster(path, options)
    except RosterError as error:
        if path == "-" or not Path(path).is_file() or error.code in NOT_ITS_FAULT:
            raise
        found = sha256(stored_bytes(path)).hexdigest()
        if found != said.sha256:
            raise _other_roster(path, said.sha256, found) from None
        raise _untrue("roster", f"it cannot be read as the plan says: {error.message}") from None
    if roster.source.sha256 != said.sha256:
        raise _other_roster(path, said.sha256, roster.source.sha256)
    return roster


def _other_roster(path: str, said: str, found: str) -> _Untrue:
    message = f"the plan was made of another roster than {path}: their bytes differ"
    return _Untrue(Statement(place="roster.sha256", message=message, said=said, found=found))


def _ideals(file: PlanFile, case: Case) -> tuple[Ideal, ...]:
    """Return the ideals that a plan is measured by, once they can be such."""
    said = file.document
    if said.ideals.keys() != said.ideal_bounds.keys():
        raise _untrue("ideal_bounds", "they are not of the same metrics as the ideals")
    ideals = ideals_of(said.ideals, said.ideal_bounds)
    for place, told in wrong_ideals("ideals", ideals, ideal_names(case)):
        raise _untrue(place, told)
    if case.campaign.ideals and case.campaign.ideals != ideals:
        raise _untrue("ideals", "they are not those that the campaign keeps")
    return ideals


def _of_picks(facts: _Facts) -> Iterator[Statement]:
    """Yield what a plan says of its picks and the roster does not."""
    bought = facts.case.rows(facts.program.chosen(facts.picks))
    picks = [msgspec.to_builtins(pick_document(pick)) for pick in picks_of(facts.case, bought)]
    yield from differences(facts.file.object["picks"], picks, "picks")


def _made_again(facts: _Facts, shown: Shown) -> dict[str, Any]:
    """Return the plan's object, made anew from all that it is made of."""
    said = facts.file.document
    answer = Answer(
        stop=Stop.FEASIBLE, picks=facts.picks, value=shown.value, prices=shown.priced.prices,
        pool_prices=shown.priced.pool_prices,
    )  # fmt: skip
    try:
        plan = assemble(
            facts.case, facts.program, answer, proof_of(shown, said), ideals=facts.ideals, warnings=facts.warnings,
            campaign_sha256=said.campaign.sha256,
        )  # fmt: skip
    except AuditError as error:
        raise _broken(facts, [fault.column or "" for fault in error.faults]) from None
    source = replace(plan.roster.source, path=said.roster.path)
    repair = None if said.repair is None else repair_of(said.repair)
    plan = replace(plan, roster=replace(plan.roster, source=source), repair=repair)
    document = msgspec.to_builtins(plan_document(plan, microopt=said.microopt))
    made: dict[str, Any] = json.loads(json.dumps(document).encode("utf-8", "replace"))
    return made


def _broken(facts: _Facts, labels: Sequence[str]) -> _Untrue:
    """Return which figure or rule of a plan its picks break."""
    for statement in _of_picks(facts):
        return _Untrue(statement)
    label, rules = labels[0], [rule.label for rule in facts.case.rules]
    if label == "budget" and facts.campaign.budget is not None:
        cost = facts.program.price(facts.picks)
        told = f"the picks cost {cost / 100:.2f}, the budget is {facts.campaign.budget / 100:.2f}"
        return _Untrue(Statement(place="spend", message=told, said=facts.file.document.spend, found=cost / 100))
    place = f"rules[{rules.index(label)}]" if label in rules else "picks"
    return _untrue(place, f"the picks break {label}")


def _sealed(file: PlanFile) -> bool:
    return seal_of(file.object) == file.document.seal


def _verdict(file: PlanFile, path: str, wrong: Sequence[Statement]) -> Verification:
    """Return what is false; the seal alone where nothing else is."""
    said, ours = file.document.microopt, version("microopt")
    fix = FIXES.get(wrong[0].place if wrong else SEAL.place, "trust no figure of it: make the plan again")
    if said != ours and fix not in FIXES.values():
        fix = f"check it with the version that made it: this is microopt {ours}, the plan says {said}"
    further = {statement.place for statement in wrong[1:]} - {statement.place for statement in wrong[:1]}
    return Verification(
        plan=file.path, roster=path, false=wrong[0] if wrong else SEAL, further=len(further), sealed=_sealed(file),
        fix=fix,
    )  # fmt: skip


def _held(facts: _Facts, shown: Shown, path: str, made: dict[str, Any]) -> Verification:
    """Return what a plan that holds shows, and what it rests on."""
    said, least = facts.file.document, facts.campaign.goal.name == LEAST_COST
    return Verification(
        plan=facts.file.path, roster=path, figures=leaves(made) - leaves(taken_of(made)) - 1,
        rules=len(facts.case.rules), budget=facts.campaign.budget is not None, within=within(shown),
        shown=tuple(sentences_shown(shown, least)),
        rests_on=tuple(sentences_resting(shown, said, facts.campaign)),
        solver=f"{title_of(said.solver.backend, said.solver.version)}",
    )  # fmt: skip
