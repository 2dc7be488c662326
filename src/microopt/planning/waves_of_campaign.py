"""The offers of a roster in the waves of a campaign, and what a campaign says of single waves."""

from __future__ import annotations

import numpy as np

from microopt.campaign.calendar import WAVE, Calendar
from microopt.campaign.campaign import Campaign, Filter, RangeRule, Rule, Selector
from microopt.campaign.metrics import REPEATS, canonical_measure
from microopt.campaign.rules_by_wave import needs_calendar, selectors_of
from microopt.campaign.wave_names import wave_key
from microopt.quantities.keys import header_key
from microopt.roster.absences import absent_although_included
from microopt.roster.available_days import absent_creators
from microopt.roster.contract_status import agreed_waves, with_contract_columns
from microopt.roster.roster import Roster
from microopt.roster.selection import offers_named
from microopt.roster.waves import expand_waves


def offers_in_waves(roster: Roster, campaign: Campaign, calendar: Calendar) -> Roster:
    """Return the offers of a roster in the waves of a campaign; see `expand_waves`.

    Raises
    ------
    CampaignError
        If a creator whom the campaign requires is available in no wave, or as `expand_waves` says.
    """
    running = campaign.running
    today, agreed = None if running is None else running.today, agreed_waves(roster, running, calendar)
    expanded = expand_waves(roster, calendar, today, agreed)
    absent = absent_creators(roster, calendar, today, agreed)
    for name in campaign.include if absent.any() else ():
        named = offers_named(roster, name)
        if named.any() and absent[named].all():
            raise absent_although_included(name, roster.take(np.flatnonzero(named)), calendar, today)
    return with_contract_columns(expanded, running)  # a contract is of one wave


def is_over(rule: Rule, closed: frozenset[str]) -> bool:
    """Whether a rule is only about waves in which nothing can be booked any more: what is done there is a fact.

    Parameters
    ----------
    rule
        Of one kind, without a `when`.
    closed
        The names of these waves.
    """
    keys = {wave_key(name) for name in closed}

    def is_closed(selector: Selector) -> bool:
        waves = [clause.values for clause in selector.clauses if header_key(clause.column) == WAVE]
        return any(all(wave_key(value) in keys for value in values) for values in waves)

    return bool(closed) and all(map(is_closed, selectors_of(rule)))


def names_wave(rule: Rule | Filter) -> bool:
    """Whether a rule or filter is about single waves, so that it means nothing without a calendar."""
    if isinstance(rule, Filter):
        selectors: tuple[Selector, ...] = () if rule.selector is None else (rule.selector,)
    elif needs_calendar(rule) or (isinstance(rule, RangeRule) and canonical_measure(rule.measure) == REPEATS):
        return True
    else:
        selectors = selectors_of(rule)
    return any(header_key(clause.column) == WAVE for selector in selectors for clause in selector.clauses)
