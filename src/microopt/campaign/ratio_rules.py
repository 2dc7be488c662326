"""What a rule on a ratio of the plan, such as `all cpa <= 30`, cannot be: a share of the plan, or soft."""

from __future__ import annotations

from microopt.campaign.campaign import EachRule, PairRule, Rule
from microopt.campaign.earnings import MONEY_RATIOS, RATIOS, format_range_of, ratio_name
from microopt.errors import CampaignError


def refuse_ratio_terms(rule: Rule) -> None:
    """Refuse a ratio of the plan in percent, or as a soft rule.

    Raises
    ------
    CampaignError
        With the rule in plain numbers.
    """
    if isinstance(rule, PairRule):
        return
    ratio = ratio_name(rule.measure)
    if ratio is None or (not isinstance(rule, EachRule) and rule.mean):
        return
    if not isinstance(rule, EachRule) and rule.soft is not None:
        fix = f"leave (soft ...) out, or make a soft rule of a total, such as 'all {RATIOS[ratio][0]} ...'"
        raise CampaignError(f"rule {rule.label!r}: a limit on {ratio} cannot be soft", fix=fix, code="rule-soft")
    if rule.bounds.percent:
        subject = rule.label[: rule.label.rfind(rule.measure) + len(rule.measure)]
        fix = f"write a plain number, such as '{subject} <= 30'"
        if ratio not in MONEY_RATIOS:
            fix = f"write it as a multiple of the spend: '{format_range_of(subject, rule.bounds)}'"
        raise CampaignError(f"rule {rule.label!r}: {ratio} is not a share of the plan", fix=fix, code="rule-range")
