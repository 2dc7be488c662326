"""Does a plan hold? All of it recomputed from its roster, without a solver; what only a solver knows is named.

A plan's object is a function of its roster, its campaign, its picks and what the solver told of them. The campaign and
the picks are read back from the file, everything else is made again, and the two objects are compared value by value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

import msgspec

from microopt.campaign.goals import LEAST_COST
from microopt.errors import AuditError
from microopt.plan.document.plan import pick_document, plan_document
from microopt.plan.seal import unverifiable_fields
from microopt.plan.verification_result import Discrepancy, Verification
from microopt.planning.build_plan import picks_of
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_document import PlanFile, read_plan
from microopt.solver.backends.base import title_of
from microopt.verification.certificate import (
    CertificateCheck,
    certificate_discrepancies,
    check_certificate,
    sentences_resting,
    sentences_shown,
    within,
)
from microopt.verification.check_repair import check_repair
from microopt.verification.check_rule_prices import check_rule_prices
from microopt.verification.compare_documents import compare_documents, leaves
from microopt.verification.rebuild import rebuild_plan
from microopt.verification.reopen import OTHER_ROSTER, FalseClaim, ReopenedPlan, facts_of_plan, roster_path, untrue

FIXES = {
    "roster.sha256": OTHER_ROSTER,
    "campaign.sha256": "give the campaign file that it was made with, or make the plan again",
}
SEAL = Discrepancy(place="seal", message="the seal is not that of the file: it was altered after it was written")


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
    path = roster_path(file, roster)
    try:
        facts = facts_of_plan(file, path, campaign, max_unpacked)
        shown = check_certificate(facts.campaign, facts.program, facts.objective, facts.picks, file.document)
        made = _made_again(facts, shown)
        wrong = [*_of_picks(facts), *certificate_discrepancies(shown, file.document)]
        wrong += [*check_repair(facts.campaign, file.document.repair)]
        wrong += [*check_rule_prices(facts.campaign, file.document.rule_prices), *compare_documents(file.object, made)]
    except FalseClaim as untrue:
        return _verdict(file, path, [untrue.statement])
    wrong = [statement for statement in wrong if statement.place != "seal"]
    return _verdict(file, path, wrong) if wrong or not file.sealed else _held(facts, shown, path, made)


def _of_picks(facts: ReopenedPlan) -> Iterator[Discrepancy]:
    """Yield what a plan says of its picks and the roster does not."""
    bought = facts.case.rows(facts.program.chosen(facts.picks))
    picks = [msgspec.to_builtins(pick_document(pick)) for pick in picks_of(facts.case, bought)]
    yield from compare_documents(facts.file.object["picks"], picks, "picks")


def _made_again(facts: ReopenedPlan, shown: CertificateCheck) -> dict[str, Any]:
    """Return the plan's object, made anew from all that it is made of."""
    try:
        plan = rebuild_plan(facts, shown)
    except AuditError as error:
        raise _broken(facts, [fault.column or "" for fault in error.faults]) from None
    document = msgspec.to_builtins(plan_document(plan, microopt=facts.file.document.microopt))
    made: dict[str, Any] = json.loads(json.dumps(document).encode("utf-8", "replace"))
    return made


def _broken(facts: ReopenedPlan, labels: Sequence[str]) -> FalseClaim:
    """Return which figure or rule of a plan its picks break."""
    for statement in _of_picks(facts):
        return FalseClaim(statement)
    label, rules = labels[0], [rule.label for rule in facts.case.rules]
    if label == "budget" and facts.campaign.budget is not None:
        cost = facts.program.total_cost(facts.picks)
        told = f"the picks cost {cost / 100:.2f}, the budget is {facts.campaign.budget / 100:.2f}"
        return FalseClaim(Discrepancy(place="spend", message=told, said=facts.file.document.spend, found=cost / 100))
    place = f"rules[{rules.index(label)}]" if label in rules else "picks"
    return untrue(place, f"the picks break {label}")


def _verdict(file: PlanFile, path: str, wrong: Sequence[Discrepancy]) -> Verification:
    """Return what is false; the seal alone where nothing else is."""
    said, ours = file.document.microopt, version("microopt")
    fix = FIXES.get(wrong[0].place if wrong else SEAL.place, "trust no figure of it: make the plan again")
    if said != ours and fix not in FIXES.values():
        fix = f"check it with the version that made it: this is microopt {ours}, the plan says {said}"
    further = {statement.place for statement in wrong[1:]} - {statement.place for statement in wrong[:1]}
    return Verification(
        plan=file.path,
        roster=path,
        false=wrong[0] if wrong else SEAL,
        further=len(further),
        sealed=file.sealed,
        fix=fix,
    )


def _held(facts: ReopenedPlan, shown: CertificateCheck, path: str, made: dict[str, Any]) -> Verification:
    """Return what a plan that holds shows, and what it rests on."""
    said, least = facts.file.document, facts.campaign.goal.name == LEAST_COST
    return Verification(
        plan=facts.file.path,
        roster=path,
        figures=leaves(made) - leaves(unverifiable_fields(made)) - 1,
        rules=len(facts.case.rules),
        budget=facts.campaign.budget is not None,
        within=within(shown),
        shown=tuple(sentences_shown(shown, least)),
        rests_on=tuple(sentences_resting(shown, said, facts.campaign)),
        solver=f"{title_of(said.solver.backend, said.solver.version)}",
    )
