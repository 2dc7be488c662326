"""Every way in which a campaign does not fit its roster, or contradicts itself: faults, and warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from microopt.campaign.campaign import Campaign, EachRule, PairRule, RangeRule, Rule, Selector
from microopt.campaign.contradictions import contradictions
from microopt.campaign.metrics import METRICS, NET_REACH
from microopt.errors import CampaignError, Fault, did_you_mean
from microopt.planning.contract_misfits import misfits_of_contracts
from microopt.planning.measures import measure
from microopt.planning.pools import misfits_of_audience, misfits_of_reach
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import print_bound
from microopt.roster.conflicts import of_nobody
from microopt.roster.roster import Roster
from microopt.roster.selection import matches_filter, matching_offers, selector_in, unknown_values

FEW = 20_000  # names to look through for one that is near


def check_campaign(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return the faults of a campaign against a roster, and warnings."""
    faults: list[Fault] = []
    warnings: list[str] = []
    _names(roster, campaign, faults)
    _filters(roster, campaign, faults)
    faults += misfits_of_contracts(roster, campaign)
    if campaign.max_sponsored_share is not None and "sponsored_share" not in roster.numbers:
        warnings.append("a limit on the sponsored share leaves nobody out: the roster has no column sponsored_share")
    for rule in campaign.rules:
        _rule(roster, rule, faults, warnings)
    for found, told in (contradictions(campaign), misfits_of_audience(roster, campaign)):
        faults += found
        warnings += told
    if "volume_discount" in roster.texts and "max_units" not in roster.numbers:
        warnings.append("volume_discount says nothing: the roster has no column max_units")
    warnings += _competitors(roster, campaign)
    warnings += _conflicts(roster)
    return faults, warnings


def misfits_of_measures(case: PlanningProblem) -> tuple[list[Fault], list[str]]:
    """Return the faults of what goal and rules measure, once it is known what offers bring, and warnings."""
    faults: list[Fault] = []
    warnings: list[str] = []
    if case.campaign.goal.column is not None:
        try:
            measure(case, case.campaign.goal.column)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"goal: {error.message}", fix=error.fix))
    for rule in case.rules:
        if isinstance(rule, RangeRule | EachRule):
            _measure(case, rule, faults, warnings)
    return faults, [*warnings, *misfits_of_reach(case)]


def raise_if_any(faults: Sequence[Fault]) -> None:
    """Raise the faults together, if there are any.

    Raises
    ------
    CampaignError
        With all of them.
    """
    if faults:
        what = faults[0].message if len(faults) == 1 else f"the campaign has {len(faults)} faults"
        raise CampaignError(what, fix=faults[0].fix, faults=list(faults))


def _names(roster: Roster, campaign: Campaign, faults: list[Fault]) -> None:
    asked = campaign.include or campaign.exclude
    keys = {*match_keys(roster.texts["creator"].labels)} if asked else set()
    for flag, names in (("include", campaign.include), ("exclude", campaign.exclude)):
        for name in names:
            if match_key(name) not in keys:
                faults.extend(_unknown_name(roster, flag, name))
    both = {match_key(name) for name in campaign.include} & {match_key(name) for name in campaign.exclude}
    for name in campaign.include:
        if match_key(name) in both:
            message = f"{name} is both included and excluded"
            faults.append(Fault(code="include-exclude", message=message, fix="drop one of the two", value=name))


def _unknown_name(roster: Roster, flag: str, name: str) -> Iterator[Fault]:
    selector = selector_in(name)
    if selector is None:
        message = f"{flag}: the roster has no creator {name}"
        fix = did_you_mean(name, roster.texts["creator"].labels) or "check the spelling in the roster"
        yield Fault(code=f"{flag}-unknown", message=message, fix=fix, column=flag, value=name)
        return
    try:
        unknown = unknown_values(roster, selector)
    except CampaignError as error:
        yield Fault(code=error.code, message=f"{flag} {name!r}: {error.message}", fix=error.fix)
        return
    for column, value, fix in unknown:
        message = f"{flag} {name!r}: no offer has {column} {value!r}"
        yield Fault(code="value-unknown", message=message, fix=fix, column=column, value=value)
    if not unknown and not matching_offers(roster, selector).any():
        message, fix = f"{flag}: no offer is {name}", "check which offers the creator has"
        yield Fault(code=f"{flag}-unknown", message=message, fix=fix, column=flag, value=name)


def _filters(roster: Roster, campaign: Campaign, faults: list[Fault]) -> None:
    for where in campaign.where:
        try:
            inside = matches_filter(roster, where)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"filter {where.label!r}: {error.message}", fix=error.fix))
            continue
        if where.selector is not None and not inside.any():
            for column, value, fix in unknown_values(roster, where.selector):
                message = f"filter {where.label!r}: no offer has {column} {value!r}"
                faults.append(Fault(code="value-unknown", message=message, fix=fix, column=column, value=value))


def _rule(roster: Roster, rule: Rule, faults: list[Fault], warnings: list[str]) -> None:
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
    elif isinstance(rule, RangeRule):
        yield rule.selector, bool(rule.bounds.low)


def _competitors(roster: Roster, campaign: Campaign) -> Iterator[str]:
    if campaign.competitors and "brands" not in roster.texts:
        yield "competitors leave nobody out: the roster has no column brands with names"
        return
    known = roster.texts["brands"].known() if campaign.competitors else set()
    keys = {match_key(name) for name in known}
    for brand in campaign.competitors:
        if match_key(brand) not in keys:
            hint = did_you_mean(brand, known)
            yield f"competitor {brand}: nobody of the roster works for it" + (f" ({hint})" if hint else "")


def _conflicts(roster: Roster) -> Iterator[str]:
    nobody = of_nobody(roster)
    if not nobody:
        return
    known = [*roster.texts["creator"].labels, *(roster.texts["brands"].known() if "brands" in roster.texts else ())]
    for name in nobody[:10]:
        hint = did_you_mean(name, known) if len(known) <= FEW else ""
        yield f"conflicts: no creator and no brand of the roster is called {name}" + (f" ({hint})" if hint else "")
    if len(nobody) > 10:
        yield f"conflicts: {len(nobody) - 10:,} more names are nobody's"


def _measure(case: PlanningProblem, rule: RangeRule | EachRule, faults: list[Fault], warnings: list[str]) -> None:
    soft = rule.soft if isinstance(rule, RangeRule) else None
    if soft is not None and not soft.percent and case.campaign.goal.name == "balanced":
        unit = f"the balanced goal has no unit of which {print_bound(soft.amount, False)} could be"
        message = f"rule {rule.label!r}: {unit}"
        fix = "write a percent of the best possible, such as (soft 2%), or give the goal in money with --worth"
        faults.append(Fault(code="rule-soft", message=message, fix=fix))
    if rule.of_budget and case.campaign.budget is None:
        message = f"rule {rule.label!r} is of the budget, and there is none"
        faults.append(Fault(code="budget-missing", message=message, fix="give one: --budget 20000"))
    if rule.measure == NET_REACH and isinstance(rule, RangeRule) and not rule.mean:
        return  # what it needs is asked of the audience
    try:
        what = measure(case, rule.measure)
    except CampaignError as error:
        faults.append(Fault(code=error.code, message=f"rule {rule.label!r}: {error.message}", fix=error.fix))
        return
    missing = len(np.unique(case.roster.row[what.missing]))
    if missing:
        warnings.append(f"rule {rule.label!r}: {missing:,} offers have no {rule.measure} and count as 0")
    share = rule.bounds.percent and isinstance(rule, RangeRule) and not rule.of_budget and not rule.mean
    if share and not np.any(what.weights):
        none = (
            "costs anything" if what.name == "spend" else f"brings any {rule.measure}" if what.name in METRICS else ""
        )
        told = f"no offer {none or f'has a {rule.measure} other than 0'}, so a share of it says nothing"
        warnings.append(f"rule {rule.label!r}: {told}")
