"""Of what a percent of a rule is a share."""

from __future__ import annotations

from microopt.campaign.campaign import RangeRule, Selector
from microopt.campaign.metrics import REPEATS, canonical_measure


def share_base(rule: RangeRule) -> tuple[str, Selector]:
    """Return the measure and the offers whose total is the whole of a share.

    Creators who repeat are a share of all creators that the rule is about; of anything else it is a share of the same
    measure of the base: what the plan has, or what a wave has.
    """
    if canonical_measure(rule.measure) == REPEATS:
        return "count", rule.selector
    return rule.measure, rule.base
