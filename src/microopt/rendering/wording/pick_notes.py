"""The notes on the picks of a plan: how many there are, and estimated fees."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.campaign.campaign import RangeRule
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.records import some_have
from microopt.rendering.wording.high_fees import estimate_basis, expected_from_estimate

MANY = 50  # creators, from which a plan is work to manage
FEW = 20  # creators, to which a hint would limit them


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
        yield f"{plan.totals.creators:,} creators is a lot to manage: --creators ..{FEW} limits them."
    if some_have(plan.picks, "fee_estimated"):
        facts = plan.roster.usual_fees
        expected = expected_from_estimate(plan.picks, plan.campaign, facts)
        yield f"~ fee estimated {estimate_basis(facts)}: {expected}."


def limits_creators(plan: Plan) -> bool:
    """Whether the campaign limits how many creators a plan has, or needs more than the limit that would be named."""
    counts = [rule for rule in plan.campaign.rules if isinstance(rule, RangeRule) and rule.measure == "count"]
    running = plan.campaign.running
    kept = [contract for contract in running.contracts if contract.kept] if running else []
    needed = [rule.bounds.low or 0 for rule in counts if not rule.bounds.percent]
    needed += [
        _needed_by_tier(counts),
        len(plan.campaign.include),
        len({match_key(contract.creator) for contract in kept}),
    ]
    return any(not rule.selector.clauses for rule in counts) or max(needed) > FEW


def _needed_by_tier(counts: list[RangeRule]) -> Fraction:
    """Return how many creators the rules on tiers need together, each of whom is of one tier."""
    by_tier: dict[object, Fraction] = {}
    for rule in counts:
        tiers = [clause.values for clause in rule.selector.clauses if clause.column == "tier"]
        if tiers and len(tiers[0]) == 1 and not rule.bounds.percent:
            by_tier[tiers[0]] = max(by_tier.get(tiers[0], Fraction(0)), rule.bounds.low or Fraction(0))
    return sum(by_tier.values(), Fraction(0))
