"""Roster + Campaign -> Case: tiers, forecast, filters, and every way the two do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign import Campaign, PairRule, RangeRule, Rule, Selector
from microopt.case import Case
from microopt.errors import CampaignError, Fault, nearest
from microopt.forecasting import forecast
from microopt.measures import measure
from microopt.plan import RosterFacts
from microopt.roster import Roster, match_key, match_keys, with_tiers
from microopt.selection import passes, trusted, unknown_values


def prepare(roster: Roster, campaign: Campaign) -> tuple[Case, tuple[str, ...]]:
    """Return the case of a campaign on a roster, and warnings.

    Raises
    ------
    CampaignError
        With every rule, filter, inclusion or exclusion that does not fit the roster.
    """
    roster = with_tiers(roster, campaign.tiers)
    faults, warnings = misfits(roster, campaign)
    if faults:
        what = faults[0].message if len(faults) == 1 else f"the campaign has {len(faults)} faults"
        raise CampaignError(what, fix=faults[0].fix, faults=faults)
    kept = _kept(roster, campaign)
    if not kept.any():
        told = ", ".join([where.label for where in campaign.where] or ["sponsored share, minors, exclusions"])
        raise CampaignError(f"no offer passes the filters ({told})", fix="widen a --where filter", code="filter-all")
    _demand_included(roster, campaign, kept)
    rows = np.flatnonzero(kept)
    mine = roster.take(rows)
    mine = mine.take(mine.canonical_order())
    mine = replace(mine, creator_id=_by_appearance(mine.creator_id))  # rows of the program follow these numbers
    filtered = roster.creators - mine.creators
    case = Case(
        roster=mine, forecast=forecast(mine, campaign), campaign=campaign, offers=len(roster), creators=roster.creators,
        filtered=filtered,
    )  # fmt: skip
    faults, missing = _measures(case)
    if faults:
        raise CampaignError(faults[0].message, fix=faults[0].fix, faults=faults)
    return case, (*warnings, *missing)


def unasked(campaign: Campaign) -> Campaign:
    """Return the campaign for a study of the roster alone: what only the cost of a plan needs is not asked for."""
    exchange = {"USD": Fraction(1), **campaign.exchange}
    return replace(campaign, order_value=campaign.order_value or 0, estimate_fees=True, exchange=exchange)


def _by_appearance(ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number creators anew, in the order in which they appear."""
    _, first, code = np.unique(ids, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first)).astype(np.int32)[code]


def facts(roster: Roster, campaign: Campaign, filtered: int = 0) -> RosterFacts:
    """Return what a report says of the roster."""
    currency = campaign.currency or roster.currency or "USD"
    return RosterFacts(
        source=roster.source, offers=len(roster), creators=roster.creators, filtered=filtered, currency=currency
    )


def misfits(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return the faults of a campaign against a roster, and warnings."""
    faults: list[Fault] = []
    warnings: list[str] = []
    keys = {*match_keys(roster.texts["creator"].labels)} if campaign.include or campaign.exclude else set()
    for flag, names in (("include", campaign.include), ("exclude", campaign.exclude)):
        for name in names:
            if match_key(name) not in keys:
                message = f"{flag}: the roster has no creator {name}"
                fix = nearest(name, roster.texts["creator"].labels) or "check the spelling in the roster"
                faults.append(Fault(code=f"{flag}-unknown", message=message, fix=fix, column=flag, value=name))
    both = {match_key(name) for name in campaign.include} & {match_key(name) for name in campaign.exclude}
    for name in campaign.include:
        if match_key(name) in both:
            message = f"{name} is both included and excluded"
            faults.append(Fault(code="include-exclude", message=message, fix="drop one of the two", value=name))
    if campaign.max_sponsored_share is not None and "sponsored_share" not in roster.numbers:
        warnings.append("a limit on the sponsored share leaves nobody out: the roster has no column sponsored_share")
    for rule in campaign.rules:
        _rule_misfits(roster, rule, faults, warnings)
    for where in campaign.where:
        try:
            inside = passes(roster, where)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"filter {where.label!r}: {error.message}", fix=error.fix))
            continue
        if where.selector is not None and not inside.any():
            for column, value, fix in unknown_values(roster, where.selector):
                message = f"filter {where.label!r}: no offer has {column} {value!r}"
                faults.append(Fault(code="value-unknown", message=message, fix=fix, column=column, value=value))
    return faults, warnings


def _rule_misfits(roster: Roster, rule: Rule, faults: list[Fault], warnings: list[str]) -> None:
    for selector, demands in _selectors(rule):
        try:
            unknown = unknown_values(roster, selector)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"rule {rule.label!r}: {error.message}", fix=error.fix))
            continue
        for column, value, fix in unknown:
            message = f"rule {rule.label!r}: no offer has {column} {value!r}"
            if demands:
                faults.append(Fault(code="value-unknown", message=message, fix=fix, column=column, value=value))
            else:
                warnings.append(f"{message} ({fix})")


def _selectors(rule: Rule) -> Iterator[tuple[Selector, bool]]:
    """Yield each selector of a rule, and whether the rule demands something of it."""
    if isinstance(rule, PairRule):
        yield rule.left, False
        yield rule.right, rule.relation.value == "requires"
    else:
        yield rule.selector, bool(rule.bounds.low)


def _kept(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    kept = np.ones(len(roster), dtype=bool)
    for where in campaign.where:
        kept &= passes(roster, where)
    kept &= trusted(roster, campaign)
    excluded = {match_key(name) for name in campaign.exclude}
    return kept & ~roster.texts["creator"].holds(excluded)


def _demand_included(roster: Roster, campaign: Campaign, kept: NDArray[np.bool_]) -> None:
    for name in campaign.include:
        if not kept[roster.texts["creator"].holds({match_key(name)})].any():
            fix = "widen the filter, or do not include the creator"
            raise CampaignError(f"include: every offer of {name} is filtered out", fix=fix, code="include-filtered")


def _measures(case: Case) -> tuple[list[Fault], list[str]]:
    faults, warnings = [], []
    if case.campaign.goal.column is not None:
        try:
            measure(case, case.campaign.goal.column)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"goal: {error.message}", fix=error.fix))
    for rule in case.campaign.rules:
        if not isinstance(rule, RangeRule):
            continue
        if rule.soft is not None:
            message = f"rule {rule.label!r}: soft rules are not in this version"
            fix = "drop the part in brackets to make it a hard rule"
            faults.append(Fault(code="rule-soft", message=message, fix=fix))
        try:
            missing = int(measure(case, rule.measure).missing.sum())
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"rule {rule.label!r}: {error.message}", fix=error.fix))
            continue
        if missing:
            warnings.append(f"rule {rule.label!r}: {missing:,} offers have no {rule.measure} and count as 0")
    return faults, warnings
