"""The status of a case that is compared with the plan of a campaign: another mix of tiers, or other waves."""

from __future__ import annotations

from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Plan


def status_of(result: Plan | Diagnosis | None) -> str:
    """Return `optimal`, `feasible`, `infeasible`, `unknown` or `not looked at` for the result of a case."""
    if result is None:
        return NOT_LOOKED_AT
    return result.proof.status if isinstance(result, Plan) else result.status
