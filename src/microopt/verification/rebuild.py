"""A plan file and its roster -> the plan, made anew without a solver."""

from __future__ import annotations

from msgspec.structs import replace

from microopt.plan.document.replan import replan_of_document
from microopt.plan.plan import Plan
from microopt.planning.build_plan import build_plan
from microopt.solver.result import SolveResult, Termination
from microopt.verification.certificate import CertificateCheck, check_certificate, proof_of
from microopt.verification.check_repair import repair_of
from microopt.verification.check_rule_prices import rule_prices_of
from microopt.verification.reopen import ReopenedPlan


def rebuild_plan(facts: ReopenedPlan, shown: CertificateCheck | None = None) -> Plan:
    """Return the plan that a file tells, as far as it follows from its roster, campaign, picks and solver's word.

    Parameters
    ----------
    shown
        What its prices show, where that is known already.

    Raises
    ------
    AuditError
        If its picks break a rule.
    """
    said = facts.file.document
    shown = shown or check_certificate(facts.campaign, facts.program, facts.objective, facts.picks, said)
    answer = SolveResult(
        stop=Termination.FEASIBLE,
        picks=facts.picks,
        value=shown.value,
        prices=shown.priced.prices,
        pool_prices=shown.priced.pool_prices,
    )
    plan = build_plan(
        facts.case,
        facts.program,
        answer,
        proof_of(shown, said),
        ideals=facts.ideals,
        warnings=facts.warnings,
        campaign_sha256=said.campaign.sha256,
    )
    source = replace(plan.roster.source, path=said.roster.path)
    return replace(
        plan,
        roster=replace(plan.roster, source=source),
        rule_prices=rule_prices_of(said.rule_prices),
        repair=None if said.repair is None else repair_of(said.repair),
        replan=replan_of_document(said.replan, said.previous),
    )
