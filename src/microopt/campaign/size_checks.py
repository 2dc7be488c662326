"""Refuse a campaign of too many or too long rules before any of them is parsed."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.inputs import CampaignInput
from microopt.errors import Fault, raise_campaign_faults
from microopt.quantities.size_limits import MAX_RULE_CHARACTERS, MAX_RULES, MAX_RULES_CHARACTERS

SHOWN = 40  # characters of a rule that is too long
_GROUP_FIX = "add a column such as group to your list, and write one rule for each group: 'group:a count 2..5'"
RULE_SETTINGS = ("rules", "where", "niche", "tier", "platform", "region")


def refuse_large_campaign(settings: CampaignInput) -> None:
    """Refuse too many rules and filters, or one that is too long.

    Raises
    ------
    CampaignError
        With each of them.
    """
    raise_campaign_faults(_size_faults(settings))


def _size_faults(settings: CampaignInput) -> Iterator[Fault]:
    lines = {name: getattr(settings, name) for name in RULE_SETTINGS}
    count = sum(map(len, lines.values()))
    if count > MAX_RULES:
        message = f"the campaign has {count:,} rules and filters, but the limit is {MAX_RULES:,}"
        fix = "name several values in one rule, such as niche:beauty,fashion count 2..5"
        yield Fault(code="rules-too-many", message=message, fix=fix, column="rules")
        return
    size = sum(len(text) for texts in lines.values() for text in texts)
    if size > MAX_RULES_CHARACTERS:
        message = f"the rules and filters of the campaign have {size:,} characters"
        message += f", but the limit is {MAX_RULES_CHARACTERS:,}"
        yield Fault(code="rules-too-long", message=message, fix=_GROUP_FIX, column="rules")
    for name, texts in lines.items():
        for text in texts:
            if len(text) > MAX_RULE_CHARACTERS:
                message = f"{name}: {text[:SHOWN]}... has {len(text):,} characters"
                message += f", but the limit is {MAX_RULE_CHARACTERS:,}"
                yield Fault(code="rule-too-long", message=message, fix=_GROUP_FIX, column=name)
