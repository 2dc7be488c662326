"""A plan file and its roster -> the plan, made anew without a solver."""

from __future__ import annotations

from msgspec.structs import replace

from microopt.plan.document.replan import replan_of_document
from microopt.plan.plan import Plan
from microopt.planning.build_plan import assemble
from microopt.solver.result import Answer, Stop
from microopt.verification.certificate import Shown, proof_of, shown_by
from microopt.verification.check_repair import repair_of
from microopt.verification.check_rule_prices import rule_prices_of
from microopt.verification.reopen import Facts


def remade(facts: Facts, shown: Shown | None = None) -> Plan:
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
    shown = shown or shown_by(facts.campaign, facts.program, facts.objective, facts.picks, said)
    answer = Answer(
        stop=Stop.FEASIBLE, picks=facts.picks, value=shown.value, prices=shown.priced.prices,
        pool_prices=shown.priced.pool_prices,
    )  # fmt: skip
    plan = assemble(
        facts.case, facts.program, answer, proof_of(shown, said), ideals=facts.ideals, warnings=facts.warnings,
        campaign_sha256=said.campaign.sha256,
    )  # fmt: skip
    source = replace(plan.roster.source, path=said.roster.path)
    return replace(
        plan, roster=replace(plan.roster, source=source), rule_prices=rule_prices_of(said.rule_prices),
        repair=None if said.repair is None else repair_of(said.repair),
        replan=replan_of_document(said.replan, said.previous),
    )  # fmt: skip
