"""Roster + Campaign -> Case: packages, tiers, filters, forecast, choices."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, RangeRule, Rule, Selector
from microopt.campaign.metrics import GROSS, NET_REACH
from microopt.errors import CampaignError
from microopt.forecast import forecast
from microopt.plan.plan import RosterFacts
from microopt.planning.campaign_checks import check_campaign, misfits_of_measures, raise_if_any
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range, print_bound
from microopt.roster.bundles import choices
from microopt.roster.conflicts import conflicts, works_for
from microopt.roster.contract_status import contract_notes, with_roster_contracts
from microopt.roster.roster import Roster, with_tiers
from microopt.roster.selection import brand_safe_offers, matches_filter, offers_named
from microopt.roster.underway import declined, with_agreed_fees, with_contract_columns
from microopt.roster.underway import kept as under_contract
from microopt.roster.volume_packages import with_packages


def build_problem(
    roster: Roster, campaign: Campaign, *, bought: bool = True
) -> tuple[PlanningProblem, tuple[str, ...]]:
    """Return the case of a campaign on a roster, and warnings.

    Parameters
    ----------
    bought
        Whether it is for a plan: each number of units, and each set of offers that may be bought, is then a choice.
        Else the rows of the case are the offers themselves.

    Raises
    ------
    CampaignError
        With every rule, filter, inclusion or exclusion that does not fit the roster.
    """
    campaign = with_roster_contracts(roster, campaign)
    roster = with_contract_columns(with_tiers(roster, campaign.tiers), campaign.running)
    faults, warnings = check_campaign(roster, campaign)
    raise_if_any(faults)
    kept = eligible_offers(roster, campaign)
    if not kept.any():
        told = ", ".join([where.label for where in campaign.where] or ["sponsored share, minors, exclusions"])
        raise CampaignError(f"no offer passes the filters ({told})", fix="widen a --where filter", code="filter-all")
    _demand_included(roster, campaign, kept)
    case = _case(roster, np.flatnonzero(kept), campaign, bought=bought)
    faults, more = misfits_of_measures(case)
    raise_if_any(faults)
    return case, (*contract_notes(roster, campaign), *warnings, *more)


def _case(roster: Roster, rows: NDArray[np.intp], campaign: Campaign, *, bought: bool) -> PlanningProblem:
    mine = roster if len(rows) == len(roster) else roster.take(rows)
    mine = mine.take(mine.canonical_order())
    old = mine.creator_id
    mine = replace(mine, creator_id=_by_appearance(old))  # rows of the program follow these numbers
    numbers = dict(zip(old.tolist(), mine.creator_id.tolist(), strict=True)) if "conflicts" in roster.texts else {}
    apart = tuple(conflicts(roster, numbers))
    if bought:
        mine = with_agreed_fees(with_packages(mine), campaign.running)
    expected = forecast(mine, campaign)
    found = choices(mine, campaign.one_offer_per if bought else "creator")
    if not np.array_equal(found.rows, np.arange(len(mine))):
        mine, expected = mine.take(found.rows), expected.take(found.rows)
    further = np.diff(found.choice, prepend=-1) == 0
    cost = expected.cost - np.where(further, campaign.per_creator, 0)  # a creator is handled once
    return PlanningProblem(
        roster=mine,
        forecast=replace(expected, cost=cost),
        campaign=campaign,
        choice=found.choice,
        rules=tuple(rules_of(campaign)),
        conflicts=apart,
        offers=len(roster),
        creators=roster.creators,
        filtered=roster.creators - mine.creators,
    )


def rules_of(campaign: Campaign) -> Iterator[Rule]:
    """Yield rules and targets; of net reach only a floor is kept as it is, what caps it is taken of gross reach."""
    for rule in dict.fromkeys(campaign.rules):  # a rule that is written twice is one
        if isinstance(rule, RangeRule) and rule.measure == NET_REACH and not rule.mean:
            low, high, percent = rule.bounds.low, rule.bounds.high, rule.bounds.percent
            if low is not None and not percent:
                yield replace(rule, bounds=Range(low, None))
                low = None
            if high is not None or low is not None:
                yield replace(rule, label=rule.label + GROSS, measure="reach", bounds=Range(low, high, percent))
        else:
            yield rule
    for measure, amount in campaign.goal.targets.items():
        label = target_label(measure, amount)
        yield RangeRule(label=label, selector=Selector(), measure=measure, bounds=Range(amount, None))


def target_label(measure: str, amount: Fraction) -> str:
    """Return what the rule of a target is called."""
    return f"target {measure} >= {print_bound(amount, False)}"


def unasked(campaign: Campaign) -> Campaign:
    """Return the campaign for a study of the roster alone: what only the cost of a plan needs is not asked for."""
    exchange = {"USD": Fraction(1), **campaign.exchange}
    return replace(campaign, order_value=campaign.order_value or 0, estimate_fees=True, exchange=exchange)


def _by_appearance(ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number creators anew, in the order in which they appear."""
    if len(ids) and np.bincount(ids).max() == 1:
        return np.arange(len(ids), dtype=np.int32)
    _, first, code = np.unique(ids, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first)).astype(np.int32)[code]


def facts(roster: Roster, campaign: Campaign, filtered: int = 0) -> RosterFacts:
    """Return what a report says of the roster."""
    currency = campaign.currency or roster.currency or "USD"
    return RosterFacts(
        source=roster.source, offers=len(roster), creators=roster.creators, filtered=filtered, currency=currency
    )


def eligible_offers(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    """Return, per offer, whether it may enter a plan; tiers and contracts are columns of the roster already."""
    kept = np.ones(len(roster), dtype=bool)
    for where in campaign.where:
        kept &= matches_filter(roster, where)
    kept &= brand_safe_offers(roster, campaign)
    for name in campaign.exclude:
        kept &= ~offers_named(roster, name)
    for brand in campaign.competitors:
        kept &= ~works_for(roster, brand)
    return (kept | under_contract(roster, campaign.running)) & ~declined(roster, campaign.running)


def _demand_included(roster: Roster, campaign: Campaign, kept: NDArray[np.bool_]) -> None:
    for name in campaign.include:
        if not kept[offers_named(roster, name)].any():
            fix = "widen the filter, or do not include the creator"
            raise CampaignError(f"include: every offer of {name} is filtered out", fix=fix, code="include-filtered")
