"""What further questions are asked of: a campaign with its plan, made now or reopened from a plan file."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.errors import UsageError
from microopt.plan.document.plan import pick_document
from microopt.plan.plan import Diagnosis, Plan
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import build_objective, solve_problem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_file import PlanFile
from microopt.roster.roster import Roster, with_tiers
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits, SolveResult, Termination
from microopt.verification.certificate import check_certificate, proof_of
from microopt.verification.match_picks import match_picks
from microopt.verification.reopen import ReopenedPlan, reopen_plan


class PlanSession(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign with its plan.

    Attributes
    ----------
    roster
        As it was read.
    warnings
        Of the campaign on the roster, or of the plan file.
    """

    solved: SolvedProblem
    roster: Roster
    warnings: tuple[str, ...] = ()


def session_from_roster(
    roster: Roster, campaign: Campaign, *, limits: SolveLimits, solver: Backend
) -> PlanSession | Diagnosis:
    """Make the plan of a campaign on a roster, or say why there is none.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver fails.
    """
    stint = TimeBudget(limits)
    case, warnings = build_problem(roster, campaign)
    found = solve_problem(case, limits=stint.remaining_limits(), solver=solver, warnings=warnings)
    if isinstance(found, Diagnosis):
        return diagnose(case, found, solver, stint.remaining_limits()).diagnosis
    return PlanSession(solved=found, roster=with_tiers(roster, campaign.tiers), warnings=warnings)


def session_from_file(plan: str, roster: str | None = None, *, max_unpacked: int = MAX_UNPACKED) -> PlanSession:
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
    return session_from_reopened(reopen_plan(plan, roster, max_unpacked=max_unpacked))


def session_from_reopened(facts: ReopenedPlan) -> PlanSession:
    """Return a plan file that was reopened, for further questions."""
    said = facts.file.document
    shown = check_certificate(facts.campaign, facts.program, facts.objective, facts.picks, said)
    stop = Termination.OPTIMAL if said.status == Termination.OPTIMAL.value else Termination.FEASIBLE
    answer = SolveResult(
        termination=stop,
        columns=facts.picks,
        objective=shown.value,
        bound=shown.bound,
        prices=shown.priced.prices,
        pool_prices=shown.priced.pool_prices,
        price_bound=shown.priced.integer_bound,
    )
    answered = SolvedProblem(
        problem=facts.case,
        ideals=facts.ideals,
        objective=facts.objective,
        program=facts.program,
        result=answer,
        proof=proof_of(shown, said),
    )
    warnings = (*facts.warnings, *seal_warnings(facts.file))
    return PlanSession(solved=answered, roster=with_tiers(facts.roster, facts.campaign.tiers), warnings=warnings)


def seal_warnings(file: PlanFile) -> tuple[str, ...]:
    """Return the warning that a plan file was altered, where it was."""
    told = f"{file.path} was altered after it was written: see what is false with microopt verify {file.path}"
    return () if file.sealed else (told,)


def session_from_plan(plan: Plan, roster: Roster) -> PlanSession:
    """Return a plan that was just made of a roster, for further questions.

    Raises
    ------
    UsageError
        If the plan is none of this roster.
    """
    case, warnings = build_problem(roster, plan.campaign)
    objective = build_objective(case, plan.ideals)
    program = formulate(case, objective)
    chosen = match_picks(case, [pick_document(pick) for pick in plan.picks])
    if isinstance(chosen, Discrepancy):
        raise UsageError(chosen.message, fix="give the roster that the plan was made of", code="roster-other")
    picks, proof = np.flatnonzero(chosen), plan.proof
    answer = SolveResult(
        termination=Termination.OPTIMAL if proof.status == Termination.OPTIMAL.value else Termination.FEASIBLE,
        columns=picks,
        objective=program.objective_value(picks),
        bound=round(proof.bound / objective.unit),
        prices=np.asarray(proof.row_prices),
        pool_prices=np.asarray(proof.pool_prices),
        price_bound=round(proof.price_bound / objective.unit),
    )
    answered = SolvedProblem(
        problem=case, ideals=plan.ideals, objective=objective, program=program, result=answer, proof=proof
    )
    return PlanSession(solved=answered, roster=with_tiers(roster, plan.campaign.tiers), warnings=warnings)
