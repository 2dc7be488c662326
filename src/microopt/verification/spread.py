"""What a plan says of how it is spread over its creators, against its picks."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.plan import Plan
from microopt.plan.spread import CAP, EVEN, MOST_OF_TWO
from microopt.plan.verification_result import Discrepancy
from microopt.planning.spread import spread_metrics, two_largest


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
    if spread.cap != CAP:
        yield Discrepancy(place="spread.cap", message=f"the cap is {float(CAP):.0%}", stated=float(spread.cap))
