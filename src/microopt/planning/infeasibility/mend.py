"""Repairs -> the plan of the cheapest: of several that give up as little, the one whose plan brings most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from msgspec.structs import replace

from microopt.campaign.campaign import Ideal
from microopt.plan.plan import Diagnosis, Plan
from microopt.planning.infeasibility.repairs import CandidateRepair
from microopt.planning.time_budget import TimeBudget


def best_repaired_plan(
    found: Sequence[CandidateRepair], plan_of: Callable[..., Plan | Diagnosis], stint: TimeBudget
) -> Plan | None:
    """Return the best plan of the cheapest repairs, None where no plan was found in time.

    Parameters
    ----------
    found
        Repairs, the cheapest first.
    plan_of
        Called with a case and `limits=`.
    """
    equal = [one for one in found if one.repair.price == found[0].repair.price]
    plans: list[Plan] = []
    for number, one in enumerate(equal):
        plan = plan_of(one.case, limits=stint.rest(1 / (len(equal) - number)))
        if isinstance(plan, Plan):
            plans.append(replace(plan, repair=one.repair))
    return max(plans, key=partial(_brought, plans[0].ideals)) if plans else None


def _brought(ideals: tuple[Ideal, ...], plan: Plan) -> Fraction:
    """Return what a plan is worth; by these ideals, for a balanced one, since each repair has ideals of its own."""
    if plan.campaign.goal.name != "balanced":
        return -plan.proof.objective if plan.campaign.goal.targets else plan.proof.objective
    totals = plan.totals.metrics
    return sum((Fraction(totals[it.metric], it.total) for it in ideals if it.total), Fraction(0))
