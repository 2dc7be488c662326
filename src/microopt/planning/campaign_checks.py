"""Every way in which a campaign does not fit its roster, or contradicts itself: faults, and warnings.

Contracts that do not fit the roster or the campaign: faults.

How the pools of `[audience]` fit a roster, and what the campaign asks of net reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from microopt.campaign.campaign import ONE_OFFER_PER, Campaign, EachRule, PairRule, RangeRule, Rule, Selector
from microopt.campaign.contradictions import contradictions
from microopt.campaign.metrics import METRICS, NET_REACH
from microopt.campaign.progress import Contract
from microopt.errors import CampaignError, Fault, NameSuggester, did_you_mean
from microopt.planning.audience_overlap import build_overlap
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import print_bound, print_count
from microopt.roster.conflicts import of_nobody
from microopt.roster.contract_status import contract_labels, rows_of
from microopt.roster.roster import Roster
from microopt.roster.selection import matches_filter, matching_offers, selector_in, text_column, unknown_values


def _contract_faults(roster: Roster, campaign: Campaign) -> Iterator[Fault]:
    """Yield the faults of what must be kept: not on the roster, excluded, or more than may be bought of a creator."""
    excluded = {match_key(name): name for name in campaign.exclude}
    slots: dict[tuple[str, ...], str] = {}
    suggester = NameSuggester(roster.texts["creator"].labels)
    for label, contract in contract_labels(campaign.running).items():
        key = match_key(contract.creator)
        if not rows_of(roster, contract).any():
            yield _missing_contract_fault(roster, label, contract, suggester)
        if key in excluded:
            message, fix = f"{label}, and is excluded", f"drop --exclude {excluded[key]}, or say that it was declined"
            yield Fault(code="contract-excluded", message=message, fix=fix, value=contract.creator)
        slot = _contract_slot(campaign, contract)
        if slot in slots:
            message = f"{label} beside {slots[slot]}: only one offer per {campaign.one_offer_per} may be bought"
            fix = "plan with --one-offer-per offer, or correct the states"
            yield Fault(code="contract-twice", message=message, fix=fix, value=contract.creator)
        slots[slot] = label


def _contract_slot(campaign: Campaign, contract: Contract) -> tuple[str, ...]:
    """Return what only one offer may be bought of."""
    parts = (contract.creator, contract.platform or "", contract.offer or "")
    return tuple(map(match_key, parts[: 1 + ONE_OFFER_PER.index(campaign.one_offer_per)]))


def _missing_contract_fault(roster: Roster, label: str, contract: Contract, suggester: NameSuggester) -> Fault:
    creators = roster.texts["creator"]
    if creators.holds({match_key(contract.creator)}).any():
        what = " ".join(filter(None, (contract.platform, contract.offer)))
        times = f", {contract.units} times" if (contract.units or 1) > 1 else ""
        message = f"{label}, and the roster has no such offer: {what}{times}"
        fix = "keep the row of what was agreed in the roster"
    else:
        message = f"{label}, and is not on the roster"
        fix = suggester.suggest(contract.creator) or "keep the row in the roster, or say that it was declined"
    return Fault(code="contract-missing", message=message, fix=fix, value=contract.creator)


MAX_SHOWN = 5


def _check_audience(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return what is wrong with the pools, and with what is asked of net reach, and warnings."""
    faults = list(_net_reach_faults(campaign))
    if campaign.audience is None:
        return faults, []
    try:
        column = text_column(roster, campaign.audience.by)
    except CampaignError as error:
        return [*faults, Fault(code=error.code, message=f"[audience]: {error.message}", fix=error.fix)], []
    known = column.known()
    keys = {match_key(value) for value in known}
    warnings = []
    for name in campaign.audience.size:
        if match_key(name) not in keys:
            hint = did_you_mean(name, known)
            told = f"[audience]: no offer has {campaign.audience.by} {name!r}" + (f" ({hint})" if hint else "")
            warnings.append(told)
    return faults, [*warnings, *_gross_reach_warnings(campaign)]


def _pool_warnings(case: PlanningProblem) -> Iterator[str]:
    """Yield what is odd about what offers reach of their pools."""
    if case.campaign.audience is None:
        return
    reach = case.forecast.metrics["reach"]
    found = build_overlap(case.roster, reach, case.campaign.audience)
    names = {(case.roster.texts["creator"][row].strip(), pool): int(reach[row]) for row, pool in found.saturated}
    for (name, pool), people in list(names.items())[:MAX_SHOWN]:
        size = f"the {case.campaign.audience.size[pool]:,} people of the pool {pool}"
        told = f"[audience]: {size} are too few for {name}, who reaches {print_count(people / 1000)} in all"
        yield f"{told}: 99% of the pool is taken"
    if len(names) > MAX_SHOWN:
        yield f"[audience]: {len(names) - MAX_SHOWN:,} more creators reach as many people as a pool of theirs holds"
    outside = len(np.unique(case.roster.creator_id[found.outside > 0]))
    if outside:
        yield f"[audience]: {outside:,} creators are in none of the pools; their reach is taken not to overlap"


def _net_reach_faults(campaign: Campaign) -> Iterator[Fault]:
    """Yield a fault for each wish that net reach cannot serve."""
    rules = [rule for rule in campaign.rules if isinstance(rule, RangeRule | EachRule) and rule.measure == NET_REACH]
    for rule in rules:
        if isinstance(rule, EachRule) or rule.mean:
            message, fix = f"rule {rule.label!r}: net reach is of a whole plan", "write reach, which is gross"
            yield Fault(code="net-reach", message=message, fix=fix)
    wanted = [f"goal {NET_REACH}"] if campaign.goal.name == NET_REACH else []
    wanted += [f"target {NET_REACH}"] if NET_REACH in campaign.goal.targets else []
    wanted += [f"rule {rule.label!r}" for rule in rules]
    if wanted and campaign.audience is None:
        fix = "give the pools: --audience niche:beauty=2M, or [audience] in the campaign file"
        message = f"{wanted[0]}: net reach needs the sizes of the audiences"
        yield Fault(code="audience-missing", message=message, fix=fix)


def _gross_reach_warnings(campaign: Campaign) -> Iterator[str]:
    for rule in campaign.rules:
        if not isinstance(rule, RangeRule) or rule.measure != NET_REACH or rule.mean:
            continue
        if rule.bounds.percent or rule.bounds.high is not None:
            what = "a share" if rule.bounds.percent else "a cap"
            yield f"rule {rule.label!r}: {what} of net reach is taken of gross reach, which counts overlaps twice"


MAX_NAMES_TO_SUGGEST = 20_000  # names to look through for one that is near


def check_campaign(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return the faults of a campaign against a roster, and warnings."""
    faults: list[Fault] = []
    warnings: list[str] = []
    _check_names(roster, campaign, faults)
    _check_filters(roster, campaign, faults)
    faults += _contract_faults(roster, campaign)
    if campaign.max_sponsored_share is not None and "sponsored_share" not in roster.numbers:
        warnings.append("a limit on the sponsored share leaves nobody out: the roster has no column sponsored_share")
    for rule in campaign.rules:
        _check_rule_values(roster, rule, faults, warnings)
    for found, told in (contradictions(campaign), _check_audience(roster, campaign)):
        faults += found
        warnings += told
    if "volume_discount" in roster.texts and "max_units" not in roster.numbers:
        warnings.append("volume_discount says nothing: the roster has no column max_units")
    warnings += _competitor_warnings(roster, campaign)
    warnings += _conflict_warnings(roster)
    return faults, warnings


def check_measures(case: PlanningProblem) -> tuple[list[Fault], list[str]]:
    """Return the faults of what goal and rules measure, once it is known what offers bring, and warnings."""
    faults: list[Fault] = []
    warnings: list[str] = []
    if case.campaign.goal.column is not None:
        try:
            find_measure(case, case.campaign.goal.column)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"goal: {error.message}", fix=error.fix))
    for rule in case.rules:
        if isinstance(rule, RangeRule | EachRule):
            _check_measure(case, rule, faults, warnings)
    return faults, [*warnings, *_pool_warnings(case)]


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


def _check_names(roster: Roster, campaign: Campaign, faults: list[Fault]) -> None:
    asked = campaign.include or campaign.exclude
    keys = {*match_keys(roster.texts["creator"].labels)} if asked else set()
    suggester = NameSuggester(roster.texts["creator"].labels)
    for flag, names in (("include", campaign.include), ("exclude", campaign.exclude)):
        for name in names:
            if match_key(name) not in keys:
                faults.extend(_unknown_name_faults(roster, flag, name, suggester))
    both = {match_key(name) for name in campaign.include} & {match_key(name) for name in campaign.exclude}
    for name in campaign.include:
        if match_key(name) in both:
            message = f"{name} is both included and excluded"
            faults.append(Fault(code="include-exclude", message=message, fix="drop one of the two", value=name))


def _unknown_name_faults(roster: Roster, flag: str, name: str, suggester: NameSuggester) -> Iterator[Fault]:
    selector = selector_in(name)
    if selector is None:
        message = f"{flag}: the roster has no creator {name}"
        fix = suggester.suggest(name) or "check the spelling in the roster"
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


def _check_filters(roster: Roster, campaign: Campaign, faults: list[Fault]) -> None:
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


def _check_rule_values(roster: Roster, rule: Rule, faults: list[Fault], warnings: list[str]) -> None:
    for selector, demands in _demanding_selectors(rule):
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


def _demanding_selectors(rule: Rule) -> Iterator[tuple[Selector, bool]]:
    """Yield each selector of a rule, and whether the rule demands something of it."""
    if isinstance(rule, PairRule):
        yield rule.left, False
        yield rule.right, rule.relation.value == "requires"
    elif isinstance(rule, RangeRule):
        yield rule.selector, bool(rule.bounds.low)


def _competitor_warnings(roster: Roster, campaign: Campaign) -> Iterator[str]:
    if campaign.competitors and "brands" not in roster.texts:
        yield "competitors leave nobody out: the roster has no column brands with names"
        return
    known = roster.texts["brands"].known() if campaign.competitors else set()
    keys = {match_key(name) for name in known}
    for brand in campaign.competitors:
        if match_key(brand) not in keys:
            hint = did_you_mean(brand, known)
            yield f"competitor {brand}: nobody of the roster works for it" + (f" ({hint})" if hint else "")


def _conflict_warnings(roster: Roster) -> Iterator[str]:
    nobody = of_nobody(roster)
    if not nobody:
        return
    known = [*roster.texts["creator"].labels, *(roster.texts["brands"].known() if "brands" in roster.texts else ())]
    for name in nobody[:10]:
        hint = did_you_mean(name, known) if len(known) <= MAX_NAMES_TO_SUGGEST else ""
        yield f"conflicts: no creator and no brand of the roster is called {name}" + (f" ({hint})" if hint else "")
    if len(nobody) > 10:
        yield f"conflicts: {len(nobody) - 10:,} more names are nobody's"


def _check_measure(case: PlanningProblem, rule: RangeRule | EachRule, faults: list[Fault], warnings: list[str]) -> None:
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
        what = find_measure(case, rule.measure)
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
