"""The offers of a roster in the waves of a campaign, and what a campaign says of single waves."""

from __future__ import annotations

from microopt.campaign.calendar import WAVE, Calendar
from microopt.campaign.campaign import Campaign, Filter, RangeRule, Rule, Selector
from microopt.campaign.metrics import REPEATS, canonical_measure
from microopt.campaign.rules_by_wave import needs_calendar, selectors_of
from microopt.errors import CampaignError
from microopt.quantities.keys import header_key
from microopt.roster.roster import Roster
from microopt.roster.selection import offers_named
from microopt.roster.waves import absent_creators, expand_waves


def offers_in_waves(roster: Roster, campaign: Campaign, calendar: Calendar) -> Roster:
    """Return the offers of a roster in the waves of a campaign; see `expand_waves`.

    Raises
    ------
    CampaignError
        If a creator whom the campaign requires is available in no wave, or as `expand_waves` says.
    """
    expanded = expand_waves(roster, calendar)
    absent = absent_creators(roster, calendar)
    for name in campaign.include if absent.any() else ():
        named = offers_named(roster, name)
        if named.any() and absent[named].all():
            message = f"include: {name} is available in no wave ({calendar.names[0]} to {calendar.names[-1]})"
            fix = f"correct available_from and available_to, or drop --include {name}"
            raise CampaignError(message, fix=fix, code="include-wave")
    return expanded


def names_wave(rule: Rule | Filter) -> bool:
    """Whether a rule or filter is about single waves, so that it means nothing without a calendar."""
    if isinstance(rule, Filter):
        selectors: tuple[Selector, ...] = () if rule.selector is None else (rule.selector,)
    elif needs_calendar(rule) or (isinstance(rule, RangeRule) and canonical_measure(rule.measure) == REPEATS):
        return True
    else:
        selectors = selectors_of(rule)
    return any(header_key(clause.column) == WAVE for selector in selectors for clause in selector.clauses)
