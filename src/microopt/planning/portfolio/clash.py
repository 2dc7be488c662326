"""Why is there no portfolio? Which limits of the house and rules of campaigns clash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.portfolio import Portfolio
from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.portfolio.booked import booked_by_choices
from microopt.planning.portfolio.creator_rows import competing_pairs
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.periods import overlaps
from microopt.planning.portfolio.solve_joint import SolvedJoint, is_infeasible
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.iis import find_iis


class PortfolioDiagnosis(Struct, frozen=True, kw_only=True):
    """Why a portfolio has no plan.

    Attributes
    ----------
    status
        `infeasible`, or `unknown` if a limit ended the search before a plan was found.
    clash
        Limits of the house and rules of campaigns that cannot all be kept: `glow: all count >= 5`, `house budget`.
    irreducible
        Whether it is proven that without any one of them the others can be kept.
    diagnoses
        By name of a campaign that has no plan even alone: why.
    """

    status: str = "infeasible"
    clash: tuple[str, ...] = ()
    irreducible: bool = False
    limit: str | None = None
    diagnoses: Mapping[str, Diagnosis] = {}

    schema_name: ClassVar[str] = "portfolio_diagnosis"


def find_clash(
    solved: SolvedJoint, diagnoses: Mapping[str, Diagnosis], backend: Backend, time_budget: TimeBudget
) -> PortfolioDiagnosis:
    """Return why the campaigns, each of which has a plan alone, have none together.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    result = solved.result
    limit = None if result.limit is None else result.limit.value
    if not is_infeasible(result):
        return PortfolioDiagnosis(status="unknown", limit=limit, diagnoses=diagnoses)
    program = solved.joint.program
    hard = tuple(row for row in program.rows if row.penalty is None)
    program = (
        replace(program, rows=hard, pools=(), objective=np.zeros(len(program), dtype=np.int64))
        if not program.pools
        else program.with_objective(np.zeros(len(program), dtype=np.int64))
    )
    found = find_iis(program, backend, time_budget.limits_for("clash", 1.0), candidates=program.labels)
    if found is None:
        return PortfolioDiagnosis(clash=program.labels, limit=limit, diagnoses=diagnoses)
    return PortfolioDiagnosis(
        clash=tuple(sorted(found.labels)), irreducible=found.irreducible, limit=limit, diagnoses=diagnoses
    )


def refuse_signed_rivals(portfolio: Portfolio, problems: list[SharedProblem]) -> None:
    """Refuse contracts with two campaigns that compete.

    Raises
    ------
    CampaignError
        If a creator is signed by both.
    """
    signed = [booked_by_choices(problem, np.flatnonzero(problem.signed[problem.creators])) for problem in problems]
    members = [problem.entry.member for problem in problems]
    for one, other, days in competing_pairs(portfolio, members):
        for mine in signed[one]:
            for theirs in signed[other]:
                is_near = days is None or overlaps(mine.days, theirs.days, days)
                if mine.creator == theirs.creator and is_near:
                    raise _rivals(problems[one], problems[other], mine.creator)


def _rivals(one: SharedProblem, other: SharedProblem, creator: str) -> CampaignError:
    name = dict(zip(one.creator_keys, one.creator_names, strict=True))[creator]
    names = " and ".join(sorted((one.name, other.name)))
    message = f"{name} is signed by {names}, which compete"
    fix = "correct the states of the contracts, or take one of the two out of [[exclusive]]"
    return CampaignError(message, fix=fix, code="portfolio-rivals")
