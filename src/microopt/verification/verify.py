"""Does a plan hold? All of it recomputed from its roster, without a solver; what only a solver knows is named.

A plan's object is a function of its roster, its campaign, its picks and what the solver told of them. The campaign and
the picks are read back from the file, everything else is made again, and the two objects are compared value by value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

from microopt.campaign.goals import LEAST_COST
from microopt.errors import AuditError
from microopt.plan.codec import CODEC
from microopt.plan.plan import Pick
from microopt.plan.seal import seal_of, seal_plan, unverifiable_fields
from microopt.plan.verification_result import Discrepancy, Verification
from microopt.planning.build_plan import build_picks
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_file import InvalidPlanError, read_plan
from microopt.solver.backends.base import solver_title
from microopt.verification.certificate import (
    CertificateCheck,
    certificate_discrepancies,
    gap_by_prices,
    proven_sentences,
    unproven_sentences,
)
from microopt.verification.check_claims import check_repair, check_rule_prices
from microopt.verification.compare_json import compare_json, count_leaves
from microopt.verification.rebuild import check_reopened, rebuild_plan
from microopt.verification.reopen import ROSTER_FIX, FalseClaim, ReopenedPlan, check_plan_file, false_claim, find_roster

FIXES = {
    "roster.source.sha256": ROSTER_FIX,
    "campaign_sha256": "give the campaign file that it was made with, or make the plan again",
}
BROKEN_SEAL = Discrepancy(place="seal", message="the seal is not that of the file: it was altered after it was written")


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
    try:
        file = read_plan(plan)
    except InvalidPlanError as invalid:
        sealed = seal_of(invalid.object) == invalid.object["seal"]
        statement = Discrepancy(place=invalid.place, message=invalid.reason)
        return _rejection(plan, roster or "", sealed, invalid.object["microopt"], [statement])
    path = find_roster(file, roster)
    try:
        reopened = check_plan_file(file, path, campaign, max_unpacked)
        check = check_reopened(reopened)
        rebuilt = _rebuild_object(reopened, check)
        discrepancies = [*_pick_discrepancies(reopened), *certificate_discrepancies(check, file.plan)]
        discrepancies += [*check_repair(file.plan), *check_rule_prices(file.plan), *compare_json(file.object, rebuilt)]
    except FalseClaim as untrue:
        return _rejection(file.path, path, file.sealed, file.microopt, [untrue.statement])
    discrepancies = [statement for statement in discrepancies if statement.place != "seal"]
    return (
        _rejection(file.path, path, file.sealed, file.microopt, discrepancies)
        if discrepancies or not file.sealed
        else _confirmation(reopened, check, path, rebuilt)
    )


def _pick_discrepancies(facts: ReopenedPlan) -> Iterator[Discrepancy]:
    """Yield what a plan says of its picks and the roster does not."""
    bought = facts.problem.select_rows(facts.program.mask(facts.picks))
    picks = CODEC.encode(build_picks(facts.problem, bought), tuple[Pick, ...])
    yield from compare_json(facts.file.object["picks"], picks, "picks")


def _rebuild_object(facts: ReopenedPlan, shown: CertificateCheck) -> dict[str, Any]:
    """Return the plan's object, made anew from all that it is made of."""
    try:
        plan = rebuild_plan(facts, shown)
    except AuditError as error:
        raise _broken_rule(facts, [fault.column or "" for fault in error.faults]) from None
    value = seal_plan(plan, microopt=facts.file.microopt).object
    made: dict[str, Any] = json.loads(json.dumps(value).encode("utf-8", "replace"))
    return made


def _broken_rule(facts: ReopenedPlan, labels: Sequence[str]) -> FalseClaim:
    """Return which figure or rule of a plan its picks break."""
    for statement in _pick_discrepancies(facts):
        return FalseClaim(statement)
    label, rules = labels[0], [rule.label for rule in facts.problem.rules]
    if label == "budget" and facts.campaign.budget is not None:
        cost = facts.program.total_cost(facts.picks)
        told = f"the picks cost {cost / 100:.2f}, the budget is {facts.campaign.budget / 100:.2f}"
        return FalseClaim(
            Discrepancy(
                place="totals.spend", message=told, stated=facts.file.plan.totals.spend / 100, recomputed=cost / 100
            )
        )
    place = f"rules[{rules.index(label)}]" if label in rules else "picks"
    return false_claim(place, f"the picks break {label}")


def _rejection(plan: str, roster: str, sealed: bool, made_by: str, wrong: Sequence[Discrepancy]) -> Verification:
    """Return what is false; the seal alone where nothing else is."""
    ours = version("microopt")
    fix = FIXES.get(wrong[0].place if wrong else BROKEN_SEAL.place, "trust no figure of it: make the plan again")
    if made_by != ours and fix not in FIXES.values():
        fix = f"check it with the version that made it: this is microopt {ours}, the plan says {made_by}"
    further = {statement.place for statement in wrong[1:]} - {statement.place for statement in wrong[:1]}
    return Verification(
        plan=plan,
        roster=roster,
        discrepancy=wrong[0] if wrong else BROKEN_SEAL,
        more_discrepancies=len(further),
        sealed=sealed,
        fix=fix,
    )


def _confirmation(facts: ReopenedPlan, shown: CertificateCheck, path: str, made: dict[str, Any]) -> Verification:
    """Return what a plan that holds shows, and what it rests on."""
    stated, least = facts.file.plan, facts.campaign.goal.name == LEAST_COST
    return Verification(
        plan=facts.file.path,
        roster=path,
        figures=count_leaves(made) - count_leaves(unverifiable_fields(made)) - 1,
        rules=len(facts.problem.rules),
        budget=facts.campaign.budget is not None,
        gap_by_prices=gap_by_prices(shown),
        proven=tuple(proven_sentences(shown, least)),
        unproven=tuple(unproven_sentences(shown, stated, facts.campaign)),
        solver=solver_title(stated.proof.backend, stated.proof.version),
    )
