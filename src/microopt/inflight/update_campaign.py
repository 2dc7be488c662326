"""What is asked tonight of a campaign that runs: contracts, results, what is sunk, who of the last plan must stay.

Which contracts stand tonight: those of the last plan, with what the roster and a file of states say since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import ONE_OFFER_PER, Campaign, Ideal, SoftPenalty
from microopt.campaign.progress import (
    IN_LAST_PLAN,
    LAST_PLAN_COLUMN,
    CampaignProgress,
    Contract,
    ContractState,
    PostResults,
)
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest
from microopt.errors import CampaignError
from microopt.plan.plan import Pick, Plan
from microopt.planning.build_problem import eligible_offers
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import format_bound, format_names
from microopt.roster.contract_status import contracts_from_roster, remaining_budget, sunk_cost, with_contract_columns
from microopt.roster.roster import Roster, with_tiers

Key = tuple[str, str, str]
Picks = Mapping[str, Sequence[Pick]]


def merge_contracts(
    last: CampaignProgress | None,
    bought: Sequence[Pick],
    told: Sequence[Sequence[Contract]],
    actuals: Sequence[PostResults],
    *,
    alone: bool = True,
) -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    """Return the contracts, and notes.

    A contract that does not say which offer was agreed is of the one in the last plan, at the cost that it had there.

    Parameters
    ----------
    last
        What was known when the last plan was made.
    bought
        The picks of the last plan.
    told
        What is said of contracts since, the weaker source first.
    actuals
        Results so far: whoever has some and was kept by nothing is live.
    alone
        Whether only one offer of a creator may be bought: another one that is signed then takes the place of the first.
    """
    picks: dict[str, list[Pick]] = {}
    for pick in bought:
        picks.setdefault(match_key(pick.creator), []).append(pick)
    known = _by_creator(() if last is None else last.contracts)
    live = list(_live_by_results(known, picks, actuals, told))
    for source in (*told, live):
        for key, mine in _by_creator(source).items():
            known[key] = _merge_creator(mine, known.get(key, []), picks.get(key, []), alone=alone)
    notes: tuple[str, ...] = ()
    if live:
        names = format_names([contract.creator for contract in live], 5)
        notes = (f"there are results of {names}, of whom no state says that they signed: they are taken as live",)
    return tuple(sorted((one for mine in known.values() for one in mine), key=_contract_key)), notes


def _by_creator(contracts: Iterable[Contract]) -> dict[str, list[Contract]]:
    found: dict[str, list[Contract]] = {}
    for contract in contracts:
        found.setdefault(match_key(contract.creator), []).append(contract)
    return found


def _merge_creator(
    told: Sequence[Contract], before: Sequence[Contract], picks: Sequence[Pick], *, alone: bool
) -> list[Contract]:
    """Return a creator's contracts: what is told of each offer, and the others as they were."""
    found: list[Contract] = []
    left = list(before)
    for now in told:
        same = [
            one
            for one in left
            if _equal_or_unknown(now.offer, one.offer) and _equal_or_unknown(now.platform, one.platform)
        ]
        left = [one for one in left if one not in same]
        found += _apply_update(now, same, picks)
    replaced = alone and any(one.kept for one in found)
    return [*found, *(one for one in left if not (replaced and one.kept))]


def _apply_update(now: Contract, before: Sequence[Contract], picks: Sequence[Pick]) -> list[Contract]:
    """Return what a contract is once its state is told, with what was known of it before and is not told again."""
    known = [one.paid for one in before if one.paid is not None]
    paid = sum(known) if now.paid is None and known else now.paid
    kept = [one for one in before if one.kept] if now.kept else []
    if not kept:
        return list(_with_agreed_terms(replace(now, paid=paid), picks))
    fees = (
        _split_proportionally(now.fee, [one.fee or 0 for one in kept])
        if now.fee is not None
        else [one.fee for one in kept]
    )
    return [
        replace(one, state=now.state, fee=fee, units=now.units or one.units, paid=None if place else paid)
        for place, (one, fee) in enumerate(zip(kept, fees, strict=True))
    ]


def _split_proportionally(whole: int, weights: Sequence[int]) -> list[int]:
    """Return an amount in cents divided in proportion, to the cent; evenly where nothing weighs."""
    weights = weights if any(weights) else [1] * len(weights)
    ends = [round(whole * sum(weights[: place + 1]) / sum(weights)) for place in range(len(weights))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _equal_or_unknown(one: str | None, other: str | None) -> bool:
    return one is None or other is None or match_key(one) == match_key(other)


def _live_by_results(
    known: Mapping[str, Sequence[Contract]],
    picks: Picks,
    actuals: Sequence[PostResults],
    told: Sequence[Sequence[Contract]],
) -> Iterator[Contract]:
    """Yield contracts of those who have results, are in the last plan, and are not said to be kept or out."""
    said = {key: list(mine) for key, mine in known.items()}
    for source in told:
        said |= _by_creator(source)
    for key in dict.fromkeys(match_key(actual.creator) for actual in actuals if actual.posts > 0):
        free = all(not one.kept and one.state is not ContractState.DECLINED for one in said.get(key, ()))
        if free and key in picks:
            yield Contract(creator=picks[key][0].creator, state=ContractState.LIVE)


def _with_agreed_terms(contract: Contract, picks: Sequence[Pick]) -> Iterator[Contract]:
    """Yield a contract; a kept one with the offers, the fee and the forecast that it had in the last plan."""
    mine = [
        pick
        for pick in picks
        if _equal_or_unknown(contract.offer, pick.offer) and _equal_or_unknown(contract.platform, pick.platform)
    ]
    if not contract.kept or not mine:
        yield contract
        return
    fees = (
        [pick.fee for pick in mine]
        if contract.fee is None
        else _split_proportionally(contract.fee, [pick.fee for pick in mine])
    )
    for place, (pick, fee) in enumerate(zip(mine, fees, strict=True)):
        yield replace(
            contract,
            creator=pick.creator,
            offer=pick.offer,
            platform=pick.platform,
            fee=fee,
            units=contract.units or pick.units,
            paid=None if place else contract.paid,
            planned={**pick.metrics, "cost": pick.cost},
        )


def _contract_key(contract: Contract) -> Key:
    return match_key(contract.creator), match_key(contract.platform or ""), match_key(contract.offer or "")


def update_campaign(
    last: Plan, before: Campaign, roster: Roster, request: ReplanRequest
) -> tuple[Campaign, tuple[str, ...]]:
    """Return the campaign as it is asked tonight, with all that is known of it, and notes.

    Parameters
    ----------
    last, before
        The last plan, and the campaign that it was made for.
    """
    _refuse_currency(last, request)
    known = before.running or CampaignProgress()
    asked = request.campaign or replace(
        before,
        rules=before.rules[: len(before.rules) - len(known.stability)],
        budget=total_budget(before),
    )
    asked = replace(asked, starts=request.starts or asked.starts, ends=request.ends or asked.ends)
    actuals = known.actuals if request.results is None else request.actuals
    of_roster, unread = contracts_from_roster(roster)
    contracts, notes = merge_contracts(
        known, last.picks, (of_roster, request.contracts), actuals, alone=asked.one_offer_per == ONE_OFFER_PER[0]
    )
    sunk = sunk_cost(contracts)
    whole = asked.budget if request.budget is None else request.budget
    running = CampaignProgress(
        contracts=contracts,
        actuals=actuals,
        last_plan=tuple(dict.fromkeys(pick.creator for pick in last.picks)),
        sunk=sunk,
        as_of=request.as_of or known.as_of,
        first=known.first or _first_expectations(last),
    )
    ideals = _reference_ideals(last, before, asked)
    campaign = replace(asked, budget=remaining_budget(whole, sunk), running=running, ideals=ideals)
    rules = tuple(_stability_rules(roster, campaign, request))
    running = replace(running, stability=rules)
    campaign = replace(campaign, running=running, rules=(*asked.rules, *map(parse_rule, rules)))
    return campaign, (
        *unread,
        *notes,
        *_fewer_results_notes(known, running),
        *_unknown_creator_notes(request, roster, running),
        *_file_notes(request),
    )


def _refuse_currency(last: Plan, request: ReplanRequest) -> None:
    """Refuse a campaign file in other money than the last plan's: what was agreed and paid is in that."""
    asked = request.campaign.currency if request.campaign is not None else None
    if asked is not None and asked != last.roster.currency:
        message = f"the campaign file is in {asked}, and the last plan in {last.roster.currency}"
        fix = f"leave the currency of a campaign that runs as it is: {last.roster.currency}"
        raise CampaignError(message, fix=fix, code="currency-changed")


def total_budget(before: Campaign) -> int | None:
    """Return the budget of a whole campaign, with what is sunk, in cents; None where there is none."""
    sunk = 0 if before.running is None else before.running.sunk
    return None if before.budget is None else before.budget + sunk


def _first_expectations(last: Plan) -> dict[str, int]:
    totals = last.totals
    return {**totals.metrics, "creators": totals.creators, "spend": totals.spend}


def _reference_ideals(last: Plan, before: Campaign, asked: Campaign) -> tuple[Ideal, ...]:
    """Return what a balanced goal is measured by: what the first plan was, so that nights can be compared."""
    if asked.goal.name != "balanced" or before.goal.name != "balanced":
        return asked.ideals
    return asked.ideals or last.ideals


def _stability_rules(roster: Roster, campaign: Campaign, request: ReplanRequest) -> Iterator[str]:
    """Yield the rules that hold on to the creators of the last plan who can still be had."""
    if request.keep is None and request.per_swap is None:
        return
    assert campaign.running is not None
    tiered = with_contract_columns(with_tiers(roster, campaign.tiers), campaign.running)
    wanted = {match_key(name) for name in campaign.running.last_plan}
    mine = tiered.texts["creator"].contains_any(wanted) & eligible_offers(tiered, campaign)
    there = len(np.unique(tiered.creator_id[mine]))
    if request.keep is not None and there:
        yield f"{LAST_PLAN_COLUMN}:{IN_LAST_PLAN} count >= {ceil(request.keep * there)}"
    if request.per_swap is not None and there:
        yield f"{LAST_PLAN_COLUMN}:{IN_LAST_PLAN} count >= {there} (soft {_format_penalty(request.per_swap)})"


def _format_penalty(soft: SoftPenalty) -> str:
    return format_bound(soft.amount, soft.percent)


def _unknown_creator_notes(request: ReplanRequest, roster: Roster, running: CampaignProgress) -> Iterator[str]:
    """Say who is said to be out, or to be asked, and is nowhere else: a name that is spelled otherwise, perhaps."""
    known = {*match_keys(roster.texts["creator"].labels), *map(match_key, running.last_plan)}
    free = [one.creator for one in request.contracts if not one.kept and match_key(one.creator) not in known]
    if free:
        yield f"states are told of {format_names(free)}, neither on the roster nor in the last plan"


def _file_notes(request: ReplanRequest) -> Iterator[str]:
    for came in (request.states, request.results):
        if came is not None:
            yield from (f"{came.path}: {note}" for note in came.notes)


def _fewer_results_notes(known: CampaignProgress, now: CampaignProgress) -> Iterator[str]:
    """Say whose results are fewer than they were: a file with the new ones only would be read as all of them."""
    posts: dict[str, float] = {}
    for actual in now.actuals:
        posts[match_key(actual.creator)] = posts.get(match_key(actual.creator), 0.0) + actual.posts
    before: dict[str, float] = {}
    names = {}
    for actual in known.actuals:
        key = match_key(actual.creator)
        before[key], names[key] = before.get(key, 0.0) + actual.posts, actual.creator
    fewer = [names[key] for key, count in before.items() if posts.get(key, 0.0) < count]
    if fewer:
        told = f"the results tell of fewer posts of {format_names(fewer)} than those of the last plan"
        yield f"{told}: give all results so far, not only the new ones"
