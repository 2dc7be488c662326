"""What further questions are asked of: a campaign with its plan, made now or reopened from a plan file."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.errors import UsageError
from microopt.plan.document.plan import pick_document
from microopt.plan.plan import Diagnosis, Plan
from microopt.plan.verification_result import Statement
from microopt.planning.build_problem import prepare
from microopt.planning.formulation.formulate import formulate
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import answer_case, objective_of
from microopt.planning.solved import Answered
from microopt.planning.time_budget import Stint
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_document import PlanFile
from microopt.roster.roster import Roster, with_tiers
from microopt.solver.backends.base import Backend
from microopt.solver.result import Answer, Limits, Stop
from microopt.verification.certificate import proof_of, shown_by
from microopt.verification.match_picks import found_again
from microopt.verification.reopen import Facts, reopened


class Asked(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign with its plan.

    Attributes
    ----------
    roster
        As it was read.
    warnings
        Of the campaign on the roster, or of the plan file.
    """

    answered: Answered
    roster: Roster
    warnings: tuple[str, ...] = ()


def asked_of_roster(roster: Roster, campaign: Campaign, *, limits: Limits, solver: Backend) -> Asked | Diagnosis:
    """Make the plan of a campaign on a roster, or say why there is none.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver fails.
    """
    stint = Stint(limits)
    case, warnings = prepare(roster, campaign)
    found = answer_case(case, limits=stint.rest(), solver=solver, warnings=warnings)
    if isinstance(found, Diagnosis):
        return diagnose(case, found, solver, stint.rest()).diagnosis
    return Asked(answered=found, roster=with_tiers(roster, campaign.tiers), warnings=warnings)


def asked_of_plan(plan: str, roster: str | None = None, *, max_unpacked: int = MAX_UNPACKED) -> Asked:
    """Reopen a plan file.

    Parameters
    ----------
    roster
        By default the path that the plan names, from the folder of the plan, else from the current one.

    Raises
    ------
    UsageError
        If the file is no plan, or is none of this roster.
    RosterError
        If the roster cannot be read.
    """
    return asked_of_facts(reopened(plan, roster, max_unpacked=max_unpacked))


def asked_of_facts(facts: Facts) -> Asked:
    """Return a plan file that was reopened, for further questions."""
    said = facts.file.document
    shown = shown_by(facts.campaign, facts.program, facts.objective, facts.picks, said)
    stop = Stop.OPTIMAL if said.status == Stop.OPTIMAL.value else Stop.FEASIBLE
    answer = Answer(
        stop=stop, picks=facts.picks, value=shown.value, bound=shown.bound, prices=shown.priced.prices,
        pool_prices=shown.priced.pool_prices, price_bound=shown.priced.floor,
    )  # fmt: skip
    answered = Answered(
        case=facts.case, ideals=facts.ideals, objective=facts.objective, program=facts.program, answer=answer,
        proof=proof_of(shown, said),
    )  # fmt: skip
    warnings = (*facts.warnings, *altered(facts.file))
    return Asked(answered=answered, roster=with_tiers(facts.roster, facts.campaign.tiers), warnings=warnings)


def altered(file: PlanFile) -> tuple[str, ...]:
    """Return the warning that a plan file was altered, where it was."""
    told = f"{file.path} was altered after it was written: see what is false with microopt verify {file.path}"
    return () if file.sealed else (told,)


def asked_of_made(plan: Plan, roster: Roster) -> Asked:
    """Return a plan that was just made of a roster, for further questions.

    Raises
    ------
    UsageError
        If the plan is none of this roster.
    """
    case, warnings = prepare(roster, plan.campaign)
    objective = objective_of(case, plan.ideals)
    program = formulate(case, objective)
    chosen = found_again(case, [pick_document(pick) for pick in plan.picks])
    if isinstance(chosen, Statement):
        raise UsageError(chosen.message, fix="give the roster that the plan was made of", code="roster-other")
    picks, proof = np.flatnonzero(chosen), plan.proof
    answer = Answer(
        stop=Stop.OPTIMAL if proof.status == Stop.OPTIMAL.value else Stop.FEASIBLE, picks=picks,
        value=program.worth(picks), bound=round(proof.bound / objective.unit), prices=np.asarray(proof.row_prices),
        pool_prices=np.asarray(proof.pool_prices), price_bound=round(proof.price_bound / objective.unit),
    )  # fmt: skip
    answered = Answered(
        case=case, ideals=plan.ideals, objective=objective, program=program, answer=answer, proof=proof
    )  # fmt: skip
    return Asked(answered=answered, roster=with_tiers(roster, plan.campaign.tiers), warnings=warnings)
