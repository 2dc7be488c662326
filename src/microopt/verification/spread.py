"""What a plan says of how it is spread over its creators, against its picks."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.campaign import RangeRule
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Plan
from microopt.plan.spread import CAP, EMPTY, EVEN, MOST_OF_TWO, PlanSpread
from microopt.plan.verification_result import Discrepancy
from microopt.planning.spread import cap_rule, spread_metrics, two_largest
from microopt.solver.result import Termination

SOLVED = (Termination.OPTIMAL, Termination.FEASIBLE)


def check_spread(plan: Plan) -> Iterator[Discrepancy]:
    """Yield what a plan says of its largest creators that its picks contradict, not of the capped plan."""
    spread = plan.spread
    if spread is None:
        return
    if spread.metric not in spread_metrics(plan.campaign):
        message = f"{spread.metric} is not a result of the goal"
        yield Discrepancy(place="spread.metric", message=message, stated=spread.metric)
        return
    share, largest = two_largest(plan, spread.metric)
    if spread.largest != largest:
        message = f"the largest creators are {' and '.join(largest)}"
        yield Discrepancy(place="spread.largest", message=message, stated=list(spread.largest))
    if abs(float(share) - float(spread.share)) > 1e-9:
        message = f"they bring {float(share):.4%} of the {spread.metric}"
        yield Discrepancy(place="spread.share", message=message, stated=float(spread.share))
    if (spread.status == EVEN) != (share <= MOST_OF_TWO):
        message = "a cap is proposed where two creators bring more than half, and only there"
        yield Discrepancy(place="spread.status", message=message, stated=spread.status)
    yield from _contradictions_of_cap(spread)
    if spread.cap != CAP:
        yield Discrepancy(place="spread.cap", message=f"the cap is {float(CAP):.0%}", stated=float(spread.cap))


def _contradictions_of_cap(spread: PlanSpread) -> Iterator[Discrepancy]:
    """Yield what contradicts itself in what a plan says of the capped one."""
    known = (EVEN, EMPTY, NOT_LOOKED_AT, *(each.value for each in SOLVED), Termination.INFEASIBLE.value)
    if spread.status not in known:
        yield Discrepancy(place="spread.status", message="is not a status", stated=spread.status)
    if (spread.change is not None) != (spread.status in SOLVED):
        message = "a change is stated where a capped plan was found, and only there"
        yield Discrepancy(place="spread.change", message=message, stated=spread.status)
    for place, label in enumerate(spread.rules):
        if not _is_cap(label, spread.metric):
            message = f"is not a rule that caps one creator at {float(CAP):.0%} of the {spread.metric}"
            yield Discrepancy(place=f"spread.rules.{place}", message=message, stated=label)


def _is_cap(label: str, metric: str) -> bool:
    try:
        rule = parse_rule(label)
    except CampaignError:
        return False
    clauses = rule.selector.clauses if isinstance(rule, RangeRule) else ()
    return len(clauses) == 1 and len(clauses[0].values) == 1 and rule == cap_rule(clauses[0].values[0], metric)
