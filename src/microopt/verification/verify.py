"""Verify a plan file: recompute all of it from its roster without a solver, and name what only a solver can know.

A plan's object is a function of its roster, its campaign, its picks and what the solver claims about them. The campaign
and the picks are read from the file, everything else is recomputed, and the two objects are compared value by value.
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
        The path of the plan; `-` is standard input.
    roster
        By default the path that the plan names, first from the folder of the plan, then from the current folder.
    campaign
        The campaign file that the plan was made with, to be checked as well.
    max_unpacked
        Bytes that a packed roster may unpack to.

    Raises
    ------
    UsageError
        If the file is not a plan.
    RosterError, CampaignError
        If the roster cannot be read, or there is no such campaign file.
    """
    try:
        file = read_plan(plan)
    except InvalidPlanError as invalid:
        sealed = seal_of(invalid.object) == invalid.object.get("seal")
        discrepancy = Discrepancy(place=invalid.place, message=invalid.reason)
        return _rejection(plan, roster or "", sealed, str(invalid.object.get("microopt")), [discrepancy])
    path = find_roster(file, roster)
    try:
        reopened = check_plan_file(file, path, campaign, max_unpacked)
        check = check_reopened(reopened)
        rebuilt = _rebuild_object(reopened, check)
        discrepancies = [*_pick_discrepancies(reopened), *certificate_discrepancies(check, file.plan)]
        discrepancies += [*check_repair(file.plan), *check_rule_prices(file.plan), *compare_json(file.object, rebuilt)]
    except FalseClaim as claim:
        return _rejection(file.path, path, file.sealed, file.microopt, [claim.discrepancy])
    discrepancies = [discrepancy for discrepancy in discrepancies if discrepancy.place != "seal"]
    if discrepancies or not file.sealed:
        return _rejection(file.path, path, file.sealed, file.microopt, discrepancies)
    return _confirmation(reopened, check, path, rebuilt)


def _pick_discrepancies(reopened: ReopenedPlan) -> Iterator[Discrepancy]:
    """Yield where the picks differ from what the roster gives."""
    bought = reopened.problem.select_rows(reopened.program.mask(reopened.picks))
    picks = CODEC.encode(build_picks(reopened.problem, bought), tuple[Pick, ...])
    yield from compare_json(reopened.file.object["picks"], picks, "picks")


def _rebuild_object(reopened: ReopenedPlan, check: CertificateCheck) -> dict[str, Any]:
    """Return the plan's object, recomputed from the roster, the campaign, the picks and the solver's claims."""
    try:
        plan = rebuild_plan(reopened, check)
    except AuditError as error:
        raise _broken_rule(reopened, [fault.column or "" for fault in error.faults]) from None
    value = seal_plan(plan, microopt=reopened.file.microopt).object
    rebuilt: dict[str, Any] = json.loads(json.dumps(value).encode("utf-8", "replace"))
    return rebuilt


def _broken_rule(reopened: ReopenedPlan, labels: Sequence[str]) -> FalseClaim:
    """Return the figure or the rule that the picks break."""
    for discrepancy in _pick_discrepancies(reopened):
        return FalseClaim(discrepancy)
    label, rules = labels[0], [rule.label for rule in reopened.problem.rules]
    if label == "budget" and reopened.campaign.budget is not None:
        cost = reopened.program.total_cost(reopened.picks)
        message = f"the picks cost {cost / 100:.2f}, the budget is {reopened.campaign.budget / 100:.2f}"
        return FalseClaim(
            Discrepancy(
                place="totals.spend",
                message=message,
                stated=reopened.file.plan.totals.spend / 100,
                recomputed=cost / 100,
            )
        )
    place = f"rules[{rules.index(label)}]" if label in rules else "picks"
    return false_claim(place, f"the picks break {label}")


def _rejection(plan: str, roster: str, sealed: bool, made_by: str, found: Sequence[Discrepancy]) -> Verification:
    """Return the first discrepancy; a broken seal where there is no other."""
    ours = version("microopt")
    fix = FIXES.get(found[0].place if found else BROKEN_SEAL.place, "trust no figure of it: make the plan again")
    if made_by != ours and fix not in FIXES.values():
        fix = f"check it with the version that made it: this is microopt {ours}, the plan says {made_by}"
    further = {other.place for other in found[1:]} - {first.place for first in found[:1]}
    return Verification(
        plan=plan,
        roster=roster,
        discrepancy=found[0] if found else BROKEN_SEAL,
        more_discrepancies=len(further),
        sealed=sealed,
        fix=fix,
    )


def _confirmation(reopened: ReopenedPlan, check: CertificateCheck, path: str, rebuilt: dict[str, Any]) -> Verification:
    """Return what a plan that holds proves, and what it leaves to the solver's word."""
    stated, least = reopened.file.plan, reopened.campaign.goal.name == LEAST_COST
    return Verification(
        plan=reopened.file.path,
        roster=path,
        figures=count_leaves(rebuilt) - count_leaves(unverifiable_fields(rebuilt)) - 1,
        rules=len(reopened.problem.rules),
        budget=reopened.campaign.budget is not None,
        gap_by_prices=gap_by_prices(check),
        proven=tuple(proven_sentences(check, least)),
        unproven=tuple(unproven_sentences(check, stated, reopened.campaign)),
        solver=solver_title(stated.proof.backend, stated.proof.version),
    )
