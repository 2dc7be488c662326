"""The notes on the picks of a plan: how many there are, and estimated fees."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.campaign import RangeRule
from microopt.plan.plan import Plan
from microopt.rendering.wording.plan_figures import fee_estimate_range

MANY = 50  # creators, from which a plan is work to manage


def pick_notes(plan: Plan, *, all_shown: bool) -> Iterator[str]:
    """Yield the notes below a table of picks.

    Parameters
    ----------
    all_shown
        Whether the table shows every pick.
    """
    if not all_shown:
        yield "All creators: add -o plan.csv (or .xlsx, .html)."
    if plan.totals.creators > MANY and not limits_creators(plan):
        yield f"{plan.totals.creators:,} creators is a lot to manage: --creators ..20 limits them."
    if any(pick.fee_estimated for pick in plan.picks):
        low, high = fee_estimate_range(plan.campaign)
        yield f"~ fee estimated from followers and public CPMs: expect {low:g} to {high:g} times as much."


def limits_creators(plan: Plan) -> bool:
    """Whether a rule of the campaign limits how many creators a plan has."""
    rules = (rule for rule in plan.campaign.rules if isinstance(rule, RangeRule))
    return any(rule.measure == "count" and not rule.selector.clauses for rule in rules)
