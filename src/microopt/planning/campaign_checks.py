"""Every way in which a campaign does not fit its roster, or contradicts itself: faults and warnings.

The checks of names and rules come first, then contracts, then the pools of `[audience]` and net reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from microopt.benchmarks.table import PLATFORMS
from microopt.campaign.campaign import ONE_OFFER_PER, Campaign, EachRule, PairRule, RangeRule, Rule, Selector
from microopt.campaign.contradictions import find_contradictions
from microopt.campaign.earnings import EARNINGS, PROFIT
from microopt.campaign.flag_values import format_header_map
from microopt.campaign.metrics import METRICS, NET_REACH, REPEATS, TARGET_METRICS, canonical_measure
from microopt.campaign.progress import Contract
from microopt.campaign.rule_grammar import format_selector
from microopt.campaign.wave_names import find_wave
from microopt.campaign.wave_rules import GAP
from microopt.errors import CampaignError, Fault, NameSuggester
from microopt.forecast.deliverables import find_unmapped_platforms
from microopt.planning.audience_overlap import build_overlap
from microopt.planning.measures import earnings_measure, find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.rate_rules import added_rates
from microopt.planning.ratios import find_ratio
from microopt.planning.share_caps import unspendable_budgets
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import format_bound, format_count, shorten
from microopt.roster.conflicts import unmatched_conflicts
from microopt.roster.contract_status import contract_offers, contracts_by_label
from microopt.roster.look_alikes import find_look_alikes
from microopt.roster.roster import Roster, find_number_column
from microopt.roster.selection import (
    find_text_column,
    matches_filter,
    matching_offers,
    offers_meant,
    suggest_full_names,
    try_parse_selector,
    unknown_values,
)
from microopt.roster.value_words import known_values
from microopt.solver.arrays import check_exact_sum

MAX_LOOK_ALIKES = 5  # told by name
MAX_NAMES_TO_SUGGEST = 20_000  # beyond that, conflicts get no suggestion
MAX_SHOWN = 5  # creators who reach more of a pool than it holds


def check_campaign(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return the faults of a campaign on a roster, and warnings."""
    faults: list[Fault] = []
    warnings: list[str] = [*_platform_warnings(roster)]
    _check_names(roster, campaign, faults)
    _check_filters(roster, campaign, faults)
    faults += _contract_faults(roster, campaign)
    if campaign.max_sponsored_share is not None and "sponsored_share" not in roster.numbers:
        warnings.append("--max-sponsored-share had no effect: your list has no 'sponsored_share' column")
    for rule in campaign.rules:
        _check_rule_values(roster, campaign, rule, faults, warnings)
    for more_faults, more_warnings in (find_contradictions(campaign), _check_audience(roster, campaign)):
        faults += more_faults
        warnings += more_warnings
    if "volume_discount" in roster.texts and "max_units" not in roster.numbers:
        warnings.append("volume discounts had no effect: your list has no 'max_units' column")
    warnings += _competitor_warnings(roster, campaign)
    warnings += _conflict_warnings(roster)
    warnings += _look_alike_warnings(roster)
    return faults, warnings


def check_measures(problem: PlanningProblem) -> tuple[list[Fault], list[str]]:
    """Return the faults of what the goal and the rules measure, once the forecast is known, and warnings.

    Raises
    ------
    CampaignError
        If the revenue is too large to add up exactly.
    """
    if problem.forecast.revenue is not None:
        check_exact_sum("the revenue", problem.forecast.revenue)
    faults: list[Fault] = []
    warnings: list[str] = []
    goal = problem.campaign.goal
    if goal.column is not None or goal.name == PROFIT:
        try:
            _ = earnings_measure(problem, PROFIT) if goal.column is None else find_measure(problem, goal.column)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"goal: {error.message}", fix=error.fix))
    # What a rule measures in one wave, it measures in each: such a rule is checked as it was written.
    rules = problem.rules if problem.campaign.calendar is None else dict.fromkeys(problem.campaign.rules)
    for rule in rules:
        if isinstance(rule, RangeRule | EachRule) and rule.measure != GAP:
            _check_measure(problem, rule, faults, warnings)
    warnings += unused_earnings(problem.campaign, knows_revenue=problem.forecast.revenue is not None)
    return faults, [*warnings, *unspendable_budgets(problem), *_pool_warnings(problem)]


def unused_earnings(campaign: Campaign, *, knows_revenue: bool) -> Iterator[str]:
    """Yield the settings of earnings that have no effect while no order has a value."""
    given = [f"--{name}" for name in ("margin", "returns", "ltv") if getattr(campaign, name) is not None]
    if given and not knows_revenue:
        yield f"{' and '.join(given)} had no effect: give the value of an order with --order-value"


def _check_names(roster: Roster, campaign: Campaign, faults: list[Fault]) -> None:
    keys = _creator_keys(roster, (*campaign.include, *campaign.exclude))
    suggester = NameSuggester(roster.texts["creator"].labels, by_part=True)
    for flag, names in (("include", campaign.include), ("exclude", campaign.exclude)):
        for name in names:
            if name not in keys:
                faults.extend(unknown_name_faults(roster, flag, name, suggester))
    excluded = {keys.get(name, match_key(name)): name for name in campaign.exclude}
    for name in campaign.include:
        key = keys.get(name, match_key(name))
        if key in excluded:
            included = shorten(name)
            message = f"{included} is both included and excluded"
            fix = f"drop --include {included} or --exclude {shorten(excluded[key])}"
            faults.append(Fault(code="include-exclude", message=message, fix=fix, value=included))


def _creator_keys(roster: Roster, names: Sequence[str]) -> dict[str, str]:
    """Return the match key of the creator whom each name means; a name that means none is left out."""
    creators = roster.texts["creator"]
    known = {*match_keys(creators.labels)} if names else set()
    keys = {name: key for name in names if (key := match_key(name)) in known}
    for name in names:
        if name not in keys and (rows := np.flatnonzero(offers_meant(roster, [name]))).size:
            keys[name] = match_key(creators[int(rows[0])])
    return keys


def unknown_name_faults(roster: Roster, flag: str, name: str, suggester: NameSuggester) -> Iterator[Fault]:
    """Yield what is wrong with a name that no creator has, of a setting that takes selectors too.

    Parameters
    ----------
    flag
        What the setting is called.
    """
    selector, shown = try_parse_selector(name), shorten(name)
    if selector is None:
        message = f"{flag}: the roster has no creator {shown}"
        nearest = suggest_full_names(roster, name) or suggester.suggest(name)
        fix = nearest or f"write the name as in the creator column of your list, or drop {shown!r}"
        yield Fault(code=f"{flag}-unknown", message=message, fix=fix, column=flag, value=shown)
        return
    try:
        unknown = unknown_values(roster, selector)
    except CampaignError as error:
        yield Fault(code=error.code, message=f"{flag} {shown!r}: {shorten(error.message, 300)}", fix=error.fix)
        return
    for column, value, fix in unknown:
        message = f"{flag} {shown!r}: no offer has {column} {shorten(value)!r}"
        yield Fault(code="value-unknown", message=message, fix=fix, column=column, value=shorten(value))
    if not unknown and not matching_offers(roster, selector).any():
        message = f"{flag}: no offer is {shown}"
        first = Selector(clauses=selector.clauses[:1])
        fix = f"name an offer of your list, or the creator alone: '{shorten(format_selector(first))}'"
        yield Fault(code=f"{flag}-unknown", message=message, fix=fix, column=flag, value=shown)


def _check_filters(roster: Roster, campaign: Campaign, faults: list[Fault]) -> None:
    for where in campaign.where:
        try:
            matching = matches_filter(roster, where)
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"filter {where.label!r}: {error.message}", fix=error.fix))
            continue
        if where.selector is not None and not matching.any():
            for column, value, fix in unknown_values(roster, where.selector, has_lists=bool(campaign.lists)):
                message = f"filter {where.label!r}: no offer has {column} {value!r}"
                faults.append(Fault(code="value-unknown", message=message, fix=fix, column=column, value=value))


def _check_rule_values(
    roster: Roster, campaign: Campaign, rule: Rule, faults: list[Fault], warnings: list[str]
) -> None:
    for selector, required in _selectors_with_need(rule):
        try:
            unknown = unknown_values(roster, selector, has_lists=bool(campaign.lists))
        except CampaignError as error:
            faults.append(Fault(code=error.code, message=f"rule {rule.label!r}: {error.message}", fix=error.fix))
            continue
        for column, value, fix in unknown:
            message = f"rule {rule.label!r}: no offer has {column} {value!r}"
            if required:
                faults.append(Fault(code="value-unknown", message=message, fix=fix, column=column, value=value))
            else:
                warnings.append(f"{message} ({fix})")


def _selectors_with_need(rule: Rule) -> Iterator[tuple[Selector, bool]]:
    """Yield each selector of a rule, and whether the rule needs an offer that matches it."""
    if isinstance(rule, PairRule):
        yield rule.left, False
        yield rule.right, rule.relation.value == "requires"
    elif isinstance(rule, RangeRule):
        yield rule.selector, bool(rule.bounds.low)


def _platform_warnings(roster: Roster) -> Iterator[str]:
    header = find_unmapped_platforms(roster)
    if header is not None:
        counted = f"every offer counts as {PLATFORMS[0]}, although the cells of {header} name platforms"
        yield f"{counted}. If that is the platform column, add {format_header_map(header, 'platform')}"


def _competitor_warnings(roster: Roster, campaign: Campaign) -> Iterator[str]:
    if campaign.competitors and "brands" not in roster.texts:
        yield "--competitor had no effect: your list has no 'brands' column"
        return
    on_roster = roster.texts["brands"].distinct_values() if campaign.competitors else set()
    keys, suggester = {match_key(name) for name in on_roster}, NameSuggester(on_roster)
    for brand in campaign.competitors:
        if match_key(brand) not in keys:
            hint = suggester.suggest(brand)
            yield f"--competitor {brand} had no effect: no creator on your list works for this brand" + (
                f" ({hint})" if hint else ""
            )


def _conflict_warnings(roster: Roster) -> Iterator[str]:
    unmatched = unmatched_conflicts(roster)
    if not unmatched:
        return
    on_roster = [
        *roster.texts["creator"].labels,
        *(roster.texts["brands"].distinct_values() if "brands" in roster.texts else ()),
    ]
    suggester = NameSuggester(on_roster)
    for name in unmatched[:10]:
        hint = suggester.suggest(name) if len(on_roster) <= MAX_NAMES_TO_SUGGEST else ""
        yield f"conflicts: {name} is neither a creator nor a brand on your list" + (f" ({hint})" if hint else "")
    if len(unmatched) > 10:
        yield f"conflicts: {len(unmatched) - 10:,} more names are neither creators nor brands on your list"


def _look_alike_warnings(roster: Roster) -> Iterator[str]:
    found = find_look_alikes(roster)
    for each in found[:MAX_LOOK_ALIKES]:
        noun = "letter" if len(each.letters) == 1 else "letters"
        look = f"{each.name} looks like {each.other}, but has the {each.script} {noun} {each.letters}"
        if each.is_creator:
            yield f"{look}: they count as two creators (if they are one person, correct the name)"
        else:
            yield f"{look} among Latin ones (if that was not meant, correct the name)"
    if len(found) > MAX_LOOK_ALIKES:
        yield f"{len(found) - MAX_LOOK_ALIKES:,} more names have letters that pass for those of another script"


def _check_measure(
    problem: PlanningProblem, rule: RangeRule | EachRule, faults: list[Fault], warnings: list[str]
) -> None:
    soft = rule.soft if isinstance(rule, RangeRule) else None
    if soft is not None and not soft.percent and problem.campaign.goal.name == "balanced":
        unit = f"the balanced goal has no unit, so {format_bound(soft.amount, False)} has no meaning"
        message = f"rule {rule.label!r}: {unit}"
        fix = "write a percent of the best possible, such as (soft 2%), or give the goal in money with --worth"
        faults.append(Fault(code="rule-soft", message=message, fix=fix))
    if rule.of_budget and problem.campaign.budget is None:
        message = f"rule {rule.label!r} is a share of the budget, but there is no budget"
        faults.append(Fault(code="budget-missing", message=message, fix="give one: --budget 20000"))
    if rule.measure == NET_REACH and isinstance(rule, RangeRule) and not rule.mean:
        return  # the audience check covers it
    try:
        if not (isinstance(rule, RangeRule) and rule.mean) and find_ratio(problem, rule.measure):
            return
        measure = find_measure(problem, rule.measure)
    except CampaignError as error:
        faults.append(Fault(code=error.code, message=f"rule {rule.label!r}: {error.message}", fix=error.fix))
        return
    if canonical_measure(rule.measure) in EARNINGS and find_number_column(problem.roster, rule.measure) is not None:
        warnings.append(f"rule {rule.label!r} is of the column {measure.name} of your list, not of the forecast")
    if isinstance(rule, RangeRule) and (added := added_rates(rule, measure)):
        faults.append(added)
        return
    missing = len(np.unique(problem.roster.row[measure.missing]))
    if missing:
        warnings.append(f"rule {rule.label!r}: {missing:,} offers have no {rule.measure} and count as 0")
    share = rule.bounds.percent and isinstance(rule, RangeRule) and not rule.of_budget and not rule.mean
    if share and measure.name == PROFIT and find_number_column(problem.roster, rule.measure) is None:
        fix = "limit it in money, such as 'all profit >= 5000', or limit a share of the revenue"
        message = f"rule {rule.label!r}: profit has no shares, since losses are subtracted"
        faults.append(Fault(code="rule-range", message=message, fix=fix))
    elif share and measure.name != REPEATS and not np.any(measure.weights):
        lacks = f"has a {rule.measure} other than 0"
        if measure.name == "spend":
            lacks = "costs anything"
        elif measure.name in (*METRICS, *TARGET_METRICS):
            lacks = f"brings any {rule.measure}"
        warnings.append(f"rule {rule.label!r}: no offer {lacks}, so a share of it has no effect")


def _contract_faults(roster: Roster, campaign: Campaign) -> Iterator[Fault]:
    """Yield contracts that cannot be kept: not on the roster, excluded, or more than the offer limit allows."""
    slots: dict[tuple[str, ...], str] = {}
    suggester = NameSuggester(roster.texts["creator"].labels, by_part=True)
    contracts = contracts_by_label(campaign.running)
    keys = _creator_keys(roster, campaign.exclude if contracts else ())
    excluded = {keys.get(name, match_key(name)): name for name in campaign.exclude}
    offers = contract_offers(roster, contracts)
    for label, contract in contracts.items():
        key = match_key(contract.creator)
        if not offers[label].any() and _is_in_calendar(campaign, contract):
            yield _missing_contract_fault(roster, contract, suggester)
        if key in excluded:
            message = f"{contract.creator} is {contract.state.value} but excluded"
            fix = f"drop --exclude {excluded[key]}, or set the state of {contract.creator} to 'declined'"
            yield Fault(code="contract-excluded", message=message, fix=fix, value=contract.creator)
        slot = _contract_slot(campaign, contract)
        if slot in slots:
            message = f"{slots[slot]!r} and {label!r}: only one offer per {campaign.one_offer_per} is allowed"
            fix = "plan with --one-offer-per offer, or correct the states"
            yield Fault(code="contract-twice", message=message, fix=fix, value=contract.creator)
        slots[slot] = label
    if campaign.calendar is not None:
        from microopt.planning.contracts_in_waves import contract_wave_faults  # only for a campaign with a calendar

        yield from contract_wave_faults([*contracts.values()], campaign.calendar)


def _is_in_calendar(campaign: Campaign, contract: Contract) -> bool:
    """Whether a contract is for a wave of the calendar, or for none in particular."""
    if campaign.calendar is None or contract.wave is None:
        return True
    return find_wave(campaign.calendar.names, contract.wave) is not None


def _contract_slot(campaign: Campaign, contract: Contract) -> tuple[str, ...]:
    """Return the key within which only one offer can be bought."""
    parts = (contract.creator, contract.platform or "", contract.offer or "")
    return tuple(map(match_key, (*parts[: 1 + ONE_OFFER_PER.index(campaign.one_offer_per)], contract.wave or "")))


def _missing_contract_fault(roster: Roster, contract: Contract, suggester: NameSuggester) -> Fault:
    creators = roster.texts["creator"]
    if creators.contains_any({match_key(contract.creator)}).any():
        what = " ".join(filter(None, (contract.platform, contract.offer)))
        times = f", {contract.units} times" if (contract.units or 1) > 1 else ""
        message = f"{contract.creator} is {contract.state.value}, but the roster has no such offer: {what}{times}"
        fix = f"put the row of what was agreed back into the roster: '{contract.creator}', {what}{times}"
    else:
        message = f"{contract.creator} is {contract.state.value} but not on the roster"
        fix = suggester.suggest(contract.creator) or "put the row back into the roster, or set the state to 'declined'"
    return Fault(code="contract-missing", message=message, fix=fix, value=contract.creator)


def _check_audience(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return the faults of the pools and of the rules on net reach, and warnings."""
    faults = list(_net_reach_faults(campaign))
    if campaign.audience is None:
        return faults, []
    try:
        column = find_text_column(roster, campaign.audience.by)
    except CampaignError as error:
        return [*faults, Fault(code=error.code, message=f"[audience]: {error.message}", fix=error.fix)], []
    on_roster = column.distinct_values()
    suggester = NameSuggester(on_roster)
    is_known = known_values(on_roster, column, campaign.audience.by)
    warnings = []
    for name in campaign.audience.size:
        if not is_known(name):
            hint = suggester.suggest(name)
            message = f"[audience]: no offer has {campaign.audience.by} {name!r}"
            warnings.append(message + (f" ({hint})" if hint else ""))
    return faults, [*warnings, *_gross_reach_warnings(campaign)]


def _pool_warnings(problem: PlanningProblem) -> Iterator[str]:
    """Yield creators who reach more of a pool than it holds, and how many creators are in no pool."""
    if problem.campaign.audience is None:
        return
    reach = problem.forecast.metrics["reach"]
    overlap = build_overlap(problem.roster, reach, problem.campaign.audience)
    names = {(problem.roster.texts["creator"][row].strip(), pool): int(reach[row]) for row, pool in overlap.saturated}
    for (name, pool), people in list(names.items())[:MAX_SHOWN]:
        size = f"the pool {pool} has {problem.campaign.audience.size[pool]:,} people"
        message = f"[audience]: {size}, but {name} reaches {format_count(people / 1000)} in all"
        yield f"{message}: 99% of the pool is used"
    if len(names) > MAX_SHOWN:
        yield f"[audience]: {len(names) - MAX_SHOWN:,} more creators reach as many people as their pool has"
    outside = len(np.unique(problem.roster.creator_id[overlap.outside > 0]))
    if outside:
        yield f"[audience]: {outside:,} creators are in none of the pools; their reach is counted without overlap"


def _net_reach_faults(campaign: Campaign) -> Iterator[Fault]:
    """Yield the goal, targets and rules that net reach cannot serve."""
    rules = [rule for rule in campaign.rules if isinstance(rule, RangeRule | EachRule) and rule.measure == NET_REACH]
    for rule in rules:
        if isinstance(rule, EachRule) or rule.mean:
            message, fix = (
                f"rule {rule.label!r}: net reach is known only for a whole plan",
                "write 'reach' for gross reach",
            )
            yield Fault(code="net-reach", message=message, fix=fix)
    users = [f"goal {NET_REACH}"] if campaign.goal.name == NET_REACH else []
    users += [f"target {NET_REACH}"] if NET_REACH in campaign.goal.targets else []
    users += [f"rule {rule.label!r}" for rule in rules]
    if users and campaign.audience is None:
        fix = "give the pools: --audience niche:beauty=2M, or [audience] in the campaign file"
        message = f"{users[0]}: net reach needs the sizes of the audiences"
        yield Fault(code="audience-missing", message=message, fix=fix)


def _gross_reach_warnings(campaign: Campaign) -> Iterator[str]:
    for rule in campaign.rules:
        if not isinstance(rule, RangeRule) or rule.measure != NET_REACH or rule.mean:
            continue
        if rule.bounds.percent or rule.bounds.high is not None:
            limit = "a share" if rule.bounds.percent else "a cap"
            yield f"rule {rule.label!r}: {limit} on net reach is applied to gross reach, which counts overlaps twice"
