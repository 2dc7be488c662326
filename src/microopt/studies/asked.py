"""What further questions are asked of: a campaign with its plan, made now or reopened from a plan file."""

from __future__ import annotations

from msgspec import Struct

from microopt.campaign import Campaign
from microopt.document.seal import seal_of
from microopt.plan import Diagnosis
from microopt.readers.options import MAX_UNPACKED
from microopt.roster import Roster, with_tiers
from microopt.solver.answer import Answer, Limits, Stop
from microopt.solver.backend import Backend
from microopt.studies.answered import Answered
from microopt.studies.diagnose import diagnose
from microopt.studies.optimise import answer_case
from microopt.studies.prepare import prepare
from microopt.studies.proven import proof_of, shown_by
from microopt.studies.reopened import reopened
from microopt.studies.stint import Stint


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
    facts = reopened(plan, roster, max_unpacked=max_unpacked)
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
    altered = seal_of(facts.file.object) != said.seal
    told = (f"{plan} was altered after it was written: see what is false with microopt verify {plan}",)
    warnings = (*facts.warnings, *(told if altered else ()))
    return Asked(answered=answered, roster=with_tiers(facts.roster, facts.campaign.tiers), warnings=warnings)
