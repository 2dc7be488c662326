"""The plan of a running campaign within its part of a portfolio: it follows the last one, as in any night."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.updates import ReplanRequest
from microopt.inflight.replan import input_fingerprints, is_up_to_date, replan
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.planning.portfolio.entry import Entry
from microopt.planning.portfolio.solve_portfolio import MakePlan
from microopt.readers.plan_file import PlanFile
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits


class Running(Struct, frozen=True, kw_only=True, eq=False):
    """What a campaign that has a plan already is planned anew from."""

    last: PlanFile
    request: ReplanRequest


def plans_in_portfolio(running: Mapping[str, Running], solver: Backend, gap: float = 0.0) -> MakePlan:
    """Return what makes the plan of a campaign within its part, where it has a plan already.

    A last plan that was made from the same inputs and within the same part stays, if it is proven within the gap.

    Parameters
    ----------
    running
        By name: the campaigns that have a plan already.
    """

    def make_plan(entry: Entry, part: Campaign, limits: SolveLimits) -> Plan | Diagnosis | None:
        known = running.get(entry.name)
        if known is None:
            return None
        request = replace(known.request, allotted=part)
        inputs = input_fingerprints(request, entry.roster, known.last.plan.campaign.calendar)
        if is_up_to_date(known.last.plan, inputs, gap):
            return known.last.plan
        return replan(known.last, entry.roster, request, limits=limits, solver=solver)

    return make_plan
